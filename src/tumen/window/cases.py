"""Cases and counterparts: which declarations can be decided now, and what there is to match."""

from collections.abc import Mapping

import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.check import key_of
from tumen.documents.fields import Kind
from tumen.kernel.chains import (
    in_line,
    in_order,
    is_among,
    kept,
    matched,
    stacked,
)
from tumen.kernel.columns import chosen, column
from tumen.window.assessment import ITEM_COLUMNS
from tumen.window.matching import (
    AMOUNTS,
    ORDER_COLUMNS,
    PAYMENT_COLUMNS,
    WAYBILL_COLUMNS,
    Counterparts,
    choose,
)
from tumen.window.matching import (
    ITEM_COLUMNS as ORDER_ITEM_COLUMNS,
)

CASE_COLUMNS = (
    "row", "document_id", "origin", "key", "waybill_key", "order_number", "merchant_code",
    "buyer_index", "buyer_name_index", "issued_at", "day", "freight", "insurance", "person",
    "year", "party_hits",
)  # fmt: skip
"""A case is a declaration to be decided: lodged in this batch, or pending in the store.

``row`` is its place in the batch, or a number beyond the batch for a stored one; ``origin`` is
``lodged`` or the status in which it waits; ``day`` and ``year`` are those of the declaration."""

WAYBILL_KEY = key_of("carrier_code", "waybill_number").alias("waybill_key")
ORDER_KEY = key_of("platform_code", "order_number")
_PARTY_HITS = pl.col("party_hits")

Accepted = Mapping[Kind, pl.DataFrame]
"""The accepted, declared documents of a batch, with document_id; deletions among them."""


def accepted(wave: Batch, answered: pl.DataFrame) -> Accepted:
    """The heads of accepted, declared documents."""
    is_chosen = (answered["answer"] == "accepted") & (answered["status"] == 120)
    if answered.height == sum(map(len, wave.heads.values())) and is_chosen.all():
        return wave.heads
    chosen = set(answered["row"].filter(is_chosen).to_list())
    heads = wave.heads.items()
    parts = {kind: kept(head, is_among(head["row"], chosen)) for kind, head in heads}
    return {kind: head for kind, head in parts.items() if not head.is_empty()}


def case_columns(origin: str, party_hits: pl.Expr = _PARTY_HITS) -> list[pl.Expr]:
    """From the columns of a declaration to those of a case."""
    return [
        pl.col("document_id"),
        pl.lit(origin).alias("origin"),
        pl.col("key"),
        WAYBILL_KEY,
        *(
            pl.col(name)
            for name in ("order_number", "merchant_code", "buyer_index", "buyer_name_index",
                         "issued_at", "freight", "insurance")
        ),
        party_hits,
        pl.col("declared_on").str.to_date("%Y%m%d", strict=False).alias("day"),
        pl.col("buyer_index").alias("person"),
        pl.col("declared_on").str.slice(0, 4).cast(pl.Int32, strict=False).alias("year"),
    ]  # fmt: skip


def lodged_heads(accepted: Accepted) -> pl.DataFrame | None:
    """The heads of the declarations lodged in this batch; None where there are none."""
    head = accepted.get(Kind.DECLARATION)
    if head is None:
        return None
    head = _standing(head)
    return None if head.is_empty() else head


def _standing(head: pl.DataFrame) -> pl.DataFrame:
    """The documents that are no deletions."""
    return kept(head, head["function_code"] != "3")


def lodged(accepted: Accepted) -> pl.DataFrame | None:
    """The declarations lodged in this batch, as cases; None where there are none."""
    head = lodged_heads(accepted)
    return None if head is None else in_line(head, [pl.col("row"), *case_columns("lodged")])


def waiting(stored: pl.DataFrame, first_row: int, origin: str = "pending") -> pl.DataFrame | None:
    """Stored declarations that wait, as cases; their rows are counted on beyond the batch."""
    if stored.is_empty():
        return None
    rows = stored.with_row_index("row", offset=first_row)
    told = case_columns(origin, _PARTY_HITS.str.split(","))
    return in_line(rows, [pl.col("row").cast(pl.UInt32), *told])


def together(*parts: pl.DataFrame | None) -> pl.DataFrame | None:
    """All cases in recorded order; None where there is nothing to decide."""
    there = [chosen(part, CASE_COLUMNS) for part in parts if part is not None]
    return in_order(stacked(there), "document_id") if there else None


def _living(head: pl.DataFrame | None, key: pl.Expr, columns: tuple[str, ...]) -> pl.DataFrame:
    """The documents of this batch that take part in matching, by the given key.

    Of one document there is one version in a wave, but an order may have several payments.
    """
    if head is None:
        schema = {
            "key": pl.String,
            "document_id": pl.Int64,
            **{name: pl.Int64 if name in AMOUNTS else pl.String for name in columns},
        }
        return pl.DataFrame(schema=schema)
    told = [key.alias("key"), *map(pl.col, ("document_id", *columns))]
    return in_line(_standing(head), told)


