"""Requests that are nearly right: HEAD and OPTIONS, and names behind the ? that nobody knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.store.database import Database

Client = TestClient[Litestar]
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("office")
    with client(shared_database, folder) as made:
        yield made


@pytest.mark.parametrize("path", ["/healthz", "/", "/v1/reference/code-lists"])
def test_head_is_answered_as_get_is_without_the_body(asking: Client, path: str) -> None:
    whole, head = asking.get(path), asking.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_head_of_what_may_not_be_seen_is_refused_and_of_a_stream_ends(asking: Client) -> None:
    assert asking.head("/v1/declarations").status_code == 401
    head = asking.head("/v1/events/stream", headers=called(asking))
    assert (head.status_code, head.content) == (200, b"")


def test_options_tells_the_methods_of_a_route(asking: Client) -> None:
    told = asking.options("/v1/submissions")
    assert (told.status_code, told.headers["allow"]) == (204, "OPTIONS, POST")


@pytest.mark.parametrize("query", ["cursor=5", "stauts=held", "status=held&status=released"])
def test_what_a_route_does_not_understand_is_not_passed_over(asking: Client, query: str) -> None:
    told = asking.get(f"/v1/declarations?{query}", headers=called(asking))
    assert (told.status_code, told.json()["code"]) == (400, "REQUEST_INVALID")
    ((fault),) = told.json()["faults"]
    assert fault["path"] == ("status" if "&" in query else "query")
    assert "after" in fault["message"] or "once" in fault["message"]


def test_what_a_route_understands_is_answered(asking: Client) -> None:
    told = asking.get("/v1/declarations?status=held&after=3&limit=5", headers=called(asking))
    assert told.status_code == 200
    assert asking.get("/?utm_source=x").status_code == 200


def test_a_body_that_is_no_json_is_told_to_be_none(asking: Client) -> None:
    told = asking.post("/v1/session", content=b'{"login": ', headers=JSON)
    assert (told.status_code, told.json()["detail"]) == (400, "The body is no JSON.")
    assert asking.post("/v1/session", content=b"{}", headers=JSON).json()["faults"]
