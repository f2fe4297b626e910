"""Goods wait for a guarantee that suffices where a node asks for it, and go in their order."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scenarios.test_held_goods import held
from tests.conftest import fresh_database

from auditing import findings
from clearing import CLOCK, Clearing, node_log
from tumen.simulation import one_bundle
from tumen.window.acts import ActAsked, Officer
from tumen.window.bill_statements import GuaranteeChange, GuaranteeStated
from tumen.window.guaranteed import SHORT, covered
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.guarantee_desk import GuaranteeDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.states import Act

GUARANTOR, OTHER = "agent_code", "merchant_code"
LAST = """
    SELECT d.order_number, e.status, e.codes FROM declaration d CROSS JOIN LATERAL (
        SELECT status, codes FROM declaration_event e WHERE e.document_id = d.document_id
        ORDER BY event_id DESC LIMIT 1) e ORDER BY d.document_id
"""
CHARGED = """
    SELECT sum(c.amount_fen)::bigint FROM declaration d JOIN declaration_event e USING (document_id)
    JOIN charge c USING (event_id) GROUP BY d.document_id ORDER BY d.document_id
"""


def bundle(seed: int, guarantor: str, *, vague: bool = False) -> list[dict[str, Any]]:
    """A consignment whose taxes one of its parties guarantees."""
    documents = held(seed) if vague else deepcopy(one_bundle("clean", seed).documents)
    documents[-1]["guarantor_code"] = documents[-1][guarantor]
    return documents


@pytest.fixture
def node(database_location: str) -> Iterator[Clearing]:
    with fresh_database(database_location) as database:
        yield Clearing(database, seed="no lot", guarantee_must_suffice=True)


def lodge(node: Clearing, folder: Path, *bundles: list[dict[str, Any]]) -> None:
    node.documents([each for one in bundles for each in one], folder)


def deposit(node: Clearing, reference: str, fen: int) -> None:
    reports = ReportDesk(node.database.session, "office", CLOCK, node_log(node.database))
    (guarantor,) = node.query("SELECT guarantor_code FROM declaration ORDER BY document_id")[0]
    told = GuaranteeStated(reference, guarantor, GuaranteeChange.DEPOSITED, f"{fen / 100:.2f}")
    done = GuaranteeDesk(reports, "CN", date(2026, 10, 5)).state(told)
    assert done.answer == "accepted", done.objections


def release(node: Clearing, place: int, security: str | None = None) -> list[str]:
    documents = node.query("SELECT document_id FROM declaration ORDER BY document_id")
    asked = ActAsked(f"#{documents[place][0]}", Act.RELEASE, "it was looked at", security)
    officer = Officer("CN", "office", "officer-7")
    desk = OfficerDesk(node.database.session, officer, CLOCK, node_log(node.database))
    return [each.code for each in desk.decide([asked])[0].judged.objections]


def statuses(node: Clearing) -> list[str]:
    return [status for _, status, _ in node.query(LAST)]


def test_goods_wait_in_their_order_and_go_once_the_guarantee_suffices(
    node: Clearing, tmp_path: Path
) -> None:
    lodge(node, tmp_path, bundle(1, GUARANTOR), bundle(2, GUARANTOR))
    assert [line[1:] for line in node.query(LAST)] == [("held", SHORT), ("held", SHORT)]
    first, second = (fen for (fen,) in node.query(CHARGED))
    assert first > 0
    deposit(node, "G-1", first - 1)
    assert statuses(node) == ["held", "held"]
    assert release(node, 0) == ["DECISION_GUARANTEE_SHORT"]
    deposit(node, "G-2", 1)
    assert statuses(node) == ["released", "held"]
    lodge(node, tmp_path, bundle(4, GUARANTOR), bundle(5, OTHER))
    assert statuses(node)[2:] == ["held", "held"]
    assert release(node, 3, "a letter of a bank") == []
    deposit(node, "G-3", second)
    assert statuses(node) == ["released", "released", "held", "released"]
    allowance = node.query("""SELECT entry, count(*)::int FROM allowance_entry
                              GROUP BY entry ORDER BY entry""")
    assert allowance == [("reserved", 4), ("used", 3)]
    with node.database.session() as session:
        assert findings(session) == []


def test_goods_that_are_held_for_another_reason_too_wait_for_the_officer(
    node: Clearing, tmp_path: Path
) -> None:
    lodge(node, tmp_path, bundle(1, GUARANTOR, vague=True))
    assert node.query(LAST)[0][1:] == ("held", f"SCREEN_VAGUE_DESCRIPTION,{SHORT}")
    assert release(node, 0) == ["DECISION_GUARANTEE_SHORT"]
    deposit(node, "G-1", 1_000_000)
    assert statuses(node) == ["held"]
    lodge(node, tmp_path, bundle(2, GUARANTOR))
    assert statuses(node) == ["held", "released"]
    assert release(node, 0) == []


def test_a_node_that_does_not_ask_lets_goods_go_and_tells_the_balance(
    node: Clearing, tmp_path: Path
) -> None:
    node.guarantee_must_suffice = False
    lodge(node, tmp_path, bundle(1, GUARANTOR))
    assert statuses(node) == ["released"]


def test_a_guarantee_suffices_for_what_was_recorded_first() -> None:
    waiting = [(1, "G", 40), (2, "G", 30), (3, "G", 10), (4, "H", 5)]
    assert covered(waiting, {"G": 0, "H": -1}) == {1, 2, 3}
    assert covered(waiting, {"G": -10, "H": 0}) == {1, 2, 4}
    assert covered(waiting, {"G": -31, "H": -5}) == {1}
    assert covered(waiting, {"G": -80, "H": -9}) == set()
