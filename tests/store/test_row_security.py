"""Row-level security: the application sees what its own sender lodged, in every table."""

from pathlib import Path

import polars as pl
import psycopg
import pytest

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database, Role

SHIPMENT = {
    "shipment": "the same of both", "destination": "MN", "dispatch": "CN", "date": "2026-06-10",
    "currency": "CNY", "items": [{"hs": "61091000", "quantity": "5", "unit_price": "60.00"}],
}  # fmt: skip
SEEN_BY_BOTH = (
    "trade_order", "declaration_item", "declaration_event", "charge", "assessment",
    "goods_shipment", "goods_shipment_item", "shipment_assessment", "shipment_charge",
)  # fmt: skip
COUNT = pl.Schema({"count": pl.Int64})
SHARED_BY_NOBODY = ("person_key", "personal_data", "node_keys", "list", "list_party",
                    "reference_price", "listed_code", "log_origin", "log_append", "log_tile",
                    "log_cosignature", "log_artefact", "erased_key",
                    "contingency_entry")  # fmt: skip
NOT_GRANTED = frozenset({
    "migration", "organisation_entry", "api_key", "api_key_end", "account_entry", "account_secret",
    "account_identity", "account_session", "account_session_end", "sign_in_attempt", "totp_use",
    "key_use", "activity_count",
    "webhook", "webhook_end", "webhook_turn", "person_step", "person_pass", "person_pass_end",
    "person_look", "ticket", "ticket_key", "ticket_message", "ticket_end",
    "ticket_route",
})  # fmt: skip


def tables(database: Database) -> list[str]:
    query = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    with database.session() as session:
        return session.read(query, None, pl.Schema({"name": pl.String}))["name"].to_list()


def counts(database: Database, role: Role, sender: str | None = None) -> dict[str, int]:
    """How many rows of each table a role sees."""
    names = tables(database)
    with database.session(role) as session:
        if sender is not None:
            session.execute(f"SET LOCAL tumen.sender = '{sender}'")
        return {
            name: session.read(f"SELECT count(*) FROM {name}", None, COUNT).item()  # noqa: S608
            for name in names
            if name not in NOT_GRANTED
        }


@pytest.fixture
def two_senders(database: Database, tmp_path: Path) -> Database:
    for sender, fault, seed in (("one", "vague_description", 5), ("two", "returned", 6)):
        lodged = [*one_bundle(fault, seed).documents, SHIPMENT, {**SHIPMENT, "shipment": sender}]
        Clearing(database, sender=sender, seed="no lot").documents(lodged, tmp_path)
    (tmp_path / "broken.ndjson").write_text("{\n", encoding="utf-8")
    Clearing(database, sender="one").files(tmp_path / "broken.ndjson")
    return database


def test_the_application_sees_what_its_sender_lodged_and_no_more(two_senders: Database) -> None:
    everything = counts(two_senders, Role.RECORDER)
    one = counts(two_senders, Role.APP, "one")
    two = counts(two_senders, Role.APP, "two")
    for name, count in everything.items():
        if name in SHARED_BY_NOBODY:
            assert (name, one[name], two[name]) == (name, 0, 0)
        else:
            assert (name, one[name] + two[name]) == (name, count)
    for name in SEEN_BY_BOTH:
        assert one[name], name
        assert two[name], name
    assert (one["goods_return"], two["goods_return"]) == (0, 1)
    assert (one["refusal"], two["refusal"]) == (1, 0)
    assert one["document_violation"] > 0


def test_the_application_sees_nothing_for_nobody_and_for_a_stranger(two_senders: Database) -> None:
    for sender in (None, "three"):
        assert set(counts(two_senders, Role.APP, sender).values()) == {0}


def test_every_table_of_facts_is_under_row_security(database: Database) -> None:
    query = """SELECT tablename::text AS name FROM pg_tables
               WHERE schemaname = 'public' AND NOT rowsecurity"""
    with database.session() as session:
        found = session.read(query, None, pl.Schema({"name": pl.String}))
    assert found["name"].to_list() == ["migration"]


def test_the_application_does_not_see_the_seed_of_the_random_selection(
    database: Database,
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.session(Role.APP) as session:
        session.execute("SELECT screening_seed FROM batch")
