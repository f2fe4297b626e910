"""The audit finds whatever is changed, deleted, inserted or swapped below the log."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl
import psycopg
import pytest
from aftercare import Office, item
from tampering import unseen

from auditing import findings, superuser
from clearing import CLOCK, Clearing, node_log
from tumen.cli.lists import record
from tumen.codelist.matters import Matter
from tumen.simulation import FAULTS, one_bundle
from tumen.store.database import Database
from tumen.window.acts import ActAsked, Officer
from tumen.window.aftercare_asked import AftercareStep
from tumen.window.carriers import CarrierReport, read_carrier
from tumen.window.examinations import Entry, ExaminationReport, read_entry
from tumen.window.journey import JourneyReport, read_report
from tumen.window.leaves import EXEMPT
from tumen.window.leaves import KEYS as LEAF_KEYS
from tumen.window.ledger import artefacts, contingencies, erasure
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.artefacts import Found
from tumen.window.ledger.audit import against
from tumen.window.ledger.audit_origins import older
from tumen.window.ledger.deferred import DeferredDesk
from tumen.window.ledger.erasure import Part
from tumen.window.ledger.examinations import ExaminationDesk
from tumen.window.ledger.finding import Finding
from tumen.window.ledger.log import newest, origins
from tumen.window.ledger.persons import PersonDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.lists import ListKind
from tumen.window.reports import Report, ReportKind
from tumen.window.states import Act

SHIPMENT = {
    "shipment": "s\\1", "destination": "MN", "dispatch": "CN", "date": "2026-06-10",
    "currency": "CNY", "buyer": {"id": "P1"},
    "items": [{"hs": "61091000", "quantity": "5", "unit_price": "60.00"}],
}  # fmt: skip

COLUMNS = """
    SELECT c.relname, a.attname, a.atttypid::regtype::text
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
"""


def cleared(database: Database, folder: Path) -> None:
    """A day with every fault, in small batches, with shipments, a broken line and two lists."""
    lists = {
        ListKind.PARTIES: pl.DataFrame({"entry_id": ["b", "a", "a"], "name": ["ж", "万", "B"]}),
        ListKind.PRICES: pl.DataFrame(
            {"hs_code": ["2" * 10, "1" * 10], "unit": ["035"] * 2, "low_fen": [1, 2],
             "high_fen": [3, 4]}
        ),
    }  # fmt: skip
    for kind, rows in lists.items():
        head = pl.DataFrame(
            {"kind": [str(kind)], "name": ["n"], "source": ["s\t"], "day": [date(2026, 1, 1)],
             "rows": [2], "rows_refused": [0], "sha256": [b"h" * 32],
             "imported_at": [datetime(2026, 1, 1, tzinfo=UTC)]},
            schema_overrides={"rows": pl.Int32, "rows_refused": pl.Int32},
        )  # fmt: skip
        with database.session() as session:
            record(session, kind, head, rows, node_log(database))
    for kind, content in (("trust_bundle", b"b"), ("credential", b"c"), ("status_list", b"s")):
        with database.session() as session:
            at = datetime(2026, 1, 1, tzinfo=UTC)
            artefacts.record(session, node_log(database), Found(kind, content * 32, "n\t"), at)
    clearing = Clearing(database)
    documents = [each for name in FAULTS for each in one_bundle(name, 4).documents]
    clearing.documents([*documents, SHIPMENT, {**SHIPMENT, "shipment": "2"}], folder, 60)
    clearing.documents(one_bundle("vague_description", 5).documents, folder)
    decided(database)
    ((number,),) = clearing.query(
        "SELECT document_id FROM goods_shipment WHERE own_reference = '2'"
    )
    stated = item(quantity="7", origin="CN")
    done = Office(clearing, folder).ask(f"#{number}", AftercareStep.CORRECT, stated=stated)
    assert done.event_id is not None
    at_port = Officer("CN", "customs of the example port", "officer-7")
    with database.session() as session:
        contingencies.begin(session, node_log(database), at_port, "the line\tis cut", CLOCK.now())
    desk = DeferredDesk(database.session, at_port, clearing.policy, CLOCK, node_log(database))
    assert desk.go_on("the line is back").is_ended
    with database.session() as session:
        persons = erasure.of_consignment(session, "s\\1", Part.BUYER)
        erasure.erase(session, node_log(database), persons, "a\treason", CLOCK.now())
    person = f"{1:032x}"
    guard = PersonDesk(database.session, CLOCK, node_log(database), Officer("CN", "o\t", "7"))
    assert guard.identify(person, "papers\\seen").number
    assert guard.freeze(person, is_frozen=True).number
    (folder / "broken.ndjson").write_text("{\n", encoding="utf-8")
    clearing.files(folder / "broken.ndjson")


def decided(database: Database) -> None:
    """An officer examines what is held, and rejects it, in batches without documents."""
    officer = Officer("CN", "customs of the example port", "officer-7")
    desk = OfficerDesk(database.session, officer, CLOCK, node_log(database))
    with database.session() as session:
        waiting = session.read(HELD, None, pl.Schema({"number": pl.String}))["number"]
    asked = [ActAsked(number, Act.EXAMINE, "the goods\tare looked at") for number in waiting]
    assert {each.judged.answer for each in desk.decide(asked)} == {"accepted"}
    rejected = ActAsked(waiting[0], Act.REJECT, "they are not as declared", security="none")
    assert desk.decide([rejected])[0].event_id is not None
    undone = ActAsked(waiting[0], Act.UNDO, "the wrong line")
    assert desk.decide([undone])[0].event_id is not None
    reported(database, waiting[0])


def reported(database: Database, number: str) -> None:
    """A carrier is named, one reports a place, and agencies share an appointment."""
    at = "2026-12-01T09:00:00+08:00"
    seen = JourneyReport("C-1", "W-1", "arriving", "2026-11-01T09:00:00+08:00", "MN", "MNULN")
    wanted = [
        ExaminationReport("E-1", number, Entry.REQUIRED, Matter.FOOD, evidence="r\\1"),
        ExaminationReport("E-2", number, Entry.APPOINTED, place="shed 4", starts_at=at),
    ]
    reports = ReportDesk(database.session, "reporters", CLOCK, node_log(database))
    journeys = [read_report(seen, CLOCK.at)]
    entries = [read_entry(each, CLOCK.at) for each in wanted]
    done = reports.lodge(
        ReportKind.JOURNEY, [each for each in journeys if isinstance(each, Report)]
    )
    carrier = read_carrier(CarrierReport("N-1", "W-1", "lorries"))
    assert isinstance(carrier, Report)
    done += reports.lodge(ReportKind.CARRIER, [carrier])
    done += ExaminationDesk(reports, "CN", []).lodge(
        [each for each in entries if isinstance(each, Report)]
    )
    assert [each.answer for each in done] == ["accepted"] * 4


HELD: Final = """
    SELECT declaration_number FROM declaration_number n WHERE (
        SELECT status FROM declaration_event e WHERE e.document_id = n.document_id
        ORDER BY event_id DESC LIMIT 1) = 'held' ORDER BY 1
