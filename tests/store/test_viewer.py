"""Who reads for a viewer sees what that viewer may see, and cannot become anybody else."""

from collections.abc import Iterator

import polars as pl
import psycopg
import pytest
from tests.conftest import fresh_database

from clearing import CLOCK, Clearing, node_log
from tumen.codelist.matters import Matter
from tumen.simulation import one_bundle
from tumen.store.database import Database, Role
from tumen.store.session import Session
from tumen.store.viewer import Viewer, session_for
from tumen.window.examinations import Entry, ExaminationReport, read_entry
from tumen.window.ledger.examinations import ExaminationDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report

COUNT = pl.Schema({"count": pl.Int64})
NAME = pl.Schema({"name": pl.String})
MONGOLIA = {
    "shipment": "to MN", "destination": "MN", "dispatch": "CN", "date": "2026-06-10",
    "currency": "CNY", "items": [{"hs": "61091000", "quantity": "5", "unit_price": "60.00"}],
}  # fmt: skip
JAPAN = {**MONGOLIA, "shipment": "to JP", "destination": "JP", "currency": "JPY"}
EXPORT = {**MONGOLIA, "shipment": "from CN", "regime": "export_9610"}
SECRETS = (
    "organisation_entry", "api_key", "api_key_end", "account_entry", "account_secret",
    "account_identity", "account_session", "account_session_end", "sign_in_attempt", "totp_use",
    "key_use",
    "webhook", "webhook_end", "webhook_turn",
)  # fmt: skip
NOT_FOR_AGENCIES = (
    "payment", "assessment", "charge", "allowance_entry", "shipment_assessment", "shipment_charge",
)  # fmt: skip

SHIPMENTS = "SELECT destination AS name FROM goods_shipment ORDER BY 1"
CUSTOMS_CN = Viewer(sender="customs-cn", authority="customs", economy="CN")
CUSTOMS_MN = Viewer(sender="customs-mn", authority="customs", economy="MN")


@pytest.fixture(scope="module")
def node(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A node to which two senders lodged an order to China, shipments and an export of China."""
    with fresh_database(database_location) as database:
        for sender, fault, seed in (("one", "vague_description", 5), ("two", "returned", 6)):
            lodged = [*one_bundle(fault, seed).documents, MONGOLIA, JAPAN, EXPORT]
            folder = tmp_path_factory.mktemp(sender)
            Clearing(database, sender=sender, seed="no lot").documents(lodged, folder)
        yield database


def count(session: Session, table: str) -> int:
    found: int = session.read(f"SELECT count(*) FROM {table}", None, COUNT).item()  # noqa: S608
    return found


def everything(database: Database, table: str) -> int:
    with database.session() as session:
        return count(session, table)


def test_a_sender_sees_its_own_and_no_more(node: Database) -> None:
    with session_for(node, Viewer(sender="one")) as session:
        senders = session.read("SELECT DISTINCT sender FROM goods_shipment", None, NAME)
        assert senders["name"].to_list() == ["one"]
        assert count(session, "goods_shipment") == 3


def test_the_customs_of_an_economy_sees_what_it_decides_of_every_sender(node: Database) -> None:
    with session_for(node, CUSTOMS_MN) as session:
        assert session.read(SHIPMENTS, None, NAME)["name"].to_list() == ["MN", "MN"]
        assert count(session, "shipment_charge") > 0
        assert count(session, "declaration") == 0
    with session_for(node, CUSTOMS_CN) as session:
        assert count(session, "shipment_charge") == 0
        for table in ("trade_order", "payment", "declaration", "charge", "allowance_entry"):
            assert count(session, table) == everything(node, table) > 0, table


def test_an_export_is_seen_by_the_authority_of_its_origin_and_not_by_that_of_its_destination(
    node: Database,
) -> None:
    seen = "SELECT DISTINCT own_reference AS name FROM goods_shipment"
    events = """SELECT s.own_reference AS name FROM goods_shipment s
                JOIN declaration_event e USING (document_id) WHERE own_reference = 'from CN'"""
    with session_for(node, CUSTOMS_CN) as session:
        assert session.read(seen, None, NAME)["name"].to_list() == ["from CN"]
        assert session.read(events, None, NAME)["name"].to_list() == ["from CN", "from CN"]
    with session_for(node, CUSTOMS_MN) as session:
        assert session.read(seen, None, NAME)["name"].to_list() == ["to MN"]
        assert count(session, "goods_shipment_item") == 2
        assert session.read(events, None, NAME).is_empty()


def test_an_authority_sees_the_batches_that_brought_what_it_sees(node: Database) -> None:
    for viewer, seen in ((CUSTOMS_MN, 2), (CUSTOMS_CN, 3), (Viewer("", "customs", "KR"), 0)):
        with session_for(node, viewer) as session:
            found = session.read("SELECT batch_id FROM batch", None, pl.Schema({"b": pl.Int64}))
            assert found.height == seen, viewer


def required(database: Database, matter: str, economy: str, document: int) -> None:
    """Have a matter of a document examined, as customs that sends goods to an agency does."""
    told = ExaminationReport(f"{matter}-{document}", f"#{document}", Entry.REQUIRED, Matter(matter))
    report = read_entry(told, CLOCK.at)
    assert isinstance(report, Report)
    reports = ReportDesk(database.session, f"customs-{economy}", CLOCK, node_log(database))
    (done,) = ExaminationDesk(reports, economy, []).lodge([report])
    assert done.answer == "accepted", done.objections


@pytest.fixture(scope="module")
def examined(node: Database) -> dict[str, int]:
    """One of the two senders' declarations, by economy, that quarantine is to examine."""
    held = """SELECT min(document_id) FROM {table} JOIN declaration_event USING (document_id)
              WHERE declaration_event.status = 'held' AND {condition}"""
    chosen = {
        "CN": held.format(table="declaration", condition="true"),
        "MN": held.format(table="goods_shipment", condition="destination = 'MN'"),
    }
    known = pl.Schema({"document_id": pl.Int64()})
    with node.session() as session:
        found = {economy: session.read(query, None, known).item()
                 for economy, query in chosen.items()}  # fmt: skip
    for economy, document in found.items():
        required(node, "quarantine", economy, document)
    return found


def agency(economy: str, *matters: str) -> Viewer:
    return Viewer("an-agency", "agency", economy, ",".join(matters))


def test_another_agency_sees_goods_of_its_matters_and_not_what_was_paid_or_is_due(
    node: Database, examined: dict[str, int]
) -> None:
    seen = (
        """SELECT document_id FROM declaration UNION ALL SELECT document_id FROM goods_shipment"""
    )
    for economy, items in (("CN", "declaration_item"), ("MN", "goods_shipment_item")):
        with session_for(node, agency(economy, "food", "quarantine")) as session:
            found = session.read(seen, None, pl.Schema({"document_id": pl.Int64()}))
            assert found["document_id"].to_list() == [examined[economy]]
            for table in (items, "declaration_event", "examination_entry", "batch"):
                assert count(session, table) > 0, table
            assert {table: count(session, table) for table in NOT_FOR_AGENCIES} == dict.fromkeys(
                NOT_FOR_AGENCIES, 0
            )
    with session_for(node, agency("CN", "quarantine")) as session:
        assert [count(session, table) for table in ("trade_order", "waybill")] == [1, 1]
        assert count(session, "trade_order_item") > 0


@pytest.mark.parametrize(
    "viewer",
    [agency("CN"), agency("CN", "food", "technical"), agency("KR", "quarantine"),
     Viewer("an-agency", "", "CN", "quarantine")],
)  # fmt: skip
def test_an_agency_sees_nothing_that_is_not_to_be_examined_in_its_matters(
    node: Database, examined: dict[str, int], viewer: Viewer
) -> None:
    assert examined
    with session_for(node, viewer) as session:
        for table in ("trade_order", "trade_order_item", "waybill", "declaration", "batch",
                      "declaration_item", "goods_shipment", "declaration_event",
                      "document_violation", "examination_entry"):  # fmt: skip
            assert count(session, table) == 0, table


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer(),
        Viewer(economy="CN"),
        Viewer(authority="customs"),
        Viewer(authority="trader", economy="CN"),
        Viewer(sender="three", authority="customs", economy="KR"),
    ],
)
def test_half_an_authority_sees_nothing(node: Database, viewer: Viewer) -> None:
    with session_for(node, viewer) as session:
        for table in ("trade_order", "goods_shipment", "declaration_event", "document_violation"):
            assert count(session, table) == 0


