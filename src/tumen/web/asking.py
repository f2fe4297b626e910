"""The help desk's tickets for pages and the API: who may see one, and what is done with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from re import compile as pattern
from typing import Final

from tumen.access import organisations
from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import AUTHORITIES, Reach
from tumen.assistance import tickets
from tumen.assistance.ticket import Question, Ticket
from tumen.assistance.tickets import Opened, Speaker
from tumen.assistance.words import cleaned
from tumen.kernel.person_limits import (
    QUESTION_LENGTH_MAX,
    SUGGESTION_WORDS_MAX,
    SUGGESTIONS_MAX,
)
from tumen.settings import answer_within
from tumen.store.session import Session
from tumen.web.office import Office
from tumen.web.problem import Refusal

_WORD: Final = pattern(r"[^\W_]+")
_WORD_LENGTH_MIN: Final = 3
_STEM_LENGTH_MIN: Final = 4
_ENDING_LENGTH: Final = 2
"""Of a longer word so many letters are left out, for it may have another ending there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket as its reader may see it.

    Attributes:
        ticket: with what was said.
        is_answering: whether the reader speaks for the help desk.
    """

    ticket: Ticket
    is_answering: bool


def need_words(text: str) -> str:
    """A message, cleaned.

    Raises:
        Refusal: nothing is left of it, or it is too long.
    """
    words = cleaned(text)
    if not words:
        raise Refusal("REQUEST_INVALID", "The message says nothing.")
    if len(words) > QUESTION_LENGTH_MAX:
        raise Refusal("TOO_LARGE", f"A message has at most {QUESTION_LENGTH_MAX:,} characters.")
    return words


async def ask(office: Office, caller: Caller, question: Question) -> Opened:
    """Open a ticket."""
    work = partial(
        tickets.ask, question=question, key=office.node.keys.tickets,
        at=office.node.clock.now(), within=answer_within(),
        organisation=caller.organisation or None,
    )  # fmt: skip
    return await office.act(work)


async def shown(office: Office, caller: Caller, number: str, secret: str) -> Shown:
    """A ticket for whoever has its secret, whose organisation asked, or who answers it.

    Raises:
        Refusal: there is none for the reader.
    """
    return await office.public.run(_reading(office, caller, number, secret))


async def say(office: Office, caller: Caller, number: str, secret: str, text: str) -> None:
    """Add a message to a ticket, as the asker or as who answers.

    Raises:
        Refusal: there is none for the caller.
        UsageError: it is closed.
    """
    words, read = need_words(text), _reading(office, caller, number, secret)

    def work(session: Session) -> None:
        found = read(session)
        speaker = speaker_of(caller) if found.is_answering else None
        key, at = office.node.keys.tickets, office.node.clock.now()
        tickets.say(session, found.ticket.number, words, key, at, speaker)

    await office.act(work)


async def end(office: Office, caller: Caller, number: str, secret: str) -> None:
    """Close a ticket.

    Raises:
        Refusal: there is none for the caller.
    """
    read = _reading(office, caller, number, secret)

    def work(session: Session) -> None:
        found = read(session)
        at = office.node.clock.now()
        tickets.end(session, found.ticket.number, at, is_by_asker=not found.is_answering)

    await office.act(work)


async def listed(office: Office, caller: Caller) -> list[Ticket]:
    """For who answers what is open, for an organisation its own."""
    reach = caller.reach(Permission.ANSWER_QUESTIONS)
    if reach is Reach.NONE:
        return await office.public.run(partial(tickets.of_organisation, organisation=caller.sender))
    if reach is Reach.ALL:
        return await office.public.run(partial(tickets.waiting, economy=None))
    own = partial(
        tickets.waiting, economy=caller.economy, office=caller.sender, at=office.node.clock.now()
    )
    return await office.public.run(own)


async def pass_on(office: Office, caller: Caller, number: str, to: str) -> None:
    """Pass a ticket on to another office of the economy that it is about.

    Raises:
        Refusal: there is none for the caller to answer, or no such office of its economy.
        UsageError: it is closed.
    """
    read = _reading(office, caller, number, "")

    def work(session: Session) -> None:
        found = read(session)
        if not found.is_answering:
            raise Refusal("NOT_FOUND", "There is no ticket of this number for you to answer.")
        if to not in offices_of(session, found.ticket.economy):
            raise Refusal("REQUEST_INVALID", "No office of the ticket's economy has this mark.")
        at = office.node.clock.now()
        tickets.pass_on(session, found.ticket.number, to, at, speaker_of(caller))

    await office.act(work)


def offices_of(session: Session, economy: str | None) -> dict[str, str]:
    """The offices that answer for an economy: mark -> name; none for the service itself."""
    return {
        each.mark: each.name
        for each in organisations.listed(session)
        if each.is_active and economy is not None and each.economy == economy
        and each.roles & AUTHORITIES
    }  # fmt: skip


async def offices(office: Office, ticket: Ticket) -> dict[str, str]:
    """To whom a ticket may be passed on: mark -> name."""
    return await office.public.run(partial(offices_of, economy=ticket.economy))


def speaker_of(caller: Caller) -> Speaker:
    """Who answers: the person who is signed in, or the key that speaks for the office."""
    return Speaker(caller.sender, caller.person or caller.credential or caller.sender)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads a ticket for a caller."""

    caller: Caller
    number: str
    secret: str
    key: bytes

    def __call__(self, session: Session) -> Shown:
        ticket = tickets.find(session, self.number, self.key)
        if ticket is not None:
            economies = () if ticket.economy is None else (ticket.economy,)
            if self.caller.may(Permission.ANSWER_QUESTIONS, economies=economies):
                return Shown(ticket, is_answering=True)
            is_own = self.caller.is_known and ticket.organisation == self.caller.organisation
            if is_own or tickets.is_secret(session, self.number, self.secret):
                return Shown(ticket, is_answering=False)
        raise Refusal("NOT_FOUND", "There is no ticket of this number with this secret.")


def _reading(office: Office, caller: Caller, number: str, secret: str) -> _Reading:
    return _Reading(caller, tickets.typed(number)[:40], secret[:100], office.node.keys.tickets)


def suggested(text: str, answers: Sequence[tuple[str, str]]) -> list[str]:
    """The answers that have most in common with a question, rare words first.

    Args:
        text: the question.
        answers: by what each is named, and all its words in small letters.
    """
    points: dict[str, float] = {}
    for word in _words(text):
        having = [name for name, words in answers if word in words]
        weight = log(len(answers) / len(having)) if having else 0.0
        points |= {name: points.get(name, 0.0) + weight for name in having}
    best = sorted(points, key=lambda name: -points[name])
    return [name for name in best[:SUGGESTIONS_MAX] if points[name] > 0]


def _words(text: str) -> Iterable[str]:
    """The words of a question; of a writing without blanks every two letters."""
    found: dict[str, None] = {}
    for word in _WORD.findall(text.casefold()):
        found |= dict.fromkeys(_parts(word))
    return list(found)[:SUGGESTION_WORDS_MAX]


def _parts(word: str) -> tuple[str, ...]:
    if word.isascii() or not _has_no_blanks(word):
        stem = word[: max(_STEM_LENGTH_MIN, len(word) - _ENDING_LENGTH)]
        return (stem,) if len(word) >= _WORD_LENGTH_MIN else ()
    return tuple(word[place : place + 2] for place in range(len(word) - 1))


def _has_no_blanks(word: str) -> bool:
    """Whether a word is of a writing that sets no blanks between words."""
    return any("\u3040" <= each <= "\u30ff" or "\u4e00" <= each <= "\u9fff" for each in word)
