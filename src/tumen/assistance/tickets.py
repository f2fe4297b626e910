"""Tickets in the store: numbers drawn by lot, secrets kept as hashes, words sealed.

Whoever asks is shown a number and a secret; both together open the ticket. What is said is sealed
under a key of the ticket, which is destroyed some time after its end: people write into a question
what nobody should keep.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tumen.assistance.ticket import Question, Said, Ticket
from tumen.kernel.errors import Overloaded, UsageError
from tumen.kernel.person_limits import (
    TICKET_DAYS_KEPT,
    TICKET_MESSAGES_MAX,
    TICKETS_LISTED_MAX,
    TICKETS_OPEN_MAX,
)
from tumen.store.session import Session

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LENGTH: Final = 8
_SECRET_LENGTH: Final = 24
_KEY_BYTES: Final = 16
_NONCE_BYTES: Final = 12

_LISTED: Final = """
    SELECT * FROM (
    SELECT t.ticket_id, t.topic, t.economy, t.language, t.organisation, t.asked_at, t.due_at,
           (SELECT min(m.at) FROM ticket_message m
            WHERE m.ticket_id = t.ticket_id AND m.is_answer) AS answered_at,
           e.ended_at,
           (SELECT r.office FROM ticket_route r WHERE r.ticket_id = t.ticket_id
            ORDER BY r.position DESC LIMIT 1) AS office
    FROM ticket t LEFT JOIN ticket_end e USING (ticket_id) WHERE {condition}
    ) x WHERE {shown}
    ORDER BY ended_at IS NOT NULL, answered_at IS NOT NULL, asked_at, ticket_id LIMIT {limit}
"""
_MOMENT: Final = pl.Datetime("us", "UTC")
_SCHEMA: Final = pl.Schema(
    {
        **dict.fromkeys(("ticket_id", "topic", "economy", "language", "organisation"), pl.String()),
        **dict.fromkeys(("asked_at", "due_at", "answered_at", "ended_at"), _MOMENT),
        "office": pl.String(),
    }
)
_SAID: Final = """
    SELECT m.position, m.is_answer, m.sealed, m.at, k.wrapped
    FROM ticket_message m LEFT JOIN ticket_key k USING (ticket_id)
    WHERE m.ticket_id = %(number)s ORDER BY m.position
"""
_SAID_SCHEMA: Final = pl.Schema(
    {
        "position": pl.Int32(), "is_answer": pl.Boolean(), "sealed": pl.Binary(), "at": _MOMENT,
        "wrapped": pl.Binary(),
    }
)  # fmt: skip
_OPEN: Final = """
    SELECT count(*) FROM ticket t WHERE t.organisation IS NULL
      AND NOT EXISTS (SELECT FROM ticket_end e WHERE e.ticket_id = t.ticket_id)
