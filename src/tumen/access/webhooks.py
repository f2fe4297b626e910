"""Webhooks: where an organisation is told of events, and how far it has been told.

A webhook's state is its last turn: what was delivered, what failed and when it is tried again.
Turns are numbered, and of two that would follow the same one the store refuses the later.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import polars as pl

from tumen.access.rows import MOMENT, TEXT, append, rows
from tumen.access.sealing import opened, sealed
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.kernel.webhook_limits import WEBHOOK_TURNS_SHOWN, WEBHOOKS_MAX
from tumen.store.session import Session

_MARK_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_LOCK: Final = 0x776862
"""The first half of the advisory lock of a webhook's deliverer; its number is the other."""


class TurnKind(StrEnum):
    """What a turn was."""

    BEGAN = "began"
    DELIVERED = "delivered"
    FAILED = "failed"
    DISABLED = "disabled"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a webhook at one time.

    Attributes:
        turn: its number, from 0.
        kind: what it was.
        run: the turn with which the webhook last began or was replayed.
        cursor: events up to this number are delivered.
        at: when it was.
        next_at: when the next delivery may be at the earliest.
        until: the last event of what was sent.
        message: the id under which it was sent.
        events: how many were sent.
        status: of the answer; None where none came.
        fault: why none came.
        failures: how many in a row.
        failing_since: when the first of them was.
    """

    turn: int
    kind: TurnKind
    run: int
    cursor: int
    at: datetime
    next_at: datetime
    until: int | None = None
    message: str | None = None
    events: int = 0
    status: int | None = None
    fault: str | None = None
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook with its state; its secret stays sealed.

    Attributes:
        mark: by which it is named.
        number: by which it is locked.
        organisation: whose it is.
        address: where events are sent.
        types: the types of events that are sent.
        secret: sealed; see :func:`secret_of`.
        made_at: when it was made.
        last: its last turn.
    """

    mark: str
    number: int
    organisation: str
    address: str
    types: frozenset[str]
    secret: bytes
    made_at: datetime
    last: Turn


@dataclass(frozen=True, slots=True)
class WebhookWanted:
    """What a new webhook is to be.

    Attributes:
        address: where events are sent; it was looked at.
        types: the types of events.
        cursor: events after this number are sent.
    """

    address: str
    types: frozenset[str]
    cursor: int


_TURN_COLUMNS: Final = {
    "turn": pl.Int64(), "kind": TEXT, "run": pl.Int64(), "cursor": pl.Int64(), "at": MOMENT,
    "next_at": MOMENT, "until": pl.Int64(), "message": TEXT, "events": pl.Int64(),
    "status": pl.Int64(), "fault": TEXT, "failures": pl.Int64(), "failing_since": MOMENT,
}  # fmt: skip
_COLUMNS: Final = {
    "webhook_id": TEXT, "number": pl.Int64(), "organisation": TEXT, "address": TEXT,
    "types": TEXT, "secret": pl.Binary(), "made_at": MOMENT, **_TURN_COLUMNS,
}  # fmt: skip
_FOUND: Final = f"""
    SELECT w.webhook_id, w.number, w.organisation, w.address, w.types, w.secret, w.made_at,
           {", ".join(f"t.{name}" for name in _TURN_COLUMNS)}
    FROM webhook w JOIN LATERAL (
        SELECT * FROM webhook_turn WHERE webhook_id = w.webhook_id ORDER BY turn DESC LIMIT 1
    ) t ON true
    WHERE NOT EXISTS (SELECT FROM webhook_end e WHERE e.webhook_id = w.webhook_id)
"""  # noqa: S608 - our own constants
_OF_ONE: Final = f"{_FOUND} AND w.webhook_id = %(mark)s"
_OF_ORGANISATION: Final = f"{_FOUND} AND w.organisation = %(organisation)s ORDER BY w.number"
_DUE: Final = f"""
    {_FOUND} AND t.kind <> 'disabled' AND t.next_at <= %(at)s AND t.cursor < %(last)s
    ORDER BY t.next_at, w.number
"""
_TURNS: Final = f"""
    SELECT {", ".join(_TURN_COLUMNS)} FROM webhook_turn WHERE webhook_id = %(mark)s
    ORDER BY turn DESC LIMIT {WEBHOOK_TURNS_SHOWN}
"""  # noqa: S608 - our own constants
_TAKE: Final = f"SELECT pg_try_advisory_xact_lock({_LOCK}, %(number)s)"


