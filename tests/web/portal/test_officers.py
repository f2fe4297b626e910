"""The officer's pages: what waits, acts with their preview, the undo, the allowance of a person."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from portals import Portal, consignment, found, portal, text_of, vague

from tumen.store.database import Database
from tumen.window.ledger import stretches

PERSON = "360426199101010071"


@pytest.fixture(scope="module")
def pages(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("portal")) as opened:
        yield opened


def box(pages: Portal, order: str) -> str:
    """What the box of a consignment in the queue says."""
    queue = pages.get("/queue", "customs").text
    return unescape(found(rf'value="([^"]+)"[^>]*></td><th[^>]*><a[^>]*number={order}"', queue))


def act(pages: Portal, name: str, pick: str, **more: str) -> str:
    """What the page says after an act."""
    data = {"act": name, "pick": pick, "reason": "looked at the papers", **more}
    answer = pages.post("/queue", "customs", data=data)
    assert answer.status_code == 200
    return answer.text


def status(pages: Portal, order: str) -> str:
    """Where a consignment stands, as its filer sees it."""
    shown = pages.get(f"/consignment?number={order}", "broker").text
    return found(r'<h2>.*?<span class="tag (\w+)"', shown)


def test_the_queue_is_for_officers_alone(pages: Portal) -> None:
    assert pages.get("/queue").status_code == 401
    assert pages.get("/queue", "broker").status_code == 403
    assert pages.get("/queue", "customs").status_code == 200
    assert "/queue" not in pages.get("/", "broker").text


def test_an_officer_sees_why_it_waits_and_all_about_it(pages: Portal) -> None:
    pages.submit(vague("Q-1"), "day.ndjson")
    queue = pages.get("/queue", "customs")
    assert "does not say what it is" in text_of(queue)
    assert "Q-1" in queue.text
    assert "Q-1" in pages.get("/queue?lane=yellow", "customs").text
    assert "Q-1" not in pages.get("/queue?lane=red", "customs").text
    shown = text_of(pages.get("/consignment?number=Q-1", "customs"))
    assert "value added tax" in shown
    assert "broker" in shown


def test_what_waits_is_shown_where_too_much_waits_to_look_for_what_is_overdue(
    pages: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in ("Q-1", "Q-3"):
        pages.submit(vague(order), "day.ndjson")
    monkeypatch.setattr(stretches, "LOOKED_AT_MAX", 1)
    seen = [pages.get("/queue", "customs").text]
    assert "due=all" in seen[0]
    while later := re.search(r'rel="next" href="(/queue\?due=all[^"]+)"', seen[-1]):
        seen.append(pages.get(unescape(later[1]), "customs").text)
    for order in ("Q-1", "Q-3"):
        assert [order in page for page in seen].count(True) == 1


def test_a_preview_records_nothing_and_the_act_itself_is_done_once(pages: Portal) -> None:
    pages.submit(vague("Q-2"), "day.ndjson")
    pick = box(pages, "Q-2")
    seen = act(pages, "release", pick, preview="1")
    assert "What would happen" in seen
    assert "released" in seen
    assert status(pages, "Q-2") == "held"
    done = act(pages, "release", pick, do="1")
    assert "What was done" in done
    assert status(pages, "Q-2") == "released"
    assert "Q-2" not in pages.get("/queue", "customs").text
    told = text_of(pages.get("/consignment?number=Q-2", "broker"))
    assert "looked at the papers" in told
    undo = unescape(found(r'name="pick" value="([^"]+)"', done))
    act(pages, "undo", undo, do="1")
    assert status(pages, "Q-2") == "held"


def test_what_speaks_against_an_act_is_told_in_the_officers_language(pages: Portal) -> None:
    pages.submit(vague("Q-3"), "day.ndjson")
    number = box(pages, "Q-3").rpartition("|")[0]
    stale = act(pages, "release", f"{number}|999999", do="1")
    assert 'href="/help/DECISION_STALE"' in stale
    assert status(pages, "Q-3") == "held"


@pytest.mark.parametrize(
    "data", [{}, {"act": "release"}, {"act": "burn", "pick": "a|1"}, {"act": "hold", "pick": "a|b"}]
)
def test_a_form_that_names_no_act_or_no_declaration_is_refused(
    pages: Portal, data: dict[str, str]
) -> None:
    assert pages.post("/queue", "customs", data=data).status_code == 400


def test_the_allowance_of_a_person_is_found_by_a_number_that_no_page_repeats(
    pages: Portal,
) -> None:
    pages.submit(consignment("A-1"), "day.ndjson")
    answer = pages.post("/allowance", "customs", data={"number": PERSON})
    said = text_of(answer)
    assert "26,000.00 limit of the year, CNY" in said
    assert "A-1" in said
    assert PERSON not in answer.text
    nobody = pages.post("/allowance", "customs", data={"number": "000000"})
    assert "Nothing was used under this number" in text_of(nobody)
    assert pages.post("/allowance", "broker", data={"number": PERSON}).status_code == 403


def test_everybody_tracks_by_the_number_of_the_waybill_and_sees_no_person(pages: Portal) -> None:
    pages.submit(consignment("T-1"), "day.ndjson")
    answer = pages.get("/tracking?number=T-1-WB")
    said = text_of(answer)
    assert "released" in said
    assert "China" in said
    assert "演示" not in answer.text
    assert pages.get("/tracking?number=T-9").status_code == 404
    assert pages.get("/tracking").status_code == 200


def test_examinations_are_required_appointed_and_recorded_by_a_form(pages: Portal) -> None:
    pages.submit(vague("E-1"), "day.ndjson")
    number = box(pages, "E-1").rpartition("|")[0]
    data = {"declaration": number, "entry": "required", "matter": "food", "reference": "x-1"}
    assert "accepted" in text_of(pages.post("/examinations", "customs", data=data))
    appointed = {
        "declaration": number, "entry": "appointed", "reference": "x-2", "place": "Hunchun",
        "starts_at": "2026-11-24T09:30",
    }  # fmt: skip
    said = text_of(pages.post("/examinations", "customs", data=appointed))
    assert "2026-11-24 01:30 Hunchun E-1" in said  # half past nine in Beijing
    assert "food safety: required" in text_of(pages.get("/examinations", "broker"))
    assert "E-1" not in pages.get("/examinations", "rival").text
    assert pages.post("/examinations", "broker", data=data).status_code == 403


def test_an_entry_that_cannot_be_recorded_says_why_beside_its_field(pages: Portal) -> None:
    data = {"declaration": "#999999", "entry": "required", "matter": "food", "reference": "x-3"}
    answer = pages.post("/examinations", "customs", data=data)
    assert answer.status_code == 200
    assert found(r'(<input id="declaration"[^>]*aria-invalid="true")', answer.text)
    wrong = pages.post("/examinations", "customs", data={**data, "entry": "eaten"})
    assert wrong.status_code == 400
