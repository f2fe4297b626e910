"""Lists: what waits for an officer, declarations by filters, events by a cursor."""

from datetime import date, timedelta

import psycopg
import pytest
from lodging import one
from scenarios.test_held_goods import four, held

from clearing import CLOCK, Clearing, node_log
from tumen.kernel.clock import FixedClock
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window.acts import ActAsked, Officer
from tumen.window.ledger import docket, stretches
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.docket import Chosen
from tumen.window.ledger.stretches import Line
from tumen.window.ledger.waiting import waiting
from tumen.window.service_level import Due, service_level
from tumen.window.states import Act

CUSTOMS = Viewer(authority="customs", economy="CN")


@pytest.fixture(scope="module")
def node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Clearing:
    """Two held declarations, one released, one shipment to Korea of another sender."""
    folder = tmp_path_factory.mktemp("documents")
    for seed in (5, 6):
        Clearing(shared_database, seed="no lot").documents(held(seed), folder)
    Clearing(shared_database, seed="no lot").documents(four(9), folder)
    other = Clearing(shared_database, "other", seed="no lot")
    other.documents([one("K-1")], folder)
    return other


@pytest.fixture(scope="module")
def waited(node: Clearing) -> list[Line]:
    """What waited before any officer did anything."""
    with session_for(node.database, CUSTOMS) as session:
        return docket.queue(session, Chosen()).lines


def test_what_waits_stands_in_the_queue_the_longest_waiting_first(
    node: Clearing, waited: list[Line]
) -> None:
    assert [line["status"] for line in waited] == ["held", "held"]
    assert all("SCREEN_VAGUE_DESCRIPTION" in line["reasons"] for line in waited)
    with session_for(node.database, CUSTOMS) as session:
        events = [line["event_id"] for line in docket.queue(session, Chosen()).lines]
        assert events == sorted(events)
        after = docket.queue(session, Chosen(lane="yellow"), events[0]).lines
        assert [line["event_id"] for line in after] == events[1:]
        assert docket.queue(session, Chosen(lane="red")).lines == []
        assert docket.queue(session, Chosen(economy="KR")).lines == []


def test_a_filer_is_not_told_the_numbers_of_what_waits(node: Clearing) -> None:
    for viewer in (Viewer("tests"), Viewer("other"), Viewer("nobody")):
        with session_for(node.database, viewer) as session:
            assert docket.queue(session, Chosen()).lines == []


def test_the_clock_parts_what_is_overdue_from_what_is_in_time(node: Clearing) -> None:
    level = service_level("yellow=24")
    with session_for(node.database, CUSTOMS) as session:
        for late, due in ((timedelta(hours=25), Due.OVERDUE), (timedelta(hours=23), Due.IN_TIME)):
            now = CLOCK.now() + late
            for asked in Due:
                chosen = Chosen(due=asked, overdue_before=level.overdue_before(now))
                assert len(docket.queue(session, chosen).lines) == (2 if asked is due else 0)
    with node.database.session() as session:
        (counted,) = waiting(session, level, CLOCK.now() + timedelta(hours=25))
    assert (counted.economy, counted.lane, counted.oldest_seconds) == ("CN", "yellow", 90_000)
    assert counted.counts == {Due.OVERDUE: 2, Due.IN_TIME: 0}


def test_an_act_that_leaves_it_waiting_does_not_set_the_clock_back(
    node: Clearing, waited: list[Line]
) -> None:
    later = FixedClock(CLOCK.now() + timedelta(hours=3))
    desk = OfficerDesk(
        node.database.session, Officer("CN", "office", "officer-7"), later, node_log(node.database)
    )
    before = waited[0]
    number = before["number"]
    desk.decide([ActAsked(number, Act.EXAMINE, "to be looked at")])
    with node.database.session() as session:
        after = next(x for x in docket.queue(session, Chosen()).lines if x["number"] == number)
    assert after["since"] > before["since"] == after["waiting_since"]
    desk.decide([ActAsked(number, Act.UNDO, "the wrong line")])


def test_what_was_decided_leaves_the_queue_and_comes_back_when_it_is_undone(
    node: Clearing, waited: list[Line]
) -> None:
    officer = Officer("CN", "office", "officer-7")
    desk = OfficerDesk(node.database.session, officer, CLOCK, node_log(node.database))
    number = waited[1]["number"]
    desk.decide([ActAsked(number, Act.RELEASE, "papers in order")])
    with node.database.session() as session:
        assert number not in [line["number"] for line in docket.queue(session, Chosen()).lines]
    desk.decide([ActAsked(number, Act.UNDO, "the wrong line")])
    with node.database.session() as session:
        (back,) = [x for x in docket.queue(session, Chosen()).lines if x["number"] == number]
    assert "SCREEN_VAGUE_DESCRIPTION" in back["reasons"], "why it waits, not that it was undone"


def test_pages_of_declarations_give_each_once_and_the_filters_choose(node: Clearing) -> None:
    with node.database.session() as session:
        whole = docket.declarations(session, Chosen()).lines
        assert [line["kind"] for line in whole] == ["declaration"] * 3 + ["shipment"]
        paged: list[Line] = []
        after: int | None = 0
        while after is not None:
            page = docket.declarations(session, Chosen(), after, 1)
            paged += page.lines
            after = page.next
        assert paged == whole
        assert len(docket.declarations(session, Chosen(status="released")).lines) == 2
        assert len(docket.declarations(session, Chosen(sender="other")).lines) == 1
        assert len(docket.declarations(session, Chosen(economy="KR", status="released")).lines) == 1
        assert docket.declarations(session, Chosen(since=date(2026, 11, 24))).lines == []
        assert len(docket.declarations(session, Chosen(since=date(2026, 11, 23))).lines) == 4


def test_everybody_sees_the_own_rows_of_a_list_alone(node: Clearing) -> None:
    seen = {}
    for name, viewer in {
        "tests": Viewer("tests"), "other": Viewer("other"), "nobody": Viewer(),
        "CN": CUSTOMS, "KR": Viewer(authority="customs", economy="KR"),
    }.items():  # fmt: skip
        with session_for(node.database, viewer) as session:
            seen[name] = [line["economy"] for line in docket.declarations(session, Chosen()).lines]
    assert seen == {
        "tests": ["CN"] * 3, "other": ["KR"], "nobody": [], "CN": ["CN"] * 3, "KR": ["KR"],
    }  # fmt: skip


def test_events_by_a_cursor_skip_nothing(node: Clearing) -> None:
    with node.database.session() as session:
        numbers, after = [], 0
        while page := docket.events(session, after, 2):
            numbers += [line["event_id"] for line in page]
            after = numbers[-1]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) >= 4


def test_a_filtered_list_looks_at_a_bounded_part_and_goes_on(
    node: Clearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "LOOKED_AT_MAX", 1)
    found: list[Line] = []
    after: int | None = 0
    pages = 0
    with node.database.session() as session:
        while after is not None:
            page = docket.declarations(session, Chosen(economy="KR"), after)
            found += page.lines
            after, pages = page.next, pages + 1
        waiting = docket.queue(session, Chosen(lane="red"))
    assert [line["kind"] for line in found] == ["shipment"]
    assert pages > 4
    assert (waiting.lines, waiting.next is None) == ([], False)


def test_a_filer_reads_what_was_decided_and_not_by_whom_in_the_office(node: Clearing) -> None:
    with session_for(node.database, Viewer("tests")) as session:
        session.execute("SELECT act, reason FROM decision")
    hidden = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with hidden, session_for(node.database, Viewer("tests")) as session:
        session.execute("SELECT officer FROM decision")
