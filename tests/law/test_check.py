"""The data of the law is checked by one command, which finds every kind of fault."""

import shutil
from pathlib import Path

import pytest

from tumen.law.check import check
from tumen.law.parameters import DATA, Problem

CN = DATA / "cn"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Chinese data."""
    shutil.copytree(CN, tmp_path / "cn")
    return tmp_path


def found(folder: Path) -> list[Problem]:
    return list(check(folder).problems)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_our_data_is_sound_and_every_parameter_is_named_by_code() -> None:
    checked = check()
    assert checked.problems == ()
    assert checked.values > checked.parameters > 200
    assert checked.classes > 100


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("value = 200_000", 'value = "many"', "is no fen"),
        ("value = 200_000", "value = -1", "is no fen"),
        ("value = 200_000", "value = true", "is no fen"),
        ('value = "half_up"', 'value = "sideways"', "is no rounding"),
        ("to = 2018-12-31", "to = 2018-12-30", "a gap from 2018-12-31"),
        ('"cn.cbec.single_limit"', '"kr.cbec.single_limit"', "stands in the folder cn"),
        ('"cn.cbec.single_limit"', '"cn.cbec.single_bound"', "is dead: no code names it"),
        ('"cn.cbec.single_limit"', '"cn.cbec.annual_limit"', "named twice"),
        ('name = "cn.cbec.single_limit"', "name = ", "Invalid value"),
    ],
)
def test_a_fault_of_a_parameter_is_found(folder: Path, old: str, new: str, text: str) -> None:
    change(folder / "cn/cbec.toml", old, new)
    assert any(text in each.text for each in found(folder))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('prefixes = ["3303"', 'prefixes = ["3303", "330"', "no HS prefix"),
        ('evidence = "weak"', 'evidence = "unverified"', "confidence belongs to unverified"),
        ("from = 2016-10-01", "from = 2016-01-01", "is in two classes at once"),
        ("to = 2016-09-30", "to = 2016-01-01", "before it begins"),
        ('instrument = "', 'instruments = "', "unknown field"),
    ],
)
def test_a_fault_of_a_class_of_goods_is_found(folder: Path, old: str, new: str, text: str) -> None:
    change(folder / "cn/consumption_tax_goods.toml", old, new)
    assert any(text in each.text for each in found(folder))


def test_classes_of_a_tax_that_no_code_names_are_found(folder: Path) -> None:
    (folder / "cn/vat_goods.toml").rename(folder / "cn/toll_goods.toml")
    assert Problem("toll_goods.toml", "cn.toll", "is dead: no code names it") in found(folder)


def test_a_file_that_cannot_be_read_hides_no_other_fault(folder: Path) -> None:
    change(folder / "cn/vat.toml", "[[parameter]]", "[[parameter")
    change(folder / "cn/cbec.toml", "value = 200_000", "value = -1")
    assert {"vat.toml", "cbec.toml"} <= {each.file for each in found(folder)}
