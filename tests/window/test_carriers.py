"""Carriers of a number that another firm lodged: named, then heard, and told as such."""

from collections.abc import Iterator

import polars as pl
import pytest
from lodging import one
from tests.conftest import fresh_database

from clearing import CLOCK, KEYS, Clearing, node_log
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window import journey
from tumen.window.carriers import CarrierReport, Entry, read_carrier
from tumen.window.journey import JourneyReport, read_report
from tumen.window.ledger import journeys, proofs
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report, ReportDone, ReportKind

NOT_YOURS = ["JOURNEY_NOT_YOURS"]


@pytest.fixture(scope="module")
def shipped(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A node at which a trader has lodged shipments under the numbers W-1 to W-5."""
    with fresh_database(database_location) as database:
        documents = [one(f"W-{number}") for number in range(1, 6)]
        Clearing(database, "trader").documents(documents, tmp_path_factory.mktemp("lodged"))
        yield database


def entry(
    number: str, reference: str, entry: Entry = Entry.NAMED, carrier: str = "lorries"
) -> CarrierReport:
    return CarrierReport(reference, number, carrier, entry)


def name(database: Database, told: CarrierReport, sender: str = "trader") -> ReportDone:
    desk = ReportDesk(database.session, sender, CLOCK, node_log(database))
    read = read_carrier(told)
    assert isinstance(read, Report), read
    (done,) = desk.lodge(ReportKind.CARRIER, [read], journeys.owns(sender))
    return done


def report(
    database: Database, number: str, sender: str, step: str = "accepting",
    operates_in: str | None = None,
) -> list[str]:  # fmt: skip
    """What speaks against a report of a step."""
    happened = "2026-11-23T10:00:00+08:00"
    told = JourneyReport(f"{number}-{step}", number, step, happened, "CN", "CNSHA")
    read = read_report(told, CLOCK.at)
    assert isinstance(read, Report), read
    desk = ReportDesk(database.session, sender, CLOCK, node_log(database))
    may_report = journeys.may_report(sender, operates_in)
    (done,) = desk.lodge(ReportKind.JOURNEY, [read], may_report)
    return [each.code for each in done.objections]


def told_of(database: Database, number: str) -> list[tuple[str, str]]:
    with database.session() as session:
        told = journey.told(number, *journeys.journey(session, number))
    return [(each["what"], each["by"]) for each in told["timeline"] if each["by"] != "customs"]


def test_a_firm_that_was_named_reports_and_is_told_as_the_carrier(shipped: Database) -> None:
    assert report(shipped, "W-1", "lorries") == NOT_YOURS
    assert name(shipped, entry("W-1", "A-1")).answer == "accepted"
    assert report(shipped, "W-1", "lorries") == []
    assert report(shipped, "W-1", "other-lorries") == NOT_YOURS
    assert report(shipped, "W-2", "lorries") == NOT_YOURS
    assert told_of(shipped, "W-1") == [("accepting", "carrier")]


def test_who_is_no_longer_named_reports_no_more_and_what_it_said_stays(shipped: Database) -> None:
    name(shipped, entry("W-3", "B-1"))
    report(shipped, "W-3", "lorries")
    name(shipped, entry("W-3", "B-2", Entry.WITHDRAWN))
    assert report(shipped, "W-3", "lorries", "receiving") == NOT_YOURS
    assert told_of(shipped, "W-3") == [("accepting", "carrier")]
    name(shipped, entry("W-3", "B-3"))
    assert report(shipped, "W-3", "lorries", "receiving") == []


def test_what_a_zone_told_before_it_was_named_as_a_carrier_stays_told_by_the_zone(
    shipped: Database,
) -> None:
    report(shipped, "W-4", "zone", "unloading", operates_in="CN")
    name(shipped, entry("W-4", "C-1", carrier="zone"))
    report(shipped, "W-4", "zone", "receiving", operates_in="CN")
    assert told_of(shipped, "W-4") == [("unloading", "zone_operator"), ("receiving", "carrier")]


def test_nobody_names_a_carrier_of_a_number_of_another_and_is_told_alike_where_there_is_none(
    shipped: Database,
) -> None:
    for number in ("W-5", "W-404"):
        done = name(shipped, entry(number, f"D-{number}", carrier="stranger"), sender="stranger")
        assert [each.code for each in done.objections] == ["JOURNEY_NOT_OWNED"]
        assert report(shipped, number, "stranger") == NOT_YOURS


def test_a_naming_is_a_document_with_a_receipt_and_a_proof_that_its_owner_alone_is_shown(
    shipped: Database,
) -> None:
    first, again = (name(shipped, entry("W-5", "E-1")) for _ in range(2))
    assert (again.answer, again.receipt) == ("duplicate", first.receipt)
    other = name(shipped, entry("W-5", "E-1", carrier="other"))
    assert [each.code for each in other.objections] == ["REPORT_EXISTS"]
    number = first.document_id or 0
    with shipped.session() as session:
        assert number in proofs.documents(session, KEYS.sealing, [number])
    shown = "SELECT document_id FROM journey_carrier WHERE waybill_number = 'W-5'"
    seen = {}
    for organisation in ("trader", "lorries", "stranger"):
        with session_for(shipped, Viewer(organisation)) as session:
            seen[organisation] = session.read(shown, None, pl.Schema({"n": pl.Int64})).height
    assert seen == {"trader": 1, "lorries": 0, "stranger": 0}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (entry("W-1", "F-1", carrier="Lorries & Co"), "CARRIER_MARK_INVALID"),
        (entry("W-1", "F-1", carrier=""), "CARRIER_MARK_INVALID"),
        (entry("W-1", " "), "FIELD_EMPTY"),
        (entry("1'; --", "F-1"), "WAYBILL_NUMBER_INVALID"),
    ],
)
def test_a_naming_that_cannot_be_is_told_why(wrong: CarrierReport, code: str) -> None:
    found = read_carrier(wrong)
    assert isinstance(found, list)
    assert [each.code for each in found] == [code]
