"""A person guards the own allowance: sees each use, freezes it, disputes a use; nothing is lost."""

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scenarios.test_held_goods import four

from auditing import findings, superuser
from clearing import CLOCK, KEYS, Clearing, node_log
from tumen.kernel.clock import FixedClock
from tumen.kernel.person_limits import DISPUTES_OPEN_MAX
from tumen.store.database import Database
from tumen.window.acts import ActAsked, Officer, Standing, judge
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.persons import PersonDesk, open_disputes, state, uses
from tumen.window.persons import (
    Dispute,
    Ground,
    Guarded,
    Step,
    Taken,
    Use,
    against_dispute,
    against_judgement,
    guarded,
)
from tumen.window.privacy import blind
from tumen.window.states import Act

OFFICER = Officer("CN", "office", "officer-7")


def codes(objections: Any) -> list[str]:
    return [each.code for each in objections]


def test_what_a_person_is_is_what_the_steps_say_in_their_order() -> None:
    steps = [
        Taken(1, Step.IDENTIFIED), Taken(2, Step.FROZEN), Taken(3, Step.DISPUTED, 70, "twice"),
        Taken(4, Step.DISPUTED, 71, "not_mine"), Taken(5, Step.REFUSED, 70, reason="it is one"),
        Taken(6, Step.UNFROZEN), Taken(7, Step.FROZEN),
    ]  # fmt: skip
    found = guarded(steps)
    assert found.is_frozen
    assert found.disputes[70] == Dispute(3, 70, "twice", Step.REFUSED, "it is one")
    assert found.disputes[71].outcome is None
    assert not guarded(steps[:6]).is_frozen


def test_a_use_is_disputed_once_and_only_while_it_counts() -> None:
    use = Use(70, "released", 900, 2026)
    assert codes(against_dispute(use, Guarded())) == []
    assert codes(against_dispute(None, Guarded())) == ["DISPUTE_USE_UNKNOWN"]
    assert codes(against_dispute(Use(70, "returned", 0, 2026), Guarded())) == [
        "DISPUTE_USE_UNKNOWN"
    ]
    known = Guarded(disputes={70: Dispute(3, 70, "twice", Step.REFUSED)})
    assert codes(against_dispute(use, known)) == ["DISPUTE_KNOWN"]
    many = {
        number: Dispute(number, number, "twice") for number in range(100, 100 + DISPUTES_OPEN_MAX)
    }
    assert codes(against_dispute(use, Guarded(disputes=many))) == ["DISPUTES_TOO_MANY"]


def test_a_dispute_is_upheld_once_the_declaration_is_decided() -> None:
    dispute, held = Dispute(3, 70, "twice"), Use(70, "held", 900, 2026)
    assert codes(against_judgement(dispute, held, Step.UPHELD)) == ["DISPUTE_DECLARATION_OPEN"]
    assert codes(against_judgement(dispute, held, Step.REFUSED)) == []
    assert codes(against_judgement(dispute, Use(70, "rejected", 0, 2026), Step.UPHELD)) == []
    judged = Dispute(3, 70, "twice", Step.UPHELD)
    assert codes(against_judgement(judged, held, Step.REFUSED)) == ["DISPUTE_UNKNOWN"]


def test_goods_of_a_frozen_number_are_not_released() -> None:
    standing = Standing(
        1, "CN", "held", 5, CLOCK.now(), CLOCK.now().date(), "pending", None, is_frozen=True
    )
    (judged,) = judge([ActAsked("#1", Act.RELEASE, "in order")], [standing], OFFICER, CLOCK.now())
    assert codes(judged.objections) == ["DECISION_ALLOWANCE_FROZEN"]
    (judged,) = judge([ActAsked("#1", Act.REJECT, "not ordered")], [standing], OFFICER, CLOCK.now())
    assert judged.answer == "accepted"


class Node:
    """A node to which somebody lodged by a person's number."""

    def __init__(self, database: Database, folder: Path, seed: int = 9) -> None:
        self.database, self.folder = database, folder
        self.documents = four(seed)
        self.number = self.documents[0]["buyer_id_number"]
        self.person = blind(pl.Series([self.number]), "id_number", KEYS).item()
        self.clearing = Clearing(database, seed="no lot")
        self.clearing.documents(self.documents, folder)
        self.first_uses = self.uses()

    def desk(self, officer: Officer | None = None, hours: int = 0) -> PersonDesk:
        clock = FixedClock(CLOCK.now() + timedelta(hours=hours))
        return PersonDesk(self.database.session, clock, node_log(self.database), officer)

    def uses(self, after: int = 0) -> list[dict[str, Any]]:
        with self.database.session() as session:
            return uses(session, self.person, after)

    def bought_again(self, seed: int) -> str:
        """Lodge another order by the same number; the number of its declaration."""
        documents = deepcopy(four(seed))
        for document in documents:
            for name in ("buyer_id_number", "payer_id_number", "buyer_name", "payer_name"):
                if name in document:
                    document[name] = self.documents[0][name.replace("payer", "buyer")]
        self.clearing.documents(documents, self.folder)
        return str(self.uses()[-1]["declaration_number"])


@pytest.fixture(scope="module")
def node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Node:
    return Node(shared_database, tmp_path_factory.mktemp("documents"))


def test_a_person_sees_who_used_the_number_and_what_is_new(node: Node) -> None:
    (use,) = node.first_uses
    assert use["order_number"] == node.documents[0]["order_number"]
    assert (use["status"], use["held_fen"] > 0) == ("released", True)
    newest = max(each["event_id"] for each in node.uses())
    assert node.uses(after=newest) == []
    assert not {"buyer_name", "buyer_id_number"} & use.keys()


