"""The sums of an assessment: shipments by status and economy, charges by economy."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.law.assessing import AMOUNT, Assessed
from tumen.law.parameters import law_version
from tumen.law.ruling import CHARGE_CODES

NOWHERE: Final = "unknown"
"""Stands for the economy of shipments whose destination could not be read."""

_OWED: Final = ("payable", "exempt")


@dataclass(slots=True)
class Tally:
    """Adds up what was assessed.

    Charges are summed over the shipments whose total is known and that are admitted; those in
    which a charge is unknown are counted beside its sum, and no part of them is in it.
    """

    items: int = 0
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    sums: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)

    def add(self, assessed: Assessed) -> None:
        """Count some shipments."""
        frame = assessed.shipments.with_columns(pl.col("destination").fill_null(NOWHERE))
        self.items += int(frame["items"].sum())
        for destination, status, count in frame.group_by("destination", "status").len().rows():
            self.statuses[destination, status] += count
        self._add_charges(frame)
        self._add_unknown(frame)
        self.warnings.update(_words(frame, "warnings", " "))
        self.violations.update(text.partition(" ")[0] for text in _words(frame, "violations", "; "))

    def _add_charges(self, frame: pl.DataFrame) -> None:
        owed = frame.filter(pl.col("status").is_in(_OWED))
        levied = pl.col(CHARGE_CODES).cast(AMOUNT)
        for destination, *amounts in owed.group_by("destination").agg(levied.sum()).rows():
            for code, amount in zip(CHARGE_CODES, amounts, strict=True):
                if amount:
                    key = destination, code
                    self.sums[key] = self.sums.get(key, Decimal(0)) + amount

    def _add_unknown(self, frame: pl.DataFrame) -> None:
        told = frame.select("destination", pl.col("unknown_charges").str.split(" "))
        counts = told.explode("unknown_charges").drop_nulls().group_by(pl.all()).len()
        for destination, code, count in counts.rows():
            self.unknown[destination, code] += count

    @property
    def shipments(self) -> int:
        """How many shipments were counted."""
        return self.statuses.total()

    def summary(self, seconds: float) -> dict[str, Any]:
        """The sums as plain tables, with what the clock says of the run."""
        economies = [each for each in (*CURRENCY_OF, NOWHERE) if self._of(each)]
        return {
            "shipments": self.shipments,
            "items": self.items,
            "statuses": {each: self._of(each) for each in economies},
            "charges": {each: self._charges(each) for each in economies if each in CURRENCY_OF},
            "warnings": dict(_most_first(self.warnings)),
            "violations": dict(_most_first(self.violations)),
            "law_version": law_version(),
            "seconds": round(seconds, 3),
            "shipments_a_second": round(self.shipments / seconds) if seconds else None,
        }

    def _of(self, economy: str) -> dict[str, int]:
        found = sorted(self.statuses.items())
        return {status: count for (each, status), count in found if each == economy}

    def _charges(self, economy: str) -> dict[str, dict[str, Any]]:
        """The sum of each charge as a text, its currency, and in how many it is unknown."""
        own = CURRENCY_OF[economy]
        digits = currency(own).minor_digits
        return {
            code: {
                "total": f"{self.sums.get((economy, code), Decimal(0)):.{digits}f}",
                "currency": own,
                "unknown": self.unknown[economy, code],
            }
            for code in CHARGE_CODES
            if (economy, code) in self.sums or self.unknown[economy, code]
        }


def _words(frame: pl.DataFrame, column: str, between: str) -> list[str]:
    words = frame[column].drop_nulls().str.split(between).explode()
    return [each for each in words if each is not None]


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
