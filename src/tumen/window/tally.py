"""The tally of a run: what was answered how, and where the declarations stand."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from tumen.codelist.currencies import currency
from tumen.documents.fields import Kind
from tumen.law.figures import amount_text
from tumen.window.admission import DECLARED, Answer
from tumen.window.recording import Outcome
from tumen.window.states import Status

UNREADABLE: Final = "unreadable"
"""Rows of which not even the kind could be told."""

SHOWN: Final = (
    Status.RELEASED, Status.HELD, Status.EXAMINATION, Status.REJECTED, Status.PENDING,
    Status.AWAITING, Status.REVOKED, Status.RETURNED,
)  # fmt: skip

FEN: Final = 100


@dataclass(slots=True)
class Tally:
    """Counts over the outcomes of a run; of earlier runs' declarations it keeps the numbers.

    Attributes:
        documents: (kind, answer) -> rows.
        declarations: status -> declarations touched in this run, as they stand now.
        charges: (currency, charge code) -> minor units due on released goods, refunds taken off.
        charges_on_hold: the same of goods that are held or to be examined.
        unknown_charges: declarations with a charge that is unknown, which is no part of the sums.
        violations: code -> how often it was found.
        unverified: parameter of the law -> declarations assessed with it, though its evidence is
            below confirmed.
    """

    documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    declarations: Counter[str] = field(default_factory=Counter)
    charges: Counter[tuple[str, str]] = field(default_factory=Counter)
    charges_on_hold: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown_charges: int = 0
    violations: Counter[str] = field(default_factory=Counter)
    unverified: Counter[str] = field(default_factory=Counter)
    _batches: set[int] = field(default_factory=set)
    _earlier: set[int] = field(default_factory=set)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self._batches.add(outcome.batch_id)
        by = outcome.answers.group_by(pl.col("kind").fill_null(UNREADABLE), "answer").len()
        self.documents.update({(kind, answer): count for kind, answer, count in by.iter_rows()})
        codes = outcome.violations["code"].value_counts()
        self.violations.update(dict(codes.iter_rows()))
        self._add_charges(outcome)
        names = outcome.events["unverified"].drop_nulls().str.split(",").explode()
        self.unverified.update(dict(names.value_counts().iter_rows()))
        self._add_declarations(outcome)

    def _add_charges(self, outcome: Outcome) -> None:
        """Sum what is known, by whether the goods are released; count what is not known."""
        for code, status, unit, amount in outcome.charges.iter_rows():
            sums = self.charges if status == Status.RELEASED else self.charges_on_hold
            sums[unit, code] += amount
        self.unknown_charges += int((outcome.events["missing"].fill_null("") != "").sum())

    def _add_declarations(self, outcome: Outcome) -> None:
        """Move declarations from where this run left them to where they are now."""
        self._add_lodged_again(outcome.answers)
        is_ours = pl.col("origin_batch").is_in(self._batches).fill_null(value=True)
        events = outcome.events.with_columns(is_ours.alias("is_ours"))
        moves = events.filter("is_ours").group_by("status", "status_before").len()
        for status, before, count in moves.iter_rows():
            self.declarations[status] += count
            if before is not None:
                self.declarations[before] -= count
        for document, status, before in (
            events.filter(~pl.col("is_ours"))
            .select("document_id", "status", "status_before")
            .iter_rows()
        ):
            self._stand(document, before)
            self.declarations[status] += 1
            self.declarations[before] -= 1
        self.declarations[Status.REJECTED] += _refused_at_the_door(outcome)

    def _add_lodged_again(self, answers: pl.DataFrame) -> None:
        """Count declarations of earlier runs that this one lodged again, as they stood then."""
        again = answers.filter(
            pl.col("kind").is_in(DECLARED)
            & (pl.col("answer") == Answer.DUPLICATE)
            & ~pl.col("original_batch").is_in(self._batches).fill_null(value=True)
        )
        is_rejected = pl.col("original_answer") == Answer.REJECTED
        is_in_force = pl.col("document_id").eq_missing(pl.coalesce("replaces", "document_id"))
        status = (
            pl.when(is_rejected & _none_in_force())
            .then(pl.lit(str(Status.REJECTED)))
            .when(~is_rejected & is_in_force)
            .then("life")
        )
        for document, stood in again.select("document_id", status).drop_nulls().iter_rows():
            self._stand(document, stood)

    def _stand(self, document: int, status: str) -> None:
        """Count a declaration of an earlier run where it stands, once in this run."""
        if document not in self._earlier:
            self._earlier.add(document)
            self.declarations[status] += 1

    def summary(self, seconds: float) -> dict[str, object]:
        """The summary as it is printed and written to ``summary.json``."""
        kinds = [*(str(kind) for kind in Kind), UNREADABLE]
        return {
            "documents": {
                kind: {str(answer): self.documents[kind, answer] for answer in Answer}
                for kind in kinds
            },
            "declarations": {str(status): self.declarations[status] for status in SHOWN},
            "charges": _by_currency(self.charges),
            "charges_on_hold": _by_currency(self.charges_on_hold),
            "unknown_charges": self.unknown_charges,
            "violations": dict(self.violations.most_common()),
            "unverified": dict(self.unverified.most_common()),
            "seconds": round(seconds, 3),
        }


def _none_in_force() -> pl.Expr:
    return pl.col("life").is_null() | (pl.col("life") == Status.REJECTED)


def _refused_at_the_door(outcome: Outcome) -> int:
    """Lists that were refused before they became a case, and that no other is in force for."""
    refused = outcome.answers.filter(
        pl.col("kind").is_in(DECLARED) & (pl.col("answer") == Answer.REJECTED) & _none_in_force()
    )
    decided = outcome.events.select("document_id")
    return refused.join(decided, on="document_id", how="anti").height


def _by_currency(sums: Counter[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The sums by currency and code; yuan are told even where there are none."""
    told: dict[str, dict[str, str]] = {"CNY": {}}
    for code, charge in sorted(sums):
        digits = currency(code).minor_digits
        told.setdefault(code, {})[charge] = str(amount_text(sums[code, charge], digits))
    return told


def yuan(fen: int) -> str:
    """An amount in fen as yuan.

    >>> yuan(123456), yuan(-5)
    ('1234.56', '-0.05')
    """
    sign, amount = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{amount // FEN}.{amount % FEN:02d}"
