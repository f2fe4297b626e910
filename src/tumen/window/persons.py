"""Persons who guard their own yearly allowance: freezing it, disputing a use. Pure.

Somebody who shops by a stranger's number uses up the stranger's year. So a person whom an office
identified sees every use, may freeze the allowance, and may dispute a use; an officer judges the
dispute. Each step is a fact: what a person is, is what the steps say in their order. No step holds
words of the person, so that nothing personal comes into what is never deleted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tumen.kernel.person_limits import DISPUTES_OPEN_MAX
from tumen.window.acts import Objection
from tumen.window.states import TRANSITIONS, Status

DISCLAIMED = "disclaimed"
"""What happens to a released declaration whose use of an allowance was not the person's."""

TOLD_TO_FILER = "AFTERCARE_USE_DISCLAIMED"
"""The code by which its filer is told."""


class Step(StrEnum):
    """What was done to guard an allowance."""

    IDENTIFIED = "identified"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why a use is disputed."""

    NOT_MINE = "not_mine"
    TWICE = "twice"
    AMOUNT = "amount"
    NOT_GIVEN_BACK = "not_given_back"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it is recorded.

    Attributes:
        number: of its fact; a dispute is named by it.
        step: what was done.
        document_id: the declaration whose use it is about.
        ground: why it is disputed.
        reason: the officer's.
    """

    number: int
    step: Step
    document_id: int | None = None
    ground: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where the dispute of a use stands: as it was raised, or as it was judged.

    Attributes:
        number: by which it is named.
        document_id: the declaration that used the allowance.
        ground: why it is disputed.
        outcome: ``upheld`` or ``refused``; None while it is open.
        reason: the officer's.
    """

    number: int
    document_id: int
    ground: str
    outcome: Step | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the steps of a person say together.

    Attributes:
        is_frozen: whether further uses are held.
        disputes: the dispute of each use, by the declaration.
    """

    is_frozen: bool = False
    disputes: Mapping[int, Dispute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Use:
    """What a declaration takes of an allowance, as far as a dispute of it asks.

    Attributes:
        document_id: the declaration.
        status: where it stands.
        held_fen: what it holds of the year now.
        year: of the allowance.
    """

    document_id: int
    status: str
    held_fen: int
    year: int


def guarded(steps: Sequence[Taken]) -> Guarded:
    """What the steps of a person say together.

    Args:
        steps: in the order of recording; a judgement names the declaration of what it judges.
    """
    is_frozen, disputes = False, dict[int, Dispute]()
    for each in steps:
        if each.step in (Step.FROZEN, Step.UNFROZEN):
            is_frozen = each.step is Step.FROZEN
        elif each.document_id is not None and each.step is Step.DISPUTED:
            raised = Dispute(each.number, each.document_id, each.ground or "")
            disputes[each.document_id] = raised
        elif each.document_id is not None:
            judged = replace(disputes[each.document_id], outcome=each.step, reason=each.reason)
            disputes[each.document_id] = judged
    return Guarded(is_frozen, disputes)


def against_dispute(use: Use | None, known: Guarded) -> Iterator[Objection]:
    """What speaks against disputing a use: each is disputed once, and only while it counts."""
    if use is None or use.held_fen <= 0:
        yield Objection("DISPUTE_USE_UNKNOWN", "use")
        return
    if use.document_id in known.disputes:
        yield Objection("DISPUTE_KNOWN", "use", str(known.disputes[use.document_id].number))
    if sum(each.outcome is None for each in known.disputes.values()) >= DISPUTES_OPEN_MAX:
        yield Objection("DISPUTES_TOO_MANY", "use", None, str(DISPUTES_OPEN_MAX))


def against_judgement(
    dispute: Dispute | None, use: Use | None, outcome: Step
) -> Iterator[Objection]:
    """What speaks against judging a dispute as an officer means to."""
    if dispute is None or dispute.outcome is not None or use is None:
        yield Objection("DISPUTE_UNKNOWN", "dispute")
    elif outcome is Step.UPHELD and use.held_fen > 0 and _after(use.status) is None:
        yield Objection("DISPUTE_DECLARATION_OPEN", "dispute", use.status)


def disclaimed(use: Use) -> Status | None:
    """The status that upholding leads to; None where the use holds nothing any more."""
    return _after(use.status) if use.held_fen > 0 else None


def _after(status: str) -> Status | None:
    return TRANSITIONS.get((status, DISCLAIMED))
