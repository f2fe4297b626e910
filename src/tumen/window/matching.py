"""Matching: order = payment = waybill = list, comparison by comparison.

The keys are those that the CEB fields imply: order number and platform; payment number and
provider, where the order states them; waybill number and carrier. A comparison that fails is a
violation with both values; personal values are compared by their blind indexes and never shown.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from tumen.kernel.chains import added, beside, in_line, kept, matched
from tumen.kernel.columns import chosen, renamed
from tumen.kernel.fixed_point import text_of
from tumen.kernel.violation import gather, no_violations, violations


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of the match.

    Attributes:
        code: the violation where the two differ.
        path: the field of the declaration or document that a filer would look at.
        left: the column of the case that is compared.
        right: the column it must equal.
        is_personal: whether the values are blind indexes, which are not shown.
        where_stated: whether an absent left value is no difference; an amount of 0 is absent.
        is_number: whether the values are numbers at scale 10^5.
        at_least: whether only a left number below the right one is a difference.
    """

    code: str
    path: str
    left: str
    right: str
    is_personal: bool = False
    where_stated: bool = False
    is_number: bool = False
    at_least: bool = False

    def shown(self, column: str) -> pl.Expr | None:
        """One side of the comparison as a filer may see it."""
        if self.is_personal:
            return None
        return text_of(pl.col(column)) if self.is_number else pl.col(column)


PAYER_IS_BUYER: Final = Comparison(
    "MATCH_PAYER_IS_BUYER", "payment.payer_id_number", "payment_payer_index", "order_buyer_index",
    is_personal=True,
)  # fmt: skip
"""A rule that a node can switch off: the specification does not demand it, practice does."""

PAYMENT_NAMED: Final = (
    Comparison("MATCH_PAYMENT_NUMBER", "order.payment_number", "order_payment_number",
               "payment_payment_number", where_stated=True),
    Comparison("MATCH_PAYMENT_PROVIDER", "order.payment_provider_code",
               "order_payment_provider_code", "payment_payment_provider_code", where_stated=True),
)  # fmt: skip
"""Whether a payment is the one that the order names; another one is no counterpart."""

COMPARISONS: Final = (
    Comparison("MATCH_MERCHANT", "merchant_code", "merchant_code", "order_merchant_code"),
    Comparison("MATCH_WAYBILL_ORDER", "waybill.order_number", "waybill_order_number",
               "order_number"),
    Comparison("MATCH_AMOUNT", "payment.amount_paid", "payment_amount_paid", "order_amount_paid",
               is_number=True),
    *PAYMENT_NAMED,
    Comparison("MATCH_FREIGHT", "waybill.freight", "waybill_freight", "freight",
               where_stated=True, is_number=True),
    Comparison("MATCH_INSURANCE", "waybill.insurance", "waybill_insurance", "insurance",
               where_stated=True, is_number=True),
    Comparison("MATCH_CARRIAGE_PAID", "freight", "carriage", "order_freight",
               is_number=True, at_least=True),
    Comparison("MATCH_BUYER_ID", "buyer_id_number", "buyer_index", "order_buyer_index",
               is_personal=True),
    Comparison("MATCH_BUYER_NAME", "buyer_name", "buyer_name_index", "order_buyer_name_index",
               is_personal=True),
    Comparison("MATCH_CONSIGNEE_NAME", "waybill.consignee_name", "waybill_consignee_name_index",
               "order_consignee_name_index", is_personal=True),
    Comparison("MATCH_CONSIGNEE_TELEPHONE", "waybill.consignee_telephone",
               "waybill_consignee_telephone_index", "order_consignee_telephone_index",
               is_personal=True),
    Comparison("MATCH_CONSIGNEE_ADDRESS", "waybill.consignee_address",
               "waybill_consignee_address_index", "order_consignee_address_index",
               is_personal=True),
    PAYER_IS_BUYER,
)  # fmt: skip

_WITHOUT_PAYER: Final = tuple(each for each in COMPARISONS if each is not PAYER_IS_BUYER)

ITEM_COMPARISONS: Final = (
    Comparison("MATCH_ITEM_NAME", "goods_name", "goods_name", "order_item_name"),
    Comparison("MATCH_ITEM_QUANTITY", "quantity", "quantity", "order_quantity", is_number=True),
    Comparison("MATCH_ITEM_UNIT", "unit", "unit", "order_unit"),
    Comparison(
        "MATCH_ITEM_PRICE", "total_price", "total_price", "order_total_price", is_number=True
    ),
)

