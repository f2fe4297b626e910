"""Code lists: every line says how sure it is, every file where it comes from."""

import tomllib
from importlib.resources import files

import pytest

from tumen.codelist.lists import codes, iso_countries, served_procedures, subheadings

LISTS = ("countries", "units", "transport_modes", "procedures", "statuses")


@pytest.mark.parametrize("name", LISTS)
def test_every_line_has_names_and_evidence(name):
    for code in codes(name).values():
        assert code.name_zh
        assert code.name_en
        assert code.evidence in {"sample", "confirmed", "weak"}


@pytest.mark.parametrize("name", ["countries", "units"])
def test_countries_and_units_are_three_digits(name):
    assert all(len(code) == 3 and code.isdigit() for code in codes(name))


def test_every_list_names_its_source():
    data = files("tumen.codelist").joinpath("data")
    sources = tomllib.loads(data.joinpath("sources.toml").read_text(encoding="utf-8"))
    tables = {file.name for file in data.iterdir() if file.name.endswith(".csv")}
    assert tables == set(sources)


def test_every_iso_code_is_named_once():
    assert len(set(iso_countries().values())) == len(iso_countries())


def test_the_procedure_of_cities_outside_the_pilot_is_known_but_not_served():
    assert "1239" in codes("procedures")
    assert "1239" not in served_procedures()


def test_the_subheadings_are_those_of_2022():
    assert len(subheadings()) > 5_500
    assert "852411" in subheadings()
