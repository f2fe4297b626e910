"""Programs are told in the language that they ask for; codes and receipts stay the same."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.access.roles import Role
from tumen.store.database import Database

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("office")
    with client(shared_database, folder) as made:
        yield made


def in_language(language: str, answer: Any) -> Any:
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "Accept-Language"
    return answer.json()


def test_a_problem_is_told_in_the_language_asked_for(asking: Client) -> None:
    told = in_language("zh", asking.get("/v1/none", headers={"accept-language": "zh-CN"}))
    plain = in_language("en", asking.get("/v1/none", headers={"accept-language": "fr"}))
    assert told["code"] == plain["code"] == "NOT_FOUND"
    assert told["title"] != plain["title"]
    assert told["next_step"] != plain["next_step"]


def test_the_remarks_of_a_quote_are_told_in_the_language_asked_for(asking: Client) -> None:
    shipments = [{"destination": "XX"}, {}]
    plain = in_language("en", asking.post("/v1/quotes", json=shipments))
    headers = {"accept-language": "ja, en;q=0.5"}
    told = in_language("ja", asking.post("/v1/quotes", json=shipments, headers=headers))
    for mine, theirs in zip(told, plain, strict=True):
        assert [each["code"] for each in mine["violations"]] == [
            each["code"] for each in theirs["violations"]
        ]
        assert all(
            one["message"] != other["message"]
            for one, other in zip(mine["violations"], theirs["violations"], strict=True)
        )


def test_findings_are_told_in_a_language_and_receipts_stay_as_they_are(asking: Client) -> None:
    faulty = {"kind": "payment", "payment_number": "L-1"}
    plain = in_language("en", asking.post("/v1/submissions", json=faulty, headers=called(asking)))
    headers = {**called(asking), "accept-language": "mn"}
    told = in_language("mn", asking.post("/v1/submissions", json=faulty, headers=headers))
    (mine,), (theirs,) = told["receipts"], plain["receipts"]
    assert mine["receipt"] == theirs["receipt"]
    assert mine["findings"][0]["fix"] != theirs["findings"][0]["fix"]


def test_findings_of_both_ends_are_told_in_a_language_by_the_names_that_were_told(
    asking: Client,
) -> None:
    told = {"number": "L-1", "export_regime": "export_9710", "dispatched_on": "5 May"}
    headers = {**called(asking), "accept-language": "ru"}
    answer = in_language("ru", asking.post("/v1/consignments", json=told, headers=headers))
    exported, imported = (answer[end]["findings"] for end in ("export", "import"))
    assert "dispatched_on" in {each["path"] for each in exported}
    assert "destination" in {each["path"] for each in imported}
    assert all("is missing" not in each["message"] for each in (*exported, *imported))


def test_a_precheck_and_a_submission_asked_for_later_speak_the_readers_language(
    asking: Client,
) -> None:
    faulty = {"kind": "payment", "payment_number": "L-2"}
    headers = {**called(asking), "accept-language": "ko"}
    seen = in_language("ko", asking.post("/v1/matches", json=faulty, headers=headers))
    later = {**headers, "prefer": "respond-async"}
    place = asking.post("/v1/submissions", json=faulty, headers=later).headers["location"]
    told = _answered(asking, place, headers)
    for (one,) in (seen["documents"], told["answer"]["receipts"]):
        assert one["findings"]
        assert all("is missing" not in each["message"] for each in one["findings"])


def _answered(asking: Client, place: str, headers: dict[str, str]) -> Any:
    for _ in range(500):
        told = in_language("ko", asking.get(place, headers=headers))
        if told["state"] != "under_way":
            break
        time.sleep(0.02)
    return told


@pytest.mark.parametrize("page", ["violations/FIELD_MISSING", "problems/NOT_FOUND"])
def test_the_page_of_a_code_is_told_in_the_language_asked_for(asking: Client, page: str) -> None:
    path = f"/v1/reference/{page}"
    told = in_language("ko", asking.get(path, headers={"accept-language": "ko-KR"}))
    assert told != in_language("en", asking.get(path))


def test_what_is_wrong_in_a_case_is_told_with_its_values_in_the_language_asked_for(
    asking: Client,
) -> None:
    asked = {"path": "/v1/reference/tariffs/XX/330499", "headers": {"accept-language": "zh"}}
    told = in_language("zh", asking.get(asked["path"], headers=asked["headers"]))
    plain = in_language("en", asking.get(asked["path"]))
    assert plain["detail"].startswith("There is a tariff of CN, ")
    assert told["detail"].startswith("有税则的经济体：CN, ")


FAULTY = [
    ("/v1/webhooks", {}, "Object missing required field `address`"),
    ("/v1/webhooks", {"address": "https://a.b", "x": 1}, "Object contains unknown field `x`"),
    ("/v1/webhooks", {"address": 5}, "Expected `str`, got `int`"),
    ("/v1/webhooks", {"address": "https://a.b", "after": -1}, "Expected `int` >= 0"),
    ("/v1/tickets", {"topic": "x", "text": "y"}, "Invalid enum value"),
]


@pytest.mark.parametrize(("path", "body", "message"), FAULTY)
def test_the_faults_of_a_body_are_told_in_the_language_asked_for(
    asking: Client, path: str, body: dict[str, Any], message: str
) -> None:
    plain = asking.post(path, json=body, headers=called(asking)).json()
    spoken = {**called(asking), "accept-language": "ru"}
    told = in_language("ru", asking.post(path, json=body, headers=spoken))
    (mine,), (theirs,) = told["faults"], plain["faults"]
    assert theirs["message"] == message
    assert mine["path"] == theirs["path"]
    assert mine["message"] != message


def test_a_page_that_did_not_work_says_why_in_the_readers_language(asking: Client) -> None:
    from_elsewhere = {"origin": "https://elsewhere.example", "accept-language": "ja"}
    answer = asking.post("/help/ask", data={"text": "?"}, headers=from_elsewhere)
    assert answer.status_code == 403
    assert "リクエストが別のサイトから来ています。" in answer.text
    assert 'lang="en"' not in answer.text.split("<main", 1)[1].split("</main", 1)[0]


OBJECTED = [
    (Role.CUSTOMS, "/v1/decisions",
     {"act": "release", "reason": "papers", "declarations": [{"number": "#9"}]}),
    (Role.CARRIER, "/v1/tracking",
     [{"reference": "T-1", "waybill_number": "none", "step": "flying", "economy": "CN",
       "happened_at": "2026-08-03T10:00:00+08:00", "place": "CNHUN"}]),
]  # fmt: skip


@pytest.mark.parametrize(("role", "path", "body"), OBJECTED)
def test_what_speaks_against_an_act_or_a_report_is_told_in_the_language_asked_for(
    asking: Client, role: Role, path: str, body: Any
) -> None:
    headers = called(asking, f"office-{role}", role)
    plain = asking.post(path, json=body, headers=headers)
    told = asking.post(path, json=body, headers={**headers, "accept-language": "ko"})
    (mine,), (theirs,) = (_objections(each.json()) for each in (told, plain))
    assert mine["code"] == theirs["code"]
    assert mine["message"] != theirs["message"]
    assert mine["fix"] != theirs["fix"]


def _objections(answer: Any) -> list[dict[str, str]]:
    (one,) = answer["decisions"] if isinstance(answer, dict) else answer
    found: list[dict[str, str]] = one["violations"]
    return found
