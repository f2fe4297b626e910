"""The allowance of a person as a page and the API tell it, and the desk where it is guarded.

Where a person's number is given, it comes in a body, is concealed at once, and goes no further.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import polars as pl

from tumen.access import passes
from tumen.access.caller import Caller
from tumen.access.looks import last_look, note_look
from tumen.access.passes import Issued
from tumen.documents.rules.parties import has_check_character
from tumen.kernel.errors import CallerUnknown, NotPermitted
from tumen.kernel.person_limits import PERSON_NUMBER_LENGTH_MAX, USES_MAX
from tumen.law.parameters import value_at
from tumen.store.session import Session
from tumen.web.access.door import Door
from tumen.web.api.decisions import officer_of
from tumen.web.legal_day import today
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.sessions import of_session
from tumen.window.ledger import persons
from tumen.window.ledger.docket import last_event
from tumen.window.ledger.persons import PersonDesk, StepDone
from tumen.window.persons import Dispute, Guarded
from tumen.window.privacy import blind
from tumen.window.tally import yuan

LIMIT: Final = "cn.cbec.annual_limit"
KEEPER: Final = "CN"
"""Whose customs keeps the one yearly allowance that the law has."""

_RESIDENT: Final = re.compile(r"\d{17}[\dXx]")
"""The form of a Chinese resident's number; other papers have other numbers."""

Work = Callable[[PersonDesk], StepDone]


@dataclass(frozen=True, slots=True)
class Own:
    """The allowance of a person.

    Attributes:
        year: of the figures.
        limit: of the year, in yuan.
        used: of it, or reserved.
        left: of it.
        is_frozen: whether further uses are held.
        looked_at: when the person looked last; None for who never did.
        uses: what used it, a mapping each, the last change last.
        next: from where the list goes on; None at its end.
    """

    year: int
    limit: str
    used: str
    left: str
    is_frozen: bool
    looked_at: datetime | None
    uses: list[dict[str, Any]]
    next: int | None

    @property
    def unseen(self) -> int:
        """How many uses are new since the last look."""
        return sum(each["is_new"] for each in self.uses)

    @property
    def last_event(self) -> int:
        """Up to where all is told."""
        return max((each["event"] for each in self.uses), default=0)


def own(session: Session, person: str, day: date, after: int = 0) -> Own:
    """The allowance of a person.

    Args:
        session: sees the whole node.
        person: the blind index of the person's number.
        day: today, by the calendar of the law.
        after: the number of an event; uses that changed later are told.
    """
    limit, used = value_at(LIMIT, day).integer, persons.used_fen(session, person, day.year)
    known, look = persons.state(session, person), last_look(session, person)
    found = persons.uses(session, person, after)
    told = [_use(line, known, look.seen_event) for line in found]
    goes_on = told[-1]["event"] if len(told) == USES_MAX else None
    return Own(
        day.year, yuan(limit), yuan(used), yuan(max(limit - used, 0)), known.is_frozen, look.at,
        told, goes_on,
    )  # fmt: skip


def _use(line: dict[str, Any], known: Guarded, seen: int) -> dict[str, Any]:
    """A use as it is told: who used it, how much, and whether it is disputed."""
    dispute = known.disputes.get(line["document_id"])
    return {
        "use": line["document_id"],
        "order_number": line["order_number"],
        "platform": line["platform_name"] or line["platform_code"],
        "merchant": line["merchant_name"],
        "declaration_number": line["declaration_number"],
        "status": line["status"],
        "year": line["year"],
        "used": yuan(line["used_fen"]),
        "held": yuan(line["held_fen"]),
        "day": line["legal_day"].isoformat(),
        "event": line["event_id"],
        "is_new": line["event_id"] > seen,
        "can_be_disputed": dispute is None and line["held_fen"] > 0,
        "dispute": None if dispute is None else _dispute(dispute),
    }


def _dispute(dispute: Dispute) -> dict[str, Any]:
    outcome = None if dispute.outcome is None else str(dispute.outcome)
    return {
        "number": dispute.number, "ground": dispute.ground, "outcome": outcome,
        "reason": dispute.reason,
    }  # fmt: skip


def holder_of(caller: Caller) -> str:
    """The person who shows a pass.

    Raises:
        CallerUnknown: it is nobody's.
    """
    if caller.holder is None:
        raise CallerUnknown
    return caller.holder


def concealed(office: Office, number: str) -> str:
    """The blind index of a person's number.

    Raises:
        Refusal: it is a resident's number with a character mistyped: nobody would be found by it.
    """
    told = number.strip()[:PERSON_NUMBER_LENGTH_MAX]
    if _RESIDENT.fullmatch(told) and not has_check_character(told):
        raise Refusal(
            "REQUEST_INVALID",
            "One character of the identity number is mistyped: its check character does not fit.",
        )
    given = pl.Series("number", [told], pl.String)
    return str(blind(given, "id_number", office.node.keys).item())


def need_keeper(caller: Caller) -> None:
    """Refuse an office that does not keep the allowance.

    Raises:
        NotPermitted: it is of another economy.
    """
    if caller.economy != KEEPER:
        raise NotPermitted("The yearly allowance is kept by the customs of China.")


async def told(office: Office, person: str, after: int = 0) -> Own:
    """The allowance of a person, as the store has it now."""
    ask = partial(own, person=person, day=today(office.node.clock), after=after)
    return await office.public.run(ask)


async def seen(office: Office, person: str, event: int) -> None:
    """Write down that a person has seen all up to an event, and nothing that is yet to come."""

    def note(session: Session) -> None:
        note_look(session, person, min(event, last_event(session)), office.node.clock.now())

    await office.act(note)


async def by_person(office: Office, work: Work) -> StepDone:
    """Let a person act."""
    return await office.record(lambda session: work(_desk(office, session, None)))


async def by_officer(office: Office, caller: Caller, work: Work) -> StepDone:
    """Let an officer act for or about a person."""
    need_keeper(caller)
    return await office.record(lambda session: work(_desk(office, session, caller)))


async def identified(
    office: Office, door: Door, caller: Caller, person: str, reason: str
) -> Issued | StepDone:
    """Hand a pass to a person whose papers an officer has seen; the pass before it ends.

    Returns:
        The pass, or what speaks against it.
    """
    need_keeper(caller)

    def work(session: Session) -> Issued | StepDone:
        done = _desk(office, session, caller).identify(person, reason)
        if done.number is None:
            return done
        by = officer_of(caller)
        at = office.node.clock.now()
        return passes.issue(session, person, at, f"{by.organisation} {by.mark}")

    found = await office.record(work)
    door.forget_holder(person)
    return found


def _desk(office: Office, session: Session, caller: Caller | None) -> PersonDesk:
    officer = None if caller is None else officer_of(caller)
    return PersonDesk(of_session(session), office.node.clock, office.node.log, officer)
