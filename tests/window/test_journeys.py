"""Journeys: reports with receipts and leaves, the timeline that everybody may see, EPCIS."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lodging import one
from scenarios.test_held_goods import four

from clearing import CLOCK, KEYS, Clearing, node_log
from tumen.store.database import Database
from tumen.window import epcis, journey
from tumen.window.acts import Objection
from tumen.window.journey import JourneyReport, read_report
from tumen.window.ledger import journeys, proofs
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report, ReportDone, ReportKind

NOW = CLOCK.at


def report(reference: str = "C-1", **fields: Any) -> JourneyReport:
    told = {
        "reference": reference, "waybill_number": "W-1", "step": "departing",
        "happened_at": "2026-11-23T10:00:00+08:00", "economy": "CN", "place": "CNSHA",
        **fields,
    }  # fmt: skip
    return JourneyReport(**told)


def readable(told: JourneyReport) -> Report:
    read = read_report(told, NOW)
    assert isinstance(read, Report), read
    return read


def lodge(
    database: Database, *told: JourneyReport, sender: str = "tests", operates_in: str | None = None
) -> list[ReportDone]:
    desk = ReportDesk(database.session, sender, CLOCK, node_log(database))
    may_report = journeys.may_report(sender, operates_in)
    return desk.lodge(ReportKind.JOURNEY, [readable(each) for each in told], may_report)


@pytest.fixture
def shipped(database: Database, tmp_path: Path) -> Database:
    """A node at which one sender has lodged a shipment under the number W-1."""
    Clearing(database).documents([one("W-1")], tmp_path)
    return database


def fault(told: JourneyReport) -> list[tuple[str, str]]:
    found = read_report(told, NOW)
    assert isinstance(found, list)
    assert all(isinstance(each, Objection) for each in found)
    return [(each.code, each.path) for each in found]


def test_a_report_has_a_receipt_and_a_proof_that_it_is_in_the_log(shipped: Database) -> None:
    (done,) = lodge(shipped, report())
    assert done.answer == "accepted"
    assert json.loads(done.receipt or "")["reference"] == "C-1"
    with shipped.session() as session:
        proven = proofs.documents(session, KEYS.sealing, [done.document_id or 0])
    assert proven[done.document_id or 0].startswith("c2sp.org/tlog-proof@v1")


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_beyond_all_days_is_none(told: str) -> None:
    assert fault(report(happened_at=told)) == [("JOURNEY_TIME_INVALID", "happened_at")]


def test_a_report_sent_again_gets_its_first_receipt_and_another_text_is_refused(
    shipped: Database,
) -> None:
    (first,) = lodge(shipped, report())
    (again,) = lodge(shipped, report())
    assert (again.answer, again.document_id, again.receipt) == (
        "duplicate", first.document_id, first.receipt,
    )  # fmt: skip
    (other,) = lodge(shipped, report(place="RUVVO", economy="RU"))
    assert [each.code for each in other.objections] == ["REPORT_EXISTS"]


def test_the_same_reference_twice_in_one_request_is_one_report(shipped: Database) -> None:
    done = lodge(shipped, report(), report(), report(step="arriving"))
    assert [each.answer for each in done] == ["accepted", "accepted", "rejected"]
    assert done[0].document_id == done[1].document_id


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"happened_at": "2026-11-23T10:00:00"}, ("JOURNEY_TIME_INVALID", "happened_at")),
        ({"happened_at": "yesterday"}, ("JOURNEY_TIME_INVALID", "happened_at")),
        ({"happened_at": "2026-11-24T10:00:00+08:00"}, ("DECLARED_IN_FUTURE", "happened_at")),
        ({"step": "teleporting"}, ("WORD_UNKNOWN", "step")),
        ({"economy": "XX"}, ("COUNTRY_UNKNOWN", "economy")),
        ({"place": " "}, ("JOURNEY_PLACE_INVALID", "place")),
        ({"place": "Suifenhe"}, ("JOURNEY_PLACE_INVALID", "place")),
        ({"place": "RUVVO"}, ("JOURNEY_PLACE_INVALID", "place")),
        ({"place": "CNSHA "}, ("JOURNEY_PLACE_INVALID", "place")),
        ({"reference": " "}, ("FIELD_EMPTY", "reference")),
        ({"reference": "a\u202eb"}, ("CONTROL_CHARACTER", "reference")),
        ({"waybill_number": "1'; --"}, ("WAYBILL_NUMBER_INVALID", "waybill_number")),
    ],
)
def test_a_report_that_cannot_be_true_is_told_why(
    fields: dict[str, str], expected: tuple[str, str]
) -> None:
    assert fault(report(**fields)) == [expected]


@pytest.fixture
def travelled(database: Database, tmp_path: Path) -> tuple[Database, str, list[dict[str, Any]]]:
    """A released consignment that a carrier saw twice."""
    documents = four()
    number = documents[2]["waybill_number"]
    Clearing(database, seed="no lot").documents(documents, tmp_path)
    lodge(
        database,
        report("C-2", waybill_number=number, step="arriving", economy="RU", place="RUVVO",
               happened_at="2026-11-23T13:30:00+10:00"),
        report("C-1", waybill_number=number),
    )  # fmt: skip
    return database, number, documents


def test_a_journey_is_told_in_the_order_of_time_with_its_last_place_and_status(
    travelled: tuple[Database, str, list[dict[str, Any]]],
) -> None:
    database, number, _ = travelled
    with database.session() as session:
        told = journey.told(number, *journeys.journey(session, number))
    assert (told["status"], told["place"]) == ("released", "RUVVO, RU")
    assert [each["what"] for each in told["timeline"]] == ["departing", "arriving", "released"]


def test_a_declaration_lodged_again_stands_where_its_successor_stands() -> None:
    economies, statuses = ("CN", "KR", "CN", "CN"), ("rejected", "released", "held", "replaced")
    steps = [
        {"recorded_at": NOW, "economy": economy, "status": status}
        for economy, status in zip(economies, statuses, strict=True)
    ]
    told = journey.told("T-1", [], steps)
    assert told["status"] == "held"
    assert told["decisions"] == {"CN": "held", "KR": "released"}
    assert [each["what"] for each in told["timeline"]] == [*statuses]


def test_no_personal_value_and_no_goods_are_told_of_a_journey(
    travelled: tuple[Database, str, list[dict[str, Any]]],
) -> None:
    database, number, documents = travelled
    with database.session() as session:
        found = journeys.journey(session, number)
    told = json.dumps(
        [journey.told(number, *found), epcis.document(number, *found, NOW)], ensure_ascii=False
    )
    secret = [
        value
        for each in documents
        for name, value in each.items()
        if isinstance(value, str) and len(value) > 4 and name not in ("kind", "waybill_number")
    ]
    secret += [item[name] for each in documents for item in each.get("items", []) for name in item
               if isinstance(item[name], str) and len(item[name]) > 4]  # fmt: skip
    assert len(secret) > 20
    assert [value for value in secret if value in told] == []


def test_a_journey_is_an_epcis_document_of_object_events_in_the_order_of_time(
    travelled: tuple[Database, str, list[dict[str, Any]]],
) -> None:
    database, number, _ = travelled
    with database.session() as session:
        found = journeys.journey(session, number)
    told = epcis.document(number, *found, NOW)
    assert told == epcis.document(number, *found, NOW)
    assert (told["type"], told["schemaVersion"]) == ("EPCISDocument", "2.0")
    events = told["epcisBody"]["eventList"]
    assert {each["type"] for each in events} == {"ObjectEvent"}
    assert [each["eventTime"] for each in events] == sorted(each["eventTime"] for each in events)
    assert [each["eventTimeZoneOffset"] for each in events] == ["+08:00", "+10:00", "+08:00"]
    assert events[1]["readPoint"]["id"].startswith("urn:tumen:place:RU:RUVVO")
    assert events[2]["tumen:customsStatus"] == "released"
    required = {"type", "eventTime", "eventTimeZoneOffset", "epcList", "action"}
    assert all(required <= each.keys() for each in events)


def test_a_number_that_nobody_has_has_no_journey(database: Database) -> None:
    with database.session() as session:
        assert journeys.journey(session, "W-404") == ([], [])


def test_a_shipment_is_tracked_by_its_reference_whoever_uses_the_same_one_later(
    database: Database, tmp_path: Path
) -> None:
    Clearing(database, "one").documents([one("T-1")], tmp_path)
    with database.session() as session:
        first = journeys.journey(session, "T-1")
    assert [line["economy"] for line in first[1]] == ["KR"]
    Clearing(database, "two").documents([one("T-1"), one("T-1/export")], tmp_path)
    waybill = {**four(7)[2], "waybill_number": "T-1"}
    Clearing(database, "three").documents([waybill], tmp_path)
    with database.session() as session:
        assert journeys.journey(session, "T-1") == first


def test_a_declaration_of_another_sender_does_not_change_what_a_waybill_is_told_of(
    travelled: tuple[Database, str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    database, number, documents = travelled
    with database.session() as session:
        before = journeys.journey(session, number)
    other = {**four(8)[3], "waybill_number": number, "carrier_code": documents[3]["carrier_code"]}
    stranger = Clearing(database, "stranger", seed="no lot")
    stranger.documents([other], tmp_path)
    assert [row["answer"] for row in stranger.rows()] == ["accepted"]
    with database.session() as session:
        assert journeys.journey(session, number) == before


def test_the_declaration_that_matches_a_waybill_is_told_whoever_lodged_it(
    database: Database, tmp_path: Path
) -> None:
    order, payment, waybill, declaration = four(9)
    number = waybill["waybill_number"]
    Clearing(database, "carrier").documents([waybill], tmp_path)
    broker = Clearing(database, "broker", seed="no lot")
    broker.documents([order, declaration], tmp_path)
    with database.session() as session:
        assert journeys.journey(session, number) == ([], [])  # it waits, and is not the carrier's
    broker.documents([payment], tmp_path)
    with database.session() as session:
        _, steps = journeys.journey(session, number)
    assert [line["status"] for line in steps] == ["pending", "released"]


def test_of_a_number_its_own_sender_reports_and_no_other_carrier(shipped: Database) -> None:
    refused = ["JOURNEY_NOT_YOURS"]
    for sender, told in (
        ("another", report()), ("another", report(step="receiving")),
        ("tests", report(waybill_number="W-404")),
    ):  # fmt: skip
        (done,) = lodge(shipped, told, sender=sender)
        assert (done.answer, [each.code for each in done.objections]) == ("rejected", refused)
    with shipped.session() as session:
        assert journeys.journey(session, "W-1")[0] == []


def test_who_operates_a_zone_tells_what_passes_its_economy_and_is_named_by_its_role(
    shipped: Database,
) -> None:
    reports = [
        report("Z-1", step="unloading"), report("Z-2", step="receiving"),
        report("Z-3", economy="RU", place="RUVVO"),
    ]  # fmt: skip
    done = lodge(shipped, *reports, sender="zone", operates_in="CN")
    assert [each.answer for each in done] == ["accepted", "rejected", "rejected"]
    lodge(shipped, report("C-1", step="departing"))
    with shipped.session() as session:
        told = journey.told("W-1", *journeys.journey(session, "W-1"))
    reported = {each["what"]: each["by"] for each in told["timeline"] if each["by"] != "customs"}
    assert reported == {"unloading": "zone_operator", "departing": "carrier"}


def test_every_step_that_may_be_reported_is_told_in_words() -> None:
    later = NOW + timedelta(days=1)
    for step in journey.STEPS:
        assert isinstance(read_report(report(step=step), later), Report)
