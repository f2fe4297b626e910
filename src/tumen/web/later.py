"""Submissions that are answered later: the sender is told at once where, and asks there.

A platform behind an impatient proxy sends ten thousand documents and hangs up; the road takes them
all the same. What became of them is recorded under the submission's name. Until then nothing is
promised but to try: a submission that is lost with its process is sent again, and what was recorded
of it is then a duplicate with its first receipts.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from tumen.kernel.errors import TumenError
from tumen.kernel.service_limits import SUBMISSION_LOST_SECONDS
from tumen.store.session import Session
from tumen.web.answering import DocumentAnswer, SubmissionAnswer, answer_of, findings_of
from tumen.web.office import Office
from tumen.web.problem import INTERNAL
from tumen.web.submission import Submission
from tumen.window.ledger import lodged, submissions
from tumen.window.ledger.lodged import UNREADABLE
from tumen.window.ledger.submissions import Kept

ANSWERED: Final = "answered"
UNDER_WAY: Final = "under_way"
FAILED: Final = "failed"
LOST: Final = "lost"

LATER: Final = "later"
"""Under this name the application knows what it answers later."""


class Later:
    """The submissions that this process answers later.

    Args:
        office: the open office.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._under_way: set[asyncio.Task[None]] = set()

    async def take(self, submission: Submission) -> None:
        """Record that a submission came, and see to it beside the request.

        Raises:
            Overloaded: it does not go into the line; nothing of it was taken.
        """
        node = self._office.node
        lodging = asyncio.ensure_future(self._office.filing.lodge(submission))
        await asyncio.sleep(0)  # it stands in line now, or was refused
        if lodging.done():
            lodging.result()
        receive = partial(
            submissions.receive, name=submission.name, sender=submission.sender,
            documents=submission.documents, at=node.clock.now(),
        )  # fmt: skip
        await self._office.act(receive)
        task = asyncio.create_task(self._end(submission, lodging))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait for all that is under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _end(
        self, submission: Submission, lodging: "asyncio.Future[Sequence[DocumentAnswer]]"
    ) -> None:
        at = self._office.node.clock.now
        try:
            rows = [
                (each.place, each.number or 0, each.answer, each.status) for each in await lodging
            ]
        except Exception as error:
            code = error.code if isinstance(error, TumenError) else INTERNAL
            end = partial(submissions.fail, fault=code)
        else:
            end = partial(submissions.answer, rows=rows)
        await self._office.act(
            partial(end, name=submission.name, sender=submission.sender, at=at())
        )


class SubmissionStanding(msgspec.Struct, frozen=True):
    """Where a submission stands.

    Attributes:
        submission: its name.
        state: ``under_way``, ``answered``, ``failed`` (send it again), or ``lost``: it was not
            answered in all that time; sent again, what was recorded of it is a duplicate.
        documents: how many rows it has at most.
        received_at: when it came.
        ended_at: when it was answered, or failed.
        fault: the code of what failed.
        answer: what became of its documents.
    """

    submission: str
    state: str
    documents: int
    received_at: datetime
    ended_at: datetime | None = None
    fault: str | None = None
    answer: SubmissionAnswer | None = None


def standing_of(session: Session, name: str, now: datetime) -> SubmissionStanding | None:
    """Where a submission stands; None where the session sees none of that name."""
    kept = submissions.kept(session, name)
    if kept is None:
        return None
    state = _state(kept, now)
    answer = answer_of(name, _rows(session, kept)) if state == ANSWERED else None
    return SubmissionStanding(
        name, state, kept.documents, kept.received_at, kept.ended_at, kept.fault, answer
    )


def _state(kept: Kept, now: datetime) -> str:
    if kept.ended_at is not None:
        return ANSWERED if kept.fault is None else FAILED
    waited = (now - kept.received_at).total_seconds()
    return LOST if waited > SUBMISSION_LOST_SECONDS else UNDER_WAY


def _rows(session: Session, kept: Kept) -> Iterator[DocumentAnswer]:
    """The answers to the rows, with their receipts as they were first given."""
    numbers = [number for _, number, *_ in kept.rows]
    documents = {number: rest for number, *rest in submissions.told(session, numbers).iter_rows()}
    findings = findings_of(lodged.faults(session, numbers))
    for place, number, answer, status in kept.rows:
        kind, key, receipt = documents[number]
        found = findings.get(number, [])
        told = None if kind == UNREADABLE else kind
        yield DocumentAnswer(place, answer, status, receipt, told, key, found, number)
