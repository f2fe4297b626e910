"""Check digits of taxpayer numbers on columns, against those of one number."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ru import inn

from tumen.law.ru.taxpayer_numbers import checked

DIGITS = st.text("0123456789", min_size=9, max_size=13)
NUMBERS = st.one_of(DIGITS, st.text("0123456789+-. eE", max_size=13), st.none())


def right(digits: str) -> str:
    """The digits with their check digits."""
    if len(digits) == 9:
        return digits + inn.calc_company_check_digit(digits)
    return digits + inn.calc_personal_check_digits(digits)


@given(st.lists(NUMBERS, min_size=1, max_size=50))
def test_columns_and_single_numbers_agree(numbers: list[str | None]) -> None:
    told, wrong = checked(pl.Series(numbers, dtype=pl.String))
    for number, is_told, is_wrong in zip(numbers, told, wrong, strict=True):
        digits = number or ""
        has_form = digits.isascii() and digits.isdigit() and len(digits) in {10, 12}
        assert is_told == has_form
        assert is_wrong == (has_form and not inn.is_valid(digits))


@given(st.lists(st.text("0123456789", min_size=9, max_size=10), min_size=1, max_size=20))
def test_numbers_with_their_check_digits_are_right(digits: list[str]) -> None:
    told, wrong = checked(pl.Series([right(each) for each in digits]))
    assert told.all()
    assert not wrong.any()