"""


@pytest.fixture(scope="module")
def node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    cleared(shared_database, tmp_path_factory.mktemp("documents"))
    return shared_database


def columns(database: Database) -> list[tuple[str, str, str]]:
    with psycopg.connect(database.url) as connection:
        return connection.execute(COLUMNS).fetchall()


def test_every_table_is_under_a_leaf_or_exempt_for_a_reason(node: Database) -> None:
    tables = {table for table, _, _ in columns(node)}
    assert tables == {*LEAF_KEYS} | {*EXEMPT}
    assert not {*LEAF_KEYS} & {*EXEMPT}


def test_an_untouched_store_has_no_findings(node: Database) -> None:
    with superuser(node) as session:
        assert findings(session) == []


@pytest.mark.parametrize("table", sorted({*LEAF_KEYS, "log_append", "log_tile"}))
def test_a_change_of_any_column_is_found(table: str, node: Database) -> None:
    mine = [(column, kind) for name, column, kind in columns(node) if name == table]
    with superuser(node) as session:
        if not session.read(f"SELECT count(*) FROM {table}", None, COUNT).item():  # noqa: S608
            pytest.skip(f"this day leaves no row in {table}")
        assert unseen(session, table, mine) == []


COUNT = pl.Schema({"count": pl.Int64})


@pytest.mark.parametrize("table", sorted({*LEAF_KEYS}))
def test_a_deleted_row_is_found_and_so_is_one_that_was_inserted(table: str, node: Database) -> None:
    with superuser(node) as session:
        if not session.read(f"SELECT count(*) FROM {table}", None, COUNT).item():  # noqa: S608
            pytest.skip(f"this day leaves no row in {table}")
        session.execute(
            f"DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table}"  # noqa: S608
            " ORDER BY md5(ctid::text) LIMIT 1)"
        )
        assert findings(session)
    number = LEAF_KEYS[table][0]
    for far in ("+ 1000000", "* -1", *([] if table in ("list", "log_origin") else ["+ 0"])):
        with superuser(node) as session:
            session.execute(
                f"CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM {table} LIMIT 1;"  # noqa: S608
                f"UPDATE one SET {number} = {number} {far}"
            )
            for constraint in session.read(KEYED.format(table), None, NAMES)["name"]:
                session.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
            session.execute(f"INSERT INTO {table} SELECT * FROM one")  # noqa: S608
            assert findings(session), far


NAMES = pl.Schema({"name": pl.String})
KEYED = """SELECT conname::text FROM pg_constraint WHERE conrelid = '"{0}"'::regclass
           AND contype IN ('u') OR conrelid = '"{0}"'::regclass AND contype = 'p'
           AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.confrelid = '"{0}"'::regclass)"""


ANOTHER: Final = """
    CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM {table} {where} LIMIT 1;
    UPDATE one SET {changes};
    INSERT INTO {table} SELECT * FROM one
