"""Contingency: nothing is decided in the name of an authority that is unreachable; later it is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lodging import one
from tests.conftest import fresh_database

from auditing import findings, superuser
from clearing import CLOCK, Clearing, node_log
from tumen.kernel.errors import UsageError
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.window.acts import ActAsked, Officer
from tumen.window.ledger import contingencies
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.deferred import DeferredDesk, Round
from tumen.window.ledger.persons import PersonDesk
from tumen.window.states import Act

CHINA, KOREA = (Officer(economy, "customs", "officer-1") for economy in ("CN", "KR"))
FAULTS = (
    "clean", "over_annual", "over_single_limit", "vague_description", "payment_missing",
    "payment_amount", "late_payment", "revoked", "order_missing",
)  # fmt: skip
WHY = "the line to the hall is cut"


def begin(database: Database, officer: Officer = CHINA) -> None:
    with database.session() as session:
        contingencies.begin(session, node_log(database), officer, WHY, CLOCK.now())


def desk(database: Database, officer: Officer = CHINA) -> DeferredDesk:
    policy = Clearing(database).policy
    return DeferredDesk(database.session, officer, policy, CLOCK, node_log(database))


def end(database: Database, officer: Officer = CHINA, limit: int = 2) -> list[Round]:
    """Go on, round by round, until it is over."""
    rounds = [desk(database, officer).go_on("it is back", limit=limit)]
    while not rounds[-1].is_ended:
        rounds.append(desk(database, officer).go_on("it is back", rounds[-1].last, limit))
    return rounds


def lodged() -> list[dict[str, Any]]:
    """Consignments of one day: what is lawful, what is not, what is to be looked at."""
    return [each for fault in FAULTS for each in one_bundle(fault, 11).documents]


SHIPMENTS = (
    one("K-1"),
    one("K-2", items=[{"hs": "6109100000", "description": "gifts", "quantity": "3",
                       "unit_price": "90.00", "net_weight_kg": "0.6", "origin": "CN"}]),
    one("M-1", destination="MN", currency="CNY", buyer={"id": "УБ12345678"},
        items=[{"hs": "61091000", "description": "cotton shirts", "quantity": "3",
                "unit_price": "90.00", "net_weight_kg": "0.6", "origin": "CN"}]),
)  # fmt: skip
DECIDED = """
    SELECT document_id, status, coalesce(lane, ''), legal_day,
           replace(replace(codes, ',DECISION_DEFERRED', ''), 'DECISION_DEFERRED', '')
    FROM declaration_event WHERE status <> 'awaiting' AND document_id > 0 ORDER BY 1, event_id
"""
ASSESSED = """
    SELECT document_id, verdict, customs_value_fen, used_before_fen, missing FROM assessment
    ORDER BY 1
"""
CHARGED = """
    SELECT e.document_id, c.position, c.code, c.amount_fen FROM charge c
    JOIN declaration_event e USING (event_id) ORDER BY 1, 2, 3
"""
TAKEN = "SELECT document_id, entry, amount_fen FROM allowance_entry ORDER BY 1, event_id"
OF_SHIPMENTS = """
    SELECT a.document_id, a.verdict, c.code, c.amount_minor FROM shipment_assessment a
    LEFT JOIN shipment_charge c USING (event_id) ORDER BY 1, 3
