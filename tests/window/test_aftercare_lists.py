"""After the decision of a list: corrected, returned in time or not, counted by what is true."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from aftercare import Office, codes, item, officer
from scenarios.test_held_goods import four
from scenarios.test_return_days import parts

from clearing import Clearing
from tumen.store.database import Database
from tumen.window.aftercare_asked import AftercareStep, Stated


@pytest.fixture
def lists(database: Database, tmp_path: Path) -> Office:
    return Office(Clearing(database, seed="no lot"), tmp_path)


def cleared(lists: Office, *documents: dict[str, Any]) -> str:
    """A list that was cleared: its handle."""
    lists.clearing.documents(documents, lists.folder)
    ((number,),) = lists.clearing.query("SELECT max(document_id) FROM declaration")
    return f"#{number}"


def owed(lists: Office) -> int:
    return int(lists.clearing.query("SELECT sum(amount_fen)::bigint FROM charge")[0][0])


def used(lists: Office) -> int:
    ((found,),) = lists.clearing.query("SELECT sum(amount_fen)::bigint FROM allowance_entry")
    return int(found)


def valued(lists: Office) -> int:
    ((found,),) = lists.clearing.query(
        "SELECT customs_value_fen FROM assessment ORDER BY event_id DESC LIMIT 1"
    )
    return int(found)


def test_a_list_is_charged_and_counted_by_what_is_true(lists: Office) -> None:
    number = cleared(lists, *four())
    before, taken = owed(lists), used(lists)
    done = lists.ask(number, AftercareStep.CORRECT, stated=Stated(freight="50"))
    assert (done.judged.answer, codes(done)) == ("accepted", [])
    assert owed(lists) > before
    assert used(lists) == valued(lists) > taken
    entries = lists.clearing.query("SELECT entry FROM allowance_entry ORDER BY event_id")
    assert entries == [("used",), ("used",)]


def test_a_list_that_was_valued_too_high_gives_back_when_an_officer_grants_it(
    lists: Office,
) -> None:
    number = cleared(lists, *four())
    done = lists.ask(number, AftercareStep.CORRECT, stated=item(total_price="1"))
    assert done.judged.answer == "waiting"
    lists.ask(number, AftercareStep.GRANT, officer=officer("CN"), basis="an example act")
    assert used(lists) == valued(lists)
    found = lists.clearing.query(
        "SELECT entry, amount_fen < 0 FROM allowance_entry ORDER BY event_id"
    )
    assert found == [("used", False), ("given_back", True)]


def test_a_list_above_the_limit_of_the_law_is_not_corrected_into_one(lists: Office) -> None:
    number = cleared(lists, *four())
    done = lists.ask(number, AftercareStep.CORRECT, stated=Stated(freight="30000"))
    assert codes(done) == ["CORRECTION_NOT_ADMITTED"]
    assert "over_" in (done.judged.objections[0].value or "")


def test_lists_are_returned_and_revoked_by_their_messages(lists: Office) -> None:
    number = cleared(lists, *four())
    for step, message in ((AftercareStep.RETURN, "CEB 625"), (AftercareStep.REVOKE, "CEB 623")):
        done = lists.ask(number, step, stated=item(quantity="1"))
        assert [(each.code, each.expected) for each in done.judged.objections] == [
            ("AFTERCARE_BY_MESSAGE", message)
        ]


def test_a_return_after_a_correction_takes_off_all_that_the_correction_charged(
    lists: Office,
) -> None:
    documents, (back,) = parts(["20260820"])
    number = cleared(lists, *documents)
    lists.ask(number, AftercareStep.CORRECT, stated=Stated(freight="50"))
    *_, declaration = documents
    names = ("item_number", "hs_code", "goods_name", "quantity", "unit")
    goods = [
        {**back["items"][0], **{name: line[name] for name in names if name in line}}
        for line in declaration["items"]
    ]
    whole = {**back, "items": goods}
    cleared(lists, whole)
    assert lists.status(number) == "returned"
    assert (owed(lists), used(lists)) == (0, 0)


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T04:00:00+00:00")


def test_goods_are_back_until_the_45th_day_from_release_and_lapse_after_it(
    lists: Office,
) -> None:
    documents, (back,) = parts(["20260820"])
    number = cleared(lists, *documents)  # released on 2026-08-03: the 45th day is 2026-09-17
    before, taken = owed(lists), used(lists)
    cleared(lists, back)
    assert owed(lists) < before
    last, after = day("2026-09-17"), day("2026-09-18")
    early = lists.ask(number, AftercareStep.LAPSE, officer=officer("CN"), at=last)
    assert [(each.code, each.expected) for each in early.judged.objections] == [
        ("LAPSE_TOO_EARLY", "2026-09-17")
    ]
    late = lists.ask(number, AftercareStep.GOODS_BACK, officer=officer("CN"), at=after)
    assert codes(late) == ["GOODS_BACK_TOO_LATE"]
    lapsed = lists.ask(number, AftercareStep.LAPSE, officer=officer("CN"), at=after)
    assert json.loads(lapsed.receipt or "")["codes"] == ["AFTERCARE_RETURN_LAPSED"]
    assert (owed(lists), used(lists)) == (before, taken)
    again = lists.ask(number, AftercareStep.LAPSE, officer=officer("CN"), at=after)
    assert codes(again) == ["RETURN_NONE"]


def test_goods_that_are_back_on_the_last_day_do_not_lapse(lists: Office) -> None:
    documents, (back,) = parts(["20260820"])
    number = cleared(lists, *documents)
    cleared(lists, back)
    refunded = owed(lists)
    told = {"officer": officer("CN"), "at": day("2026-11-01")}
    strange = lists.ask(number, AftercareStep.GOODS_BACK, happened_on=date(2026, 8, 19), **told)
    assert codes(strange) == ["GOODS_BACK_DAY"]
    done = lists.ask(number, AftercareStep.GOODS_BACK, happened_on=date(2026, 9, 17), **told)
    assert done.judged.answer == "accepted"
    assert codes(lists.ask(number, AftercareStep.LAPSE, **told)) == ["RETURN_NONE"]
    assert owed(lists) == refunded