"""
_COUNT: Final = pl.Schema({"count": pl.Int64()})


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket that was opened.

    Attributes:
        number: by which it is named.
        secret: shown this once to who asked.
        due_at: by when the node means to answer first.
    """

    number: str
    secret: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers for the help desk.

    Attributes:
        organisation: the office.
        person: a login or a key, as the office knows it.
    """

    organisation: str
    person: str


def ask(
    session: Session,
    question: Question,
    key: bytes,
    at: datetime,
    within: timedelta,
    organisation: str | None = None,
) -> Opened:
    """Open a ticket with its first message, and forget what is old.

    Args:
        session: a transaction.
        question: what is asked.
        key: of the node, under which keys of tickets are wrapped.
        at: now.
        within: how soon the node means to answer first.
        organisation: whose question it is; None for somebody of the public.

    Raises:
        Overloaded: as many questions of the public are open as may be.
    """
    if organisation is None and session.read(_OPEN, None, _COUNT).item() >= TICKETS_OPEN_MAX:
        raise Overloaded("The help desk has as many open questions as it may.")
    session.read(
        "SELECT forget_tickets(%(before)s)",
        {"before": at - timedelta(days=TICKET_DAYS_KEPT)},
        _COUNT,
    )
    opened = Opened(_drawn(_NUMBER_LENGTH), _drawn(_SECRET_LENGTH), at + within)
    own_key, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
    wrapped = nonce + AESGCM(key).encrypt(nonce, own_key, opened.number.encode())
    row = {
        "ticket_id": opened.number, "hash": _hash(opened.secret), "topic": str(question.topic),
        "economy": question.economy, "language": question.language,
        "organisation": organisation, "asked_at": at, "due_at": opened.due_at,
    }  # fmt: skip
    _append(session, "ticket", row)
    _append(session, "ticket_key", {"ticket_id": opened.number, "wrapped": wrapped})
    words = _sealed(question.text, opened.number, own_key)
    _append(session, "ticket_message", _row(opened.number, 0, at, None) | words)
    return opened


def say(
    session: Session,
    number: str,
    text: str,
    key: bytes,
    at: datetime,
    speaker: Speaker | None = None,
) -> None:
    """Add a message to a ticket that is open.

    Args:
        session: a transaction.
        number: of the ticket.
        text: the words, cleaned.
        key: of the node.
        at: now.
        speaker: who answers; None where the asker speaks.

    Raises:
        UsageError: it is closed, or has as many messages as it may.
    """
    found = session.read(_SAID, {"number": number}, _SAID_SCHEMA)
    if found.is_empty() or found["wrapped"].null_count() or _is_ended(session, number):
        raise UsageError("The ticket is closed.", next_step="Ask again: a new ticket is opened.")
    if found.height >= TICKET_MESSAGES_MAX:
        raise UsageError(
            f"A ticket has at most {TICKET_MESSAGES_MAX} messages.",
            next_step="Close it and ask again, naming its number.",
        )
    own_key = _unwrapped(found["wrapped"][0], number, key)
    words = _sealed(text, number, own_key)
    _append(session, "ticket_message", _row(number, found.height, at, speaker) | words)


def end(session: Session, number: str, at: datetime, *, is_by_asker: bool) -> None:
    """Close a ticket; one that is closed is left as it is."""
    if not _is_ended(session, number):
        row = {"ticket_id": number, "ended_at": at, "is_by_asker": is_by_asker}
        _append(session, "ticket_end", row)


def find(session: Session, number: str, key: bytes) -> Ticket | None:
    """A ticket with all that was said; None where there is none of that number."""
    found = _tickets(session, "t.ticket_id = %(number)s", {"number": number})
    if not found:
        return None
    said = session.read(_SAID, {"number": number}, _SAID_SCHEMA).iter_rows()
    return replace(
        found[0],
        said=[
            Said(is_answer, _opened(sealed, wrapped, number, key), at)
            for _, is_answer, sealed, at, wrapped in said
        ],
    )


def is_secret(session: Session, number: str, secret: str) -> bool:
    """Whether this is the secret that the asker of a ticket was shown."""
    query = "SELECT hash FROM ticket WHERE ticket_id = %(number)s"
    found = session.read(query, {"number": number}, pl.Schema({"hash": pl.Binary()}))
    return not found.is_empty() and hmac.compare_digest(found.item(), _hash(typed(secret)))


def of_organisation(session: Session, organisation: str) -> list[Ticket]:
    """The tickets of an organisation, those that are open first."""
    return _tickets(session, "t.organisation = %(mark)s", {"mark": organisation})


def waiting(
    session: Session, economy: str | None, office: str | None = None, at: datetime | None = None
) -> list[Ticket]:
    """Tickets that are open, those without an answer first, the longest waiting first.

    Args:
        session: sees the whole node.
        economy: only those about its rules; None for all.
        office: leaves out what was passed on to others; None for all.
        at: now; what is overdue without an answer is everybody's again.
    """
    condition = "e.ended_at IS NULL AND (%(economy)s::text IS NULL OR t.economy = %(economy)s)"
    given = {"economy": economy, "office": office, "at": at}
    return _tickets(session, condition, given, _FOR_OFFICE)


def pass_on(session: Session, number: str, office: str, at: datetime, speaker: Speaker) -> None:
    """Pass a ticket on to an office of its economy; the last one it was passed to is to answer.

    Raises:
        UsageError: it is closed, or was passed on as often as it may be.
    """
    query = "SELECT count(*) FROM ticket_route WHERE ticket_id = %(number)s"
    position = session.read(query, {"number": number}, _COUNT).item()
    if _is_ended(session, number) or position >= TICKET_MESSAGES_MAX:
        raise UsageError("The ticket is closed.", next_step="Ask again: a new ticket is opened.")
    row = {
        "ticket_id": number, "position": position, "office": office,
        "organisation": speaker.organisation, "person": speaker.person, "at": at,
    }  # fmt: skip
    _append(session, "ticket_route", row)


def typed(text: str) -> str:
    """A number or a secret as it is compared, however it was typed.

    >>> typed(" abcd-2345 ")
    'ABCD2345'
    """
    return text.strip().upper().replace("-", "").replace(" ", "")


_FOR_OFFICE: Final = """
    %(office)s::text IS NULL OR coalesce(x.office, %(office)s) = %(office)s
    OR (x.answered_at IS NULL AND x.due_at < %(at)s)
"""


def _tickets(
    session: Session, condition: str, given: dict[str, Any], shown: str = "true"
) -> list[Ticket]:
    query = _LISTED.format(condition=condition, shown=shown, limit=TICKETS_LISTED_MAX)
    return [Ticket(*row) for row in session.read(query, given, _SCHEMA).iter_rows()]


def _is_ended(session: Session, number: str) -> bool:
    query = "SELECT count(*) FROM ticket_end WHERE ticket_id = %(number)s"
    return bool(session.read(query, {"number": number}, _COUNT).item())


def _row(number: str, position: int, at: datetime, speaker: Speaker | None) -> dict[str, Any]:
    """The row of a message without its words."""
    return {
        "ticket_id": number, "position": position, "is_answer": speaker is not None,
        "organisation": None if speaker is None else speaker.organisation,
        "person": None if speaker is None else speaker.person, "at": at,
    }  # fmt: skip


def _sealed(text: str, number: str, key: bytes) -> dict[str, bytes]:
    nonce = os.urandom(_NONCE_BYTES)
    return {"sealed": nonce + AESGCM(key).encrypt(nonce, text.encode(), number.encode())}


def _opened(sealed: bytes, wrapped: bytes | None, number: str, key: bytes) -> str | None:
    """The words of a message; None once the key of the ticket is destroyed."""
    if wrapped is None:
        return None
    own_key = _unwrapped(wrapped, number, key)
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    return AESGCM(own_key).decrypt(nonce, text, number.encode()).decode()


def _unwrapped(wrapped: bytes, number: str, key: bytes) -> bytes:
    return AESGCM(key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], number.encode())


def _append(session: Session, table: str, row: dict[str, Any]) -> None:
    texts = {name: pl.String for name, value in row.items() if value is None}
    session.copy(table, pl.DataFrame([row], schema_overrides=texts))


def _drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def shown(secret: str) -> str:
    """A secret in groups of four, as it is copied from a page.

    >>> shown("ABCD2345")
    'ABCD-2345'
    """
    return "-".join(_groups(secret))


def _groups(secret: str) -> Sequence[str]:
    return [secret[place : place + 4] for place in range(0, len(secret), 4)]
