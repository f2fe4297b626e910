"""Keys of organisations for programs: shown once, kept as a hash, scoped, and ending.

A key is ``tumen_``, its mark, ``_`` and a secret of 256 random bits. So a plain SHA-256 of the
secret is enough to keep: there is nothing to guess, and every request can afford it.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.organisations import COLUMNS, need_name, needed, of_row
from tumen.access.rows import MOMENT, TEXT, append, rows
from tumen.kernel.access_limits import (
    KEY_DAYS_DEFAULT,
    KEY_DAYS_MAX,
    KEY_OVERLAP_DAYS_MAX,
    KEYS_IN_FORCE_MAX,
)
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.store.session import Session

_FORM: Final = re.compile(r"tumen_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_MARK_BYTES: Final = 6
_SECRET_BYTES: Final = 32

_FOUND: Final = """
    SELECT k.key_id, k.label, k.scopes, k.made_at,
           least(k.expires_at, (SELECT min(ends_at) FROM api_key_end WHERE key_id = k.key_id)),
           k.hash, (SELECT max(day) FROM key_use WHERE key_id = k.key_id) AS used_on,
           o.organisation, o.name, o.roles, o.economy, o.is_active, o.is_demo,
           o.matters
    FROM api_key k JOIN LATERAL (
        SELECT * FROM organisation_entry WHERE organisation = k.organisation
        ORDER BY entry DESC LIMIT 1
    ) o ON true
    WHERE (%(key)s IS NULL OR k.key_id = %(key)s)
      AND (%(organisation)s IS NULL OR k.organisation = %(organisation)s)
    ORDER BY k.made_at, k.key_id
"""
_COLUMNS: Final = {
    "key_id": TEXT, "label": TEXT, "scopes": TEXT, "made_at": MOMENT, "ends_at": MOMENT,
    "hash": pl.Binary(), "used_on": pl.Date(), **COLUMNS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed; its secret is known to its holder alone.

    Attributes:
        mark: by which it is named.
        organisation: whose it is.
        label: what it is for, in the owner's words.
        scopes: what it may be used for; None for all that its organisation may.
        made_at: when it was made.
        ends_at: from when on it is not believed.
        used_on: the last day, in UTC, on which it was shown and believed; None where it never was.
    """

    mark: str
    organisation: str
    label: str
    scopes: frozenset[Permission] | None
    made_at: datetime
    ends_at: datetime
    used_on: date | None

    def is_in_force(self, at: datetime) -> bool:
        """Whether it is believed at a moment."""
        return at < self.ends_at


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """What a new key is to be.

    Attributes:
        label: what it is for.
        scopes: what it may be used for; None for all that its organisation may.
        days: how long it is in force.
    """

    label: str
    scopes: frozenset[Permission] | None = None
    days: int = KEY_DAYS_DEFAULT

    def __post_init__(self) -> None:
        need_name(self.label)
        if not 1 <= self.days <= KEY_DAYS_MAX:
            raise UsageError(f"A key is in force for 1 to {KEY_DAYS_MAX} days, not {self.days}.")


