"""A ticket: a question, its clock, what was said, and its end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Topic(StrEnum):
    """What a question is about."""

    DOCUMENTS = "documents"
    DECISION = "decision"
    LAW = "law"
    ALLOWANCE = "allowance"
    TRACKING = "tracking"
    ACCESS = "access"
    OTHER = "other"


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        topic: what it is about.
        economy: whose rules; None for a question about the service itself.
        language: in which it is asked.
        text: the words, cleaned.
    """

    topic: Topic
    economy: str | None
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said.

    Attributes:
        is_answer: whether the help desk said it.
        text: the words; None once they are forgotten.
        at: when.
    """

    is_answer: bool
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket.

    Attributes:
        number: by which it is named.
        topic: what it is about.
        economy: whose rules.
        language: in which it is asked.
        organisation: whose question it is; None for somebody of the public.
        asked_at: when.
        due_at: by when the node means to answer first.
        answered_at: when it did.
        ended_at: when it was closed.
        office: to which office of the economy it was passed on; None for any of them.
        said: the messages; none in a list.
    """

    number: str
    topic: str
    economy: str | None
    language: str
    organisation: str | None
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    office: str | None = None
    said: Sequence[Said] = ()

    def state(self, now: datetime) -> State:
        """Where it stands now."""
        if self.ended_at is not None:
            return State.CLOSED
        if self.answered_at is not None:
            return State.ANSWERED
        return State.OVERDUE if self.due_at < now else State.WAITING
