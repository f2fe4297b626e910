"""The line of submissions: nobody fills more than its own share of it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import LODGED_BYTES_BY_SENDER_MAX
from tumen.web.line import Line, Waiting
from tumen.web.submission import Submission

HALF = b"x" * (LODGED_BYTES_BY_SENDER_MAX // 2)


@pytest.fixture
def loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def waiting(sender: str, content: bytes, loop: asyncio.AbstractEventLoop) -> Waiting:
    submission = Submission("submission", sender, "ndjson", content, 1)
    return Waiting(submission, loop, loop.create_future())


def test_one_sender_fills_its_own_share_of_the_bytes_and_no_others(
    loop: asyncio.AbstractEventLoop,
) -> None:
    line = Line()
    for _ in range(2):
        line.join(waiting("large", HALF, loop))
    with pytest.raises(Overloaded) as refused:
        line.join(waiting("large", b"x" * 1_024, loop))
    assert refused.value.is_sender
    line.join(waiting("other", HALF, loop))


def test_who_was_answered_has_its_share_again(loop: asyncio.AbstractEventLoop) -> None:
    line = Line()
    for _ in range(2):
        line.join(waiting("large", HALF, loop))
        group = line.group()
        assert group is not None
        line.leave(group)
    line.join(waiting("large", HALF + HALF, loop))


def test_submissions_of_many_senders_leave_the_line_as_one_group(
    loop: asyncio.AbstractEventLoop,
) -> None:
    line = Line()
    for sender in ("one", "two", "three"):
        line.join(waiting(sender, b"{}", loop))
    group = line.group()
    assert group is not None
    assert [each.submission.sender for each in group.members] == ["one", "two", "three"]


def test_submissions_of_another_format_keep_their_places(loop: asyncio.AbstractEventLoop) -> None:
    line = Line()
    first = waiting("one", b"{}", loop)
    other = Waiting(replace(first.submission, format="csv"), loop, loop.create_future())
    for each in (first, other, waiting("two", b"{}", loop)):
        line.join(each)
    groups = [line.group(), line.group()]
    formats = [[one.submission.format for one in group.members] for group in groups if group]
    assert formats == [["ndjson", "ndjson"], ["csv"]]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GROUP_RETURN_MICROSECONDS", "GROUP_WAIT_MILLISECONDS_MAX"):
        monkeypatch.setattr(f"tumen.web.line.{name}", 600_000_000)


def answered_once(line: Line, senders: list[str], loop: asyncio.AbstractEventLoop) -> None:
    for sender in senders:
        line.join(waiting(sender, b"{}", loop))
    group = line.group()
    assert group is not None
    line.leave(group)


@pytest.mark.usefixtures("patient")
def test_those_who_were_answered_together_are_waited_for(loop: asyncio.AbstractEventLoop) -> None:
    line = Line()
    answered_once(line, ["one", "two", "three"], loop)
    with ThreadPoolExecutor(1) as beside:
        gathering = beside.submit(line.group)
        for sender in ("one", "two", "three"):
            assert not gathering.done()
            line.join(waiting(sender, b"{}", loop))
        group = gathering.result()
    assert group is not None
    assert len(group.members) == 3


@pytest.mark.usefixtures("patient")
def test_who_asks_alone_waits_for_nobody(loop: asyncio.AbstractEventLoop) -> None:
    line = Line()
    for _ in range(2):
        answered_once(line, ["one"], loop)


@pytest.mark.usefixtures("patient")
def test_nobody_waits_for_others_once_the_line_is_closed(loop: asyncio.AbstractEventLoop) -> None:
    line = Line()
    answered_once(line, ["one", "two"], loop)
    line.join(waiting("one", b"{}", loop))
    line.close()
    assert line.group() is not None
