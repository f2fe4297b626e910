"""The currencies, their codes and their decimals."""

import pytest

from tumen.codelist.currencies import CURRENCY_OF, currencies, currency

REGION = ["CNY", "RUB", "JPY", "KRW", "MNT", "USD", "EUR", "HKD", "GBP", "KZT", "BYN", "KGS", "AMD"]


@pytest.mark.parametrize("code", REGION)
def test_every_currency_of_the_region_is_known(code: str) -> None:
    assert currency(code).code == code


@pytest.mark.parametrize(("code", "digits"), [("JPY", 0), ("KRW", 0), ("MNT", 2), ("KWD", 3)])
def test_a_currency_has_the_decimals_of_the_standard(code: str, digits: int) -> None:
    assert currency(code).minor_digits == digits
    assert currency(code).minor_units == 10**digits


def test_each_of_the_five_economies_has_a_currency() -> None:
    assert set(CURRENCY_OF) == {"CN", "RU", "JP", "KR", "MN"}
    assert set(CURRENCY_OF.values()) <= set(currencies())


def test_a_code_that_is_none_of_the_standard_is_not_held() -> None:
    assert "XYZ" not in currencies()
    with pytest.raises(KeyError):
        currency("XYZ")


def test_codes_are_three_letters_and_numbers_three_digits() -> None:
    for each in currencies().values():
        assert len(each.code) == 3
        assert each.code.isalpha()
        assert len(each.numeric) == 3
        assert each.numeric.isdigit()
