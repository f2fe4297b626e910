"""The same shipments under two laws: of two days, or as it stands and as it is proposed.

Only amounts that are known under both laws are added up and compared; what is unknown or not
admitted under either is counted apart, so that a sum never falls because something was not known.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.law.answer import Answer
from tumen.law.native.shipment import Shipment

CHAPTER_DIGITS: Final = 2
SEVERAL: Final = "several"
NONE: Final = "none"

Kind = Literal["economy", "regime", "chapter"]
KINDS: Final[tuple[Kind, ...]] = ("economy", "regime", "chapter")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a law says of one shipment, as far as it is compared.

    Attributes:
        economy: the destination.
        regime: which one was taken; None where none admits it.
        chapter: the chapter of the goods; ``several`` where they are of more than one.
        status: as the answer says.
        total: in minor units of the destination's currency; None is unknown or not admitted.
    """

    economy: str
    regime: str | None
    chapter: str
    status: str
    total: int | None

    def group(self, kind: Kind) -> str:
        """The group that it is counted in."""
        if kind == "economy":
            return self.economy
        return f"{self.economy} {(self.regime or NONE) if kind == 'regime' else self.chapter}"


def outcome_of(shipment: Shipment, answer: Answer) -> Outcome:
    """What the answer to a shipment says."""
    economy = shipment.destination
    chapters = {each.hs[:CHAPTER_DIGITS] for each in shipment.items if each.hs}
    one = currency(CURRENCY_OF[economy]).minor_units
    return Outcome(
        economy=economy,
        regime=answer.regime,
        chapter=SEVERAL if len(chapters) > 1 else "".join(chapters) or NONE,
        status=answer.status,
        total=None if answer.total is None else int(Fraction(answer.total) * one),
    )


@dataclass(slots=True)
class Sums:
    """What a group of shipments pays under two laws.

    Attributes:
        economy: whose, and so in which currency.
        before: shipments that are of the group under the first law, by their status there.
        after: those that are of it under the second law, by their status there.
        compared: those known under both laws that are of it under either.
        total_before: what the compared ones of the first law's group pay under it, in minor units.
        total_after: what those of the second law's group pay under that, in minor units.
    """

    economy: str
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    total_before: int = 0
    total_after: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether the second law treats the group otherwise, as far as sums and counts tell."""
        return (self.total_before, self.before) != (self.total_after, self.after)

    def uncounted(self, status: str) -> tuple[int, int]:
        """How many have a status without an amount, before and after."""
        return self.before[status], self.after[status]


@dataclass(slots=True)
class Comparison:
    """Sums by economy, by regime, and by chapter of the Harmonized System."""

    groups: dict[Kind, dict[str, Sums]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    shipments: int = 0
    changed: int = 0

    def add(self, before: Outcome, after: Outcome) -> None:
        """Count one shipment under both laws."""
        self.shipments += 1
        self.changed += before != after
        known = before.total is not None and after.total is not None
        for kind in KINDS:
            one, other = (self._sums(kind, each) for each in (before, after))
            one.before[before.status] += 1
            other.after[after.status] += 1
            if known:
                one.total_before += before.total or 0
                other.total_after += after.total or 0
            one.compared += known
            if other is not one:
                other.compared += known

    def _sums(self, kind: Kind, outcome: Outcome) -> Sums:
        return self.groups[kind].setdefault(outcome.group(kind), Sums(outcome.economy))

    def of(self, kind: Kind) -> Iterator[tuple[str, Sums]]:
        """The groups of a kind, by name."""
        return iter(sorted(self.groups[kind].items()))
