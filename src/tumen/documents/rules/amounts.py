"""Rules of numbers: quantities, prices, amounts, weights, and the sums that they must make.

Everything is an integer at scale 10^5. Products go through 128 bits, so that no value the
format admits can overflow.

**What exact means.** The documents allow five decimals, the product of a quantity and a price
can have ten. A line total is right when it is less than one unit of the fifth decimal away from
the exact product: it may have been truncated or rounded there, and only there. The tolerance
(in fen, none by default) widens that, and both sums.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from tumen.documents.fields import Kind, Part
from tumen.documents.rules.register import NOTHING, Document, Fault, Terms, frame_rule, line_rule
from tumen.kernel.fixed_point import FEN_SCALE, text_of
from tumen.kernel.limits import (
    AMOUNT_MINOR_MAX,
    FIXED_POINT_SCALE,
    PART_AMOUNT_MINOR_MAX,
    QUANTITY_E5_MAX,
)
from tumen.kernel.violation import gather, violations

AMOUNTS: Final = {
    Kind.ORDER: ("goods_value", "freight", "discount", "tax_total", "amount_paid"),
    Kind.PAYMENT: ("amount_paid",),
    Kind.WAYBILL: ("freight", "insurance"),
    Kind.DECLARATION: ("freight", "insurance"),
}
PRICES: Final = ("unit_price", "total_price")
OFF_SCHEMA: Final = pl.Schema({"row": pl.UInt32, "value": pl.Int64, "due": pl.Int128})
GOODS_KINDS: Final = (Kind.ORDER, Kind.DECLARATION)
ITEM_KINDS: Final = (Kind.ORDER, Kind.DECLARATION, Kind.RETURN)
PACKAGE_KINDS: Final = (Kind.WAYBILL, Kind.DECLARATION)
AMOUNT_E5_MAX: Final = AMOUNT_MINOR_MAX * FEN_SCALE
PART_AMOUNT_E5_MAX: Final = PART_AMOUNT_MINOR_MAX * FEN_SCALE
PARTS: Final = frozenset({*PRICES, "freight", "insurance"})


def _shown(number: int) -> str:
    """A whole number at scale 10^5 as text."""
    return str(number // FIXED_POINT_SCALE)


def _bounded(fields: Iterable[str], negative: str) -> Iterator[Fault]:
    for field in fields:
        amount = pl.col(field)
        bound = PART_AMOUNT_E5_MAX if field in PARTS else AMOUNT_E5_MAX
        shown, most, screen = text_of(amount), _shown(bound), ~amount.is_between(0, bound)
        yield Fault(negative, field, amount < 0, shown, screen=screen)
        yield Fault("AMOUNT_TOO_LARGE", field, amount > bound, shown, most, screen)


@line_rule("AMOUNT_NEGATIVE", "AMOUNT_TOO_LARGE", kinds=tuple(AMOUNTS))
def amounts_are_possible(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """An amount is not below zero and within what the law can assess."""
    return _bounded(AMOUNTS[kind], "AMOUNT_NEGATIVE")


@line_rule("PRICE_NEGATIVE", "AMOUNT_TOO_LARGE", part=Part.ITEM, kinds=GOODS_KINDS)
def prices_are_possible(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """A price is not below zero and within what the law can assess; zero is a gift."""
    return _bounded(PRICES, "PRICE_NEGATIVE")


@line_rule("QUANTITY_NOT_POSITIVE", "QUANTITY_TOO_LARGE", part=Part.ITEM, kinds=ITEM_KINDS)
def quantities_are_possible(kind: Kind, _terms: Terms) -> Iterator[Fault]:
    """A quantity is above zero and within what the law can assess."""
    fields = ("quantity", "quantity_1", "quantity_2") if kind is Kind.DECLARATION else ("quantity",)
    for field in fields:
        amount = pl.col(field)
        shown, most, screen = (
            text_of(amount),
            _shown(QUANTITY_E5_MAX),
            ~amount.is_between(1, QUANTITY_E5_MAX),
        )
        yield Fault("QUANTITY_NOT_POSITIVE", field, amount <= 0, shown, screen=screen)
        yield Fault("QUANTITY_TOO_LARGE", field, amount > QUANTITY_E5_MAX, shown, most, screen)


@line_rule("WEIGHT_NOT_POSITIVE", "NET_WEIGHT_ABOVE_GROSS", kinds=PACKAGE_KINDS)
def weights_are_possible(kind: Kind, _terms: Terms) -> Iterator[Fault]:
    """A weight is above zero, and the net weight is not above the gross weight."""
    gross, net = pl.col("gross_weight_kg"), pl.col("net_weight_kg")
    yield Fault("WEIGHT_NOT_POSITIVE", "gross_weight_kg", gross <= 0, text_of(gross))
    if kind is Kind.DECLARATION:
        yield Fault("WEIGHT_NOT_POSITIVE", "net_weight_kg", net <= 0, text_of(net))
        above = net > gross
        yield Fault("NET_WEIGHT_ABOVE_GROSS", "net_weight_kg", above, text_of(net), text_of(gross))


@line_rule("PACKAGE_COUNT_NOT_ONE", kinds=PACKAGE_KINDS)
def package_is_one(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """A waybill or a declaration covers exactly one package."""
    count = pl.col("package_count")
    return [Fault("PACKAGE_COUNT_NOT_ONE", "package_count", count != 1, count, "1")]


@line_rule("LINE_TOTAL_MISMATCH", part=Part.ITEM, kinds=GOODS_KINDS)
def line_total_is_quantity_times_price(_kind: Kind, terms: Terms) -> Iterable[Fault]:
    """The total of an item is its quantity times its unit price."""
    quantity, price, total = (
        pl.col(field).cast(pl.Int128) for field in ("quantity", "unit_price", "total_price")
    )
    product = quantity * price
    most = (terms.tolerance_fen * FEN_SCALE + 1) * FIXED_POINT_SCALE
    off = (product - total * FIXED_POINT_SCALE).abs() >= most
    return [
        Fault(
            "LINE_TOTAL_MISMATCH",
            "total_price",
            off,
            text_of(pl.col("total_price")),
            text_of(product // FIXED_POINT_SCALE),
        )
    ]


@line_rule("AMOUNT_PAID_MISMATCH", kinds=(Kind.ORDER,))
def amount_paid_is_its_parts(_kind: Kind, terms: Terms) -> Iterable[Fault]:
    """The amount paid is goods value + freight + taxes - discount."""
    paid = pl.col("amount_paid")
    parts = pl.col("goods_value") + pl.col("freight") + pl.col("tax_total") - pl.col("discount")
    off = (paid - parts).abs() > terms.tolerance_fen * FEN_SCALE
    return [Fault("AMOUNT_PAID_MISMATCH", "amount_paid", off, text_of(paid), text_of(parts))]


ITEM_NUMBER_PATH: Final = pl.format("items[{}].item_number", "index")
REPEATS: Final = ~pl.struct("row", "item_number").is_first_distinct()


@frame_rule("ITEM_NUMBER_REPEATED", "ITEM_NUMBER_NOT_CONSECUTIVE", kinds=GOODS_KINDS)
def items_are_numbered_in_order(document: Document) -> pl.DataFrame:
    """The items of an order or declaration are numbered 1, 2, 3 in their order."""
    items, number = document.items, pl.col("item_number")
    due = pl.col("index").cast(pl.Int32) + 1
    if not (items["item_number"] != items["index"] + 1).any():
        return NOTHING
    off = items.with_columns(REPEATS.alias("repeats")).filter(number != due)
    repeated, other = off.filter("repeats"), off.filter(~pl.col("repeats"))
    path = ITEM_NUMBER_PATH
    return gather(
        violations(repeated, "ITEM_NUMBER_REPEATED", path, value=number),
        violations(other, "ITEM_NUMBER_NOT_CONSECUTIVE", path, value=number, expected=due),
    )


@frame_rule("ITEM_NUMBER_REPEATED", kinds=(Kind.RETURN,))
def returned_items_are_named_once(document: Document) -> pl.DataFrame:
    """A return names each item of the declaration once at most."""
    number = pl.col("item_number")
    repeated = document.items.filter(REPEATS & number.is_not_null())
    return violations(repeated, "ITEM_NUMBER_REPEATED", ITEM_NUMBER_PATH, value=number)


@frame_rule("GOODS_VALUE_MISMATCH", kinds=(Kind.ORDER,))
def goods_value_is_the_sum_of_items(document: Document) -> pl.DataFrame:
    """The goods value of an order is the sum of its item totals.

    An order with an item total that broke the format is not judged.
    """
    sums: dict[int, int | None] = {}
    lines = document.items[["row", "total_price"]]
    for row, total in zip(*lines, strict=True):
        so_far = sums.get(row, 0)
        sums[row] = None if so_far is None or total is None else so_far + total
    heads = zip(document.head["row"], document.head["goods_value"], strict=True)
    most = document.terms.tolerance_fen * FEN_SCALE
    off = [
        (row, value, due)
        for row, value in heads
        if value is not None and (due := sums.get(row)) is not None and abs(value - due) > most
    ]
    if not off:
        return NOTHING
    where = pl.DataFrame(off, schema=OFF_SCHEMA, orient="row")
    shown, due_shown = text_of(pl.col("value")), text_of(pl.col("due"))
    path = "goods_value"
    return violations(where, "GOODS_VALUE_MISMATCH", path, value=shown, expected=due_shown)
