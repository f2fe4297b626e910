"""The line of submissions: nobody fills more than its own share of it."""

import asyncio
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
