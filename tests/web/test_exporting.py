"""All that an organisation owns comes as a stream, and whoever goes away leaves nothing waiting."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator

import pytest
from tests.conftest import fresh_database

from clearing import Clearing
from offices import node as node_of
from tumen.kernel.errors import Overloaded
from tumen.simulation import one_bundle
from tumen.web.access import exporting
from tumen.web.access.exporting import begun
from tumen.web.office import Office

FREE_SECONDS = 60
"""After so long a thread that is not free never will be: a failure is told and hangs nowhere."""


@pytest.fixture(scope="module")
def office(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("export")
    with fresh_database(database_location) as database:
        documents = [each for seed in (1, 2, 4) for each in one_bundle("clean", seed).documents]
        Clearing(database, seed="no lot").documents(documents, folder)
        made = Office.of(node_of(database, folder))
        yield made
        made.close()


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "EXPORT_PIECE_BYTES", 64)
    monkeypatch.setattr(exporting, "EXPORT_PIECES_MAX", 2)


async def joined(pieces: AsyncIterator[bytes]) -> tuple[bytes, int]:
    found = [piece async for piece in pieces]
    return b"".join(found), len(found)


def test_the_pieces_make_one_file_with_every_row(office: Office) -> None:
    async def work() -> tuple[bytes, int]:
        return await joined(await begun(office, "tests"))

    content, pieces = asyncio.run(work())
    assert pieces > 20
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        orders = archive.read("trade_order.ndjson").splitlines()
        told = json.loads(archive.read("README.json"))["rows"]
    assert len(orders) == told["trade_order"] == told["declaration"] == 3
    assert {json.loads(each)["sender"] for each in orders} == {"tests"}


def test_one_export_of_an_organisation_is_under_way_at_a_time(office: Office) -> None:
    async def work() -> tuple[bytes, int]:
        first = await begun(office, "tests")
        with pytest.raises(Overloaded):
            await begun(office, "tests")
        other, _ = await joined(await begun(office, "stranger"))
        assert b"trade_order" in other
        return await joined(first)

    assert asyncio.run(work())[1] > 20


def test_whoever_goes_away_leaves_the_thread_free(office: Office) -> None:
    async def work() -> tuple[bytes, int]:
        gone = await begun(office, "tests")
        await anext(gone)
        await gone.aclose()  # type: ignore[attr-defined]
        async with asyncio.timeout(FREE_SECONDS):
            while office.exporting.total:
                await asyncio.sleep(0.01)
        return await joined(await begun(office, "tests"))

    assert asyncio.run(work())[1] > 20


def test_an_export_that_nobody_reads_is_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EXPORT_SLOW_SECONDS", 0.05)

    async def work() -> bytes:
        slow = await begun(office, "tests")
        await asyncio.sleep(0.2)
        return (await joined(slow))[0]

    cut = asyncio.run(work())
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(cut))