"""
AGAINST = "SELECT document_id, code, path, value FROM document_violation ORDER BY 1, 2, 3"
FACTS = (DECIDED, ASSESSED, CHARGED, TAKEN, OF_SHIPMENTS, AGAINST)


def suspended(database: Database, folder: Path) -> Clearing:
    """A node where everything was lodged in a contingency of two economies, which is still on."""
    begin(database)
    begin(database, KOREA)
    clearing = Clearing(database)
    clearing.documents([*lodged(), *SHIPMENTS], folder, 9)
    return clearing


@pytest.fixture(scope="module")
def awaited(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Clearing:
    return suspended(shared_database, tmp_path_factory.mktemp("documents"))


def statuses(clearing: Clearing, table: str) -> set[str]:
    return {
        status
        for (status,) in clearing.query(
            f"SELECT e.status FROM {table} d JOIN declaration_event e USING (document_id)"  # noqa: S608
        )
    }


def test_what_is_lodged_is_accepted_and_nothing_is_decided(awaited: Clearing) -> None:
    assert statuses(awaited, "declaration") == {"awaiting", "pending", "revoked"}
    assert awaited.query("SELECT count(*) FROM assessment") == [(0,)]
    assert awaited.query("SELECT count(*) FROM charge") == [(0,)]
    assert awaited.query("SELECT count(*) FROM allowance_entry") == [(0,)]
    told = [
        json.loads(row["receipt"]) for row in awaited.rows() if row["declaration"] == "awaiting"
    ]
    assert {each["answer"] for each in told} == {"accepted"}
    assert {each["status"] for each in told} == {120}
    assert {code for each in told for code in each["codes"]} == {"DECISION_DEFERRED"}


def test_another_economy_decides_as_ever(awaited: Clearing) -> None:
    found = awaited.query(
        """SELECT s.own_reference, e.status FROM goods_shipment s
           JOIN declaration_event e USING (document_id) ORDER BY 1"""
    )
    assert dict(found) == {"K-1": "awaiting", "K-2": "awaiting", "M-1": dict(found)["M-1"]}
    assert dict(found)["M-1"] != "awaiting"


def test_it_is_told_whose_decisions_are_suspended_since_when_and_how_many_wait(
    awaited: Clearing,
) -> None:
    with awaited.database.session() as session:
        china, korea = contingencies.suspensions(session)
    assert (china.economy, china.reason, china.since) == ("CN", WHY, CLOCK.now())
    assert (korea.economy, korea.awaiting) == ("KR", 2)
    waiting = sum(status == "awaiting" for status in awaited.status().values())
    assert china.awaiting == waiting


def test_no_officer_decides_what_waits_for_the_authority(awaited: Clearing) -> None:
    officer = OfficerDesk(awaited.database.session, CHINA, CLOCK, node_log(awaited.database))
    ((number, *_),) = awaited.query(
        """SELECT declaration_number FROM declaration_number JOIN declaration_event e
           USING (document_id) WHERE e.status = 'awaiting' LIMIT 1"""
    )
    (judged,) = officer.preview([ActAsked(number, Act.RELEASE, "it is urgent")])
    assert [each.code for each in judged.objections] == ["DECISION_NOT_OPEN"]


def test_a_contingency_is_not_begun_twice_and_not_ended_where_none_is(awaited: Clearing) -> None:
    with pytest.raises(UsageError, match="suspended already"):
        begin(awaited.database)
    with pytest.raises(UsageError, match="not suspended"):
        desk(awaited.database, Officer("JP", "customs", "officer-1")).go_on("it is back")
    with pytest.raises(UsageError, match="There is no authority"):
        begin(awaited.database, Officer("XX", "customs", "officer-1"))
    with pytest.raises(UsageError, match="characters"):
        desk(awaited.database).go_on("")


@pytest.fixture(scope="module")
def ended(
    database_location: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Clearing, list[Round]]]:
    """Another node, where both contingencies are over."""
    with fresh_database(database_location) as database:
        clearing = suspended(database, tmp_path_factory.mktemp("documents"))
        yield clearing, [*end(database), *end(database, KOREA)]


def test_all_is_decided_as_it_would_have_been_in_recorded_order(
    ended: tuple[Clearing, list[Round]], database: Database, tmp_path: Path
) -> None:
    deferred, _ = ended
    at_once = Clearing(database)
    at_once.documents([*lodged(), *SHIPMENTS], tmp_path, 9)
    for facts in FACTS:
        assert deferred.query(facts) == at_once.query(facts), facts
    assert {"released", "rejected"} <= statuses(deferred, "declaration")
    assert {"released", "held"} <= statuses(deferred, "goods_shipment")


def test_each_decision_is_marked_and_told_to_its_filer(
    ended: tuple[Clearing, list[Round]],
) -> None:
    deferred, rounds = ended
    later = deferred.query(
        """SELECT e.codes, e.receipt IS NOT NULL FROM declaration_event e
           WHERE EXISTS (SELECT FROM declaration_event w WHERE w.document_id = e.document_id
                         AND w.status = 'awaiting' AND w.event_id < e.event_id)
             AND e.status <> 'revoked'"""
    )
    assert len(later) == sum(sum(each.decided.values()) for each in rounds)
    assert all(codes.split(",")[-1] == "DECISION_DEFERRED" and told for codes, told in later)


def test_the_log_holds_the_contingency_and_what_was_decided_after_it(
    ended: tuple[Clearing, list[Round]],
) -> None:
    with superuser(ended[0].database) as session:
        assert findings(session) == []
        assert contingencies.suspensions(session) == []
    entries = ended[0].query("SELECT name FROM log_artefact WHERE kind = 'contingency' ORDER BY 1")
    assert entries == [("CN begin",), ("CN end",), ("KR begin",), ("KR end",)]


def test_what_waits_is_pending_again_where_its_order_is_taken_away(
    database: Database, tmp_path: Path
) -> None:
    begin(database)
    clearing = Clearing(database)
    documents = one_bundle(seed=21).documents
    clearing.documents(documents, tmp_path)
    order = {**documents[0], "function_code": "3", "issued_at": "20301231235959"}
    clearing.documents([order], tmp_path)
    (over,) = end(database)
    assert (over.decided, over.is_ended) == ({"pending": 1}, True)
    assert [*clearing.status().values()] == ["pending"]


def test_a_number_that_was_frozen_meanwhile_holds_what_waited(
    database: Database, tmp_path: Path
) -> None:
    begin(database, KOREA)
    node = Clearing(database)
    node.documents([one("K-1")], tmp_path)
    ((person,),) = node.query("SELECT encode(uuid_send(buyer_index), 'hex') FROM goods_shipment")
    guard = PersonDesk(database.session, CLOCK, node_log(database), KOREA)
    assert guard.identify(person, "papers seen").number
    assert guard.freeze(person, is_frozen=True).number
    end(database, KOREA)
    ((status, codes),) = node.query(
        "SELECT status, codes FROM declaration_event ORDER BY event_id DESC LIMIT 1"
    )
    assert status == "held"
    assert "SCREEN_ALLOWANCE_FROZEN" in codes
