"""Persons in the store: what was done to guard an allowance, each step with a leaf in the log.

A step is an artefact of the kind ``person_step``: its text says what was done, its row stands
beside it under the same leaf. Whether an allowance is frozen is what its last step says.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import polars as pl

from tumen.kernel.clock import Clock
from tumen.kernel.person_limits import DISPUTES_LISTED_MAX, USES_MAX
from tumen.store.session import Session
from tumen.window.acts import Objection, Officer, against_reason, legal_day
from tumen.window.books import Table
from tumen.window.leaves import PERSON_STEP
from tumen.window.ledger import artefacts, without_documents
from tumen.window.ledger.log import NodeLog
from tumen.window.ledger.standings import Stood, stood
from tumen.window.persons import (
    DISCLAIMED,
    TOLD_TO_FILER,
    Dispute,
    Ground,
    Guarded,
    Step,
    Taken,
    Use,
    against_dispute,
    against_judgement,
    disclaimed,
    guarded,
)

TYPE: Final = "tumen.person-step.v1"

_STEPS: Final = """
    SELECT artefact_id, step, document_id, ground, reason FROM person_step
    WHERE person = %(person)s::uuid ORDER BY artefact_id
"""
_STEPS_SCHEMA: Final = pl.Schema(
    {
        "artefact_id": pl.Int64(), "step": pl.String(), "document_id": pl.Int64(),
        "ground": pl.String(), "reason": pl.String(),
    }
)  # fmt: skip

_USES: Final = """
    WITH used AS (
        SELECT document_id, year, sum(amount_fen)::bigint AS held_fen, max(event_id) AS event_id,
               max(amount_fen) AS used_fen
        FROM allowance_entry WHERE person = %(person)s::uuid GROUP BY document_id, year
    )
    SELECT u.document_id, u.year, u.used_fen, u.held_fen, u.event_id, d.order_number,
           d.platform_code, d.platform_name, d.merchant_name, n.declaration_number,
           e.status, e.legal_day, e.recorded_at
    FROM used u JOIN declaration d USING (document_id) JOIN declaration_number n USING (document_id)
    CROSS JOIN LATERAL (
        SELECT status, legal_day, recorded_at FROM declaration_event
        WHERE document_id = u.document_id ORDER BY event_id DESC LIMIT 1
    ) e
    WHERE u.event_id > %(after)s ORDER BY u.event_id LIMIT {limit}
"""
_USES_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "year": pl.Int32(), "used_fen": pl.Int64(),
        "held_fen": pl.Int64(), "event_id": pl.Int64(),
        **dict.fromkeys(
            ("order_number", "platform_code", "platform_name", "merchant_name",
             "declaration_number", "status"),
            pl.String(),
        ),
        "legal_day": pl.Date(), "recorded_at": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip

_USE: Final = """
    SELECT a.document_id, (SELECT e.status FROM declaration_event e
                           WHERE e.document_id = a.document_id ORDER BY e.event_id DESC LIMIT 1),
           sum(a.amount_fen)::bigint, a.year
    FROM allowance_entry a WHERE a.person = %(person)s::uuid AND a.document_id = %(document)s
    GROUP BY a.document_id, a.year
"""
_USE_SCHEMA: Final = pl.Schema(
    {"document_id": pl.Int64(), "status": pl.String(), "held": pl.Int64(), "year": pl.Int32()}
)

_OPEN: Final = f"""
    SELECT s.artefact_id AS number, s.ground, s.recorded_at, s.document_id, d.order_number,
           d.platform_name, d.merchant_name, n.declaration_number, e.status,
           (SELECT sum(a.amount_fen)::bigint FROM allowance_entry a
            WHERE a.person = s.person AND a.document_id = s.document_id) AS held_fen
    FROM person_step s JOIN declaration d USING (document_id)
    JOIN declaration_number n USING (document_id)
    CROSS JOIN LATERAL (
        SELECT status FROM declaration_event WHERE document_id = s.document_id
        ORDER BY event_id DESC LIMIT 1
    ) e
    WHERE s.step = '{Step.DISPUTED}' AND s.artefact_id > %(after)s
      AND NOT EXISTS (SELECT FROM person_step j WHERE j.answers = s.artefact_id)
    ORDER BY s.artefact_id LIMIT {DISPUTES_LISTED_MAX}
