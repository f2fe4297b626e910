"""Readers of the portal, for tests: each by a key of its own organisation."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from clearing import CLOCK
from offices import node
from tumen.access import accounts, keys, organisations
from tumen.access.accounts import Account
from tumen.access.keys import KeyWanted
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.store.database import Database
from tumen.web.app import application
from tumen.web.office import Office

BY = "console"
PASSWORD = "a long enough password"
ORGANISATIONS = {
    "broker": frozenset({Role.BROKER}),
    "rival": frozenset({Role.BROKER}),
    "customs": frozenset({Role.CUSTOMS}),
}
BUNDLE = Path(__file__).parents[1] / "examples/consignment.ndjson"
"""A made-up consignment of four documents that match."""


def text_of(answer: Response) -> str:
    """What a page says, without its markup, every blank once."""
    whole = answer.text.replace("<wbr>", "")
    words = re.sub(r"<head>.*?</head>|<[^>]+>", " ", whole, flags=re.DOTALL)
    return " ".join(unescape(words).split())


def found(pattern: str, text: str) -> str:
    """What a pattern finds first; the test fails where it finds nothing."""
    match = re.search(pattern, text)
    assert match is not None, pattern
    return match[1]


@dataclass(frozen=True)
class Portal:
    """The portal of a node, seen by several readers.

    Attributes:
        client: asks; without a key it is the public.
        keys: organisation -> the headers that show its key.
    """

    client: TestClient[Litestar]
    keys: dict[str, dict[str, str]]

    def get(self, path: str, by: str | None = None, **headers: str) -> Response:
        return self.client.get(path, headers=self._headers(by, headers), follow_redirects=False)

    def post(self, path: str, by: str | None = None, **sent: Any) -> Response:
        headers = self._headers(by, sent.pop("headers", {}))
        return self.client.post(path, headers=headers, follow_redirects=False, **sent)

    def submit(self, content: bytes, name: str, by: str = "broker", **form: str) -> Response:
        return self.post("/submit", by, files={"file": (name, content)}, data=form)

    def _headers(self, by: str | None, more: dict[str, str]) -> dict[str, str]:
        self.client.cookies.clear()  # a reader who asks again shows what the test says, no more
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {**(self.keys[by] if by else {}), **named}


def enter(database: Database) -> dict[str, str]:
    """Enter the organisations, and a person of the broker; organisation -> its key."""
    at = CLOCK.now()
    shown = {}
    with database.session() as session:
        for mark, roles in ORGANISATIONS.items():
            made = Organisation(mark, f"{mark} of tests", roles, "CN", is_demo=True)
            organisations.record(session, made, at, BY)
            shown[mark] = keys.make(session, mark, KeyWanted("tests"), at, BY)
        accounts.record(session, Account("lee", "broker", is_active=True), at, BY)
        accounts.set_password(session, "lee", PASSWORD, at, BY)
    return shown


@contextmanager
def portal(database: Database, folder: Path) -> Iterator[Portal]:
    """The portal of a node on a test database."""
    shown = enter(database)
    headers = {mark: {"authorization": f"Bearer {key}"} for mark, key in shown.items()}
    made = application(Office.of(node(database, folder)))
    with TestClient(made, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield Portal(client, headers)


def consignment(number: str, **changes: dict[str, Any]) -> bytes:
    """The documents of the example under numbers of their own.

    Args:
        number: of the order.
        changes: by kind, fields that have other values.
    """
    lines = []
    text = BUNDLE.read_text(encoding="utf-8").replace("DEMO-0001", number)
    for line in re.sub(r"DEMO-(PAY|WB)-1", rf"{number}-\1", text).splitlines():
        document = json.loads(line)
        lines.append(json.dumps({**document, **changes.get(document["kind"], {})}))
    return "\n".join(lines).encode()


def vague(number: str) -> bytes:
    """The same, with goods that nobody can know by their name: it waits for an officer."""
    named = consignment(number).decode()
    return re.sub(r"\\u6f14\\u793a\\u997c\\u5e72", "gift", named).encode()
