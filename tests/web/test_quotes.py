"""Quotes over HTTP: for anybody, one or many, the same as the law gives them by itself."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from lodging import one, quoted

from offices import client
from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import (
    QUOTE_REMEMBERED_BYTES_MAX,
    QUOTES_PER_REQUEST_MAX,
    QUOTES_WAITING_MAX,
)
from tumen.law.quoting import NO_BOOKS
from tumen.store.database import Database
from tumen.web.quoting import Quoting
from tumen.web.told_before import ToldBefore

Client = TestClient[Litestar]


class Unsaid(StrEnum):
    """A word that breaks whoever reads it, as a bug of ours would."""

    WORD = "unsaid"

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


def test_the_steps_of_a_list_are_told_when_they_are_asked_for(asking: Client) -> None:
    def told(body: object, query: str = "") -> list[dict[str, Any]]:
        found = asking.post(f"/v1/quotes{query}", json=body).json()
        return found if isinstance(found, list) else [found]

    one_shipment, law = native(destination="KR"), quoted(native(destination="KR")).to_dict()
    (alone,), (left,) = told(one_shipment), told(one_shipment, "?explanation=false")
    (listed,), (explained,) = told([one_shipment]), told([one_shipment], "?explanation=true")
    assert alone["steps"] == explained["steps"] == law["steps"] != []
    assert left["steps"] == listed["steps"] == []
    assert (
        alone == explained == {**listed, "steps": law["steps"]} == {**left, "steps": law["steps"]}
    )


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
        shipments = [native(), {"destination": Unsaid.WORD}, native()]
        waiting = (quoting.quote([each], day) for each in [native(), *shipments])
        found = await asyncio.gather(*waiting, return_exceptions=True)
        quoting.close()
        return found

    first, second, failed, last = asyncio.run(asked())
    assert first == second == last
    assert isinstance(failed, RuntimeError)


def test_the_very_same_question_is_told_again_and_another_is_computed() -> None:
    day, other = date(2026, 8, 3), date(2026, 8, 4)
    same = dict(reversed(native().items()))

    async def asked() -> list[bytes]:
        quoting = Quoting(NO_BOOKS)
        computed: list[int] = []
        compute = quoting._in_group

        async def counted(
            shipments: Sequence[dict[str, Any]], today: date, is_explained: bool
        ) -> list[msgspec.Raw]:
            computed.append(len(shipments))
            return await compute(shipments, today, is_explained)

        quoting._in_group = counted  # type: ignore[method-assign]
        questions = ([native()], [same, native()], [native(destination="JP"), native()])
        answers = [await quoting.quote(each, day) for each in questions]
        answers.append(await quoting.quote([native()], other))
        assert computed == [1, 1, 1]
        await quoting.quote([native()], day, is_explained=False)
        assert computed == [1, 1, 1, 1], "without the steps it is another question"
        quoting.close()
        return [bytes(each) for part in answers for each in part]

    first, *again = asyncio.run(asked())
    assert [each == first for each in again] == [True, True, False, True, True]


def test_answers_are_forgotten_where_there_is_no_more_room() -> None:
    told, answer = ToldBefore(most=25), msgspec.Raw(b"0123456789")
    marks = [told.mark(native(quantity=str(count)), date(2026, 8, 3)) for count in (1, 2, 3)]
    for mark in marks[:2]:
        told.keep(mark, answer)
    assert told.answer(marks[0]) == answer
    told.keep(marks[2], answer)
    assert [told.answer(mark) is not None for mark in marks] == [True, False, True]
    told.keep(b"long", msgspec.Raw(bytes(QUOTE_REMEMBERED_BYTES_MAX + 1)))
    assert told.answer(b"long") is None


def test_who_asks_again_as_soon_as_answered_is_answered_again() -> None:
    """The one who asked for the group before has ended then, and is still counted."""
    places = [native(destination=place) for place in ("KR", "JP", "MN")]

    async def asked() -> int:
        quoting = Quoting(NO_BOOKS)
        async with asyncio.timeout(30):
            found = [await quoting.quote([each], date(2026, 8, 3)) for each in places]
        quoting.close()
        return len(found)

    assert asyncio.run(asked()) == len(places)


@pytest.mark.parametrize("sent", [r'{"destination": "\ud800"}', r'{"\udfff": "KR"}'])
def test_half_a_character_is_no_json(asking: Client, sent: str) -> None:
    answer = asking.post("/v1/quotes", content=sent, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")
