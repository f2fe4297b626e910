"""Lists, decisions, tracking and events over HTTP."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from scenarios.test_held_goods import four, held
from tests.window.test_consigning import CONSIGNMENT

from offices import called, client
from tumen.access.roles import Role
from tumen.store.database import Database
from tumen.web.api import events

Client = TestClient[Litestar]
REASON = "papers in order"


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        *others, waybill, declaration = four(9)
        lodge(made, [waybill], carrier(made))
        for documents in (held(5), held(6), [*others, declaration]):
            lodge(made, documents)
        yield made


def customs(asking: Client) -> dict[str, str]:
    return called(asking, "customs", Role.CUSTOMS)


def carrier(asking: Client) -> dict[str, str]:
    return called(asking, "lorries", Role.CARRIER)


def lodge(
    asking: Client, documents: list[dict[str, Any]], who: dict[str, str] | None = None
) -> None:
    headers = {"content-type": "application/json", **(who or called(asking))}
    answer = asking.post("/v1/submissions", content=json.dumps(documents), headers=headers)
    assert answer.status_code == 200, answer.text


def queue(asking: Client, **parameters: Any) -> list[dict[str, Any]]:
    answer = asking.get("/v1/queue", params=parameters, headers=customs(asking))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def decide(asking: Client, act: str, *numbers: str, **more: Any) -> list[dict[str, Any]]:
    asked = {"act": act, "declarations": [{"number": each} for each in numbers], "reason": REASON}
    answer = asking.post("/v1/decisions", json={**asked, **more}, headers=customs(asking))
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["decisions"]
    return told


def test_what_waits_is_released_in_bulk_and_undone(asking: Client) -> None:
    numbers = [line["number"] for line in queue(asking)]
    assert len(numbers) >= 2
    preview = decide(asking, "release", *numbers, preview=True)
    assert [each["event"] for each in preview] == [None] * len(numbers)
    assert [line["number"] for line in queue(asking)] == numbers
    done = decide(asking, "release", *numbers, "nothing")
    assert [each["answer"] for each in done] == ["accepted"] * len(numbers) + ["rejected"]
    assert done[-1]["violations"][0]["code"] == "DECISION_TARGET_UNKNOWN"
    assert queue(asking) == []
    again = decide(asking, "release", *numbers)
    assert [each["answer"] for each in again] == ["duplicate"] * len(numbers)
    assert [each["event"] for each in again] == [each["event"] for each in done[:-1]]
    decide(asking, "undo", *numbers, reason="the wrong lines")
    assert sorted(line["number"] for line in queue(asking)) == sorted(numbers)


def test_the_queue_has_a_clock_and_the_figures_count_by_it(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUMEN_QUEUE_HOURS", "yellow=2")
    waiting = queue(asking)
    assert {line["due"] for line in waiting} == {"in_time"}
    assert {line["due_at"] for line in waiting} == {"2026-11-23T06:05:06+00:00"}
    assert queue(asking, due="overdue") == []
    assert queue(asking, due="in_time") == waiting
    told = asking.get("/metrics", headers=called(asking, "keeper", Role.ADMINISTRATOR)).text
    assert 'tumen_queue_waiting{due="in_time",economy="CN",lane="yellow"}' in told
    assert 'tumen_queue_oldest_seconds{economy="CN",lane="yellow"} 0.0' in told


def test_pages_of_the_queue_give_each_once(asking: Client) -> None:
    first = asking.get("/v1/queue?limit=1", headers=customs(asking)).json()
    second = asking.get(f"/v1/queue?limit=1&after={first['next']}", headers=customs(asking)).json()
    assert first["items"] != second["items"]
    assert first["items"][0]["event_id"] < second["items"][0]["event_id"]


def test_an_act_that_is_none_or_of_the_wrong_form_is_told_so(asking: Client) -> None:
    asked = {"act": "burn", "declarations": [{"number": "1"}], "reason": REASON}
    answer = asking.post("/v1/decisions", json=asked, headers=customs(asking))
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
    many = {**asked, "act": "hold", "declarations": [{"number": "1"}] * 1_001}
    answer = asking.post("/v1/decisions", json=many, headers=customs(asking))
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


def test_only_customs_decides_and_sees_the_queue(asking: Client) -> None:
    for role in (Role.TRADER, Role.CARRIER, Role.ANALYST, Role.ADMINISTRATOR, Role.AGENCY):
        asked = {"act": "release", "declarations": [], "reason": REASON}
        answer = asking.post(
            "/v1/decisions", json=asked, headers=called(asking, role.replace("_", "-"), role)
        )
        assert (answer.status_code, role) == (403, role)
    assert asking.get("/v1/queue", headers=called(asking, "trader", Role.TRADER)).status_code == 403
    assert asking.get("/v1/queue").status_code == 401


def test_everybody_lists_what_the_own_organisation_lodged(asking: Client) -> None:
    own = asking.get("/v1/declarations", headers=called(asking)).json()["items"]
    lodged = {each[0]["order_number"] for each in (held(5), held(6), four(9))}
    assert lodged <= {line["order_number"] for line in own}
    assert asking.get("/v1/declarations", headers=called(asking, "other")).json()["items"] == []
    released = asking.get("/v1/declarations?status=released", headers=called(asking)).json()[
        "items"
    ]
    assert {line["status"] for line in released} == {"released"}
    assert asking.get("/v1/declarations?status=burnt", headers=called(asking)).status_code == 400
    assert asking.get("/v1/declarations?limit=0", headers=called(asking)).status_code == 400


def test_whose_a_number_is_names_a_carrier_that_then_reports(asking: Client) -> None:
    consignment = {**CONSIGNMENT, "number": "T-8"}
    assert asking.post("/v1/consignments", json=consignment, headers=called(asking)).is_success
    naming = {"reference": "N-1", "waybill_number": "T-8", "carrier": "lorries"}
    report = {
        "reference": "C-8", "waybill_number": "T-8", "step": "accepting",
        "happened_at": "2026-11-23T10:00:00+08:00", "economy": "CN", "place": "CNSHA",
    }  # fmt: skip
    (refused,) = asking.post("/v1/tracking", json=[report], headers=carrier(asking)).json()
    assert refused["violations"][0]["code"] == "JOURNEY_NOT_YOURS"
    strange = asking.post("/v1/carriers", json=[naming], headers=carrier(asking)).json()
    assert strange[0]["violations"][0]["code"] == "JOURNEY_NOT_OWNED"
    wrong = {**naming, "reference": "N-2", "carrier": "Lorries & Co"}
    told = asking.post("/v1/carriers", json=[naming, wrong], headers=called(asking)).json()
    assert [each["answer"] for each in told] == ["accepted", "rejected"]
    (done,) = asking.post("/v1/tracking", json=[report], headers=carrier(asking)).json()
    assert done["answer"] == "accepted"
    seen = asking.get("/v1/tracking/T-8").json()
    assert [(each["what"], each["by"]) for each in seen["timeline"] if each["place"]] == [
        ("accepting", "carrier")
    ]


def test_a_consignment_is_told_to_who_may_see_it_and_nobody_else(asking: Client) -> None:
    order = four(9)[0]["order_number"]
    told = asking.get(f"/v1/consignments/{order}", headers=called(asking)).json()
    assert told["declarations"][0]["status"] == "released"
    for headers in (called(asking, "other"), called(asking, "keeper", Role.ADMINISTRATOR)):
        answer = asking.get(f"/v1/consignments/{order}", headers=headers)
        assert answer.status_code in {403, 404}


def test_orphans_are_the_own_ones_whoever_lodged_the_counterpart(asking: Client) -> None:
    order, payment, waybill, declaration = four(21)
    lodge(asking, [order, waybill, declaration])
    (own,) = asking.get("/v1/orphans", headers=called(asking)).json()["items"]
    assert (own["kind"], own["missing"]) == ("declaration", "payment")
    assert asking.get("/v1/orphans", headers=called(asking, "other")).json()["items"] == []
    headers = {"content-type": "application/json", **called(asking, "firm", Role.PAYMENT_FIRM)}
    asking.post("/v1/submissions", content=json.dumps(payment), headers=headers)
    assert asking.get("/v1/orphans", headers=called(asking)).json()["items"] == []


def test_a_carrier_reports_and_anybody_tracks(asking: Client) -> None:
    number = four(9)[2]["waybill_number"]
    report = {
        "reference": "C-1", "waybill_number": number, "step": "departing",
        "happened_at": "2026-11-23T10:00:00+08:00", "economy": "CN", "place": "CNSHA",
    }  # fmt: skip
    wrong = {**report, "reference": "C-2", "step": "teleporting"}
    told = asking.post("/v1/tracking", json=[report, wrong], headers=carrier(asking)).json()
    assert [each["answer"] for each in told] == ["accepted", "rejected"]
    assert told[1]["violations"][0]["code"] == "WORD_UNKNOWN"
    stranger = called(asking, "other-lorries", Role.CARRIER)
    (refused,) = asking.post("/v1/tracking", json=[report], headers=stranger).json()
    assert refused["violations"][0]["code"] == "JOURNEY_NOT_YOURS"
    again = asking.post("/v1/tracking", json=[report], headers=carrier(asking)).json()
    assert again[0]["receipt"] == told[0]["receipt"]
    journey = asking.get(f"/v1/tracking/{number}").json()
    assert (journey["status"], journey["place"]) == ("released", "CNSHA, CN")
    epcis = asking.get(f"/v1/tracking/{number}/epcis")
    assert epcis.headers["content-type"].startswith("application/ld+json")
    assert epcis.content == asking.get(f"/v1/tracking/{number}/epcis").content
    assert len(epcis.json()["epcisBody"]["eventList"]) == 2
    assert asking.get("/v1/tracking/W-404").status_code == 404
    assert asking.post("/v1/tracking", json=[report]).status_code == 401


def test_events_by_a_cursor_are_the_own_ones_and_none_is_missed(asking: Client) -> None:
    number = queue(asking)[0]["number"]
    decide(asking, "release", number, reason="seen")
    decide(asking, "undo", number, reason="the wrong line")
    whole = asking.get("/v1/events?limit=1000", headers=called(asking)).json()["events"]
    paged, after = [], 0
    while page := asking.get(f"/v1/events?limit=2&after={after}", headers=called(asking)).json():
        if not page["events"]:
            break
        paged += page["events"]
        after = page["next"]
    assert paged == whole
    assert {each["act"] for each in whole} >= {"release", "undo"}
    stranger = asking.get("/v1/events", headers=called(asking, "other")).json()
    assert stranger == {"events": [], "next": after}


@pytest.mark.parametrize("sent", ["PRIVATE", "it's PRIVATE", 'a "PRIVATE" b'])
def test_a_fault_names_the_field_and_repeats_nothing_that_was_sent(
    asking: Client, sent: str
) -> None:
    body = {"act": sent, "declarations": [], "reason": "checked"}
    answer = asking.post("/v1/decisions", json=body, headers=called(asking, "zoll", Role.CUSTOMS))
    assert answer.status_code == 400
    assert "PRIVATE" not in answer.text
    assert answer.json()["faults"][0]["message"] == "Invalid enum value"


def test_events_are_streamed_from_where_a_reader_was(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "STREAM_ROUNDS_MAX", 1)
    listed = asking.get("/v1/events?limit=1000", headers=called(asking)).json()["events"]
    since = listed[1]["event_id"]
    headers = {**called(asking), "last-event-id": str(since)}
    told = asking.get("/v1/events/stream", headers=headers)
    assert told.headers["content-type"].startswith("text/event-stream")
    numbers = [int(line[4:]) for line in told.text.splitlines() if line.startswith("id: ")]
    assert numbers == [each["event_id"] for each in listed if each["event_id"] > since]
    assert events._following.total == 0


def test_a_consignment_told_once_is_declared_at_both_ends(asking: Client) -> None:
    headers = {"content-type": "application/json", **called(asking)}
    content = json.dumps({"number": "T-7", **CONSIGNMENT})
    answer = asking.post("/v1/consignments", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [json.loads(told[end]["receipt"])["declaration"] for end in ("export", "import")] == [
        "held", "released",
    ]  # fmt: skip
    again = asking.post("/v1/consignments", content=content, headers=headers).json()
    assert [again[end]["receipt"] for end in ("export", "import")] == [
        told[end]["receipt"] for end in ("export", "import")
    ]
    whole = asking.get("/v1/consignments/T-7", headers=called(asking)).json()["shipments"]
    assert [each["reference"] for each in whole] == ["T-7/export", "T-7/import"]
    for end in ("export", "import"):
        known = {"reference": f"T-7/{end}"}
        again = asking.get("/v1/receipts", params={**known, "proof": True}, headers=called(asking))
        (receipt,) = again.json()["receipts"]
        assert receipt["receipt"] == told[end]["receipt"]
        assert receipt["proof"].startswith("c2sp.org/tlog-proof@v1")
        shown = asking.get("/v1/consignments", params=known, headers=called(asking)).json()
        assert [each["reference"] for each in shown["shipments"]] == [f"T-7/{end}"]
        for path in ("/v1/receipts", "/v1/consignments"):
            stranger = asking.get(path, params=known, headers=called(asking, "other"))
            assert stranger.status_code == 404
    steps = asking.get("/v1/tracking/T-7").json()["timeline"]
    assert [(each["economy"], each["what"]) for each in steps] == [
        ("CN", "held"), ("KR", "released"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [{"colour": "red", "number": "T-8"}, {"number": ""}, {}, [], "text",
     {**CONSIGNMENT, "number": "T" * 60}],
)  # fmt: skip
def test_what_is_no_consignment_is_refused_with_what_is_wrong(body: Any, asking: Client) -> None:
    headers = {"content-type": "application/json", **called(asking)}
    answer = asking.post("/v1/consignments", content=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
    assert answer.json().get("faults", [{"path": "colour"}])[0]["path"] == "colour"


def test_agencies_lodge_entries_and_the_filer_sees_the_appointment(asking: Client) -> None:
    number = queue(asking)[0]["number"]
    agency = called(asking, "food-agency", Role.AGENCY)
    at = "2026-12-01T09:00:00+08:00"
    entries = [
        {"reference": "E-1", "declaration": number, "entry": "required", "matter": "food"},
        {"reference": "E-2", "declaration": number, "entry": "appointed", "place": "shed 4",
         "starts_at": at},
        {"reference": "E-3", "declaration": number, "entry": "required"},
    ]  # fmt: skip
    assert asking.get("/v1/queue", headers=agency).json()["items"] == []
    assert asking.get("/v1/examinations", headers=agency).json()["items"] == []
    told = asking.post("/v1/examinations", json=entries, headers=agency).json()
    seen = asking.get("/v1/queue", headers=agency).json()["items"]
    assert [each["number"] for each in seen] == [number]
    assert len(queue(asking)) > 1
    page = asking.get("/examinations", headers=agency).text
    assert "in your matters" in page
    assert "customs</option>" not in page
    assert "/aftercare" not in asking.get("/queue", headers=agency).text
    assert [each["answer"] for each in told] == ["accepted", "accepted", "rejected"]
    (planned,) = asking.get("/v1/examinations", headers=called(asking)).json()["items"]
    assert (planned["open"], planned["place"]) == (["food"], "shed 4")
    assert asking.get("/v1/examinations", headers=called(asking, "other")).json()["items"] == []
    astray = asking.get("/v1/examinations?after=2026-13-01/1", headers=called(asking))
    assert (astray.status_code, astray.json()["code"]) == (400, "REQUEST_INVALID")
    (refused,) = decide(asking, "release", number)
    assert refused["violations"][0]["code"] == "DECISION_EXAMINATION_OPEN"
    passed = {"reference": "E-4", "declaration": number, "entry": "passed", "matter": "food"}
    asking.post("/v1/examinations", json=[passed], headers=agency)
    (done,) = decide(asking, "release", number)
    assert done["answer"] == "accepted"
    answer = asking.post("/v1/examinations", json=[passed], headers=called(asking))
    assert answer.status_code == 403


def test_an_agency_sees_the_goods_of_a_shipment_and_no_charges(asking: Client) -> None:
    headers = {"content-type": "application/json", **called(asking)}
    content = json.dumps({"number": "T-9", **CONSIGNMENT})
    told = asking.post("/v1/consignments", content=content, headers=headers).json()
    agency, export = called(asking, "food-agency", Role.AGENCY), f"#{told['export']['number']}"
    entry = {"reference": "T-9", "declaration": export, "entry": "required", "matter": "food"}
    asking.post("/v1/examinations", json=[entry], headers=agency)
    (seen,) = asking.get("/v1/consignments/T-9", headers=agency).json()["shipments"]
    assert (seen["reference"], seen["answer"]) == ("T-9/export", None)
    assert [(each["description"], each["quantity"]) for each in seen["goods"]] == [
        ("cotton shirts", "3")
    ]
    assert [each["matter"] for each in seen["examinations"]] == ["food"]
    page = asking.get("/consignment?number=T-9", headers=agency).text
    assert "cotton shirts" in page
    assert "/aftercare" not in page
    assert f"/examinations?declaration=%23{export[1:]}" in page
    form = asking.get(f"/examinations?declaration=%23{export[1:]}", headers=agency).text
    assert f'value="{export}"' in form
    assert "name=pick" not in page.replace('"', "")


def test_an_officer_decides_and_undoes_on_the_page_of_a_consignment(asking: Client) -> None:
    headers = {"content-type": "application/json", **called(asking)}
    content = json.dumps({"number": "T-10", **CONSIGNMENT})
    told = asking.post("/v1/consignments", content=content, headers=headers).json()
    office, number = customs(asking), f"#{told['export']['number']}"

    def offered() -> tuple[str, list[str]]:
        page = asking.get("/consignment?number=T-10", headers=office).text
        acts = [act for act in ("release", "hold", "undo") if f'name="act" value="{act}"' in page]
        (pick,) = re.findall(r'name="pick" value="([^"]+)"', page)
        assert "/documents/" not in page  # a receipt is the filer's
        return pick, acts

    for expected, act in ((["release", "hold"], "release"), (["undo"], "undo")):
        pick, acts = offered()
        assert (pick.partition("|")[0], acts) == (number, expected)
        form = {"act": act, "pick": pick, "reason": REASON, "do": "1"}
        assert asking.post("/queue", data=form, headers=office).status_code == 200
    assert offered()[1] == ["release", "hold"]


def test_what_an_act_may_not_be_is_told_in_words_of_the_reader(asking: Client) -> None:
    (held, *_) = [line["number"] for line in queue(asking) if line["status"] == "held"]
    asked = {"act": "hold", "declarations": [{"number": held}], "reason": REASON}
    said = []
    for language in ("en", "ru"):
        headers = {**customs(asking), "accept-language": language}
        answer = asking.post("/v1/decisions", json=asked, headers=headers)
        (against,) = answer.json()["decisions"][0]["violations"]
        assert (against["value"], against["expected"]) == ("held", "examination")
        said.append(against["message"])
    assert "only where it is in examination" in said[0]
    assert "на досмотре" in said[1]
