"""Contingency: an authority is unreachable, and nothing is decided in its name meanwhile. Pure.

What is lodged is received, matched and answered as ever; what could be decided waits, marked. At
the end it is decided in the order of recording, by the law of its own legal day, and marked again.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Final

import polars as pl

from tumen.codelist.violations import warning_codes
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import REASON_LENGTH_MAX, REASON_LENGTH_MIN
from tumen.window.acts import ZONES
from tumen.window.decision import ASSESSED_SCHEMA, Decided
from tumen.window.states import TRANSITIONS, Status

MARK: Final = "DECISION_DEFERRED"
"""The code of everything that waited, or was decided after it had waited."""

DECLARATIONS_BEFORE: Final = "CN"
"""The authority of declarations that are no native shipments."""

EXPORT: Final = "export"
"""How the names of export regimes begin: an export is before the economy that sends."""


class Turn(StrEnum):
    """What an entry does."""

    BEGIN = "begin"
    END = "end"


def need_words(economy: str, reason: str) -> str:
    """The reason as it is recorded: one line.

    Raises:
        UsageError: there is no such authority, or the reason cannot be shown to everybody.
    """
    if economy not in ZONES:
        raise UsageError(f"There is no authority {economy}; there are {', '.join(ZONES)}.")
    told = " ".join(reason.split())
    if not REASON_LENGTH_MIN <= len(told) <= REASON_LENGTH_MAX or not told.isprintable():
        raise UsageError(
            f"The reason has {REASON_LENGTH_MIN} to {REASON_LENGTH_MAX} plain characters.",
            next_step="Write one sentence that everybody may read, and nothing personal.",
        )
    return told


def suspended(
    decided: Decided | None, shipments: pl.DataFrame | None, economies: Collection[str]
) -> Decided | None:
    """What is decided, with what is before a suspended authority left to wait.

    A case whose counterparts are missing goes on waiting for them. Of the others nothing but
    warnings is kept: they are judged anew once the authority decides again.

    Args:
        decided: about the cases of a wave; None where there are none.
        shipments: the heads of the wave's native shipments; None where there are none.
        economies: whose decisions are suspended.
    """
    if decided is None or not economies:
        return decided
    before = pl.lit(DECLARATIONS_BEFORE in economies)
    if shipments is not None:
        rows = shipments.filter(authority().is_in([*economies]))["row"]
        others = shipments["row"]
        before = (
            pl.when(pl.col("row").is_in(others.implode()))
            .then(pl.col("row").is_in(rows.implode()))
            .otherwise(before)
        )
    is_left = before & (pl.col("on") != "counterpart_missing")
    left = decided.cases.filter(is_left)
    waiting = left.with_columns(_WAITING)
    return Decided(
        pl.concat([decided.cases.filter(~is_left), waiting]).sort("document_id"),
        decided.charges.join(left.select("document_id"), on="document_id", how="anti"),
        decided.violations.filter(
            ~pl.col("row").is_in(left["row"].implode()) | pl.col("code").is_in(warning_codes())
        ),
    )


def authority() -> pl.Expr:
    """The economy that decides about a shipment."""
    regime = pl.coalesce("regime", "regime_asked").fill_null("")
    return pl.when(regime.str.starts_with(EXPORT)).then("dispatch").otherwise("destination")


_STATUS: Final = {
    source: str(to) for (source, on), to in TRANSITIONS.items() if on == "contingency"
}
_WAITING: Final = [
    pl.lit("contingency").alias("on"),
    pl.col("origin").replace_strict(_STATUS, return_dtype=pl.String).alias("status"),
    pl.lit(None, pl.String).alias("lane"),
    pl.lit([MARK], pl.List(pl.String)).alias("codes"),
    *(
        pl.lit(None, kind).alias(name)
        for name, kind in ASSESSED_SCHEMA.items()
        if name != "document_id"
    ),
]


def marked(decided: Decided) -> Decided:
    """What is decided after it had waited, marked; the reasons of the decision stand before."""
    is_decided = pl.col("status") != str(Status.PENDING)
    with_mark = pl.col("codes").list.concat(pl.lit([MARK], pl.List(pl.String)))
    codes = pl.when(is_decided).then(with_mark).otherwise("codes").alias("codes")
    return replace(decided, cases=decided.cases.with_columns(codes))