"""
LOWEST_NUMBER: Final = -(1 << 63)


def another(table: str, changes: str, where: str = "") -> str:
    return ANOTHER.format(table=table, changes=changes, where=where)


UNSEEN: Final = {
    "a document numbered zero": another(
        "payment", "document_id = 0, digest = gen_random_uuid(), key = 'x'"
    ),
    "an event numbered zero": another("declaration_event", "event_id = 0"),
    "a batch numbered zero": another("batch", "batch_id = 0"),
    "a list numbered zero": another("list", "list_id = 0"),
    "a list of the lowest number": another("list", f"list_id = {LOWEST_NUMBER}"),
    "a log that begins below zero": "; ".join(
        ("UPDATE log_origin SET first_list = -5", another("list", "list_id = -9"))
    ),
    "a log of another number": "UPDATE log_origin SET origin_id = 7;"
    "UPDATE log_append SET origin_id = 7; UPDATE log_tile SET origin_id = 7",
    "an append of no log, to hide what was found later": "; DROP TABLE one; ".join(
        (
            another("log_append", "origin_id = 99, subject = 7777, first_document = 1",
                    "WHERE kind = 'batch'"),
            another("document_violation", "position = 1500, batch_id = 7777",
                    "WHERE document_id IN (SELECT document_id FROM declaration)"),
        )
    ),
    "a tile of no log": """INSERT INTO log_tile VALUES
        (99, 0, 0, decode(repeat('00', 8192), 'hex'), decode(repeat('00', 32), 'hex'))""",
    "a cosignature of no log": "INSERT INTO log_cosignature VALUES (99, 1, 'w', 'line', now())",
    "an artefact": """INSERT INTO log_artefact VALUES
        (5000, 'trust_bundle', decode(repeat('00', 32), 'hex'), 'n', now())""",
}  # fmt: skip
"""What the superuser could put in where nobody looked."""


@pytest.mark.parametrize("told", UNSEEN)
def test_what_was_put_where_nobody_looks_is_found(told: str, node: Database) -> None:
    with superuser(node) as session:
        session.execute(UNSEEN[told])
        assert findings(session)


def test_what_is_said_to_be_older_than_the_log_is_told(node: Database) -> None:
    """The table of the logs is under no leaf: whoever moves a beginning hides nothing by it."""
    with superuser(node) as session:
        assert older(session, origins(session)) == {}
        session.execute("UPDATE log_origin SET first_artefact = 1000")
        count = session.read("SELECT count(*) FROM log_artefact", None, COUNT).item()
        assert older(session, origins(session)) == {"artefact": count}


def test_an_artefact_that_was_deleted_is_found(node: Database) -> None:
    with superuser(node) as session:
        session.execute("DELETE FROM log_artefact WHERE artefact_id = 1")
        (found,) = findings(session)
        assert found == Finding("DELETED", "artefact 1", "its own row is no longer there")


def test_what_is_found_names_the_row(node: Database) -> None:
    with superuser(node) as session:
        session.execute("UPDATE trade_order SET goods_value = 1 WHERE document_id = 1")
        (found,) = findings(session)
        assert found.code == "CHANGED"
        assert "trade_order 1" in found.told
    with superuser(node) as session:
        session.execute("DELETE FROM trade_order_item WHERE document_id = 1 AND position = 0")
        found = findings(session)[0]
        assert found.code in ("DELETED", "CHANGED")
        assert "1" in found.where
    with superuser(node) as session:
        session.execute("DELETE FROM trade_order WHERE document_id = 1")
        assert findings(session)[0] == Finding(
            "DELETED", "document 1", "its own row is no longer there"
        )


def test_a_column_that_the_leaf_tells_is_named_with_what_it_was(node: Database) -> None:
    """An officer's word turned round by whoever owns the database is told back."""
    one = "(SELECT min(event_id) FROM declaration_event WHERE status = 'held')"
    with superuser(node) as session:
        session.execute(
            f"UPDATE declaration_event SET status = 'released' WHERE event_id = {one}"  # noqa: S608
        )
        (found,) = findings(session)
        assert found.where.endswith(", column status")
        assert found.told == "it was held when its leaf was made"
    for column, value in (("legal_day", "legal_day - 30"), ("lane", "'green'")):
        with superuser(node) as session:
            session.execute(
                f"UPDATE declaration_event SET {column} = {value} WHERE event_id = ("  # noqa: S608
                "SELECT min(event_id) FROM declaration_event WHERE status = 'held')"
            )
            (found,) = findings(session)
            assert found.where.endswith(f", column {column}")