ORDER_COLUMNS: Final = (
    "issued_at", "merchant_code", "amount_paid", "freight", "payment_number",
    "payment_provider_code", "buyer_index", "buyer_name_index", "consignee_name_index",
    "consignee_telephone_index", "consignee_address_index",
)  # fmt: skip
PAYMENT_COLUMNS: Final = (
    "issued_at", "amount_paid", "payment_number", "payment_provider_code", "payer_index",
)  # fmt: skip
WAYBILL_COLUMNS: Final = (
    "issued_at", "order_number", "freight", "insurance", "consignee_name_index",
    "consignee_telephone_index", "consignee_address_index",
)  # fmt: skip
AMOUNTS: Final = ("amount_paid", "freight", "insurance")
"""Which of these columns are numbers at scale 10^5."""

ITEM_COLUMNS: Final = ("item_name", "quantity", "unit", "total_price")

COUNTERPARTS: Final = ("order", "payment", "waybill")


@dataclass(frozen=True, slots=True)
class Counterparts:
    """The living counterparts of the cases, from this batch and from the store.

    Attributes:
        orders: key (platform|order), document_id and :data:`ORDER_COLUMNS`.
        payments: key (platform|order), document_id and :data:`PAYMENT_COLUMNS`; of one key there
            may be several.
        waybills: key (carrier|waybill), document_id and :data:`WAYBILL_COLUMNS`.
        order_items: document_id, item_number and :data:`ITEM_COLUMNS`.
    """

    orders: pl.DataFrame
    payments: pl.DataFrame
    waybills: pl.DataFrame
    order_items: pl.DataFrame


def _sides(name: str, columns: tuple[str, ...], key: str = "key") -> dict[str, str]:
    """How the columns of a counterpart are called beside its case."""
    told = {f"{name}_{column}": column for column in columns}
    return {key: "key", f"{name}_id": "document_id", **told}


def _differs(comparison: Comparison) -> pl.Expr:
    left, right = pl.col(comparison.left), pl.col(comparison.right)
    if comparison.at_least:
        return (left < right).fill_null(value=False)
    if comparison.where_stated:
        left = pl.when(left != (0 if comparison.is_number else "")).then(left)
        return (left != right).fill_null(value=False)
    return left.ne_missing(right)


_ORDERS: Final = _sides("order", ORDER_COLUMNS)
_PAYMENTS: Final = _sides("payment", PAYMENT_COLUMNS)
_WAYBILLS: Final = _sides("waybill", WAYBILL_COLUMNS, "waybill_key")
_NAMING: Final = ("payment_number", "payment_provider_code")
_NAMES: Final = {"key": "key", **{f"order_{name}": name for name in _NAMING}}
_CHOSEN: Final = [
    pl.exclude([f"order_{name}" for name in _NAMING]),
    (~pl.any_horizontal(_differs(each) for each in PAYMENT_NAMED)).alias("is_named"),
]