def make(
    session: Session, organisation: str, wanted: WebhookWanted, key: bytes, at: datetime, by: str
) -> tuple[Webhook, bytes]:
    """Make a webhook of an organisation.

    Returns:
        It, and its secret, which is shown this once: the store keeps it sealed.

    Raises:
        UsageError: the organisation has as many as it may.
    """
    if len(listed(session, organisation)) >= WEBHOOKS_MAX:
        raise UsageError(
            f"An organisation has at most {WEBHOOKS_MAX} webhooks.",
            next_step="Delete one that is not used.",
        )
    mark, secret = f"wh_{secrets.token_hex(_MARK_BYTES)}", secrets.token_bytes(_SECRET_BYTES)
    append(
        session, "webhook", webhook_id=mark, organisation=organisation, address=wanted.address,
        types=",".join(sorted(wanted.types)), secret=sealed(secret, mark, key),
        made_at=at, made_by=by,
    )  # fmt: skip
    record(session, mark, Turn(0, TurnKind.BEGAN, 0, wanted.cursor, at, at))
    return needed(session, organisation, mark), secret


def end(session: Session, organisation: str, mark: str, at: datetime, by: str) -> None:
    """End a webhook: nothing more is sent, but for a delivery that is under way.

    Raises:
        PathAbsent: the organisation has none with this mark.
    """
    needed(session, organisation, mark)
    append(session, "webhook_end", webhook_id=mark, ended_at=at, recorded_by=by)


def replay(session: Session, organisation: str, mark: str, cursor: int, at: datetime) -> Webhook:
    """Send again what was after a cursor, and what comes; a webhook that was disabled lives again.

    Raises:
        PathAbsent: the organisation has none with this mark.
    """
    turn = needed(session, organisation, mark).last.turn + 1
    record(session, mark, Turn(turn, TurnKind.REPLAYED, turn, cursor, at, at))
    return needed(session, organisation, mark)


def record(session: Session, mark: str, turn: Turn) -> None:
    """Append a turn.

    Raises:
        StoreConflict: another one has its number already; raised by the commit at the latest.
    """
    row = {name: getattr(turn, name) for name in _TURN_COLUMNS}
    frame = pl.DataFrame(
        [{"webhook_id": mark, **row}], schema={"webhook_id": TEXT, **_TURN_COLUMNS}
    )
    session.copy("webhook_turn", frame)


def listed(session: Session, organisation: str) -> list[Webhook]:
    """The webhooks of an organisation, the oldest first."""
    return [_webhook(row) for row in
            rows(session, _OF_ORGANISATION, {"organisation": organisation}, _COLUMNS)]  # fmt: skip


def needed(session: Session, organisation: str, mark: str) -> Webhook:
    """The webhook of an organisation with a mark; that of another is not there.

    Raises:
        PathAbsent: there is none.
    """
    found = find(session, mark)
    if found is None or found.organisation != organisation:
        raise PathAbsent("There is no such webhook.", next_step="See GET /v1/webhooks.")
    return found


def find(session: Session, mark: str) -> Webhook | None:
    """The webhook with a mark; None where there is none, or it has ended."""
    found = rows(session, _OF_ONE, {"mark": mark}, _COLUMNS)
    return _webhook(found[0]) if found else None


def due(session: Session, at: datetime, last_event: int) -> list[Webhook]:
    """Those that may be told something now, the one that waited longest first."""
    return [_webhook(row) for row in rows(session, _DUE, {"at": at, "last": last_event}, _COLUMNS)]


def turns(session: Session, mark: str) -> list[Turn]:
    """The last turns of a webhook, the newest first."""
    return [_turn(row) for row in rows(session, _TURNS, {"mark": mark}, _TURN_COLUMNS)]


def take(session: Session, webhook: Webhook) -> bool:
    """Be a webhook's one deliverer until the transaction ends; False where another one is."""
    given = {"number": webhook.number}
    return bool(session.read(_TAKE, given, pl.Schema({"taken": pl.Boolean()})).item())


def secret_of(webhook: Webhook, key: bytes) -> bytes | None:
    """The secret of a webhook; None where row or key was changed."""
    return opened(webhook.secret, webhook.mark, key)


def _turn(row: dict[str, Any]) -> Turn:
    made = Turn(**{name: row[name] for name in _TURN_COLUMNS})
    return replace(made, kind=TurnKind(row["kind"]))


def _webhook(row: dict[str, Any]) -> Webhook:
    return Webhook(
        row["webhook_id"], row["number"], row["organisation"], row["address"],
        frozenset(row["types"].split(",")), row["secret"], row["made_at"], _turn(row),
    )  # fmt: skip