"""  # noqa: S608 - our own constants
_OPEN_SCHEMA: Final = pl.Schema(
    {
        "number": pl.Int64(), "ground": pl.String(), "recorded_at": pl.Datetime("us", "UTC"),
        "document_id": pl.Int64(),
        **dict.fromkeys(
            ("order_number", "platform_name", "merchant_name", "declaration_number", "status"),
            pl.String(),
        ),
        "held_fen": pl.Int64(),
    }
)  # fmt: skip

_RAISED_BY: Final = f"""
    SELECT encode(uuid_send(person), 'hex') FROM person_step
    WHERE artefact_id = %(number)s AND step = '{Step.DISPUTED}'
"""  # noqa: S608 - our own constant
_ROW: Final = pl.Schema(
    {
        "person": pl.String(), "step": pl.String(), "document_id": pl.Int64(),
        "ground": pl.String(), "answers": pl.Int64(), "organisation": pl.String(),
        "officer": pl.String(), "reason": pl.String(), "recorded_at": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip


def state(session: Session, person: str) -> Guarded:
    """What the steps of a person say together.

    Args:
        session: sees the whole node.
        person: the blind index of the person's number.
    """
    found = session.read(_STEPS, {"person": person}, _STEPS_SCHEMA)
    return guarded([Taken(number, Step(step), *more) for number, step, *more in found.rows()])


def uses(session: Session, person: str, after: int = 0) -> list[dict[str, Any]]:
    """What used the allowance of a person, a line a declaration, from the last change ``after`` on.

    Args:
        session: sees the whole node.
        person: the blind index of the person's number.
        after: the number of an event; a declaration whose use changed later is told.
    """
    query = _USES.format(limit=USES_MAX)
    return session.read(query, {"person": person, "after": after}, _USES_SCHEMA).to_dicts()


def used_fen(session: Session, person: str, year: int) -> int:
    """What a person has used or reserved of a year."""
    query = """SELECT coalesce(sum(amount_fen), 0)::bigint FROM allowance_entry
               WHERE person = %(person)s::uuid AND year = %(year)s"""
    given: dict[str, str | int] = {"person": person, "year": year}
    return int(session.read(query, given, pl.Schema({"fen": pl.Int64()})).item())


def open_disputes(session: Session, after: int = 0) -> list[dict[str, Any]]:
    """Disputes that nobody has judged, the longest waiting first; no person is told."""
    return session.read(_OPEN, {"after": after}, _OPEN_SCHEMA).to_dicts()


@dataclass(frozen=True, slots=True)
class StepDone:
    """What became of a step: its number, or what speaks against it.

    Attributes:
        number: of the fact; None where nothing was recorded.
        objections: why it was refused; none where it was as it is already.
    """

    number: int | None = None
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonDesk:
    """Where steps are recorded.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        clock: the recorded time.
        log: where the leaves go.
        officer: who acts for or about the person; None where the person does.
    """

    open_session: Callable[[], AbstractContextManager[Session]]
    clock: Clock
    log: NodeLog
    officer: Officer | None = None

    def identify(self, person: str, reason: str) -> StepDone:
        """Record that an office looked at the papers of a person and saw who it is."""
        against = tuple(against_reason(reason))
        if against:
            return StepDone(objections=against)
        with self.open_session() as session:
            session.sequence()
            return StepDone(self._record(session, person, Step.IDENTIFIED, reason=reason))

    def freeze(self, person: str, *, is_frozen: bool, reason: str | None = None) -> StepDone:
        """Freeze an allowance or unfreeze it; one that is so already is left as it is.

        Args:
            person: whose.
            is_frozen: what it is to be.
            reason: an officer's; None where the person acts.
        """
        against = () if reason is None else tuple(against_reason(reason))
        if against:
            return StepDone(objections=against)
        with self.open_session() as session:
            session.sequence()
            if state(session, person).is_frozen is is_frozen:
                return StepDone()
            step = Step.FROZEN if is_frozen else Step.UNFROZEN
            return StepDone(self._record(session, person, step, reason=reason))

    def dispute(self, person: str, document: int, ground: Ground) -> StepDone:
        """Dispute a use."""
        with self.open_session() as session:
            session.sequence()
            use = _use(session, person, document)
            against = tuple(against_dispute(use, state(session, person)))
            if against:
                return StepDone(objections=against)
            told = {"document_id": document, "ground": str(ground)}
            return StepDone(self._record(session, person, Step.DISPUTED, **told))

    def judge(self, number: int, outcome: Step, reason: str) -> StepDone:
        """Uphold a dispute, so that what the use holds is given back, or refuse it."""
        against = tuple(against_reason(reason))
        if against:
            return StepDone(objections=against)
        with self.open_session() as session:
            session.sequence()
            person, dispute, use = _raised(session, number)
            against = tuple(against_judgement(dispute, use, outcome))
            if against or dispute is None or use is None:
                return StepDone(objections=against)
            if outcome is Step.UPHELD and disclaimed(use) is not None:
                self._give_back(session, person, use, reason)
            told = {"document_id": dispute.document_id, "answers": number, "reason": reason}
            return StepDone(self._record(session, person, outcome, **told))

    def _record(self, session: Session, person: str, step: Step, **told: Any) -> int:
        """Write a step with its leaf."""
        at = self.clock.now()
        by = self.officer
        row = {
            "person": person, "step": str(step), **told,
            "organisation": None if by is None else by.organisation,
            "officer": None if by is None else by.mark, "recorded_at": at,
        }  # fmt: skip
        text = _text(row, at, _last(session, person))
        found = artefacts.Found(PERSON_STEP, sha256(text).digest(), str(step))
        rows = pl.DataFrame([row], schema=_ROW)
        return artefacts.record(session, self.log, found, at, beside=(PERSON_STEP, rows))

    def _give_back(self, session: Session, person: str, use: Use, reason: str) -> None:
        """Give back what a released declaration holds, and tell its filer."""
        assert self.officer is not None  # noqa: S101 - nobody else judges
        found = stood(session, [f"#{use.document_id}"])
        stamp = without_documents.stamp(session, self.officer.organisation, self.clock.now())
        events = without_documents.noticed(_event(found, use, stamp.recorded_at), found.told, stamp)
        event = events["event_id"].item()
        tables = [_entry(event, person, use), _decision(event, use, self.officer, reason)]
        without_documents.write(session, self.log, events, tables, stamp)


def _use(session: Session, person: str, document: int) -> Use | None:
    found = session.read(_USE, {"person": person, "document": document}, _USE_SCHEMA)
    return None if found.is_empty() else Use(*found.row(0))


def _raised(session: Session, number: int) -> tuple[str, Dispute | None, Use | None]:
    """Whose dispute it is, where it stands, and the use that is disputed."""
    found = session.read(_RAISED_BY, {"number": number}, pl.Schema({"person": pl.String()}))
    if found.is_empty():
        return "", None, None
    person = str(found.item())
    known = state(session, person).disputes.values()
    dispute = next((each for each in known if each.number == number), None)
    use = None if dispute is None else _use(session, person, dispute.document_id)
    return person, dispute, use


def _last(session: Session, person: str) -> int:
    """The last step of a person, so that the text of no two steps is the same."""
    query = """SELECT coalesce(max(artefact_id), 0) FROM person_step
               WHERE person = %(person)s::uuid"""
    return int(session.read(query, {"person": person}, pl.Schema({"n": pl.Int64()})).item())


def _text(row: dict[str, Any], at: datetime, after: int) -> bytes:
    """The content of the artefact: one line of JSON."""
    told = {name: value for name, value in row.items() if value is not None}
    told |= {"type": TYPE, "after": after, "recorded_at": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _event(found: Stood, use: Use, at: datetime) -> pl.DataFrame:
    (standing,) = found.standings
    assert standing is not None  # noqa: S101 - a use is of a declaration
    row = (use.document_id, disclaimed(use), TOLD_TO_FILER, legal_day(standing, at))
    return pl.DataFrame([row], schema=without_documents.EVENT_SCHEMA, orient="row")


def _entry(event: int, person: str, use: Use) -> Table:
    row = (event, person, use.year, use.document_id, "given_back", -use.held_fen)
    names = ("event_id", "person", "year", "document_id", "entry", "amount_fen")
    return "allowance_entry", pl.DataFrame([row], schema=names, orient="row")


def _decision(event: int, use: Use, officer: Officer, reason: str) -> Table:
    row = {
        "event_id": event, "document_id": use.document_id, "act": DISCLAIMED,
        "authority": officer.authority, "organisation": officer.organisation,
        "officer": officer.mark, "reason": reason, "security": None, "undoes": None,
    }  # fmt: skip
    kinds = {"security": pl.String, "undoes": pl.Int64}
    return "decision", pl.DataFrame([row], schema_overrides=kinds)