def choose(payments: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One payment for each order: the one that the order names, else the last.

    Args:
        payments: of :class:`Counterparts`.
        orders: of :class:`Counterparts`.

    Returns:
        key, the payment's columns with ``payment_`` before them, and ``is_named``: whether it is
        the one that the order names; true where the order names none or is not there.
    """
    sides, names = renamed(payments, _PAYMENTS), renamed(orders, _NAMES)
    named = in_line(beside(sides, names, "key"), _CHOSEN)
    if named["key"].n_unique() == named.height:
        return named
    return named.sort("is_named", "payment_id").unique("key", keep="last", maintain_order=True)


def _beside() -> list[pl.Expr]:
    """What joining says of a case: carriage, and which counterparts are missing."""
    is_there = {name: pl.col(f"{name}_id").is_not_null() for name in COUNTERPARTS}
    is_there["payment"] &= pl.col("is_named")
    missing = pl.concat_str(
        *(pl.when(~there).then(pl.lit(name)) for name, there in is_there.items()),
        separator=",",
        ignore_nulls=True,
    )
    carriage = pl.col("freight").fill_null(0) + pl.col("insurance").fill_null(0)
    return [carriage.alias("carriage"), missing.alias("missing")]


_BESIDE: Final = _beside()


def join(cases: pl.DataFrame, counterparts: Counterparts, *told: pl.Expr) -> pl.DataFrame:
    """Put each case beside its counterparts: ``order_id``, ``payment_id``, ``waybill_id``.

    Args:
        cases: one line a declaration: key, waybill_key and its own columns.
        counterparts: what there is to match with.
        told: further columns, made of all of these.

    Returns:
        The cases with the counterparts' columns and ``missing``: which are not there, joined
        by commas; empty where all are. A payment that the order does not name leaves its own
        missing, and stands beside the case with ``is_named`` false.
    """
    payments = choose(counterparts.payments, counterparts.orders)
    orders = renamed(counterparts.orders, _ORDERS)
    waybills = renamed(counterparts.waybills, _WAYBILLS)
    joined = beside(beside(cases, orders, "key"), payments, "key")
    return added(beside(joined, waybills, "waybill_key"), [*_BESIDE, *told])


@cache
def _flags(comparisons: tuple[Comparison, ...]) -> list[pl.Expr]:
    return [_differs(each).any().alias(str(place)) for place, each in enumerate(comparisons)]


def _failures(
    frame: pl.DataFrame, comparisons: tuple[Comparison, ...], prefix: str = ""
) -> list[pl.DataFrame]:
    """The violations of all comparisons; the common case, no difference, is one pass."""
    if frame.is_empty():
        return []
    flags = in_line(frame, _flags(comparisons)).row(0)
    return [
        _told(kept(frame, in_line(frame, [_differs(comparison)]).to_series()), comparison, prefix)
        for comparison, is_failed in zip(comparisons, flags, strict=True)
        if is_failed
    ]


def _told(wrong: pl.DataFrame, comparison: Comparison, prefix: str) -> pl.DataFrame:
    path: str | pl.Expr = comparison.path
    if prefix:
        path = pl.format("items[{}]." + comparison.path, pl.col("item_number") - 1)
    return violations(
        wrong,
        comparison.code,
        path,
        value=comparison.shown(comparison.left),
        expected=comparison.shown(comparison.right),
    )


def unnamed_payments(joined: pl.DataFrame) -> pl.DataFrame:
    """Warnings of cases beside which only a payment stands that their order does not name."""
    if joined["is_named"].all():  # or there is no payment
        return no_violations()
    return gather(*_failures(joined.filter(~pl.col("is_named")), PAYMENT_NAMED))


def _item_failures(
    cases: pl.DataFrame, items: pl.DataFrame, order_items: pl.DataFrame
) -> list[pl.DataFrame]:
    """Lines of list and order are one to one by item number, and equal."""
    own = chosen(cases, ["row", "document_id", "order_id"])
    ordered = renamed(order_items, _ORDERED)
    pairs = beside(matched(items, own, "document_id"), ordered, "order_id", "item_number")
    found = _uneven(own, items, order_items)
    if pairs["order_total_price"].null_count():
        unpaired = pairs.filter(pl.col("order_total_price").is_null())
        pairs = pairs.filter(pl.col("order_total_price").is_not_null())
        path = pl.format("items[{}].item_number", pl.col("item_number") - 1)
        found.append(violations(unpaired, "MATCH_ITEM_NUMBER", path, value=pl.col("item_number")))
    return [*found, *_failures(pairs, ITEM_COMPARISONS, prefix="items")]


_ORDERED: Final = {
    "order_id": "document_id",
    "item_number": "item_number",
    **{f"order_{column}": column for column in ITEM_COLUMNS},
}


def _uneven(
    own: pl.DataFrame, items: pl.DataFrame, order_items: pl.DataFrame
) -> list[pl.DataFrame]:
    """Where list and order have not the same number of lines."""
    lines = Counter(items["document_id"].to_list())
    order_lines = Counter(order_items["document_id"].to_list())
    counts = [
        (row, lines.get(document), order_lines.get(order))
        for row, document, order in own.iter_rows()
    ]
    uneven = [told for told in counts if told[1] != told[2]]
    if not uneven:
        return []
    where = pl.DataFrame(uneven, schema=_COUNTS, orient="row")
    value, expected = pl.col("lines"), pl.col("order_lines")
    return [violations(where, "MATCH_ITEM_COUNT", "items", value=value, expected=expected)]


_COUNTS: Final = {"row": pl.UInt32, "lines": pl.UInt32, "order_lines": pl.UInt32}


def compare(
    cases: pl.DataFrame,
    items: pl.DataFrame,
    order_items: pl.DataFrame,
    *,
    payer_must_be_buyer: bool,
) -> pl.DataFrame:
    """Every comparison of every complete case; what differs, as violations by the case's row.

    Args:
        cases: complete cases as :func:`join` gives them.
        items: the goods items of their declarations, with ``document_id``.
        order_items: the goods items of their orders, with ``document_id``.
        payer_must_be_buyer: whether :data:`PAYER_IS_BUYER` is in force.
    """
    comparisons = COMPARISONS if payer_must_be_buyer else _WITHOUT_PAYER
    return gather(*_failures(cases, comparisons), *_item_failures(cases, items, order_items))
