"""Official exchange rates from a file: what is taken, what is refused and why."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tumen.law.exchange_import import ROWS_MAX, OfficialRate, held, merged, parse, written

HEAD = "currency,units,from,to\n"


def january(units: str, first: int = 1, last: int = 31, currency: str = "USD") -> OfficialRate:
    days = date(2026, 1, first), date(2026, 1, last)
    return OfficialRate("CN", currency, Fraction(units), *days)


def test_a_good_file_gives_its_rates_exactly() -> None:
    found = parse(
        HEAD + "USD,7.0123,2026-01-01,2026-01-31\n JPY , 0.0451,2026-01-01,2026-01-31\n", "CN"
    )
    assert found.refused == ()
    assert found.rates == (january("7.0123"), january("0.0451", currency="JPY"))


@pytest.mark.parametrize(
    ("row", "code", "path"),
    [
        ("XYZ,1,2026-01-01,2026-01-31", "EXCHANGE_CURRENCY_UNKNOWN", "currency"),
        ("usd,1,2026-01-01,2026-01-31", "EXCHANGE_CURRENCY_UNKNOWN", "currency"),
        ("CNY,1,2026-01-01,2026-01-31", "EXCHANGE_CURRENCY_UNKNOWN", "currency"),
        (",1,2026-01-01,2026-01-31", "EXCHANGE_CURRENCY_UNKNOWN", "currency"),
        ("USD,,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,0,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,-7,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,1e9,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,1/3,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,٧,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,1234567890123,2026-01-01,2026-01-31", "EXCHANGE_UNITS_INVALID", "units"),
        ("USD,7,2026-02-30,2026-03-31", "EXCHANGE_PERIOD_INVALID", "from"),
        ("USD,7,20260101,2026-03-31", "EXCHANGE_PERIOD_INVALID", "from"),
        ("USD,7,2026-01-01,", "EXCHANGE_PERIOD_INVALID", "to"),
        ("USD,7,2026-01-02,2026-01-01", "EXCHANGE_PERIOD_INVALID", "to"),
        ("USD", "EXCHANGE_UNITS_INVALID", "units"),
    ],
)
def test_a_bad_line_is_answered_with_its_number_code_and_field(
    row: str, code: str, path: str
) -> None:
    found = parse(HEAD + "EUR,8,2026-01-01,2026-01-31\n" + row + "\n", "CN")
    assert len(found.rates) == 1
    (refused,) = found.refused
    assert (refused.line, refused.code, refused.path) == (3, code, path)


@pytest.mark.parametrize("text", ["", "currency,units\nUSD,7\n", "a,b,c,d\n1,2,3,4\n"])
def test_a_file_without_the_columns_gives_nothing_and_says_which(text: str) -> None:
    found = parse(text, "CN")
    assert found.rates == ()
    assert [each.code for each in found.refused] == ["EXCHANGE_COLUMNS_MISSING"]


def test_two_rates_of_one_day_are_told_apart_by_refusing_the_second() -> None:
    rows = "USD,7,2026-01-10,2026-01-20\nUSD,6,2026-01-20,2026-01-31\nUSD,5,2026-01-01,2026-01-09\n"
    found = parse(HEAD + rows + "USD,4,2026-01-01,2026-01-31\n", "CN")
    assert [each.units for each in found.rates] == [7, 5]
    assert [(each.line, each.code) for each in found.refused] == [
        (3, "EXCHANGE_PERIOD_OVERLAP"),
        (5, "EXCHANGE_PERIOD_OVERLAP"),
    ]


def test_a_file_that_is_too_long_is_cut_with_a_reason_for_each_line() -> None:
    first = date(2026, 1, 1).toordinal()
    days = [date.fromordinal(first + number) for number in range(ROWS_MAX + 1)]
    found = parse(HEAD + "".join(f"USD,7,{day},{day}\n" for day in days), "CN")
    assert len(found.rates) == ROWS_MAX
    assert [each.code for each in found.refused] == ["EXCHANGE_FILE_TOO_LONG"]


def test_a_newer_import_replaces_the_rates_of_the_same_days_and_no_others() -> None:
    old = (january("7", 1, 10), january("6", 11, 20), january("8", 1, 31, "EUR"))
    assert merged(old, [january("5", 10, 12)]) == (january("8", 1, 31, "EUR"), january("5", 10, 12))
    assert merged(old, [january("5", 21, 31)]) == (
        january("8", 1, 31, "EUR"),
        *(january("7", 1, 10), january("6", 11, 20), january("5", 21, 31)),
    )


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    rates = (
        january("7.000000000001"),
        january("0.045", currency="JPY"),
        january("1300", currency="KRW"),
    )
    assert parse(written(rates), "CN").rates == rates
    (tmp_path / "cn.csv").write_text(written(rates), encoding="utf-8")
    assert held(tmp_path) == rates
    assert held(tmp_path / "absent") == ()
