"""An officer's acts: what they lead to, what they do to charges and allowances, what is undone."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lodging import one
from scenarios.test_held_goods import held, revocation

from clearing import CLOCK, Clearing, node_log
from tumen.kernel.clock import FixedClock
from tumen.kernel.errors import UsageError
from tumen.store.database import Database
from tumen.window.acts import ActAsked, ActDone, Officer
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.states import Act

CUSTOMS = Officer("CN", "customs of the example port", "officer-7")
WHY = "papers in order"


def desk(database: Database, officer: Officer = CUSTOMS, later: int = 0) -> OfficerDesk:
    clock = FixedClock(CLOCK.at + timedelta(seconds=later))
    return OfficerDesk(database.session, officer, clock, node_log(database))


def number(clearing: Clearing) -> str:
    ((found,),) = clearing.query("SELECT declaration_number FROM declaration_number")
    return str(found)


def act(clearing: Clearing, what: Act, later: int = 0, **more: Any) -> ActDone:
    ask = ActAsked(number(clearing), what, more.pop("reason", WHY), **more)
    (done,) = desk(clearing.database, later=later).decide([ask])
    return done


def codes(done: ActDone) -> list[str]:
    return [each.code for each in done.judged.objections]


def owed(clearing: Clearing) -> int:
    ((found,),) = clearing.query("SELECT coalesce(sum(amount_fen), 0)::bigint FROM charge")
    return int(found)


def entries(clearing: Clearing) -> list[tuple[str, int]]:
    return clearing.query("SELECT entry, amount_fen FROM allowance_entry ORDER BY event_id")


@pytest.fixture
def clearing(database: Database, tmp_path: Path) -> Clearing:
    """A node with one declaration that is held, because its goods are called a gift."""
    node = Clearing(database, seed="no lot")
    node.documents(held(), tmp_path)
    assert set(node.status().values()) == {"held"}
    return node


def test_what_is_held_is_released_and_its_allowance_used(clearing: Clearing) -> None:
    before = owed(clearing)
    done = act(clearing, Act.RELEASE)
    assert done.judged.answer == "accepted"
    assert set(clearing.status().values()) == {"released"}
    assert owed(clearing) == before > 0
    (reserved, amount), used = entries(clearing)
    assert (reserved, used) == ("reserved", ("used", 0))
    assert amount > 0


def test_the_filer_is_told_by_a_notice_that_is_recorded_and_resent_alike(
    clearing: Clearing,
) -> None:
    done = act(clearing, Act.RELEASE)
    ((status, receipt),) = clearing.query(
        f"SELECT status, receipt FROM declaration_event WHERE event_id = {done.event_id}"  # noqa: S608
    )
    assert status == "released"
    assert receipt == done.receipt
    assert json.loads(receipt)["status"] == 800
    assert CUSTOMS.mark not in receipt


def test_a_rejection_takes_off_every_charge_and_gives_the_allowance_back(
    clearing: Clearing,
) -> None:
    assert owed(clearing) > 0
    done = act(clearing, Act.REJECT, reason="the goods are not what the papers say")
    assert json.loads(done.receipt or "")["codes"] == ["OFFICER_REJECTED"]
    assert owed(clearing) == 0
    assert [entry for entry, _ in entries(clearing)] == ["reserved", "given_back"]
    assert sum(amount for _, amount in entries(clearing)) == 0


def test_an_undone_rejection_leaves_things_as_they_were(clearing: Clearing) -> None:
    before, reserved = owed(clearing), entries(clearing)
    act(clearing, Act.REJECT)
    done = act(clearing, Act.UNDO, later=600, reason="the wrong line was marked")
    assert done.judged.answer == "accepted"
    assert set(clearing.status().values()) == {"held"}
    assert owed(clearing) == before
    assert sum(amount for _, amount in entries(clearing)) == reserved[0][1]
    act(clearing, Act.RELEASE, later=700)
    assert set(clearing.status().values()) == {"released"}


def test_an_act_is_undone_to_the_status_that_it_was_taken_from(clearing: Clearing) -> None:
    act(clearing, Act.EXAMINE)
    act(clearing, Act.RELEASE)
    act(clearing, Act.UNDO)
    assert set(clearing.status().values()) == {"examination"}
    act(clearing, Act.HOLD)
    act(clearing, Act.UNDO)
    assert set(clearing.status().values()) == {"examination"}


def test_an_act_is_not_undone_after_its_time_nor_twice(clearing: Clearing) -> None:
    act(clearing, Act.RELEASE)
    assert codes(act(clearing, Act.UNDO, later=601)) == ["UNDO_TOO_LATE"]
    act(clearing, Act.UNDO, later=599)
    assert codes(act(clearing, Act.UNDO, later=599, reason="again")) == ["UNDO_NOTHING"]


def test_what_nobody_decided_cannot_be_undone(clearing: Clearing) -> None:
    assert codes(act(clearing, Act.UNDO)) == ["UNDO_NOTHING"]


def test_a_rejection_whose_order_was_changed_since_is_not_undone(
    clearing: Clearing, tmp_path: Path
) -> None:
    act(clearing, Act.REJECT)
    order = held()[0]
    changed = {**order, "function_code": "2", "issued_at": f"{order['issued_at'][:8]}235959"}
    clearing.documents([changed], tmp_path)
    assert codes(act(clearing, Act.UNDO)) == ["UNDO_MOVED_ON"]


def test_a_rejection_is_undone_after_another_of_the_same_buyer_and_not_after_a_purchase(
    clearing: Clearing, tmp_path: Path
) -> None:
    other = held(5)
    for each in other:
        for name in ("order_number", "payment_number", "waybill_number", "own_reference"):
            if name in each:
                each[name] = f"{each[name][:-1]}X"
    clearing.documents(other, tmp_path)
    found = clearing.query("SELECT declaration_number FROM declaration_number ORDER BY 1")
    numbers = [each for (each,) in found]
    assert len(numbers) == 2
    both = desk(clearing.database).decide([ActAsked(each, Act.REJECT, WHY) for each in numbers])
    assert {each.judged.answer for each in both} == {"accepted"}
    (first,) = desk(clearing.database).decide([ActAsked(numbers[0], Act.UNDO, "a slip")])
    assert first.judged.answer == "accepted"
    (second,) = desk(clearing.database).decide([ActAsked(numbers[1], Act.UNDO, "a slip")])
    assert codes(second) == ["UNDO_MOVED_ON"]


def test_the_same_act_sent_twice_is_recorded_once(clearing: Clearing) -> None:
    first, second = act(clearing, Act.RELEASE), act(clearing, Act.RELEASE)
    assert second.judged.answer == "duplicate"
    assert (second.event_id, first.receipt is None) == (first.event_id, False)
    assert clearing.query("SELECT count(*) FROM decision") == [(1,)]


def test_what_is_released_is_not_rejected(clearing: Clearing) -> None:
    act(clearing, Act.RELEASE)
    done = act(clearing, Act.REJECT)
    assert codes(done) == ["DECISION_NOT_OPEN"]
    assert done.judged.objections[0].expected == "held or examination"


def test_an_officer_who_looked_before_something_happened_is_told(clearing: Clearing) -> None:
    act(clearing, Act.EXAMINE)
    assert codes(act(clearing, Act.RELEASE, seen_event=1)) == ["DECISION_STALE"]
    assert act(clearing, Act.RELEASE, seen_event=2).judged.answer == "accepted"


@pytest.mark.parametrize("reason", ["", "  ok  ", "x" * 501])
def test_an_act_needs_a_reason_of_a_readable_length(reason: str, clearing: Clearing) -> None:
    assert codes(act(clearing, Act.RELEASE, reason=reason)) == ["DECISION_REASON_MISSING"]


@pytest.mark.parametrize("hidden", ["\u202e", "\x1b[2J", "\x00", "\u200b", "\u2066"])
def test_a_reason_and_a_security_hold_no_character_that_nobody_sees(
    hidden: str, clearing: Clearing
) -> None:
    refused = act(clearing, Act.RELEASE, reason=f"papers {hidden} in order")
    assert [(each.code, each.path) for each in refused.judged.objections] == [
        ("CONTROL_CHARACTER", "reason")
    ]
    refused = act(clearing, Act.RELEASE, security=f"bond {hidden} 7")
    assert [(each.code, each.path) for each in refused.judged.objections] == [
        ("CONTROL_CHARACTER", "security")
    ]


def test_a_security_of_any_length_is_not_recorded(clearing: Clearing) -> None:
    assert codes(act(clearing, Act.RELEASE, security="x" * 121)) == ["TEXT_TOO_LONG"]
    assert codes(act(clearing, Act.RELEASE, security="x" * 120)) == []


def test_a_reason_of_several_lines_is_recorded_as_one(clearing: Clearing) -> None:
    typed = "papers\r\nin\u3000order\n"
    assert codes(act(clearing, Act.RELEASE, reason=typed)) == []
    query = "SELECT reason FROM decision"
    with clearing.database.session() as session:
        told = session.read(query, None, pl.Schema({"reason": pl.String}))["reason"].to_list()
    assert told == ["papers in order"]
    assert act(clearing, Act.RELEASE, reason=typed).judged.is_repeated


def test_another_economys_officer_finds_nothing_under_the_number(clearing: Clearing) -> None:
    stranger = replace(CUSTOMS, authority="JP")
    ask = ActAsked(number(clearing), Act.RELEASE, WHY)
    (done,) = desk(clearing.database, stranger).decide([ask])
    assert codes(done) == ["DECISION_TARGET_UNKNOWN"]
    assert set(clearing.status().values()) == {"held"}


def test_a_preview_says_what_would_become_and_records_nothing(clearing: Clearing) -> None:
    ask = ActAsked(number(clearing), Act.RELEASE, WHY)
    twice = desk(clearing.database).preview([ask, ask, replace(ask, declaration="nothing")])
    assert [each.answer for each in twice] == ["accepted", "rejected", "rejected"]
    assert twice[0].status == "released"
    assert [twice[1].objections[0].code, twice[2].objections[0].code] == [
        "DECISION_TWICE", "DECISION_TARGET_UNKNOWN",
    ]  # fmt: skip
    assert set(clearing.status().values()) == {"held"}


def test_officers_who_act_at_the_same_moment_have_one_effect(clearing: Clearing) -> None:
    what = number(clearing)

    def release(mark: int) -> ActDone:
        officer = replace(CUSTOMS, mark=f"officer-{mark}")
        return desk(clearing.database, officer).decide([ActAsked(what, Act.RELEASE, WHY)])[0]

    with ThreadPoolExecutor(6) as officers:
        done = [*officers.map(release, range(6))]
    assert sorted(each.judged.answer for each in done) == ["accepted"] + ["rejected"] * 5
    assert clearing.query("SELECT count(*) FROM decision") == [(1,)]


def test_more_acts_than_one_request_takes_are_refused(clearing: Clearing) -> None:
    asked = [ActAsked(str(at), Act.HOLD, WHY) for at in range(1_001)]
    with pytest.raises(UsageError, match="1,000"):
        desk(clearing.database).preview(asked)


def test_a_declaration_released_by_an_officer_is_returned_like_any_other(
    clearing: Clearing, tmp_path: Path
) -> None:
    act(clearing, Act.REJECT)
    act(clearing, Act.UNDO, reason="a slip")
    act(clearing, Act.RELEASE)
    declaration = held()[3]
    back = {
        **revocation(declaration),
        "kind": "return",
        "declaration_number": number(clearing),
        "issued_at": CLOCK.at.strftime("%Y%m%d%H%M%S"),
        "items": [
            {"item_number": str(at + 1), **{name: item[name] for name in _BACK if name in item}}
            for at, item in enumerate(declaration["items"])
        ],
    }
    clearing.documents([back], tmp_path)
    assert set(clearing.status().values()) == {"returned"}
    assert owed(clearing) == 0


_BACK = ("item_number", "hs_code", "goods_name", "quantity", "unit")


def test_a_shipment_is_decided_by_the_economy_that_receives_it(
    database: Database, tmp_path: Path
) -> None:
    node = Clearing(database, seed="no lot")
    goods = one(destination="CN", dispatch="JP", regime="cbec", date="2026-08-03", currency="CNY",
                platform="an example platform",
                items=[{"hs": "3304990099", "description": "face cream", "quantity": "1",
                        "unit_price": "90.00"}])  # fmt: skip
    node.documents([goods], tmp_path)
    ((document, status),) = node.query("SELECT document_id, status FROM declaration_event")
    assert status == "held"
    ask = ActAsked(f"#{document}", Act.RELEASE, WHY)
    (refused,) = desk(database).decide([ask])
    assert codes(refused) == ["DECISION_CHARGE_UNKNOWN"]
    (done,) = desk(database).decide([replace(ask, security="guarantee G-1")])
    told = json.loads(done.receipt or "")
    assert (told["kind"], told["shipment"], told["declaration"]) == ("shipment", "R-1", "released")


def test_the_clock_of_the_authority_gives_the_day(clearing: Clearing) -> None:
    late = datetime.fromisoformat("2026-11-23T17:00:00+00:00")
    seconds = int((late - CLOCK.at).total_seconds())
    done = act(clearing, Act.RELEASE, later=seconds)
    ((day,),) = clearing.query(
        f"SELECT legal_day FROM declaration_event WHERE event_id = {done.event_id}"  # noqa: S608
    )
    assert f"{day}" == "2026-11-24"
