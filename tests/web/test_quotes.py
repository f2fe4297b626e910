"""Quotes over HTTP: for anybody, one or many, the same as the law gives them by itself."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from lodging import one, quoted

from offices import client
from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import QUOTES_PER_REQUEST_MAX, QUOTES_WAITING_MAX
from tumen.law.quoting import NO_BOOKS, quote
from tumen.store.database import Database
from tumen.web.quoting import Quoting

Client = TestClient[Litestar]


class Unsaid(str):
    """A word that breaks whoever reads it, as a bug of ours would."""

    def upper(self) -> str:
        raise RuntimeError("a bug")


def native(**fields: Any) -> dict[str, Any]:
    return {
        name: value for name, value in one(**fields).items() if name not in ("kind", "shipment")
    }


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("office")
    with client(shared_database, folder) as made:
        yield made


def test_anybody_is_told_what_the_law_says_with_messages(asking: Client) -> None:
    answer = asking.post("/v1/quotes", json=native(hs=None))
    assert answer.status_code == 200
    told = asking.post("/v1/quotes", json=native()).json()
    law = quoted(native())
    assert (told["total"], told["regime"], told["status"]) == (law.total, law.regime, law.status)
    assert all(each["message"] and each["fix"] for each in told["warnings"])


def test_a_list_is_answered_with_a_list_in_its_order(asking: Client) -> None:
    shipments = [native(destination=place) for place in ("KR", "JP", "CN", "RU", "MN")]
    told = asking.post("/v1/quotes", json=shipments).json()
    assert [each["destination"] for each in told] == ["KR", "JP", "CN", "RU", "MN"]


def test_a_shipment_that_cannot_be_read_has_its_violations(asking: Client) -> None:
    told = asking.post("/v1/quotes", json=native(destination="XX")).json()
    assert told["status"] == "unknown"
    assert told["violations"][0]["path"] == "destination"
    assert told["violations"][0]["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"[1]", 400),
        (b"\xff", 400),
        (b"[" * 50_000, 400),
        (b'{"destination": "KR", "destination": "JP"}', 400),
        (json.dumps([{}] * (QUOTES_PER_REQUEST_MAX + 1)).encode(), 413),
    ],
)
def test_what_is_no_shipment_is_a_problem(asking: Client, body: bytes, status: int) -> None:
    answer = asking.post("/v1/quotes", content=body)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_a_process_that_quotes_is_started_again_when_it_was_killed() -> None:
    async def asked() -> list[int]:
        quoting = Quoting(NO_BOOKS, processes=1)
        day = date(2026, 8, 3)
        first = await quoting.quote([native()], day)
        for process in [*quoting._executor._processes]:  # type: ignore[attr-defined]
            os.kill(process, signal.SIGKILL)
        again = await quoting.quote([native()], day)
        assert await quoting.answer(native(), day) == quote(native(), today=day, books=NO_BOOKS)
        quoting.close()
        return [bytes(each) for each in (*first, *again)]

    first, again = asyncio.run(asked())
    assert first == again


def test_more_than_may_wait_is_refused_and_not_kept() -> None:
    async def asked() -> None:
        quoting = Quoting(NO_BOOKS)
        with pytest.raises(Overloaded):
            await quoting.quote([native()] * (QUOTES_WAITING_MAX + 1), date(2026, 8, 3))
        assert len(await quoting.quote([native()], date(2026, 8, 3))) == 1
        quoting.close()

    asyncio.run(asked())


def test_requests_that_wait_together_each_get_their_own_answers() -> None:
    day = date(2026, 8, 3)
    places = ("KR", "JP", "CN", "RU", "MN") * 8
    lists = [[native(destination=place)] * (1 + at % 3) for at, place in enumerate(places)]

    async def asked() -> list[list[Any]]:
        quoting = Quoting(NO_BOOKS)
        found = await asyncio.gather(*(quoting.quote(each, day) for each in lists))
        quoting.close()
        return found

    for shipments, answers in zip(lists, asyncio.run(asked()), strict=True):
        assert len(answers) == len(shipments)
        told = {json.loads(bytes(each))["destination"] for each in answers}
        assert told == {shipments[0]["destination"]}


def test_what_breaks_one_request_spares_those_that_wait_with_it() -> None:
    day = date(2026, 8, 3)

    async def asked() -> list[Any]:
        quoting = Quoting(NO_BOOKS)
        shipments = [native(), {"destination": Unsaid()}, native()]
        waiting = (quoting.quote([each], day) for each in [native(), *shipments])
        found = await asyncio.gather(*waiting, return_exceptions=True)
        quoting.close()
        return found

    first, second, failed, last = asyncio.run(asked())
    assert first == second == last
    assert isinstance(failed, RuntimeError)
