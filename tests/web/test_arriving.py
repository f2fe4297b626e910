"""Bodies that come too slowly, or not whole, over real HTTP and within the application."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from structlog.testing import capture_logs

from offices import client
from tumen.store.database import Database

Client = TestClient[Litestar]
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


@pytest.fixture
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def status_of(asking: Client, path: str, kind: str, *, leaves: bool) -> int:
    """The status for who sends the beginning of a body, and then nothing or is gone."""
    told: list[int] = []
    parts = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive() -> dict[str, Any]:
        for part in parts:
            return part
        if not leaves:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.extend([message["status"]] if message["type"] == "http.response.start" else [])

    headers = [(b"host", b"tests"), (b"content-type", kind.encode())]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": headers, "client": ("testclient", 1), "root_path": "",
        "scheme": "http", "server": ("tests", 80), "http_version": "1.1", "app": asking.app,
    }  # fmt: skip

    async def ask() -> None:
        await asking.app(scope, receive, send)  # type: ignore[arg-type]

    with asking.portal() as portal:
        portal.call(ask)
    return told[0]


ROUTES = [
    ("/v1/session", "application/json"), ("/v1/quotes", "application/json"), ("/login", FORM),
    ("/quote", FORM), ("/verify", PARTS),
]  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), ROUTES)
def test_who_sends_no_more_of_a_body_is_told_so_in_time(
    asking: Client, path: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tumen.web.arriving.BODY_SECONDS_MAX", 0.05)
    assert status_of(asking, path, kind, leaves=False) == 408


@pytest.mark.parametrize(("path", "kind"), ROUTES)
def test_who_leaves_in_the_middle_is_no_error_of_ours(asking: Client, path: str, kind: str) -> None:
    with capture_logs() as lines:
        assert status_of(asking, path, kind, leaves=True) == 400
    assert [line["event"] for line in lines] == ["request"]
