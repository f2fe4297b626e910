"""Exchange rates: the day that counts, the source, exact crosses, and what is old or unknown."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.exchange import GIVEN, IMPORTED, notices, rate, rates_for
from tumen.law.exchange_days import (
    RULES,
    days_of,
    previous_week,
    third_wednesday_of_previous_month,
    week_before_last,
    week_of,
)
from tumen.law.exchange_import import OfficialRate
from tumen.law.explanation import Unknown

DAYS = st.dates(date(2010, 2, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 30), date(2026, 8, 19)),
        (date(2026, 10, 1), date(2026, 9, 16)),  # September 2026 begins on a Tuesday: 2, 9, 16
        (date(2026, 10, 31), date(2026, 9, 16)),
        (date(2026, 8, 1), date(2026, 7, 15)),  # July 2026 begins on a Wednesday: 1, 8, 15
        (date(2026, 1, 1), date(2025, 12, 17)),
        (date(2024, 3, 1), date(2024, 2, 21)),
    ],
)
def test_china_takes_the_third_wednesday_of_the_previous_month(day: date, expected: date) -> None:
    assert third_wednesday_of_previous_month(day).last == expected


@given(DAYS)
def test_the_third_wednesday_is_a_wednesday_from_the_15th_to_the_21st(day: date) -> None:
    found = third_wednesday_of_previous_month(day).last
    assert found.isoweekday() == 3
    assert 15 <= found.day <= 21
    assert found < day.replace(day=1) <= found + timedelta(days=17)


@pytest.mark.parametrize(
    ("day", "korea", "japan"),
    [
        # 2026-08-01 is a Saturday, 2026-08-02 a Sunday
        (date(2026, 8, 1), date(2026, 7, 19), date(2026, 7, 12)),
        (date(2026, 8, 2), date(2026, 7, 26), date(2026, 7, 19)),
        (date(2026, 8, 8), date(2026, 7, 26), date(2026, 7, 19)),
        (date(2026, 8, 9), date(2026, 8, 2), date(2026, 7, 26)),
    ],
)
def test_a_weekly_rate_changes_on_sunday(day: date, korea: date, japan: date) -> None:
    assert previous_week(day).first == korea
    assert week_before_last(day).first == japan
    assert week_of(day).last - week_of(day).first == timedelta(days=6)


def test_the_law_of_each_economy_names_a_rule_that_the_code_knows() -> None:
    named = {
        "CN": "third_wednesday_of_previous_month",
        "JP": "week_before_last",
        "KR": "previous_week",
        "RU": "day_of_declaration",
        "MN": "day_of_declaration",
    }
    day = date(2026, 8, 5)
    for economy, word in named.items():
        assert days_of(economy, day) == RULES[word](day)


def test_china_converts_with_the_rate_of_that_wednesday() -> None:
    """ECB, 2026-09-16: 7.738 CNY and 1.1537 USD for one euro."""
    dollar = rate("CN", "USD", date(2026, 10, 31))
    assert (dollar.units, dollar.day, dollar.source) == (
        Fraction("6.707116235"),  # 7.738 / 1.1537 = 6.70711623472...
        date(2026, 9, 16),
        "ECB",
    )
    assert rate("CN", "EUR", date(2026, 10, 1)).units == Fraction("7.738")


def test_japan_converts_with_the_mean_of_the_week_before_last() -> None:
    """ECB, yen for one euro from 2026-10-12 to 2026-10-16, asked from 2026-10-25 to 2026-10-31."""
    printed = ("177.33", "176.91", "177.39", "177.06", "177.82")
    mean = sum((Fraction(text) for text in printed), Fraction(0)) / 5
    for day in (date(2026, 10, 25), date(2026, 10, 31)):
        found = rate("JP", "EUR", day)
        assert (found.units, found.day) == (mean, date(2026, 10, 16))
    assert rate("JP", "EUR", date(2026, 10, 24)).units != mean


def test_a_mean_of_crosses_is_the_mean_of_the_daily_crosses() -> None:
    """ECB, KRW and USD for one euro from 2026-10-19 to 2026-10-23, asked on 2026-10-26."""
    won = ("1492.35", "1489.17", "1489.15", "1484.25", "1482.46")
    dollars = ("1.1225", "1.1215", "1.1234", "1.1205", "1.1193")
    crosses = [Fraction(w) / Fraction(d) for w, d in zip(won, dollars, strict=True)]
    mean = sum(crosses, Fraction(0)) / 5
    found = rate("KR", "USD", date(2026, 10, 26)).units
    assert found == Fraction("1326.396852")
    assert abs(found - mean) <= Fraction(1, 2 * 10**6)  # ten digits


@pytest.mark.parametrize(
    ("day", "currency", "units", "of", "source"),
    [
        # Bank of Russia: 2022-11-19 is a Saturday; the dollar goes on to 2023-11-30
        (date(2022, 11, 19), "EUR", "62.4484", date(2022, 11, 19), "Bank of Russia"),
        (
            date(2022, 11, 19),
            "CNY",
            "8.47201",
            date(2022, 11, 19),
            "Bank of Russia",
        ),  # 84.7201 / 10
        (date(2022, 11, 19), "JPY", "0.430567", date(2022, 11, 19), "Bank of Russia"),
        (date(2022, 11, 20), "USD", "60.3741", date(2022, 11, 19), "Bank of Russia"),
        (date(2023, 11, 30), "USD", "88.8841", date(2023, 11, 30), "Bank of Russia"),
    ],
)
def test_russia_converts_with_the_rate_of_the_bank_of_russia(
    day: date, currency: str, units: str, of: date, source: str
) -> None:
    found = rate("RU", currency, day)
    assert (found.units, found.day, found.source) == (Fraction(units), of, source)
    assert notices("RU", found, day) == ()


def test_a_rouble_rate_that_is_not_held_is_crossed_by_the_dollar_and_says_so() -> None:
    """2023-11-30: 88.8841 roubles for a dollar; ECB of that day: 1.0931 dollars for a euro."""
    found = rate("RU", "EUR", date(2023, 11, 30))
    assert found.units == Fraction("88.8841") * Fraction("1.0931")
    assert found.source == "Bank of Russia and ECB"
    assert [each.code for each in notices("RU", found, date(2023, 11, 30))] == [
        "EXCHANGE_RATE_INDICATIVE"
    ]


def test_mongolia_has_snapshots_alone_and_an_old_one_is_told_with_its_age() -> None:
    """2026-06-01: 3577.48649829 tugrik for a dollar, asked 65 days later; ten digits are used."""
    day = date(2026, 8, 5)
    found = rate("MN", "USD", day)
    assert (found.units, found.day) == (Fraction("3577.486498"), date(2026, 6, 1))
    told = {each.code: each for each in notices("MN", found, day)}
    assert told["EXCHANGE_RATE_OLD"].parameters["value"] == "65"
    assert told["EXCHANGE_RATE_OLD"].path == "exchange_rates.USD"
    assert told["LAW_UNVERIFIED"].parameters == {"parameters": "mn.fx.rule"}


@pytest.mark.parametrize(("days", "is_old"), [(0, False), (7, False), (8, True), (366, True)])
def test_a_rate_is_old_after_seven_days(days: int, is_old: bool) -> None:
    """The last snapshot of the tugrik is of 2026-09-29."""
    day = date(2026, 9, 29) + timedelta(days=days)
    codes = [each.code for each in notices("MN", rate("MN", "USD", day), day)]
    assert ("EXCHANGE_RATE_OLD" in codes) is is_old


@pytest.mark.parametrize(
    ("destination", "currency", "day"),
    [
        ("MN", "USD", date(2024, 3, 1)),  # a day before the first snapshot
        ("MN", "USD", date(2026, 9, 29) + timedelta(days=367)),
        ("CN", "GBP", date(2026, 8, 5)),
        ("CN", "XYZ", date(2026, 8, 5)),
        ("JP", "KZT", date(2024, 1, 1)),
    ],
)
def test_a_rate_that_is_not_held_is_unknown_by_name(
    destination: str, currency: str, day: date
) -> None:
    with pytest.raises(Unknown, match=f"exchange_rates.{currency}"):
        rate(destination, currency, day)


def test_a_day_before_the_rule_has_no_rate() -> None:
    with pytest.raises(Unknown, match=r"jp\.fx\.rule"):
        rate("JP", "USD", date(2009, 12, 31))


def test_the_own_currency_is_one_and_needs_no_table() -> None:
    assert rate("CN", "CNY", date(1999, 1, 1)).units == 1
    assert notices("CN", rate("CN", "CNY", date(1999, 1, 1)), date(1999, 1, 1)) == ()


def test_a_rate_that_the_filer_states_wins_over_official_and_market_rates() -> None:
    official = [OfficialRate("CN", "USD", Fraction(7), date(2026, 1, 1), date(2026, 12, 31))]
    day = date(2026, 8, 5)
    found = rates_for("CN", day, ["USD", "EUR", "GBP"], {"EUR": Fraction(9)}, official)
    assert {code: each.source for code, each in found.items()} == {"EUR": GIVEN, "USD": IMPORTED}
    assert [found["EUR"].units, found["USD"].units] == [9, 7]
    assert [notices("CN", each, day) for each in found.values()] == [(), ()]


@pytest.mark.parametrize(
    ("day", "source"),
    [
        (date(2026, 7, 31), "ECB"),
        (date(2026, 8, 1), IMPORTED),
        (date(2026, 8, 31), IMPORTED),
        (date(2026, 9, 1), "ECB"),
    ],
)
def test_an_official_rate_wins_on_the_days_it_covers_and_no_other(day: date, source: str) -> None:
    official = [OfficialRate("CN", "USD", Fraction(7), date(2026, 8, 1), date(2026, 8, 31))]
    assert rate("CN", "USD", day, official).source == source
    assert rate("JP", "USD", day, official).source == "ECB"


@settings(max_examples=60)
@given(DAYS.filter(lambda day: day < date(2026, 11, 1)), st.sampled_from(["USD", "EUR", "KRW"]))
def test_a_market_rate_is_never_of_a_day_after_the_one_that_counts(
    day: date, currency: str
) -> None:
    for destination in CURRENCY_OF:
        try:
            found = rate(destination, currency, day)
        except Unknown:
            continue
        assert found.units > 0
        assert found.day is None or found.day <= days_of(destination, day).last
