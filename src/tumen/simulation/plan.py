"""The plan of a run: how many bundles, from which day, with which faults in which shares."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import Final

from tumen.kernel.errors import UsageError
from tumen.simulation.faults import NDJSON_ONLY, SHARE_DEFAULT, TABLE, Fault, fault_named

DAY_DEFAULT: Final = date(2026, 8, 3)
DAY_FIRST: Final = date(2019, 1, 1)
"""The limits of 5,000 and 26,000 CNY, by which the outcomes are known, are in force from here."""
BUNDLES_MAX: Final = 10**8
SEED_MAX: Final = 999_999
DAYS_MAX: Final = 366


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate.

    Attributes:
        bundles: how many consignments.
        seed: the same seed gives the same documents.
        day: the first day of declaration.
        days: over how many days the declarations are spread.
        share: share of bundles with a fault; None for the default, which is everything where
            one fault is asked for.
        fault: the only fault to put in; None for all of the table.
        format: `ndjson` or `ceb`: some faults exist in one only.
    """

    bundles: int
    seed: int = 0
    day: date = DAY_DEFAULT
    days: int = 1
    share: float | None = None
    fault: str | None = None
    format: str = "ndjson"

    def check(self) -> None:
        """Refuses what cannot be simulated.

        Raises:
            UsageError: a number is out of its range, or a name is unknown.
        """
        if self.format not in ("ndjson", "ceb"):
            raise UsageError(f"There is no format {self.format!r}. There are: ndjson, ceb.")
        ranges = (
            ("bundles", self.bundles, 1, BUNDLES_MAX),
            ("seed", self.seed, 0, SEED_MAX),
            ("days", self.days, 1, DAYS_MAX),
            ("faults", self.fault_share, 0, 1),
        )
        for name, value, least, most in ranges:
            if not least <= value <= most:
                raise UsageError(f"{name} is {value}, but must be from {least} to {most}.")
        if self.day < DAY_FIRST:
            raise UsageError(
                f"The outcomes are known from {DAY_FIRST} on, by the limits in force since then.",
                next_step=f"Name a first day from {DAY_FIRST} on.",
            )
        if self.fault is not None:
            fault_named(self.fault)
            if not self.faults:
                raise UsageError(f"The fault {self.fault!r} exists in ndjson only.")

    @property
    def fault_share(self) -> float:
        """The share of bundles with a fault."""
        if self.share is not None:
            return self.share
        return SHARE_DEFAULT if self.fault is None else 1.0

    @property
    def faults(self) -> list[Fault]:
        """The faults that may be put in."""
        table = TABLE if self.fault is None else (fault_named(self.fault),)
        return [f for f in table if self.format == "ndjson" or f.name not in NDJSON_ONLY]

    def stated_shares(self) -> dict[str, str]:
        """Each fault's share of all bundles, as a decimal, for the record of the run."""
        faults = self.faults
        parts = sum(fault.parts for fault in faults)
        return {f.name: f"{self.fault_share * f.parts / parts:.6f}" for f in faults}


class Lot:
    """Draws faults by their shares."""

    def __init__(self, plan: Plan) -> None:
        self._share = plan.fault_share
        self._faults = plan.faults
        self._bounds = list(accumulate(fault.parts for fault in self._faults))

    def draw(self, random: Random) -> Fault | None:
        """A fault, or None for a clean bundle."""
        if random.random() >= self._share:
            return None
        return self._faults[bisect_right(self._bounds, random.random() * self._bounds[-1])]
