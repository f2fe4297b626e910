"""An official tariff is imported row by row; what cannot be taken is answered, never dropped."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tumen.codelist.violations import violation
from tumen.kernel.errors import UsageError
from tumen.law.duty import AdValorem
from tumen.law.tariff.rows import Remark
from tumen.law.tariff.table import UNIT, Edition, Line
from tumen.law.tariff_import import decoded, first_day, read_rows, save
from tumen.law.tariffs import COLUMNS, rates_of, table_of

DAY = date(2026, 8, 1)
KOREAN = (
    "품목번호,관세율구분,관세율,단위당세액,기준가격,"
    "적용국가구분,용도세율구분,적용개시일,적용만료일\n"
)
YEAR = "20260101,20261231"


def korean(*rows: str) -> str:
    return KOREAN + "".join(f"{row}\n" for row in rows)


def remark(text: str, economy: str) -> tuple[str, str]:
    """Code and value of the only remark that a file gets."""
    (found,) = read_rows(text, economy).remarks
    return found.code, found.value


def test_each_kind_of_rate_of_the_korean_table_is_a_column_with_its_days(tmp_path: Path) -> None:
    rows = read_rows(
        korean(
            f"6109100000,A,13,,,1,,{YEAR}",
            f"6109100000,C,35.0,0,0,1,,{YEAR}",
            f"6109100000,FCN1,6.5,,,2,,{YEAR}",
            f"6109100000,A,0,,,1,B2,{YEAR}",
            "0101211000,P1,0,,,1,,20260101,20260630",
        ),
        "KR",
    )
    assert rows.remarks == []
    save(tmp_path, "KR", Edition("관세율표", date(2026, 1, 1), "confirmed"), rows.lines)
    rates = rates_of("KR", "6109100000", DAY, tmp_path)
    assert {name: rate.text for name, rate in rates.items()} == {
        "A": "13%",
        "C": "35%",
        "FCN1": "6.5%",
        "A/B2": "0%",
    }
    assert rates["FCN1"].terms == AdValorem(Fraction(65, 1000))
    assert rates["FCN1"].note == "적용국가구분 2"
    assert rates_of("KR", "0101211000", date(2026, 6, 30), tmp_path)
    assert not rates_of("KR", "0101211000", date(2026, 7, 1), tmp_path)


def test_a_korean_amount_for_a_unit_is_kept_and_unknown(tmp_path: Path) -> None:
    """The table names no unit and does not say how percentage and amount go together."""
    rows = read_rows(korean(f"0703101000,C,135,180,,1,,{YEAR}"), "KR")
    assert rows.remarks == [Remark(2, "TARIFF_RATE_UNREAD", "135%, 단위당세액 180")]
    save(tmp_path, "KR", Edition("관세율표", date(2026, 1, 1), "confirmed"), rows.lines)
    rate = rates_of("KR", "0703101000", DAY, tmp_path)["C"]
    assert (rate.text, rate.terms) == ("135%, 단위당세액 180", None)


def test_the_titles_may_stand_in_any_order_and_between_tabulators() -> None:
    rows = read_rows("rate\tcode\tfrom\tcolumn\n5%\t01012100\t2026-01-01\tbase\n", "MN")
    assert rows.lines == [Line("01012100", "base", "5%", date(2026, 1, 1))]


def test_a_plain_file_may_use_the_texts_of_the_tariff_or_the_notation() -> None:
    rows = read_rows(
        'code,column,rate,from,to\n6109.10.0000,base,"10, но не менее 2 евро за 1 кг",,\n'
        '6109 10 0001,base,"max(10%, 2 EUR/kg)",2026-01-01,2026-12-31\n6109100000,unit,шт,,\n',
        "RU",
    )
    assert rows.remarks == []
    assert [(line.code, line.column) for line in rows.lines] == [
        ("6109100000", "base"),
        ("6109100001", "base"),
        ("6109100000", "unit"),
    ]


@pytest.mark.parametrize(
    ("row", "code", "value"),
    [
        ("1012100,base,5%,,", None, None),
        ("010121000,base,5%,,", "TARIFF_CODE_INVALID", "010121000"),
        ("0101210A,base,5%,,", "TARIFF_CODE_INVALID", "0101210A"),
        (",base,5%,,", "TARIFF_CODE_INVALID", ""),
        ("01012100,,5%,,", "TARIFF_COLUMN_INVALID", ""),
        ("01012100,a b,5%,,", "TARIFF_COLUMN_INVALID", "a b"),
        ("01012100,base,,,", "TARIFF_RATE_MISSING", ""),
        ("01012100,base,5,,", "TARIFF_RATE_UNREAD", "5"),
        ("01012100,base,-5%,,", "TARIFF_RATE_UNREAD", "-5%"),
        ("01012100,base,5%,2026-02-30,", "TARIFF_DATE_INVALID", "2026-02-30"),
        ("01012100,base,5%,1.1.2026,", "TARIFF_DATE_INVALID", "1.1.2026"),
        ("01012100,base,5%,,0000-01-01", "TARIFF_DATE_INVALID", "0000-01-01"),
        (
            "01012100,base,5%,2026-02-02,2026-02-01",
            "TARIFF_PERIOD_REVERSED",
            "2026-02-02 - 2026-02-01",
        ),
        ("01012100,base,5%", "TARIFF_ROW_INCOMPLETE", "3 of 5"),
        ("01012100,base,6,5%,,", "TARIFF_ROW_INCOMPLETE", "6 of 5"),
    ],
)
def test_every_bad_row_is_answered_with_a_code(
    row: str, code: str | None, value: str | None
) -> None:
    found = read_rows(f"code,column,rate,from,to\n{row}\n", "MN").remarks
    assert [(each.code, each.value) for each in found] == ([] if code is None else [(code, value)])
    for each in found:
        assert violation(each.code).layer == "law"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"101211000,A,8,,,1,,{YEAR}", "TARIFF_CODE_INVALID"),
        (f"0101211000,,8,,,1,,{YEAR}", "TARIFF_COLUMN_INVALID"),
        (f"0101211000,A,,,,1,,{YEAR}", "TARIFF_RATE_MISSING"),
        (f"0101211000,A,free,,,1,,{YEAR}", "TARIFF_RATE_UNREAD"),
        ("0101211000,A,8,,,1,,20260101,20261301", "TARIFF_DATE_INVALID"),
    ],
)
def test_every_bad_row_of_the_korean_table_is_answered_with_a_code(row: str, code: str) -> None:
    assert remark(korean(row), "KR")[0] == code


def test_a_refused_row_leaves_its_column_unknown_and_not_absent(tmp_path: Path) -> None:
    """Without it the law would take the base rate for goods that have a lower one."""
    text = "code,column,rate,from,to\n01012100,base,5%,,\n01012100,apta,3%,2026-13-01,\n"
    rows = read_rows(text, "MN")
    assert (rows.rows, rows.refused) == (2, 1)
    save(tmp_path, "MN", Edition("of a test", date(2026, 1, 1), "confirmed"), rows.lines)
    rates = rates_of("MN", "01012100", DAY, tmp_path)
    assert rates["base"].terms == AdValorem(Fraction(5, 100))
    assert rates["apta"].terms is None
    assert rates["apta"].note == "refused at the import: TARIFF_DATE_INVALID"


def test_a_row_that_says_the_same_again_is_kept_once() -> None:
    text = "code,column,rate\n01012100,base,5%\n01012100,base,5%\n"
    assert remark(text, "MN") == ("TARIFF_ROW_REPEATED", "row 2")
    assert len(read_rows(text, "MN").lines) == 1


def test_two_rates_for_one_day_are_answered_and_both_kept() -> None:
    text = (
        "code,column,rate,from,to\n01012100,base,5%,,2026-06-30\n"
        "01012100,base,6%,2026-06-30,\n01012100,base,7%,2027-01-01,2027-02-01\n"
    )
    rows = read_rows(text, "MN")
    assert [(each.row, each.code, each.value) for each in rows.remarks] == [
        (3, "TARIFF_RATES_CONTRADICT", "row 2"),
        (4, "TARIFF_RATES_CONTRADICT", "row 3"),
    ]
    assert len(rows.lines) == 3


def test_periods_that_follow_each_other_do_not_contradict() -> None:
    text = "code,column,rate,from,to\n01012100,base,5%,,2026-06-30\n01012100,base,6%,2026-07-01,\n"
    assert read_rows(text, "MN").remarks == []


def test_empty_rows_are_no_rows() -> None:
    rows = read_rows("code,column,rate\n\n01012100,base,5%\n,,\n", "MN")
    assert (rows.rows, rows.remarks) == (1, [])


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("", "MN"),
        ("code,rate\n01012100,5%\n", "MN"),
        ("품목번호,관세율구분\n0101211000,A\n", "KR"),
        ("code,column,rate\n01012100,base,5%\n", "US"),
        ('code,column,rate\n01012100,base,"' + "x" * 200_000 + '"\n', "MN"),
    ],
)
def test_a_file_that_is_no_tariff_is_refused_as_a_whole(text: str, economy: str) -> None:
    with pytest.raises(UsageError):
        read_rows(text, economy)


def test_korean_spreadsheets_in_their_own_encoding_are_read() -> None:
    text = korean(f"6109100000,A,13,,,1,,{YEAR}")
    assert decoded(text.encode("cp949")) == decoded(text.encode("utf-8-sig")) == text
    with pytest.raises(UsageError, match="UTF-8"):
        decoded(b"\xff\xff\xff")


def test_the_first_day_of_a_file_is_the_earliest_of_its_rows() -> None:
    lines = [Line("01", "a", "1%", date(2026, 3, 1)), Line("02", "a", "1%", date(2026, 1, 2))]
    assert first_day(lines) == date(2026, 1, 2)
    assert first_day([Line("01", "a", "1%")]) is None


def test_an_import_leaves_no_draft_beside_the_table(tmp_path: Path) -> None:
    edition = Edition("of a test", date(2026, 1, 1), "confirmed")
    target = save(tmp_path / "deep/tariff", "MN", edition, [Line("01012100", "base", "5%")])
    assert list(target.parent.iterdir()) == [target]


def test_a_column_that_no_rule_asks_for_is_told_once_and_kept() -> None:
    rows = [f"0101210{digit},bace,5%" for digit in range(3)]
    found = read_rows("\n".join(["code,column,rate", *rows, "01012100,unit,HEAD"]), "MN")
    assert found.remarks == [Remark(2, "TARIFF_COLUMN_UNUSED", "bace")]
    assert len(found.lines) == 4


@pytest.mark.parametrize("economy", ["CN", "RU", "JP", "MN"])
def test_every_column_of_a_committed_tariff_is_one_that_may_be_imported(economy: str) -> None:
    table = table_of(economy)
    assert table is not None
    columns = {line.split(",", 2)[1] for line in table.lines}
    assert columns - {UNIT} <= set(COLUMNS[economy])