def make(session: Session, organisation: str, wanted: KeyWanted, at: datetime, by: str) -> str:
    """Make a key for an organisation.

    Returns:
        The key, which is shown this once: only its hash is kept.

    Raises:
        UsageError: there is no such organisation, or it has as many keys as it may.
    """
    needed(session, organisation)
    held = [key for key in listed(session, organisation) if key.is_in_force(at)]
    if len(held) >= KEYS_IN_FORCE_MAX:
        raise UsageError(
            f"{organisation} has {len(held)} keys in force.",
            next_step="End those that are not used: `tumen admin key end`.",
        )
    mark, secret = secrets.token_hex(_MARK_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    append(
        session,
        "api_key",
        key_id=mark,
        organisation=organisation,
        hash=_hash(secret),
        scopes=None if wanted.scopes is None else ",".join(sorted(wanted.scopes)),
        label=wanted.label,
        made_at=at,
        expires_at=at + timedelta(days=wanted.days),
        made_by=by,
    )
    return f"tumen_{mark}_{secret}"


def end(session: Session, mark: str, at: datetime, by: str, *, in_days: int = 0) -> None:
    """End a key now, or in some days so that a new one can take its place.

    Raises:
        UsageError: there is no such key, or the days are too many.
    """
    if not 0 <= in_days <= KEY_OVERLAP_DAYS_MAX:
        raise UsageError(f"A key that is rotated lives on for 0 to {KEY_OVERLAP_DAYS_MAX} days.")
    key_of(session, mark)
    append(
        session,
        "api_key_end",
        key_id=mark,
        ends_at=at + timedelta(days=in_days),
        recorded_at=at,
        recorded_by=by,
    )


def rotate(session: Session, mark: str, at: datetime, by: str, *, overlap_days: int) -> str:
    """Make a key of the same label, scopes and length in the place of one that ends in some days.

    Raises:
        UsageError: there is no such key in force.
    """
    old = key_of(session, mark)
    if not old.is_in_force(at):
        raise UsageError(f"The key {mark} has ended.", next_step="Make a new one.")
    days = min(max(round((old.ends_at - old.made_at) / timedelta(days=1)), 1), KEY_DAYS_MAX)
    made = make(session, old.organisation, KeyWanted(old.label, old.scopes, days), at, by)
    end(session, mark, at, by, in_days=overlap_days)
    return made


def key_of(session: Session, mark: str) -> Key:
    """The key with a mark.

    Raises:
        PathAbsent: there is none.
    """
    found = rows(session, _FOUND, {"key": mark, "organisation": None}, _COLUMNS)
    if not found:
        raise PathAbsent(f"There is no key {mark!r}.", next_step="List the keys that there are.")
    return _key(found[0])


def listed(session: Session, organisation: str | None = None) -> list[Key]:
    """The keys of an organisation, or of all, the oldest first; the ended ones too."""
    given = {"key": None, "organisation": organisation}
    return [_key(row) for row in rows(session, _FOUND, given, _COLUMNS)]


def note_use(session: Session, mark: str, day: date) -> None:
    """Note that a key was used on a day.

    Raises:
        StoreConflict: it was noted before; raised by the commit at the latest.
    """
    append(session, "key_use", key_id=mark, day=day)


def mark_of(text: str) -> str:
    """The mark of a key, which tells nothing of its secret; empty for a text that is no key."""
    form = _FORM.fullmatch(text)
    return "" if form is None else form[1]


def credential_of(mark: str) -> str:
    """As what a caller is known who shows the key with a mark."""
    return f"key {mark}"


def caller_by_key(session: Session, text: str, at: datetime) -> Caller | None:
    """Whose key a text is; None where it is none that is believed, and why is not told."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    found = rows(session, _FOUND, {"key": form[1], "organisation": None}, _COLUMNS)
    if not found or not hmac.compare_digest(found[0]["hash"], _hash(form[2])):
        return None
    key, organisation = _key(found[0]), of_row(found[0])
    if not key.is_in_force(at) or not organisation.is_active:
        return None
    return organisation.caller(credential_of(key.mark), scopes=key.scopes)


def scopes_of(names: Iterable[str]) -> frozenset[Permission]:
    """The permissions with these names.

    Raises:
        UsageError: one is none.
    """
    given = set(names)
    unknown = sorted(given - set(Permission))
    if unknown:
        raise UsageError(
            f"There is no permission {unknown[0]!r}.",
            next_step=f"Choose of: {', '.join(Permission)}.",
        )
    return frozenset(map(Permission, given))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _key(row: dict[str, Any]) -> Key:
    stated = row["scopes"]
    scopes = None if stated is None else frozenset(Permission(s) for s in stated.split(",") if s)
    return Key(
        row["key_id"],
        row["organisation"],
        row["label"],
        scopes,
        row["made_at"],
        row["ends_at"],
        row["used_on"],
    )