def test_where_no_hash_tells_the_column_it_is_told_which_it_was_not(node: Database) -> None:
    with superuser(node) as session:
        session.execute("UPDATE trade_order SET goods_value = 1 WHERE document_id = 1")
        (found,) = findings(session)
        assert found.where == "document 1"
        assert found.told.startswith("none of content_hash, answer, status, receipt, but another")


def test_rows_that_change_places_are_found(node: Database) -> None:
    with superuser(node) as session:
        session.execute(
            """UPDATE payment SET document_id = -1 WHERE document_id = (
                   SELECT min(document_id) FROM payment);
               UPDATE payment SET document_id = (SELECT max(document_id) FROM waybill) + 100000
               WHERE document_id = (SELECT max(document_id) FROM payment)"""
        )
        assert len(findings(session)) >= 2


TAIL = """
    DELETE FROM {table} WHERE {number} >= (SELECT first_{number_of} FROM log_append
                                           WHERE kind = 'batch' ORDER BY first_leaf DESC LIMIT 1)
"""


def test_a_cut_off_end_is_told_only_by_a_checkpoint_that_lies_elsewhere(node: Database) -> None:
    """Rows, leaves and checkpoint of the last batch are gone together, as in an old backup."""
    with superuser(node) as session:
        kept = newest(session, 1)
        assert kept is not None
        assert against(session, origins(session), kept) is None
        batch = "(SELECT max(batch_id) FROM batch)"
        for table in LEAF_KEYS:
            if LEAF_KEYS[table][0] == "document_id" and table != "document_violation":
                session.execute(
                    TAIL.format(table=table, number="document_id", number_of="document")
                )
        session.execute(f"DELETE FROM document_violation WHERE batch_id = {batch}")  # noqa: S608
        session.execute(f"DELETE FROM person_key WHERE batch_id = {batch}")  # noqa: S608
        session.execute(f"DELETE FROM batch WHERE batch_id = {batch}")  # noqa: S608
        session.execute(
            "DELETE FROM log_append WHERE first_leaf = (SELECT max(first_leaf) FROM log_append)"
        )
        assert findings(session) == []
        found = against(session, origins(session), kept)
        assert found is not None
        assert found.code == "WENT_BACK"