def test_what_one_transaction_was_shown_is_not_shown_to_the_next(node: Database) -> None:
    with node.connect(Role.APP) as connection:
        with connection.transaction() as session:
            session.execute("SELECT set_config('tumen.sender', 'one', true)")
            assert count(session, "goods_shipment") == 3
        with connection.transaction() as session:
            assert count(session, "goods_shipment") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE tumen_recorder",
        "SET ROLE tumen_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "SET SESSION AUTHORIZATION tumen_recorder",
        "GRANT tumen_recorder TO tumen_web",
        "ALTER TABLE goods_shipment DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own ON goods_shipment",
        "CREATE POLICY mine ON goods_shipment FOR SELECT TO tumen_app USING (true)",
        "CREATE TABLE mine AS SELECT 1 AS one",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('PG_VERSION')",
        "INSERT INTO node_keys (fingerprint) VALUES ('mine')",
        "DELETE FROM goods_shipment",
        "UPDATE goods_shipment SET sender = 'one'",
    ],
)
def test_the_runtime_role_cannot_step_over_the_border(node: Database, statement: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        session_for(node, Viewer(sender="one")) as session,
    ):
        session.execute(statement)


@pytest.mark.parametrize("statement", ["RESET ROLE", "RESET SESSION AUTHORIZATION", "RESET ALL"])
def test_a_role_that_is_reset_is_the_same_again(node: Database, statement: str) -> None:
    with session_for(node, Viewer(sender="one")) as session:
        session.execute(statement)
        role = session.read("SELECT current_user::text AS name", None, NAME)
        assert role.item() == Role.APP
        assert count(session, "goods_shipment") == (0 if statement == "RESET ALL" else 3)


def counted_after(database: Database, statement: str) -> int:
    """What is seen of the shipments after a statement that tries to see more."""
    with session_for(database, Viewer(sender="one")) as session:
        session.execute(statement)
        return count(session, "goods_shipment")


def test_under_the_role_lies_one_that_may_nothing(node: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        counted_after(node, "SET ROLE NONE")


def test_row_security_cannot_be_turned_off(node: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        counted_after(node, "SET LOCAL row_security = off")


@pytest.mark.parametrize("table", SECRETS)
def test_who_may_ask_is_not_for_the_application(node: Database, table: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        session_for(node, CUSTOMS_CN) as session,
    ):
        count(session, table)
