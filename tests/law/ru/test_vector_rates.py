"""What Russia's law says of a code, as numbers of columns."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from tumen.law.duty import AdValorem, Duty, Highest, Lowest, Specific, Total
from tumen.law.ru.vector_rates import KEYS, SCHEMA, Terms, rates, terms_of

SHARE = AdValorem(Fraction(1, 10))
EACH = Specific(Fraction("2.25"), "EUR", "kg")
PERIOD = date(2026, 7, 1)


def row(hs: str | None, period: date | None = PERIOD) -> dict[str, object]:
    keys = pl.DataFrame([(hs, period)], {"hs": pl.String, "period": pl.Date}, orient="row")
    return rates(keys).row(0, named=True)


@pytest.mark.parametrize(
    ("duty", "terms"),
    [
        (SHARE, Terms(0, 100_000)),
        (EACH, Terms(1, 0, 2_250_000, "kg", "EUR")),
        (Highest((SHARE, EACH)), Terms(2, 100_000, 2_250_000, "kg", "EUR")),
        (Total((SHARE, EACH)), Terms(3, 100_000, 2_250_000, "kg", "EUR")),
        (Lowest((SHARE, EACH)), None),
        (Highest((EACH, SHARE)), None),
        (Highest((SHARE, EACH, EACH)), None),
        (AdValorem(Fraction(1, 3)), None),
        (AdValorem(Fraction(11)), None),
        (Specific(Fraction(1, 3), "EUR", "kg"), None),
        (Specific(Fraction(1001), "EUR", "kg"), None),
        (Specific(Fraction(1), "CNY", "kg"), None),
    ],
)
def test_terms_that_columns_cannot_hold_are_none(duty: Duty, terms: Terms | None) -> None:
    assert terms_of(duty) == terms


def test_a_row_has_the_schema_and_keeps_its_keys() -> None:
    found = row("4202210000")
    assert [*found] == [*SCHEMA]
    assert [found[key] for key in KEYS] == ["4202210000", PERIOD]
    assert (found["law_is_held"], found["law_kind"]) == (True, 0)


def test_without_a_code_or_a_day_nothing_is_held() -> None:
    for found in (row(None), row("4202210000", None)):
        assert found["law_is_held"] is None


@pytest.mark.parametrize(
    ("hs", "column", "value"),
    [
        ("8703221091", "law_is_held", False),  # the lower of two
        ("0106410001", "law_tariff_missing", "tariff.RU.0106410001.base"),
        ("2208303000", "law_excise_missing", "ru.excise.alcohol"),
        ("8517130000", "law_fee_missing", "ru.fee.electronics.8517130000"),
        ("9303100000", "law_is_prohibited", True),
        ("2208303000", "law_is_prohibited", False),
        ("2208303000", "law_is_excluded", True),
        ("8711600000", "law_is_vehicle", True),
        ("6109100000", "law_may_be_reduced", True),
    ],
)
def test_what_a_code_means_to_the_law(hs: str, column: str, value: object) -> None:
    assert row(hs)[column] == value


def test_before_its_list_no_code_has_a_fee_of_electronics() -> None:
    assert row("8517130000", date(2023, 1, 1))["law_fee_missing"] is None
    assert row("8517130000", date(2023, 6, 16))["law_fee_missing"] is not None
