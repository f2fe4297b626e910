"""Corrections, returns and answers over HTTP: by whom, in which words, and what is told of them."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from lodging import one

from offices import called, client
from tumen.access.roles import Role
from tumen.store.database import Database

Client = TestClient[Litestar]
CORRECTION = {"reference": "C-1", "reason": "a slip of the pen"}
CHINA = {
    "destination": "CN", "dispatch": "KR", "currency": "CNY", "transport": "post",
    "items": [{"hs": "6109100021", "description": "cotton shirts", "quantity": "4",
               "unit_price": "120.00", "net_weight_kg": "0.6", "origin": "KR"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        lodged = [one(name, **CHINA) for name in ("A", "B", "C")]
        headers = {"content-type": "application/json", **called(made)}
        made.post("/v1/submissions", content=json.dumps(lodged), headers=headers)
        yield made


def customs(asking: Client) -> dict[str, str]:
    return called(asking, "customs", Role.CUSTOMS)


def number(asking: Client, reference: str) -> str:
    lines = asking.get("/v1/declarations", headers=called(asking)).json()["items"]
    return str(next(line["number"] for line in lines if line["own_reference"] == reference))


def ask(
    asking: Client, shipment: str, what: str, who: dict[str, str] | None = None, **body: Any
) -> Any:
    path = f"/v1/declarations/{quote(number(asking, shipment), safe='')}/{what}"
    return asking.post(path, json={**CORRECTION, **body}, headers=who or called(asking))


def answered(asking: Client, reference: str, act: str, **body: Any) -> dict[str, Any]:
    asked = {"declaration": number(asking, reference), "act": act, "reason": "seen", **body}
    found = asking.post("/v1/applications/answers", json=asked, headers=customs(asking))
    assert found.status_code == 200, found.text
    told: dict[str, Any] = found.json()
    return told


def test_a_filer_looks_corrects_and_is_told_the_difference_of_each_charge(asking: Client) -> None:
    items = [{"item": 1, "quantity": "5"}]
    preview = ask(asking, "A", "corrections", items=items, preview=True).json()
    assert (preview["answer"], preview["event"]) == ("accepted", None)
    told = ask(asking, "A", "corrections", items=items).json()
    assert told["differences"] == preview["differences"]
    (line,) = told["differences"]
    assert (line["before"], line["after"], line["difference"]) == ("96.00", "120.00", "24.00")
    assert told["doubts"] == preview["doubts"]
    assert "cn.after_release.supplement_months" in told["doubts"]
    again = ask(asking, "A", "corrections", items=items).json()
    assert (again["answer"], again["receipt"]) == ("duplicate", told["receipt"])
    shown = asking.get("/v1/consignments/A", headers=called(asking)).json()["shipments"][0]
    assert shown["due"] == [{"code": "postal_tax", "currency": "CNY", "amount": "120.00"}]
    (entry,) = shown["aftercare"]
    assert (entry["entry"], entry["by"], entry["reference"]) == ("correction", "filer", "C-1")
    assert shown["answer"]["total"] == "120.00"
    assert shown["history"][-1]["because"] == ["AFTERCARE_CORRECTION"]


def test_customs_sees_what_waits_and_grants_it_by_an_act_of_law(asking: Client) -> None:
    told = ask(asking, "B", "returns", reference="R-1", items=[{"item": 1, "quantity": "4"}]).json()
    assert told["answer"] == "waiting"
    for headers in (customs(asking), called(asking)):
        (waiting,) = asking.get("/v1/applications", headers=headers).json()["items"]
        assert (waiting["number"], waiting["reference"]) == (number(asking, "B"), "R-1")
    stranger = asking.get("/v1/applications", headers=called(asking, "other")).json()
    assert stranger == {"items": [], "next": None}
    granted = answered(asking, "B", "grant", basis="an example act, article 1")
    assert (granted["answer"], granted["status"]) == ("accepted", "returned")
    assert [each["difference"] for each in granted["differences"]] == ["-96.00"]
    assert asking.get("/v1/applications", headers=customs(asking)).json()["items"] == []
    events = asking.get("/v1/events?limit=100", headers=called(asking)).json()["events"]
    assert [each["act"] for each in events][-2:] == ["return_asked", "return"]
    assert answered(asking, "B", "refuse")["violations"][0]["code"] == "APPLICATION_NONE"


def test_nobody_touches_what_another_lodged_and_filers_do_not_answer(asking: Client) -> None:
    told = ask(asking, "C", "corrections", called(asking, "other"), freight="1").json()
    assert told["violations"][0]["code"] == "AFTERCARE_TARGET_UNKNOWN"
    assert ask(asking, "C", "returns", customs(asking), items=[]).status_code == 403
    body = {"declaration": number(asking, "C"), "act": "grant", "reason": "please"}
    found = asking.post("/v1/applications/answers", json=body, headers=called(asking))
    assert found.status_code == 403
    wrong = ask(asking, "C", "corrections", items=[{"item": 1, "buyer": "PRIVATE"}])
    assert wrong.status_code == 400
    assert "PRIVATE" not in wrong.text


def test_a_released_shipment_is_not_revoked_but_an_officer_corrects_it(asking: Client) -> None:
    told = ask(asking, "C", "revocations", reference="V-1").json()
    assert told["violations"][0]["code"] == "NOT_REVOCABLE"
    wrong = ask(asking, "C", "corrections", customs(asking), items=[{"item": 1, "quantity": "2"}])
    assert wrong.json()["violations"][0]["code"] == "AFTERCARE_BASIS_MISSING"
    done = ask(asking, "C", "corrections", customs(asking), basis="an example act",
               items=[{"item": 1, "quantity": "2"}]).json()  # fmt: skip
    assert (done["answer"], done["status"]) == ("accepted", "released")
    assert done["differences"][0]["after"] == "0.00"