def test_what_is_bought_by_a_frozen_number_waits_until_it_is_unfrozen(node: Node) -> None:
    assert node.desk().freeze(node.person, is_frozen=True).number
    assert node.desk().freeze(node.person, is_frozen=True).number is None, "it is so already"
    number = node.bought_again(11)
    event = node.clearing.outcomes[-1].events.filter(pl.col("status") == "held")
    assert event["codes"].to_list() == ["SCREEN_ALLOWANCE_FROZEN"]
    officers = OfficerDesk(node.database.session, OFFICER, CLOCK, node_log(node.database))
    (done,) = officers.decide([ActAsked(number, Act.RELEASE, "papers in order")])
    assert codes(done.judged.objections) == ["DECISION_ALLOWANCE_FROZEN"]
    asked = "asked for at the counter"
    assert node.desk(OFFICER).freeze(node.person, is_frozen=False, reason=asked).number
    (done,) = officers.decide([ActAsked(number, Act.RELEASE, "papers in order")])
    assert done.judged.answer == "accepted"


def test_a_shipment_by_a_frozen_number_waits_too(node: Node) -> None:
    node.desk().freeze(node.person, is_frozen=True)
    sent = {
        "shipment": "K-7", "destination": "MN", "dispatch": "CN", "date": "2026-06-10",
        "currency": "CNY", "buyer": {"id": node.number},
        "items": [{"hs": "61091000", "quantity": "1", "unit_price": "6.00"}],
    }  # fmt: skip
    other = {**sent, "shipment": "K-8", "buyer": {"id": "P-9"}}
    node.clearing.documents([sent, other], node.folder)
    told = node.clearing.outcomes[-1].events.sort("event_id")
    ours, theirs = told["codes"].to_list()
    assert "SCREEN_ALLOWANCE_FROZEN" in ours.split(",")
    assert "SCREEN_ALLOWANCE_FROZEN" not in theirs.split(",")
    assert told["status"].to_list()[0] == "held"
    node.desk().freeze(node.person, is_frozen=False)


def test_an_upheld_dispute_gives_back_the_amount_and_tells_the_filer(node: Node) -> None:
    use = node.uses()[0]
    raised = node.desk().dispute(node.person, use["document_id"], Ground.NOT_MINE)
    assert raised.number is not None
    assert codes(node.desk().dispute("0" * 32, use["document_id"], Ground.TWICE).objections) == [
        "DISPUTE_USE_UNKNOWN"
    ], "of another person nothing is told"
    with node.database.session() as session:
        (listed,) = open_disputes(session)
    assert (listed["number"], listed["ground"]) == (raised.number, "not_mine")
    assert node.person not in repr(listed)
    done = node.desk(OFFICER, hours=1).judge(raised.number, Step.UPHELD, "ordered by a stranger")
    assert done.objections == ()
    with node.database.session() as session:
        assert open_disputes(session) == []
        assert state(session, node.person).disputes[use["document_id"]].outcome is Step.UPHELD
    after = next(each for each in node.uses() if each["document_id"] == use["document_id"])
    assert (after["held_fen"], after["status"]) == (0, "released")
    ((event, codes_told, receipt, reason),) = node.clearing.query(
        f"""SELECT event_id, e.codes, e.receipt, d.reason FROM declaration_event e
            JOIN decision d USING (event_id)
            WHERE d.act = 'disclaimed' AND e.document_id = {use["document_id"]}"""  # noqa: S608
    )
    assert event == after["event_id"]
    assert codes_told == "AFTERCARE_USE_DISCLAIMED"
    assert "AFTERCARE_USE_DISCLAIMED" in receipt
    assert reason == "ordered by a stranger"
    again = node.desk(OFFICER).judge(raised.number, Step.REFUSED, "another view")
    assert codes(again.objections) == ["DISPUTE_UNKNOWN"]


def test_every_step_is_under_a_leaf_and_names_no_person(node: Node) -> None:
    node.desk(OFFICER).identify(node.person, "passport seen at the counter")
    with superuser(node.database) as session:
        assert findings(session) == []
    texts = node.clearing.query("SELECT name FROM log_artefact WHERE kind = 'person_step'")
    assert {name for (name,) in texts} <= set(Step)
    assert node.number not in json.dumps(
        node.clearing.query("SELECT s::text FROM person_step s"), ensure_ascii=False
    )


@pytest.fixture(scope="module")
def guarded_node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Another person's, who froze the number and whose dispute was upheld."""
    node = Node(shared_database, tmp_path_factory.mktemp("documents"), seed=13)
    assert node.desk().freeze(node.person, is_frozen=True).number
    raised = node.desk().dispute(node.person, node.uses()[0]["document_id"], Ground.TWICE)
    assert raised.number is not None
    assert node.desk(OFFICER).judge(raised.number, Step.UPHELD, "counted twice").objections == ()
    return node


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person_step SET step = 'unfrozen' WHERE step = 'frozen'",
        "DELETE FROM person_step WHERE step = 'upheld'",
        "UPDATE person_step SET person = gen_random_uuid() WHERE step = 'disputed'",
    ],
)
def test_a_step_that_is_changed_or_taken_away_is_found(guarded_node: Node, change: str) -> None:
    with superuser(guarded_node.database) as session:
        session.execute(change)
        assert findings(session)
