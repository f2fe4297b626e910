"""The page of violations is in step with the catalogue."""

from pathlib import Path

from tumen.codelist.catalogue_page import page
from tumen.codelist.violations import all_violations

PAGE = Path(__file__).parents[2] / "docs/violations.md"


def test_the_page_is_as_the_catalogue_makes_it():
    told = "make it anew with `python tools/build_codelists.py --page`"
    assert PAGE.read_text(encoding="utf-8") == page(), told


def test_every_code_stands_on_the_page():
    text = page()
    assert all(f"`{entry.code}`" in text for entry in all_violations())