def own_counterparts(accepted: Accepted, items: Mapping[Kind, pl.DataFrame]) -> Counterparts:
    """The counterparts that this batch itself brings."""
    orders = accepted.get(Kind.ORDER)
    return Counterparts(
        _living(orders, pl.col("key"), ORDER_COLUMNS),
        _living(accepted.get(Kind.PAYMENT), ORDER_KEY, PAYMENT_COLUMNS),
        _living(accepted.get(Kind.WAYBILL), pl.col("key"), WAYBILL_COLUMNS),
        _order_items(orders, items),
    )


def _order_items(orders: pl.DataFrame | None, items: Mapping[Kind, pl.DataFrame]) -> pl.DataFrame:
    lines = items.get(Kind.ORDER)
    if orders is None or lines is None:
        numbers = {"quantity", "total_price"}
        return pl.DataFrame(
            schema={
                "document_id": pl.Int64,
                "item_number": pl.Int32,
                **{n: pl.Int64 if n in numbers else pl.String for n in ORDER_ITEM_COLUMNS},
            }
        )
    placed = matched(lines, chosen(orders, ["row", "document_id"]), "row")
    return chosen(placed, ["document_id", "item_number", *ORDER_ITEM_COLUMNS])


def own_items(accepted: Accepted, items: Mapping[Kind, pl.DataFrame]) -> pl.DataFrame | None:
    """The goods items of the declarations lodged in this batch."""
    head, lines = accepted.get(Kind.DECLARATION), items.get(Kind.DECLARATION)
    if head is None or lines is None:
        return None
    placed = matched(lines, chosen(head, ["row", "document_id"]), "row")
    positions = placed["index"].cast(pl.Int32).alias("position")
    return chosen(placed.hstack([positions]), ITEM_COLUMNS)


def absent(wanted: pl.Series, *there: pl.Series) -> pl.Series:
    """The wanted keys that are not there, each once."""
    known = set[str | None]((None,)).union(*(keys.to_list() for keys in there))
    absent_ones = (key for key in wanted.to_list() if key not in known)
    return column("key", list(dict.fromkeys(absent_ones)), pl.String)


def waited_for(accepted: Accepted) -> tuple[pl.Series, pl.Series]:
    """The keys of orders and of waybills for which a stored declaration may wait.

    What the wave's own declarations have is theirs: they are decided anyway.
    """
    own = accepted.get(Kind.DECLARATION)
    lodged = _NO_KEYS if own is None else own["key"]
    lodged_waybills = _NO_KEYS if own is None else in_line(own, [WAYBILL_KEY]).to_series()
    orders, payments, waybills = (
        accepted.get(kind) for kind in (Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL)
    )
    paid = _NO_KEYS if payments is None else in_line(payments, [ORDER_KEY.alias("key")])["key"]
    order_keys = paid if orders is None else pl.concat([orders["key"], paid])
    waybill_keys = _NO_KEYS if waybills is None else waybills["key"]
    return absent(order_keys, lodged), absent(waybill_keys, lodged_waybills)


_NO_KEYS = pl.Series("key", [], pl.String)


def missing(
    to_decide: pl.DataFrame, own: Counterparts, accepted: Accepted
) -> dict[Kind, pl.Series]:
    """The keys of the counterparts that the batch does not bring itself, as far as it can tell.

    A payment is looked for, too, where the order that may name another one is not there yet.
    """
    chosen = choose(own.payments, own.orders)
    named = chosen["key"].filter(chosen["is_named"])
    settled = named.filter(is_among(named, own.orders["key"].to_list()))
    keys, waybill_keys = to_decide["key"], to_decide["waybill_key"]
    return {
        Kind.ORDER: absent(keys, own.orders["key"], _deleted(accepted, Kind.ORDER)),
        Kind.PAYMENT: absent(keys, settled),
        Kind.WAYBILL: absent(waybill_keys, own.waybills["key"], _deleted(accepted, Kind.WAYBILL)),
    }


def _deleted(accepted: Accepted, kind: Kind) -> pl.Series:
    """The keys under which this batch takes an order or waybill away, so that none is loaded."""
    head = accepted.get(kind)
    return _NO_KEYS if head is None else head["key"].filter(head["function_code"] == "3")


def completed(
    own: Counterparts, found: Mapping[str, pl.DataFrame], accepted: Accepted
) -> Counterparts:
    """The counterparts of this batch together with what was found in the store."""
    payments = found.get("payments")
    return Counterparts(
        _beside(own.orders, found.get("orders")),
        _beside(own.payments, None if payments is None else untouched(payments, accepted)),
        _beside(own.waybills, found.get("waybills")),
        _beside(own.order_items, found.get("order_items")),
    )


def _beside(own: pl.DataFrame, stored: pl.DataFrame | None) -> pl.DataFrame:
    if stored is None or stored.is_empty():
        return own
    return stacked([own, stored[own.columns]])


def untouched(payments: pl.DataFrame, accepted: Accepted) -> pl.DataFrame:
    """The stored payments of which this batch brings no other version and no deletion."""
    head = accepted.get(Kind.PAYMENT)
    if head is None or payments.is_empty():
        return payments
    names = ["payment_provider_code", "payment_number"]
    brought = set(chosen(head, names).rows())
    is_untouched = [each not in brought for each in chosen(payments, names).rows()]
    return kept(payments, column("", is_untouched, pl.Boolean))
