"""Revocations and returns, with their effects on status, allowance and charges.

A revocation is accepted before release. A return is applied for within the days of the law
(GACC 2020/45: 30 days from release); what comes back is neither taxed nor counted, so its share
of each charge is refunded and its customs value is given back to the person's allowance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from tumen.documents.check import key_of
from tumen.kernel.fixed_point import text_of
from tumen.kernel.violation import gather, no_violations, violations
from tumen.law.columns import at_column
from tumen.window.states import sources


@dataclass(frozen=True, slots=True)
class Targets:
    """What revocations and returns refer to, as stored.

    Attributes:
        declarations: in force, with status, legal_day and released_on, by key.
        items: their goods items.
        returned: declaration_key, item_number, returned: quantities taken back before.
        charges: document_id, position, code, charged_fen, outstanding_fen.
        allowances: document_id, person, year, held_fen.
    """

    declarations: pl.DataFrame
    items: pl.DataFrame
    returned: pl.DataFrame
    charges: pl.DataFrame
    allowances: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Effects:
    """What accepted revocations and returns do to declarations.

    Attributes:
        events: document_id (the declaration), row (the request), status, legal_day.
        allowance: document_id, person, year, amount_fen (negative), by request row.
        charges: document_id, position, code, amount_fen (negative), by request row.
        violations: why requests were refused.
    """

    events: pl.DataFrame
    allowance: pl.DataFrame
    charges: pl.DataFrame
    violations: pl.DataFrame


EVENT_SCHEMA = {
    "row": pl.UInt32,
    "document_id": pl.Int64,
    "status": pl.String,
    "legal_day": pl.Date,
}
ALLOWANCE_SCHEMA = {
    "document_id": pl.Int64,
    "person": pl.String,
    "year": pl.Int32,
    "amount_fen": pl.Int64,
}
REFUND_SCHEMA = {
    "document_id": pl.Int64,
    "position": pl.Int32,
    "code": pl.String,
    "amount_fen": pl.Int64,
}


NO_EFFECTS: Final = Effects(
    pl.DataFrame(schema=EVENT_SCHEMA),
    pl.DataFrame(schema=ALLOWANCE_SCHEMA),
    pl.DataFrame(schema=REFUND_SCHEMA),
    no_violations(),
)
"""Nothing was revoked or returned."""


def together(effects: Sequence[Effects]) -> Effects:
    """The effects of several kinds of requests in one."""
    return Effects(
        pl.concat([each.events for each in effects]),
        pl.concat([each.allowance for each in effects]),
        pl.concat([each.charges for each in effects]),
        gather(*(each.violations for each in effects)),
    )


def _targeted(requests: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Requests beside the declarations they refer to."""
    declarations = targets.declarations.select(
        pl.col("key").alias("declaration_key"),
        pl.col("document_id").alias("target_id"),
        pl.col("status").alias("target_status"),
        pl.col("legal_day").alias("target_day"),
        "released_on",
        pl.col("declaration_number").alias("target_number"),
        pl.col("own_reference").alias("target_reference"),
        pl.col("buyer_index").alias("target_buyer"),
    )
    return requests.with_columns(
        declaration_key=key_of("platform_code", "order_number"),
        asked_day=pl.col("issued_at").str.slice(0, 8).str.to_date("%Y%m%d", strict=False),
    ).join(declarations, on="declaration_key", how="left", maintain_order="left")


def _identity_violations(asked: pl.DataFrame) -> list[pl.DataFrame]:
    """The declaration must be there, be the one that is cited, and be the buyer's own."""
    cited = pl.col("declaration_number")
    other = (
        cited.is_not_null()
        & (cited != "")
        & (cited != pl.col("target_number"))
        & cited.ne_missing(pl.col("target_reference"))
    )
    unknown = asked.filter(pl.col("target_id").is_null() | other)
    stranger = asked.filter(
        pl.col("target_id").is_not_null() & pl.col("buyer_index").ne_missing(pl.col("target_buyer"))
    )
    return [
        violations(unknown, "DECLARATION_UNKNOWN", "declaration_number", value=cited),
        violations(stranger, "MATCH_BUYER_ID", "buyer_id_number"),
    ]


