"""Native shipments at the desk: screened, decided by the one transition table, and recorded.

The law has spoken already (:mod:`tumen.window.shipment_reading`). What it admits and knows is
released unless a rule of selectivity asks for another lane; what it does not admit is rejected;
what it does not know is held. Chinese retail by e-commerce is held, too: only a list that is
matched with order, payment and waybill is released under that regime (ADR 5). Pure.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.violation import gather, no_violations
from tumen.window.books import Table
from tumen.window.cases import Accepted
from tumen.window.decision import (
    ASSESSED_SCHEMA,
    CHARGE_SCHEMA,
    Columns,
    Decided,
    Policy,
    transition,
)
from tumen.window.screening import FirstTimeBuyer, ValueOutlier, rules, screen
from tumen.window.states import LODGED, Lane

COUNTERPARTS_REQUIRED: Final = ("cbec", "export_9610")
"""Regimes under which customs must have the electronic order, payment and waybill (GACC 2018
No. 194): a shipment alone is not enough to be released."""

OTHERS: Final = (ValueOutlier, FirstTimeBuyer)
"""Rules that do not look at shipments: their prices and thresholds are in yuan."""

NO_COUNTERPARTS: Final = "SCREEN_COUNTERPARTS_REQUIRED"


def lodged(accepted: Accepted) -> pl.DataFrame | None:
    """The shipments accepted in this batch, with their numbers; None where there are none."""
    return accepted.get(Kind.SHIPMENT)


def decide(
    shipments: pl.DataFrame,
    items: Mapping[Kind, pl.DataFrame],
    policy: Policy,
    frozen: frozenset[str] = frozenset(),
    origin: str = LODGED,
) -> Decided:
    """Decide every shipment: each can be decided at once.

    Args:
        shipments: their heads with document_id, as :func:`lodged` gives them.
        items: the goods items of the batch.
        policy: what this node has chosen.
        frozen: buyers who hold back what uses their number, by blind index.
        origin: where they come from: lodged, or the status in which they waited.
    """
    is_frozen = [buyer in frozen for buyer in shipments["buyer_index"].to_list()]
    guarded = shipments.hstack([pl.Series("is_frozen", is_frozen, pl.Boolean)])
    ordered, is_refused = guarded.sort("document_id"), _IS_REFUSED
    lanes = _lanes(ordered, items[Kind.SHIPMENT], policy)
    found = _reasons(ordered.filter(is_refused))
    joined = ordered.join(lanes, on="document_id", how="left", maintain_order="left")
    cases = joined.select(
        "row",
        "document_id",
        "key",
        pl.lit(origin).alias("origin"),
        pl.when(is_refused).then(pl.lit("refused")).otherwise("lane").alias("on"),
        pl.when(~is_refused).then("lane").alias("lane"),
        pl.when(is_refused)
        .then(pl.col("reasons").list.eval(pl.element().struct.field("code")).list.unique(
            maintain_order=True
        ))
        .otherwise("codes")
        .alias("codes"),
        "party_hits",
        "legal_day",
        "missing",
        "unverified",
    )  # fmt: skip
    absent = {**_CASE, **ASSESSED_SCHEMA}
    nulls = [
        pl.lit(None, kind).alias(name) for name, kind in absent.items() if name not in cases.columns
    ]
    return Decided(transition(cases.with_columns(nulls)), pl.DataFrame(schema=CHARGE_SCHEMA), found)


_IS_REFUSED: Final = (pl.col("verdict") == "not_admissible") | (pl.col("reasons").list.len() > 0)
"""Whether the law does not admit a shipment: it is rejected, and nothing is charged."""

_CASE: Final[Columns] = {"person": pl.String, "year": pl.Int32}


def together(decided: Decided | None, shipped: Decided) -> Decided:
    """What is decided about declarations and shipments of one wave."""
    if decided is None:
        return shipped
    return Decided(
        pl.concat([decided.cases, shipped.cases], how="diagonal"),
        decided.charges,
        gather(decided.violations, shipped.violations),
    )


def _lanes(shipments: pl.DataFrame, items: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The lane of each shipment by the rules that look at shipments: document_id, lane, codes."""
    goods = items.join(shipments.select("row", "document_id"), on="row", how="inner").select(
        "document_id", goods_name="description"
    )
    asked = [rule for rule in rules() if not isinstance(rule, OTHERS)]
    cases = shipments.with_columns(day=pl.col("legal_day"))
    lanes = screen(cases, goods, policy.lists, policy.seed, asked)
    needs = pl.Series(shipments["regime"].is_in(COUNTERPARTS_REQUIRED).fill_null(value=False))
    code = pl.lit([NO_COUNTERPARTS], pl.List(pl.String))
    return lanes.with_columns(
        pl.when(needs & (pl.col("lane") != Lane.RED))
        .then(pl.lit(str(Lane.YELLOW)))
        .otherwise("lane")
        .alias("lane"),
        pl.when(needs).then(pl.col("codes").list.concat(code)).otherwise("codes").alias("codes"),
    )


def _reasons(refused: pl.DataFrame) -> pl.DataFrame:
    """Why shipments are not admitted, as violations of their rows."""
    told = refused.select("row", "reasons").explode("reasons").unnest("reasons").drop_nulls("code")
    return told if told.height else no_violations()


# --- rows and sums -----------------------------------------------------------------------------


def tables(shipments: pl.DataFrame, events: pl.DataFrame) -> list[Table]:
    """What the shipments were assessed at, and what they are charged, under their events."""
    placed = shipments.join(
        events.select("document_id", "event_id", "status"), on="document_id", maintain_order="left"
    )
    assessed = placed.select(
        "event_id", "document_id", "regime", "verdict",
        pl.col("charge_currency").alias("currency"),
        _minor("customs_value").alias("customs_value_minor"),
        _minor("total").alias("total_minor"),
        "ruling",
    )  # fmt: skip
    charged = charges(placed.filter(~_IS_REFUSED)).select(
        "event_id", "code", "currency", "base_minor", "rate", "amount_minor", "missing"
    )
    return [("shipment_assessment", assessed), ("shipment_charge", charged)]


def charges(shipments: pl.DataFrame) -> pl.DataFrame:
    """One line a charge that is due on a shipment, with the other columns of its head.

    Returns:
        code, currency, base_minor, rate, amount_minor, missing, and what else stands there.
    """
    there = shipments.filter(pl.col("charges").list.len() > 0).drop("missing", "currency")
    tall = there.explode("charges").unnest("charges").rename({"charge_currency": "currency"})
    return tall.with_columns(
        _minor("base").alias("base_minor"), _minor("amount").alias("amount_minor")
    )


def _minor(column: str) -> pl.Expr:
    """An amount of the law's answer, which has all the decimals of its currency, in minor units."""
    return pl.col(column).str.replace(".", "", literal=True).cast(pl.Int64)


def totals(shipments: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """What is known of the charges: code, status, currency, amount_minor, summed up."""
    standing = cases.select("document_id", "status")
    known = (
        charges(shipments.filter(~_IS_REFUSED))
        .join(standing, on="document_id", how="inner")
        .drop_nulls("amount_minor")
    )
    return known.group_by("code", "status", "currency").agg(pl.col("amount_minor").sum())
