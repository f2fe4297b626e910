"""One examination for all agencies: required, appointed, found, recognised."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scenarios.test_held_goods import held

from clearing import CLOCK, Clearing, node_log
from tumen.codelist.matters import Matter
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.settings import recognised
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window.acts import ActAsked, Officer
from tumen.window.examinations import (
    Entry,
    Examination,
    ExaminationReport,
    Recognition,
    judge_entries,
    read_entry,
)
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.calendar import BEGINNING, Place, calendar
from tumen.window.ledger.consignment import consignment
from tumen.window.ledger.examinations import ExaminationDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.recognition import recognitions
from tumen.window.reports import Report, ReportDone
from tumen.window.states import Act

LATER = "2026-12-01T09:00:00+08:00"
AGREED = Recognition("CN", "MN", "quarantine", "an agreement made up for tests")


def said(reference: str, entry: Entry, **fields: Any) -> ExaminationReport:
    return ExaminationReport(reference, fields.pop("declaration", "#1"), entry, **fields)


def readable(told: ExaminationReport) -> Report:
    read = read_entry(told, CLOCK.at)
    assert isinstance(read, Report), read
    return read


def codes(told: ExaminationReport) -> list[tuple[str, str]]:
    read = read_entry(told, CLOCK.at)
    assert isinstance(read, list)
    return [(each.code, each.path) for each in read]


@pytest.fixture
def node(database: Any, tmp_path: Path) -> Clearing:
    made = Clearing(database, seed="no lot")
    made.documents(held(), tmp_path)
    return made


def number(node: Clearing) -> str:
    (found,), *_ = node.query("SELECT declaration_number FROM declaration_number ORDER BY 1")
    return str(found)


def lodge(node: Clearing, *told: ExaminationReport, authority: str = "CN") -> list[ReportDone]:
    reports = ReportDesk(
        node.database.session, f"agency-{authority}", CLOCK, node_log(node.database)
    )
    desk = ExaminationDesk(reports, authority, [AGREED])
    return desk.lodge([readable(replace_number(each, number(node))) for each in told])


def replace_number(told: ExaminationReport, found: str) -> ExaminationReport:
    return ExaminationReport(
        told.reference, found if told.declaration == "#1" else told.declaration, told.entry,
        told.matter, told.place, told.starts_at, told.evidence,
    )  # fmt: skip


def test_an_agency_speaks_in_its_own_matters_alone(node: Clearing) -> None:
    reports = ReportDesk(node.database.session, "food-CN", CLOCK, node_log(node.database))
    desk = ExaminationDesk(reports, "CN", [], frozenset({"food"}))
    appointed = said("A-1", Entry.APPOINTED, place="shed 4", starts_at=LATER)

    def told(*entries: ExaminationReport) -> list[list[str]]:
        done = desk.lodge([readable(replace_number(each, number(node))) for each in entries])
        return [[each.code for each in one.objections] for one in done]

    others = ["EXAMINATION_MATTER_OTHERS"]
    assert told(QUARANTINE, said("C-1", Entry.REQUIRED, matter=Matter.CUSTOMS)) == [others, others]
    lodge(node, QUARANTINE)
    assert told(said("Q-2", Entry.PASSED, matter=Matter.QUARANTINE), appointed) == [others, others]
    again = said("A-2", Entry.APPOINTED, place="shed 4", starts_at=LATER)
    assert told(FOOD, again) == [[], []]
    assert release(node) == ["DECISION_EXAMINATION_OPEN"]


def release(node: Clearing) -> list[str]:
    officer = Officer("CN", "office", "officer-7")
    desk = OfficerDesk(node.database.session, officer, CLOCK, node_log(node.database))
    (done,) = desk.decide([ActAsked(number(node), Act.RELEASE, "all was examined")])
    return [each.code for each in done.judged.objections]


FOOD, QUARANTINE = (
    said("F-1", Entry.REQUIRED, matter=Matter.FOOD),
    said("Q-1", Entry.REQUIRED, matter=Matter.QUARANTINE),
)


def test_goods_are_released_once_every_agency_that_asked_has_passed_them(node: Clearing) -> None:
    assert [each.answer for each in lodge(node, FOOD, QUARANTINE)] == ["accepted"] * 2
    assert release(node) == ["DECISION_EXAMINATION_OPEN"]
    lodge(node, said("F-2", Entry.PASSED, matter=Matter.FOOD))
    lodge(node, said("Q-2", Entry.FAILED, matter=Matter.QUARANTINE))
    assert release(node) == ["DECISION_EXAMINATION_OPEN"]
    lodge(node, said("Q-3", Entry.PASSED, matter=Matter.QUARANTINE))
    assert release(node) == []


def test_the_pages_of_the_calendar_are_the_whole_in_its_order(
    node: Clearing, tmp_path: Path
) -> None:
    for seed in (6, 7):
        node.documents(held(seed), tmp_path)
    rows = node.query("SELECT declaration_number FROM declaration_number ORDER BY 1")
    numbers = [str(found) for (found,) in rows]
    assert len(numbers) == 3
    for at, (where, when) in enumerate(zip(numbers, ("2026-12-03", "", "2026-12-02"), strict=True)):
        lodge(node, said(f"F-{at}", Entry.REQUIRED, declaration=where, matter=Matter.FOOD))
        starts_at = f"{when}T09:00:00+08:00"
        if when:
            appointed = said(f"A-{at}", Entry.APPOINTED, declaration=where, place="shed 4",
                             starts_at=starts_at)  # fmt: skip
            assert [each.answer for each in lodge(node, appointed)] == ["accepted"]
    with session_for(node.database, Viewer("tests")) as session:
        whole, end = calendar(session)
        pages, after = [], BEGINNING
        while True:
            page = calendar(session, after, limit=1)
            pages += page.lines
            if page.next is None:
                break
            after = Place.read(str(page.next))
    assert end is None
    assert pages == whole
    days = [each["starts_at"] and each["starts_at"][:10] for each in whole]
    assert days == ["2026-12-02", "2026-12-03", None]


def test_the_requirements_of_all_agencies_share_one_appointment(node: Clearing) -> None:
    appointed = said("A-1", Entry.APPOINTED, place="shed 4", starts_at=LATER)
    (refused,) = lodge(node, appointed)
    assert [each.code for each in refused.objections] == ["EXAMINATION_NOT_REQUIRED"]
    lodge(node, FOOD, QUARANTINE, appointed)
    customs = Viewer(authority="customs", economy="CN")
    for viewer in (customs, Viewer("tests")):
        with session_for(node.database, viewer) as session:
            (planned,) = calendar(session).lines
        assert planned["open"] == ["food", "quarantine"]
        assert (planned["place"], planned["starts_at"]) == ("shed 4", "2026-12-01T01:00:00+00:00")
    with session_for(node.database, Viewer("stranger")) as session:
        assert calendar(session) == ([], None)


def test_an_entry_sent_again_gets_its_first_receipt_and_changes_nothing(node: Clearing) -> None:
    first = lodge(node, FOOD)
    lodge(node, said("F-2", Entry.PASSED, matter=Matter.FOOD))
    again = lodge(node, FOOD)
    assert (again[0].answer, again[0].receipt) == ("duplicate", first[0].receipt)
    assert release(node) == []


def test_a_result_of_what_nobody_required_and_entries_after_release_are_refused(
    node: Clearing,
) -> None:
    (done,) = lodge(node, said("F-2", Entry.PASSED, matter=Matter.FOOD))
    assert [each.code for each in done.objections] == ["EXAMINATION_NOT_REQUIRED"]
    release(node)
    (done,) = lodge(node, FOOD)
    assert [each.code for each in done.objections] == ["EXAMINATION_CLOSED"]


def test_agencies_of_another_economy_find_nothing_under_the_number(node: Clearing) -> None:
    (done,) = lodge(node, FOOD, authority="KR")
    assert [each.code for each in done.objections] == ["DECISION_TARGET_UNKNOWN"]


def columns(entry: Entry, matter: Matter | None, evidence: str | None = None) -> dict[str, Any]:
    return {"declaration": 1, "entry": entry, "matter": matter, "reference": evidence,
            "place": None, "starts_at": None}  # fmt: skip


@pytest.mark.parametrize(
    ("authority", "matter", "evidence", "is_recognised"),
    [
        ("CN", Matter.QUARANTINE, "#7", True),
        ("CN", Matter.QUARANTINE, "#8", False),
        ("CN", Matter.FOOD, "#7", False),
        ("KR", Matter.QUARANTINE, "#7", False),
    ],
)
def test_only_a_result_that_an_agreement_names_is_recognised(
    authority: str, matter: Matter, evidence: str, is_recognised: bool
) -> None:
    state = Examination("held", {str(each): "required" for each in Matter})
    entry = columns(Entry.RECOGNISED, matter, evidence)
    ((*against,),) = judge_entries(
        [entry], [state], {("#7", 1): ("MN", "quarantine")}, authority, [AGREED],
        frozenset(Matter),
    )  # fmt: skip
    assert [each.code for each in against] == ([] if is_recognised else ["RESULT_NOT_RECOGNISED"])
    assert (matter in state.open) is not is_recognised


def test_a_result_is_recognised_for_the_goods_that_were_examined_and_for_no_others(
    database: Database, tmp_path: Path
) -> None:
    node = Clearing(database, seed="no lot")
    to_mongolia = {
        "kind": "shipment", "destination": "MN", "dispatch": "CN", "date": "2026-06-10",
        "currency": "CNY", "items": [{"hs": "61091000", "quantity": "5", "unit_price": "60.00"}],
    }  # fmt: skip
    lodged = [
        {**to_mongolia, "shipment": "T-1/export", "regime": "export_9610"},
        {**to_mongolia, "shipment": "T-1/import"},
        {**to_mongolia, "shipment": "T-2/import"},
    ]
    node.documents(lodged, tmp_path)
    found = node.query("SELECT document_id FROM goods_shipment ORDER BY own_reference")
    exported, imported, other = (f"#{document}" for (document,) in found)

    def entry(reference: str, what: Entry, declaration: str, authority: str, **fields: Any) -> Any:
        told = said(reference, what, declaration=declaration, matter=Matter.QUARANTINE, **fields)
        desk = ReportDesk(database.session, f"agency-{authority}", CLOCK, node_log(database))
        (done,) = ExaminationDesk(desk, authority, [AGREED]).lodge([readable(told)])
        return done

    passed = []
    for declaration in (imported, other):
        entry(f"R{declaration}", Entry.REQUIRED, declaration, "MN")
        done = entry(f"P{declaration}", Entry.PASSED, declaration, "MN")
        passed.append(f"#{done.document_id}")
    entry("R", Entry.REQUIRED, exported, "CN")
    refused = entry("C-1", Entry.RECOGNISED, exported, "CN", evidence=passed[1])
    assert [each.code for each in refused.objections] == ["RESULT_NOT_RECOGNISED"]
    assert entry("C-2", Entry.RECOGNISED, exported, "CN", evidence=passed[0]).answer == "accepted"


def test_the_calendar_ends_with_the_declaration_whatever_was_decided(node: Clearing) -> None:
    lodge(node, FOOD)
    officer = Officer("CN", "office", "officer-7")
    desk = OfficerDesk(node.database.session, officer, CLOCK, node_log(node.database))
    desk.decide([ActAsked(number(node), Act.REJECT, "it is not what it is called")])
    with node.database.session() as session:
        assert calendar(session) == ([], None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (said("", Entry.REQUIRED, matter=Matter.FOOD), ("FIELD_MISSING", "reference")),
        (said("A", Entry.REQUIRED), ("FIELD_MISSING", "matter")),
        (said("A", Entry.RECOGNISED, matter=Matter.FOOD), ("FIELD_MISSING", "evidence")),
        (said("A", Entry.APPOINTED, starts_at=LATER), ("FIELD_MISSING", "place")),
        (said("A", Entry.APPOINTED, place="x", starts_at="soon"),
         ("JOURNEY_TIME_INVALID", "starts_at")),
        (said("A", Entry.APPOINTED, place="x", starts_at="2026-01-01T00:00:00+00:00"),
         ("APPOINTMENT_PAST", "starts_at")),
        (said("A", Entry.PASSED, matter=Matter.FOOD, place="x"), ("FIELD_UNKNOWN", "place")),
        (said("A" * 61, Entry.PASSED, matter=Matter.FOOD), ("TEXT_TOO_LONG", "reference")),
    ],
)  # fmt: skip
def test_an_entry_of_a_wrong_form_is_told_why(
    told: ExaminationReport, expected: tuple[str, str]
) -> None:
    assert codes(told) == [expected]


def test_a_node_recognises_nothing_until_its_table_names_an_agreement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recognised() == ()
    table = tmp_path / "recognition.toml"
    line = {"by": "CN", "of": "MN", "matter": "quarantine", "agreement": AGREED.agreement}
    table.write_text("[[recognised]]\n" + "".join(f'{k} = "{v}"\n' for k, v in line.items()))
    monkeypatch.setenv("TUMEN_RECOGNITION", str(table))
    assert recognised() == (AGREED,)
    monkeypatch.setenv("TUMEN_RECOGNITION", str(tmp_path / "none"))
    with pytest.raises(PathAbsent):
        recognised()


@pytest.mark.parametrize(
    "text",
    ["[[recognised]]\nby = 1", "recognised = [", "recognised = [1]",
     '[[recognised]]\nby="CN"\nof="CN"\nmatter="food"\nagreement="x"',
     '[[recognised]]\nby="CN"\nof="MN"\nmatter="faith"\nagreement="x"'],
)  # fmt: skip
def test_a_table_of_recognition_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        recognitions(text)


def test_all_that_was_required_and_found_is_told_to_who_sees_the_goods(node: Clearing) -> None:
    appointed = said("A-1", Entry.APPOINTED, place="shed 4", starts_at=LATER)
    passed = said("F-2", Entry.PASSED, matter=Matter.FOOD, evidence="record 7")
    done = lodge(node, FOOD, appointed, passed)
    release(node)
    asked = partial(consignment, reference=number(node), payer_must_be_buyer=False)
    told = []
    for viewer in (Viewer("tests"), Viewer("food", "agency", "CN", "food")):
        with session_for(node.database, viewer) as session:
            found = asked(session)
        assert found is not None
        told.append(found["declarations"][0]["examinations"])
    assert told[0] == told[1]
    assert [each["entry"] for each in told[0]] == ["required", "appointed", "passed"]
    assert [each["number"] for each in told[0]] == [f"#{each.document_id}" for each in done]
    assert told[0][2]["evidence"] == "record 7"
    assert told[0][1]["starts_at"] == "2026-12-01T01:00:00+00:00"
    with session_for(node.database, Viewer("other", "agency", "CN", "quarantine")) as session:
        assert asked(session) is None
