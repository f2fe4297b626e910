"""The line of submissions: nobody fills more than its own share of it."""

import asyncio

import pytest

from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import LODGED_BYTES_BY_SENDER_MAX
from tumen.web.line import Line, Waiting
from tumen.web.submission import Submission

HALF = b"x" * (LODGED_BYTES_BY_SENDER_MAX // 2)


def waiting(sender: str, content: bytes = b"{}", form: str = "ndjson") -> Waiting:
    submission = Submission("submission", sender, form, content, 1)
    return Waiting(submission, asyncio.get_running_loop().create_future())


async def answered_once(line: Line, *senders: str) -> None:
    for sender in senders:
        line.join(waiting(sender))
    line.leave(await line.group())


def test_one_sender_fills_its_own_share_of_the_bytes_and_no_others() -> None:
    async def stand() -> None:
        line = Line()
        for _ in range(2):
            line.join(waiting("large", HALF))
        with pytest.raises(Overloaded) as refused:
            line.join(waiting("large", b"x" * 1_024))
        assert refused.value.is_sender
        line.join(waiting("other", HALF))

    asyncio.run(stand())


def test_who_was_answered_has_its_share_again() -> None:
    async def stand() -> None:
        line = Line()
        for _ in range(2):
            line.join(waiting("large", HALF))
            line.leave(await line.group())
        line.join(waiting("large", HALF + HALF))

    asyncio.run(stand())


def test_submissions_of_many_senders_leave_the_line_as_one_group() -> None:
    async def stand() -> list[str]:
        line = Line()
        for sender in ("one", "two", "three"):
            line.join(waiting(sender))
        return [each.submission.sender for each in (await line.group()).members]

    assert asyncio.run(stand()) == ["one", "two", "three"]


def test_submissions_of_another_format_keep_their_places() -> None:
    async def stand() -> list[list[str]]:
        line = Line()
        for sender, form in (("one", "ndjson"), ("one", "csv"), ("two", "ndjson")):
            line.join(waiting(sender, form=form))
        groups = [await line.group() for _ in range(2)]
        assert not line.is_waiting
        return [[one.submission.format for one in group.members] for group in groups]

    assert asyncio.run(stand()) == [["ndjson", "ndjson"], ["csv"]]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GROUP_RETURN_MICROSECONDS", "GROUP_WAIT_MILLISECONDS_MAX"):
        monkeypatch.setattr(f"tumen.web.line.{name}", 600_000_000)


@pytest.mark.usefixtures("patient")
def test_those_who_were_answered_together_are_waited_for() -> None:
    async def stand() -> int:
        line = Line()
        await answered_once(line, "one", "two", "three")
        line.join(waiting("one"))
        gathering = asyncio.create_task(line.group())
        for sender in ("two", "three"):
            await asyncio.sleep(0)
            assert not gathering.done()
            line.join(waiting(sender))
        return len((await gathering).members)

    assert asyncio.run(stand()) == 3


@pytest.mark.usefixtures("patient")
def test_who_asks_alone_waits_for_nobody() -> None:
    async def stand() -> bool:
        line = Line()
        await answered_once(line, "one")
        line.join(waiting("one"))
        gathering = asyncio.create_task(line.group())
        await asyncio.sleep(0)
        return gathering.done()

    assert asyncio.run(stand())


@pytest.mark.usefixtures("patient")
def test_nobody_waits_for_others_once_the_line_is_closed() -> None:
    async def stand() -> int:
        line = Line()
        await answered_once(line, "one", "two")
        line.join(waiting("one"))
        gathering = asyncio.create_task(line.group())
        await asyncio.sleep(0)
        line.close()
        return len((await gathering).members)

    assert asyncio.run(stand()) == 1
