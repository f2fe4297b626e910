"""What the audit says of one claim: verdict, recomputed value, diagnosis, remarks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from tumen.observatory.claim import Claim
from tumen.observatory.dataset import Cell, Key
from tumen.observatory.errors import ExpressionError
from tumen.observatory.quantity import Quantity, decimal_text
from tumen.observatory.units import POINTS, Unit, unit_of
from tumen.observatory.values import Truths, Value

CONSISTENT: Final = "consistent"
INCONSISTENT: Final = "inconsistent"
UNIT_ERROR: Final = "unit_error"
NOT_CHECKABLE: Final = "not_checkable"
VERDICTS: Final = (CONSISTENT, INCONSISTENT, UNIT_ERROR, NOT_CHECKABLE)

SHOWN_DIGITS: Final = 2
"""Digits shown beyond those that were printed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim cannot be checked: a code, a sentence, and where."""

    code: str
    message: str
    file_line: int
    position: int
    next_step: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One slip that would explain what was printed, and what should have been."""

    slip: str
    cost: int
    gives: str
    corrected: str
    evidence: Mapping[str, str]
    instead: Mapping[Key, Cell] = field(default_factory=dict, repr=False)
    """The cells that it says are wrong, as they should read."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reader should know of a finding; it changes no verdict."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the audit found of one claim."""

    claim: Claim
    verdict: str
    recomputed: str = ""
    low: str = ""
    high: str = ""
    failing: tuple[str, ...] = ()
    reason: Reason | None = None
    explanations: tuple[Explanation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    used: tuple[Cell, ...] = field(default=(), repr=False)

    @property
    def diagnosis(self) -> tuple[Explanation, ...]:
        """The cheapest explanations; several of them explain equally."""
        least = min((found.cost for found in self.explanations), default=0)
        return tuple(found for found in self.explanations if found.cost == least)


def shown(claim: Claim, value: Value) -> Finding:
    """A finding with the recomputed value in the claim's unit, not yet judged.

    Raises:
        ExpressionError: the value is neither a number nor comparisons.
    """
    if isinstance(value, Truths):
        hold = sum(holds for _, holds in value.items)
        failing = tuple(label for label, holds in value.items if not holds and label)
        text = (
            f"{hold} of {len(value.items)} hold"
            if len(value.items) > 1
            else ("holds" if hold else "does not hold")
        )
        return Finding(claim, CONSISTENT, text, failing=failing)
    if not isinstance(value, Quantity):
        raise ExpressionError("ARGUMENTS_WRONG", "The expression gives no single value.")
    unit = unit_for(claim, value)
    places = 0 if claim.unit.is_counted else _places(claim) + SHOWN_DIGITS
    low, middle, high = (
        decimal_text(number / unit.scale, places) for number in (value.low, value.value, value.high)
    )
    return Finding(claim, CONSISTENT, f"{middle} {unit.text}", low, high)


def corrected(claim: Claim, value: Value) -> str:
    """What should have been printed: the recomputed value to as many digits as the claim has."""
    if not isinstance(value, Quantity):
        return ""
    unit = unit_for(claim, value)
    return f"{decimal_text(value.value / unit.scale, _places(claim))} {unit.text}"


def unit_for(claim: Claim, value: Quantity) -> Unit:
    """The claim's own unit, or one that the value's measure has."""
    if claim.unit.measure == value.measure:
        return claim.unit
    if value.measure in ("", POINTS):
        return unit_of(value.measure or "percent")
    return Unit(value.measure, value.measure, Fraction(1))


def _places(claim: Claim) -> int:
    return len(claim.claimed.partition(".")[2])