def _without(frame: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    return frame.join(refused.select("row").unique(), on="row", how="anti", maintain_order="left")


def _events(asked: pl.DataFrame, status: pl.Expr) -> pl.DataFrame:
    return asked.select(
        "row",
        pl.col("target_id").alias("document_id"),
        status.alias("status"),
        pl.max_horizontal("asked_day", "target_day").alias("legal_day"),
    )


def revoke(requests: pl.DataFrame, targets: Targets) -> Effects:
    """Judge the accepted revocations of a wave and say what they do."""
    asked = _targeted(requests, targets)
    not_open = asked.filter(
        pl.col("target_id").is_not_null() & ~pl.col("target_status").is_in(sources("revocation"))
    )
    refusals = gather(
        *_identity_violations(asked),
        violations(not_open, "NOT_REVOCABLE", "declaration_number", value=pl.col("target_status")),
    )
    granted = _without(asked, refusals)
    given_back = targets.allowances.join(
        granted.select("row", pl.col("target_id").alias("document_id")), on="document_id"
    ).filter(pl.col("held_fen") > 0)
    return Effects(
        _events(granted, pl.lit("revoked")),
        given_back.select(
            "document_id", "person", "year", (-pl.col("held_fen")).alias("amount_fen")
        ),
        _reversed(granted, targets),
        refusals,
    )


def _reversed(granted: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """What was charged on goods that are not released after all, where it is known."""
    revoked = granted.select(pl.col("target_id").alias("document_id"))
    outstanding = targets.charges.filter(pl.col("outstanding_fen") > 0)
    return outstanding.join(revoked, on="document_id", how="semi").select(
        "document_id", "position", "code", (-pl.col("outstanding_fen")).alias("amount_fen")
    )


def _lines(asked: pl.DataFrame, items: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """The returned lines beside the declared ones and what came back before."""
    declared = targets.items.select(
        pl.col("document_id").alias("target_id"),
        "position",
        "item_number",
        pl.col("quantity").alias("declared"),
        pl.col("hs_code").alias("declared_hs_code"),
    )
    return (
        items.join(asked.select("row", "target_id", "declaration_key"), on="row")
        .join(declared, on=["target_id", "item_number"], how="left", maintain_order="left")
        .join(
            targets.returned, on=["declaration_key", "item_number"], how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("returned").fill_null(0))
    )  # fmt: skip


def _line_violations(lines: pl.DataFrame) -> list[pl.DataFrame]:
    path = pl.format("items[{}].quantity", pl.col("index"))
    unknown = lines.filter(
        pl.col("declared").is_null() | (pl.col("hs_code") != pl.col("declared_hs_code"))
    )
    left = pl.col("declared") - pl.col("returned")
    too_much = lines.filter(pl.col("quantity") > left)
    return [
        violations(unknown, "RETURN_ITEM_UNKNOWN", path, value=pl.col("item_number")),
        violations(
            too_much, "RETURN_QUANTITY_EXCEEDED", path,
            value=text_of(pl.col("quantity")), expected=text_of(left),
        ),
    ]  # fmt: skip


def _share(amount: str) -> pl.Expr:
    """The returned quantity's share of an amount, rounded down; 128 bits, so it cannot wrap."""
    product = pl.col(amount).cast(pl.Int128) * pl.col("quantity")
    return (product // pl.col("declared")).cast(pl.Int64)


def _refunds(lines: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """The share of each charge; the last piece of an item takes what is outstanding."""
    charged = lines.join(
        targets.charges, left_on=["target_id", "position"], right_on=["document_id", "position"]
    )
    share = _share("charged_fen")
    is_last = pl.col("quantity") + pl.col("returned") == pl.col("declared")
    refunds = charged.with_columns(
        amount_fen=-pl.when(is_last).then("outstanding_fen").otherwise(share)
    )
    return refunds.filter(pl.col("amount_fen") < 0).select(
        pl.col("target_id").alias("document_id"), "position", "code", "amount_fen"
    )


def _given_back(
    lines: pl.DataFrame, targets: Targets, values: pl.DataFrame, is_full: pl.Series
) -> pl.DataFrame:
    """The customs value of what came back; with the last piece all that is still held.

    The shares are rounded down, so that pieces alone would leave some fen with the person.
    """
    valued = lines.join(
        values.select(
            pl.col("declaration").alias("target_id"),
            pl.col("item").alias("position"),
            "customs_value_fen",
        ),
        on=["target_id", "position"],
    )
    back = valued.group_by("target_id").agg(_share("customs_value_fen").sum().alias("back_fen"))
    return (
        targets.allowances.join(back, left_on="document_id", right_on="target_id")
        .with_columns(
            amount_fen=-pl.when(pl.col("document_id").is_in(is_full.implode()))
            .then("held_fen")
            .otherwise(pl.min_horizontal("back_fen", "held_fen"))
        )
        .filter(pl.col("amount_fen") < 0)
        .select("document_id", "person", "year", "amount_fen")
    )


def _with_days_max(asked: pl.DataFrame) -> pl.DataFrame:
    """The days from release within which a return is applied for, by the law of its day."""
    column = at_column("cn.cbec.return_apply_days", nw.col("asked_day"))
    return nw.from_native(asked).with_columns(days_max=column).to_native()


def take_back(
    requests: pl.DataFrame,
    items: pl.DataFrame,
    targets: Targets,
    values: pl.DataFrame,
) -> Effects:
    """Judge the accepted returns of a wave and say what they do.

    Args:
        requests: the return documents.
        items: their goods items, with ``row`` and ``index``.
        targets: what they refer to.
        values: declaration, item, customs_value_fen of the targets' items.
    """
    asked = _with_days_max(_targeted(requests, targets))
    known = asked.filter(pl.col("target_id").is_not_null())
    closed = known.filter(
        ~pl.col("target_status").is_in(sources("full_return")) | pl.col("days_max").is_null()
    )
    late = known.filter(
        (pl.col("asked_day") - pl.col("released_on")).dt.total_days() > pl.col("days_max")
    )
    lines = _lines(known, items, targets)
    refusals = gather(
        *_identity_violations(asked),
        violations(closed, "NOT_RETURNABLE", "declaration_number", value=pl.col("target_status")),
        violations(late, "RETURN_TOO_LATE", "issued_at", expected=pl.col("days_max")),
        *_line_violations(lines),
    )
    granted, back = _without(known, refusals), _without(lines, refusals)
    is_full = _is_full(back, targets)
    status = pl.when(pl.col("target_id").is_in(is_full.implode())).then(pl.lit("returned"))
    return Effects(
        _events(granted, status.otherwise(pl.lit("released"))),
        _given_back(back, targets, values, is_full),
        _refunds(back, targets),
        refusals,
    )


def _is_full(back: pl.DataFrame, targets: Targets) -> pl.Series:
    """The declarations of which, with these lines, everything has come back."""
    now = back.group_by("target_id", "item_number").agg(pl.col("quantity").sum())
    keyed = targets.items.join(
        targets.declarations.select("document_id", pl.col("key").alias("declaration_key")),
        on="document_id",
    ).rename({"quantity": "declared", "document_id": "target_id"})
    state = (
        keyed.join(targets.returned, on=["declaration_key", "item_number"], how="left")
        .join(now, on=["target_id", "item_number"], how="left")
        .with_columns(
            left=pl.col("declared") - pl.col("returned").fill_null(0)
            - pl.col("quantity").fill_null(0)
        )
    )  # fmt: skip
    return (state.group_by("target_id").agg(pl.col("left").sum()).filter(pl.col("left") <= 0))[
        "target_id"
    ]
