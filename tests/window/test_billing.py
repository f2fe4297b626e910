"""Bills: the difference between what is owed and what was billed, by the days of the law."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tumen.window.billing import OWED_SCHEMA, bill, payment_term

RELEASED = date(2026, 11, 23)
FIRST, LAST = RELEASED + timedelta(days=31), RELEASED + timedelta(days=45)


def line(**told: Any) -> dict[str, Any]:
    """A charge of one released list, of which nothing was billed."""
    usual = {
        "document_id": 1, "economy": "CN", "regime": "cbec", "filer": "broker", "payer": "merchant",
        "currency": "CNY", "number": "N", "status": "released", "is_guaranteed": True,
        "declared_on": None, "released_on": RELEASED, "bills": 0, "standing": 0, "goods_item": 0,
        "code": "vat", "charged_minor": 910, "owed_minor": 910, "billed_minor": 0,
        "is_unknown": False,
    }  # fmt: skip
    return {**usual, **told}


def made(*lines: dict[str, Any], on: date = FIRST) -> list[dict[str, Any]]:
    found = bill(pl.DataFrame([*lines], schema=OWED_SCHEMA), on)
    return found.bills.select("kind", "charged_minor", "total_minor", "due_by").to_dicts()


def test_a_list_is_billed_from_the_thirty_first_day_and_not_a_day_before() -> None:
    assert made(line(), on=FIRST - timedelta(days=1)) == []
    first = {"kind": "assessed", "charged_minor": 910, "total_minor": 910, "due_by": LAST}
    assert made(line()) == [first]
    assert made(line(), on=LAST + timedelta(days=1)) == [first]


def test_what_came_back_within_the_days_is_never_billed() -> None:
    assert made(line(status="returned", owed_minor=0)) == []
    (part,) = made(line(owed_minor=500))
    assert (part["charged_minor"], part["total_minor"]) == (910, 500)


def test_what_was_billed_before_is_billed_once_and_what_changed_since_is_billed_at_once() -> None:
    before = {"bills": 1, "standing": 1, "billed_minor": 910}
    assert made(line(**before)) == []
    (more,) = made(line(**before, owed_minor=1_000, charged_minor=1_000), on=RELEASED)
    assert (more["kind"], more["total_minor"]) == ("supplementary", 90)
    (less,) = made(line(**before, owed_minor=300))
    assert (less["kind"], less["total_minor"]) == ("refund", -610)


def test_a_void_bill_is_made_anew_under_another_number() -> None:
    (again,) = made(line(bills=1, standing=0, billed_minor=0))
    assert (again["kind"], again["total_minor"]) == ("assessed", 910)


def test_an_unknown_charge_keeps_its_whole_declaration_from_being_billed() -> None:
    found = bill(
        pl.DataFrame([line(), line(code="duty", is_unknown=True, owed_minor=0)], OWED_SCHEMA), FIRST
    )
    assert (found.bills.height, found.items.height, found.unknown) == (0, 0, 1)


@pytest.mark.parametrize("status", ["rejected", "revoked"])
def test_what_was_billed_of_goods_that_are_refused_after_all_is_given_back(status: str) -> None:
    (back,) = made(line(status=status, bills=1, standing=1, billed_minor=910))
    assert (back["kind"], back["total_minor"]) == ("refund", -910)


def test_goods_that_are_held_again_wait_as_they_are() -> None:
    assert made(line(status="held", bills=1, standing=1, billed_minor=100)) == []


def test_where_the_law_names_no_day_the_bill_is_made_at_once_and_says_so() -> None:
    shipment = line(economy="JP", regime="general", declared_on=RELEASED)
    assert [each["due_by"] for each in made(shipment, on=RELEASED)] == [None]


@pytest.mark.parametrize(
    ("economy", "regime", "released", "due_from", "due_by", "is_verified"),
    [
        ("CN", "cbec", date(2018, 12, 31), date(2019, 1, 31), date(2019, 2, 14), True),
        ("CN", "cbec", date(2016, 4, 7), None, None, False),
        ("CN", "general", date(2026, 11, 23), None, date(2026, 12, 5), True),
        ("KR", "list", date(2026, 11, 23), None, date(2026, 12, 8), False),
        ("MN", "postal", date(2026, 11, 23), None, None, False),
    ],
)
def test_the_days_of_payment_are_those_of_the_law_on_the_day(
    economy: str, regime: str, released: date, due_from: date | None, due_by: date | None,
    *, is_verified: bool,
) -> None:  # fmt: skip
    term = payment_term(economy, regime, date(2026, 11, 20), released)
    assert (term.due_from, term.due_by, term.is_verified) == (due_from, due_by, is_verified)
