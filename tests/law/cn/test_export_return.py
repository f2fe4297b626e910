"""Goods that come back: when as a return, when free of tax."""

from dataclasses import replace
from datetime import date

import pytest

from tumen.law.cn.export_return import ExportReturn, decide, months_after

GOOD = ExportReturn("9810", date(2026, 1, 15), date(2026, 3, 2), True, False)


def reasons(back: ExportReturn) -> list[str]:
    return [each.code for each in decide(back).reasons]


def test_a_return_in_time_and_state_is_free_and_cites_its_act() -> None:
    found = decide(GOOD)
    assert (found.is_return, found.is_tax_free, found.reasons) == (True, True, ())
    assert all(each.numbers and each.citation for each in found.steps)
    assert "2026年第16号" in found.steps[-1].citation


@pytest.mark.parametrize(
    ("exported", "is_free"),
    [
        (date(2023, 1, 29), None),
        (date(2023, 1, 30), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), True),
        (date(2027, 12, 31), True),
        (date(2028, 1, 1), None),
    ],
)
def test_the_day_of_export_decides_which_relief_there_is(
    exported: date, is_free: bool | None
) -> None:
    back = replace(GOOD, exported_on=exported, returned_on=exported)
    assert decide(back).is_tax_free is is_free
    assert (reasons(back) == ["EXPORT_RETURN_RELIEF_NOT_HELD"]) is (is_free is None)


@pytest.mark.parametrize(
    ("returned", "is_return", "is_free"),
    [
        (date(2026, 7, 14), True, True),
        (date(2026, 7, 15), True, True),  # six months from 2026-01-15
        (date(2026, 7, 16), True, False),
        (date(2027, 1, 15), True, False),  # a year
        (date(2027, 1, 16), False, False),
    ],
)
def test_six_months_are_for_the_relief_and_a_year_is_for_the_return(
    returned: date, is_return: bool, is_free: bool
) -> None:
    found = decide(replace(GOOD, returned_on=returned))
    assert (found.is_return, found.is_tax_free) == (is_return, is_free)


@pytest.mark.parametrize("mode", ["1210", "9610", "9710", "9810"])
def test_four_modes_have_the_relief(mode: str) -> None:
    assert decide(replace(GOOD, mode=mode)).is_tax_free is True


@pytest.mark.parametrize(
    ("back", "code"),
    [
        (replace(GOOD, mode="0110"), "EXPORT_RETURN_MODE_WITHOUT_RELIEF"),
        (replace(GOOD, is_original_state=False), "EXPORT_RETURN_STATE_CHANGED"),
        (replace(GOOD, is_food=True), "EXPORT_RETURN_FOOD_EXCLUDED"),
        (replace(GOOD, returned_on=date(2026, 7, 16)), "EXPORT_RETURN_TOO_LATE"),
        (replace(GOOD, returned_on=date(2026, 1, 14)), "EXPORT_RETURN_BEFORE_EXPORT"),
    ],
)
def test_what_has_no_relief_is_told_why(back: ExportReturn, code: str) -> None:
    assert decide(back).is_tax_free is False
    assert reasons(back) == [code]


def test_every_reason_is_told_at_once() -> None:
    back = ExportReturn("0110", date(2026, 1, 15), date(2027, 3, 2), False, True)
    assert set(reasons(back)) == {
        "EXPORT_RETURN_MODE_WITHOUT_RELIEF",
        "EXPORT_RETURN_STATE_CHANGED",
        "EXPORT_RETURN_FOOD_EXCLUDED",
        "EXPORT_RETURN_TOO_LATE",
    }


def test_a_return_of_a_day_without_law_is_unknown() -> None:
    back = replace(GOOD, exported_on=date(2020, 3, 27), returned_on=date(2020, 3, 27))
    assert decide(back).is_return is None
    assert decide(back).is_tax_free is None


def test_an_unverified_extension_is_named() -> None:
    back = replace(GOOD, exported_on=date(2025, 6, 1), returned_on=date(2025, 7, 1))
    (told,) = decide(back).warnings
    assert "cn.export_return.is_tax_free" in told.parameters["parameters"]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, expected: date
) -> None:
    assert months_after(day, months) == expected
