"""The rates that a tariff prints for a code on a day, and what is said where it prints none."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from tumen.law.duty import AdValorem, Highest, Specific
from tumen.law.quoting import quote
from tumen.law.ruling import Notice
from tumen.law.tariff.table import Edition, Line, lines_from
from tumen.law.tariff_import import save
from tumen.law.tariffs import code_problem, indicative, rates_of, table_of, unit_of

DAY = date(2026, 8, 1)
FIRST_JP = date(2026, 7, 9)


def percent(text: str) -> AdValorem:
    return AdValorem(Fraction(text) / 100)


def imported(folder: Path, *lines: Line, economy: str = "MN") -> None:
    save(folder, economy, Edition("of a test", date(2026, 1, 1), "confirmed"), lines)


def test_japan_answers_every_column_that_has_a_rate() -> None:
    """640320012 in the tariff of 2026-07-09: leather shoes, 60 % or 4,800 yen for each pair."""
    rates = rates_of("JP", "640320012", DAY)
    shoes = Specific(Fraction(4800), "JPY", "pair")
    assert rates["general"].terms == Highest((percent("60"), shoes))
    assert rates["wto"].terms == Highest((percent("30"), Specific(Fraction(4300), "JPY", "pair")))
    assert "temporary" not in rates
    assert {rate.edition for rate in rates.values()} == {"実行関税率表 2026-07-09"}
    assert {rate.evidence for rate in rates.values()} == {"confirmed"}


def test_the_tenth_digit_of_a_japanese_declaration_is_not_looked_at() -> None:
    assert rates_of("JP", "6109100101", DAY) == rates_of("JP", "610910010", DAY)


def test_a_bracketed_wto_rate_says_what_its_brackets_mean() -> None:
    rates = rates_of("JP", "610910010", DAY)
    assert rates["wto"].text == "(10.9%)"
    assert rates["wto"].note == "in brackets: not below the rate that it would replace"
    assert rates["general"].note == ""


def test_a_japanese_rate_that_needs_a_further_description_is_shown_and_unknown() -> None:
    rate = rates_of("JP", "610910010", DAY)["rcep_korea"]
    assert rate.text.endswith("6.8%")
    assert rate.terms is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 30), "20"),
        (date(2026, 12, 1), "40"),
        (date(2027, 5, 31), "40"),
        (date(2027, 6, 1), "20"),
    ],
)
def test_oranges_have_the_rate_of_their_season(day: date, expected: str) -> None:
    """080510000: 20 % from 1 June to 30 November, 40 % from 1 December to 31 May."""
    assert rates_of("JP", "080510000", day)["general"].terms == percent(expected)


def test_the_eaeu_prints_one_rate_for_a_code() -> None:
    """6109100000: 1.75 euro for each kilogram, as in the independent table of 2025."""
    rates = rates_of("RU", "6109100000", DAY)
    assert list(rates) == ["base"]
    assert rates["base"].terms == Specific(Fraction(7, 4), "EUR", "kg")


def test_a_temporary_rate_by_footnote_makes_the_rate_unknown() -> None:
    rate = rates_of("RU", "0705210000", DAY)["base"]
    assert (rate.text, rate.terms, rate.note) == ("15", None, "temporary rate by footnote 63")


def test_mongolia_has_a_base_rate_and_one_of_the_asia_pacific_agreement() -> None:
    table = table_of("MN")
    assert table is not None
    code = next(line.code for line in lines_from(table.below("")) if line.column == "apta")
    rates = rates_of("MN", code, DAY)
    assert list(rates) == ["base", "apta"]
    assert rates["base"].evidence == "weak"


def test_korea_answers_by_the_longest_heading() -> None:
    """The indicative table has 2204, 220600 and 61, and nothing deeper."""
    wine = rates_of("KR", "2204210000", DAY)
    assert (wine["base"].terms, wine["applied"].terms) == (percent("30"), percent("15"))
    assert rates_of("KR", "6109100000", DAY)["base"].terms == percent("13")
    assert rates_of("KR", "8517130000", DAY)["applied"].terms == percent("0")
    assert not rates_of("KR", "0101210000", DAY)


def test_china_answers_its_indicative_rate_of_2019() -> None:
    rate = rates_of("CN", "6109100010", DAY)["effective"]
    assert rate.terms == percent("6")
    assert rate.evidence == "weak"


@pytest.mark.parametrize(
    ("economy", "code"),
    [
        ("JP", "000000000"),
        ("JP", "61091"),
        ("JP", "61091001012"),
        ("RU", "61091000001"),
        ("MN", "610910001"),
        ("JP", ""),
        ("JP", "6109.10"),
        ("JP", "६१०९१०"),
        ("MN", "98765432"),
    ],
)
def test_a_code_that_the_tariff_does_not_know_has_no_rates(economy: str, code: str) -> None:
    assert not rates_of(economy, code, DAY)


def test_a_shorter_code_answers_what_all_its_lines_agree_on() -> None:
    """610910 has two lines in Japan: general 10.9 % and another; both are free for LDC."""
    rates = rates_of("JP", "610910", DAY)
    assert rates["ldc"].terms == percent("0")
    assert rates["general"].terms is None
    assert rates["general"].note == "the 2 lines below 610910 differ: give the whole code"
    assert unit_of("JP", "610910") == "NO, KG"


def test_a_column_that_only_some_lines_have_is_unknown_for_the_shorter_code(
    tmp_path: Path,
) -> None:
    one, other = Line("01010001", "base", "5%"), Line("01010002", "base", "5%")
    imported(tmp_path, one, other, Line("01010001", "apta", "4%"))
    rates = rates_of("MN", "010100", DAY, tmp_path)
    assert rates["base"].terms == percent("5")
    assert rates["apta"].terms is None


@pytest.mark.parametrize(
    ("day", "evidence", "note"),
    [
        (FIRST_JP - timedelta(1), "weak", "the edition begins on 2026-07-09, after 2026-07-08"),
        (FIRST_JP, "confirmed", ""),
        (FIRST_JP + timedelta(1), "confirmed", ""),
    ],
)
def test_a_day_before_the_edition_is_answered_with_a_warning(
    day: date, evidence: str, note: str
) -> None:
    rate = rates_of("JP", "610910010", day)["general"]
    assert (rate.terms, rate.evidence, rate.note) == (percent("10.9"), evidence, note)
    assert (indicative(rate, "items[0].hs") is None) is (evidence == "confirmed")


def test_an_indicative_rate_gives_a_notice_that_names_its_edition() -> None:
    rate = rates_of("KR", "2204210000", DAY)["base"]
    assert indicative(rate, "items[2].hs") == Notice(
        "TARIFF_INDICATIVE",
        "items[2].hs",
        {"edition": "Korea, indicative rates by heading, 2026-09"},
    )


def test_an_imported_table_takes_the_place_of_the_whole_committed_one(tmp_path: Path) -> None:
    assert rates_of("MN", "61091000", DAY, tmp_path)["base"].edition.startswith("Mongolia 2025")
    imported(tmp_path, Line("01012100", "base", "7%"))
    assert rates_of("MN", "01012100", DAY, tmp_path)["base"].terms == percent("7")
    assert not rates_of("MN", "61091000", DAY, tmp_path)
    assert rates_of("MN", "61091000", DAY)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), "5"),
        (date(2026, 6, 30), "5"),
        (date(2026, 7, 1), "6"),
        (date(2026, 12, 31), "6"),
        (date(2027, 1, 1), None),
    ],
)
def test_a_line_with_days_of_its_own_answers_on_them_only(
    tmp_path: Path, day: date, expected: str | None
) -> None:
    imported(
        tmp_path,
        Line("01012100", "base", "5%", date(2026, 1, 1), date(2026, 6, 30)),
        Line("01012100", "base", "6%", date(2026, 7, 1), date(2026, 12, 31)),
    )
    rates = rates_of("MN", "01012100", day, tmp_path)
    assert (rates["base"].terms if rates else None) == (percent(expected) if expected else None)


def test_two_rates_of_one_column_and_day_are_unknown(tmp_path: Path) -> None:
    imported(tmp_path, Line("01012100", "base", "5%"), Line("01012100", "base", "6%"))
    rate = rates_of("MN", "01012100", DAY, tmp_path)["base"]
    assert (rate.text, rate.terms) == ("5% / 6%", None)
    assert "at once" in rate.note


def test_the_supplementary_unit_is_as_the_tariff_prints_it() -> None:
    assert unit_of("RU", "6109100000") == "шт"
    assert unit_of("JP", "640320012") == "PR, KG"
    assert unit_of("MN", "61091000") is None
    assert unit_of("JP", "000000000") is None


@pytest.mark.parametrize(
    ("economy", "code", "expected"),
    [
        ("JP", "610910010", None),
        ("JP", "6109100101", None),
        ("JP", "610910", None),
        ("JP", "61091", "HS_LENGTH_WRONG"),
        ("JP", "61091001011", "HS_LENGTH_WRONG"),
        ("RU", "6109.10", "HS_LENGTH_WRONG"),
        ("CN", "61091000", None),
        ("RU", "61091000", None),
        ("MN", "61091000", None),
        ("CN", "409000000", "HS_LENGTH_WRONG"),
        ("KR", "610910000", "HS_LENGTH_WRONG"),
        ("RU", "6109100", "HS_LENGTH_WRONG"),
        ("JP", "40900000", "HS_LENGTH_WRONG"),
        ("MN", "7019090", "HS_LENGTH_WRONG"),
        ("RU", "", "HS_LENGTH_WRONG"),
        ("RU", "6109109999", "HS_LINE_UNVERIFIED"),
        ("CN", "8517130000", "HS_LINE_UNVERIFIED"),
        ("KR", "0101211000", "HS_LINE_UNVERIFIED"),
        ("MN", "61999900", "HS_CODE_UNKNOWN"),
        ("JP", "999999000", "HS_CODE_UNKNOWN"),
        ("JP", "851712000", "HS_OF_EARLIER_EDITION"),
        ("RU", "8517120000", "HS_OF_EARLIER_EDITION"),
        ("MN", "85171200", "HS_OF_EARLIER_EDITION"),
    ],
)
def test_a_code_that_cannot_be_right_is_answered_with_a_notice(
    economy: str, code: str, expected: str | None
) -> None:
    found = code_problem(economy, code, "items[0].hs")
    assert (found.code if found else None) == expected
    if found is not None:
        assert found.path == "items[0].hs"
        assert found.parameters["value"] == code


@pytest.mark.parametrize("purpose", ["personal", "commercial"])
def test_honey_that_lost_its_zero_is_not_taxed_as_rubber(purpose: str) -> None:
    """0409000000 is honey; a spreadsheet leaves 409000000, which begins as rubber does."""
    shipment = {
        "destination": "CN",
        "dispatch": "RU",
        "date": "2026-08-03",
        "currency": "CNY",
        "purpose": purpose,
        "items": [{"hs": "409000000", "quantity": "1", "unit_price": "100"}],
    }
    answer = quote(shipment)
    assert [each.code for each in answer.violations] == ["HS_LENGTH_WRONG"]
    assert (answer.status, answer.total) == ("unknown", None)


def test_an_export_bears_the_code_of_the_chinese_tariff() -> None:
    shipment = {
        "destination": "MN",
        "dispatch": "CN",
        "date": "2026-08-03",
        "currency": "CNY",
        "regime": "export_9610",
        "items": [{"hs": "6109100010", "quantity": "1", "unit_price": "100"}],
    }
    assert quote(shipment).status == "exempt"
    assert quote(shipment | {"regime": "auto"}).status == "unknown"  # Mongolia has eight digits
