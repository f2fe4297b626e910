"""A person's own allowance over HTTP: by a pass that customs hands out, and by nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from scenarios.test_held_goods import four

from offices import called, client
from tumen.access.looks import last_look
from tumen.access.roles import Role
from tumen.store.database import Database
from tumen.web.guarding import concealed
from tumen.window.ledger.docket import last_event

Client = TestClient[Litestar]
DOCUMENTS, UNTOUCHED = four(9), four(11)
NUMBER = DOCUMENTS[0]["buyer_id_number"]
PAPERS = "identity card seen at the counter"


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        for documents in (DOCUMENTS, four(10), UNTOUCHED):
            headers = {"content-type": "application/json", **called(made)}
            made.post("/v1/submissions", content=json.dumps(documents), headers=headers)
        yield made


def customs(asking: Client) -> dict[str, str]:
    return called(asking, "customs", Role.CUSTOMS)


def pass_of(asking: Client, number: str = NUMBER) -> dict[str, str]:
    asked = {"number": number, "reason": PAPERS}
    made = asking.post("/v1/allowances/passes", json=asked, headers=customs(asking)).json()
    return {"authorization": f"Bearer {made['holder_pass']}"}


def own(asking: Client, held: dict[str, str], **given: Any) -> dict[str, Any]:
    answer = asking.get("/v1/allowances/own", params=given, headers=held)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_pass_shows_its_person_every_use_and_nobody_elses(asking: Client) -> None:
    number = UNTOUCHED[0]["buyer_id_number"]
    told = own(asking, pass_of(asking, number))
    (use,) = told["uses"]
    assert use["order_number"] == UNTOUCHED[0]["order_number"]
    assert (use["held"], use["is_new"], use["can_be_disputed"]) == (told["used"], True, True)
    assert own(asking, pass_of(asking, "somebody else"))["uses"] == []
    assert number not in json.dumps(told)


def test_a_resident_s_number_with_a_character_mistyped_gets_no_pass(asking: Client) -> None:
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    asked = {"number": wrong, "reason": PAPERS}
    answer = asking.post("/v1/allowances/passes", json=asked, headers=customs(asking))
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
    assert "check character" in answer.json()["detail"]
    assert wrong not in answer.text


def test_without_a_believed_pass_nothing_is_told(asking: Client) -> None:
    held = pass_of(asking)
    assert asking.get("/v1/allowances/own").status_code == 401
    assert asking.get("/v1/allowances/own", headers=called(asking)).status_code == 403
    pass_of(asking)
    assert asking.get("/v1/allowances/own", headers=held).status_code == 401, "a newer one is out"
    assert asking.get("/v1/declarations", headers=pass_of(asking)).status_code == 403


def test_only_the_customs_that_keeps_the_allowance_hands_out_a_pass(asking: Client) -> None:
    asked = {"number": NUMBER, "reason": PAPERS}
    for role in (Role.AGENCY, Role.BROKER, Role.ADMINISTRATOR):
        headers = called(asking, role.replace("_", "-"), role)
        assert asking.post("/v1/allowances/passes", json=asked, headers=headers).status_code == 403
    unsaid = {**asked, "reason": ""}
    answer = asking.post("/v1/allowances/passes", json=unsaid, headers=customs(asking)).json()
    assert (answer["answer"], answer["holder_pass"]) == ("rejected", None)
    assert answer["violations"][0]["code"] == "DECISION_REASON_MISSING"


def test_what_was_seen_is_new_no_more(asking: Client) -> None:
    held = pass_of(asking, four(10)[0]["buyer_id_number"])
    (use,) = own(asking, held)["uses"]
    answer = asking.post("/v1/allowances/own/seen", json={"event": use["event"]}, headers=held)
    assert answer.status_code == 204
    told = own(asking, held)
    assert [each["is_new"] for each in told["uses"]] == [False]
    assert told["looked_at"] is not None
    assert own(asking, held, after=use["event"])["uses"] == []


def test_what_is_yet_to_come_stays_new(asking: Client) -> None:
    number = UNTOUCHED[0]["buyer_id_number"]
    seen = {"event": 2**40}
    asking.post("/v1/allowances/own/seen", json=seen, headers=pass_of(asking, number))
    with asking.app.state.database.session() as session:
        person = concealed(asking.app.state.office, number)
        assert last_look(session, person).seen_event == last_event(session) > 0


def test_a_person_freezes_and_disputes_and_customs_judges(asking: Client) -> None:
    held = pass_of(asking)
    asked: dict[str, Any] = {"frozen": True}
    for expected in ("accepted", "duplicate"):
        answer = asking.post("/v1/allowances/own/freeze", json=asked, headers=held).json()
        assert answer["answer"] == expected
    assert own(asking, held)["is_frozen"]
    use = own(asking, held)["uses"][0]["use"]
    asked = {"use": use, "ground": "not_mine"}
    raised = asking.post("/v1/allowances/own/disputes", json=asked, headers=held).json()
    again = asking.post("/v1/allowances/own/disputes", json=asked, headers=held).json()
    assert (raised["answer"], again["violations"][0]["code"]) == ("accepted", "DISPUTE_KNOWN")
    (listed,) = asking.get("/v1/disputes", headers=customs(asking)).json()
    assert (listed["number"], listed["ground"]) == (raised["number"], "not_mine")
    assert asking.get("/v1/disputes", headers=held).status_code == 403
    path = f"/v1/disputes/{raised['number']}"
    judging = {"outcome": "upheld", "reason": "ordered from another address"}
    judged = asking.post(path, json=judging, headers=customs(asking)).json()
    assert judged["answer"] == "accepted", judged
    told = own(asking, held)
    assert (told["used"], told["uses"][0]["dispute"]["outcome"]) == ("0.00", "upheld")
    asked = {"number": NUMBER, "frozen": False, "reason": "asked for at the counter"}
    answer = asking.post("/v1/allowances/freeze", json=asked, headers=customs(asking))
    assert answer.json()["answer"] == "accepted"
    looked = asking.post("/v1/allowances/lookup", json={"number": NUMBER}, headers=customs(asking))
    assert looked.json()["is_frozen"] is False
