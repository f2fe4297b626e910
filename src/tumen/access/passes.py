"""Passes of persons: by which somebody is known here whom an office has identified.

An officer looks at a person's papers and hands out a pass: 36 letters and digits that can be copied
from paper. They are a mark and a secret of 140 random bits, of which the SHA-256 is kept, so that
nobody can read a pass out of the store, or guess one. It stands for the blind index of the person's
number and for nothing else: neither a name nor a number comes with it. A new one ends the last.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from tumen.access.caller import Caller
from tumen.access.roles import Role
from tumen.access.rows import MOMENT, TEXT, append, rows
from tumen.kernel.person_limits import PASS_DAYS
from tumen.store.session import Session

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without letters that are taken for digits, or make words."""

_MARK_LENGTH: Final = 8
_SECRET_LENGTH: Final = 28
_GROUP: Final = 4
_FORM: Final = re.compile(f"([{ALPHABET}]{{{_MARK_LENGTH}}})([{ALPHABET}]{{{_SECRET_LENGTH}}})")
_TYPED: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

_FOUND: Final = """
    SELECT p.pass_id, encode(uuid_send(p.person), 'hex') AS person, p.hash, p.expires_at
    FROM person_pass p WHERE {condition} AND p.expires_at > %(at)s
      AND NOT EXISTS (SELECT FROM person_pass_end e WHERE e.pass_id = p.pass_id)
"""
_COLUMNS: Final = {"pass_id": TEXT, "person": TEXT, "hash": pl.Binary(), "expires_at": MOMENT}


@dataclass(frozen=True, slots=True)
class Issued:
    """A pass that was handed out.

    Attributes:
        text: the pass, in groups of four; it is shown this once.
        expires_at: until when it is believed.
    """

    text: str
    expires_at: datetime


def issue(session: Session, person: str, at: datetime, by: str) -> Issued:
    """Hand out a pass to a person, and end those before it.

    Args:
        session: a transaction.
        person: the blind index of the person's number.
        at: now.
        by: who does.
    """
    end_all(session, person, at, by)
    mark, secret = _drawn(_MARK_LENGTH), _drawn(_SECRET_LENGTH)
    expires_at = at + timedelta(days=PASS_DAYS)
    append(
        session, "person_pass", pass_id=mark, person=person, hash=_hash(secret), made_at=at,
        expires_at=expires_at, made_by=by,
    )  # fmt: skip
    whole = mark + secret
    groups = [whole[place : place + _GROUP] for place in range(0, len(whole), _GROUP)]
    return Issued("-".join(groups), expires_at)


def end_all(session: Session, person: str, at: datetime, by: str) -> int:
    """End the passes of a person that are believed; how many they were."""
    condition = "p.person = %(person)s::uuid"
    given: dict[str, str | datetime] = {"person": person, "at": at}
    found = rows(session, _FOUND.format(condition=condition), given, _COLUMNS)
    for each in found:
        append(session, "person_pass_end", pass_id=each["pass_id"], ended_at=at, recorded_by=by)
    return len(found)


def typed(text: str) -> str:
    """A pass as it is compared, however its letters and groups were typed.

    >>> typed(" o1il-8qk2 ")
    '01118QK2'
    """
    return text.strip().upper().translate(_TYPED)


def is_formed(text: str) -> bool:
    """Whether a text has the form of a pass; of any other the store need not be asked."""
    return len(text) <= 2 * (_MARK_LENGTH + _SECRET_LENGTH) and (
        _FORM.fullmatch(typed(text)) is not None
    )


def caller_by_pass(session: Session, text: str, at: datetime) -> Caller | None:
    """The person whose pass a text is; None where it is none that is believed, nor why."""
    form = _FORM.fullmatch(typed(text))
    if form is None:
        return None
    query = _FOUND.format(condition="p.pass_id = %(mark)s")
    found = rows(session, query, {"mark": form[1], "at": at}, _COLUMNS)
    if not found or not hmac.compare_digest(found[0]["hash"], _hash(form[2])):
        return None
    return Caller(
        roles=frozenset({Role.PERSON}), holder=found[0]["person"], credential=f"pass {form[1]}"
    )


def _drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
