"""Assessment of matched declarations: from documents to the columns that the law takes."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from tumen.kernel.chains import beside, in_line, is_among, kept, matched, stacked
from tumen.kernel.fixed_point import fen_of
from tumen.law.cn import cbec
from tumen.law.goods import divisible_units
from tumen.window import allowance

TAXES: Final = ("duty", "consumption_tax", "vat")
TAXED: Final = (cbec.WITHIN_LIMIT, cbec.OVER_SINGLE_INDIVISIBLE)
"""Verdicts under which a declaration is taxed as CBEC."""

ITEM_COLUMNS: Final = (
    "document_id", "position", "item_number", "hs_code", "goods_name", "quantity", "unit",
    "quantity_1", "unit_1", "quantity_2", "unit_2", "total_price",
)  # fmt: skip
"""What is needed of a declaration's goods items to match, assess and screen them."""

ONE_UNIT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the law makes of the matched declarations.

    Attributes:
        cases: the cases with declaration_value_fen, used_before_fen, verdict, is_counted,
            missing, unverified.
        charges: document_id, position, code, base_fen, rate_ppm, amount_fen; amounts are null
            where unknown.
    """

    cases: pl.DataFrame
    charges: pl.DataFrame


_CARRIAGE: Final = [
    pl.col("document_id"),
    pl.col("day"),
    fen_of(pl.col("freight")).alias("freight_fen"),
    fen_of(pl.col("insurance")).alias("insurance_fen"),
]
_GOODS: Final = [
    pl.col("document_id").alias("declaration"),
    pl.col("position").cast(pl.Int32).alias("item"),
    fen_of(pl.col("total_price")).alias("value_fen"),
    *map(pl.col, ("day", "hs_code", "freight_fen", "insurance_fen")),
    pl.col("quantity").alias("quantity_e5"),
    pl.col("unit"),
    pl.col("quantity_1").alias("quantity_1_e5"),
    pl.col("unit_1"),
    pl.col("quantity_2").alias("quantity_2_e5"),
    pl.col("unit_2"),
]


def _valued(cases: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The goods items with their customs values, in fen."""
    goods = matched(items, in_line(cases, _CARRIAGE), "document_id")
    return cbec.value(in_line(goods, _GOODS))


def single(quantity: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """Whether the goods items are one, of one unit, and that unit cannot be divided."""
    is_whole = ~unit.first().is_in(sorted(divisible_units()))
    return (pl.len() == 1) & (quantity.first() == ONE_UNIT) & is_whole


@cache
def _totals() -> list[pl.Expr]:
    return [
        pl.col("declaration_value_fen").first(),
        single(pl.col("quantity_e5"), pl.col("unit")).alias("is_single_indivisible"),
    ]


def _with_totals(cases: pl.DataFrame, valued: pl.DataFrame) -> pl.DataFrame:
    """The cases with what the rule on single purchases needs to know of their items."""
    totals = valued.group_by(pl.col("declaration").alias("document_id")).agg(_totals())
    return beside(cases, totals, "document_id")


_IS_SOMETHING: Final = ~(
    (pl.col("amount_fen") == 0) & (pl.col("rate_ppm") == 0) & (pl.col("code") != "vat")
).fill_null(value=False)
_CHARGE_OF: Final = [
    [
        pl.col("declaration").alias("document_id"),
        pl.col("item").alias("position"),
        pl.lit(tax).alias("code"),
        pl.col(f"{tax}_base_fen").alias("base_fen"),
        pl.col(f"{tax}_rate_ppm").alias("rate_ppm"),
        pl.col(f"{tax}_fen").alias("amount_fen"),
    ]
    for tax in TAXES
]


def _tall(charged: pl.DataFrame) -> pl.DataFrame:
    """One line a charge, in the order of items and taxes; a charge of nothing at no rate goes."""
    lines = stacked([in_line(charged, each) for each in _CHARGE_OF])
    return kept(lines, in_line(lines, [_IS_SOMETHING]).to_series())


def _each_once(column: str) -> pl.Expr:
    names = pl.col(column).drop_nulls().str.split(",").explode(empty_as_null=False)
    return names.unique(maintain_order=True).str.join(",")


_NOTES: Final = [_each_once("missing"), _each_once("unverified")]


def _noted(judged: pl.DataFrame, charged: pl.DataFrame) -> pl.DataFrame:
    """The cases with what is missing and what is unverified of their items."""
    notes = charged.group_by(pl.col("declaration").alias("document_id")).agg(_NOTES)
    return beside(judged, notes, "document_id")


def assess(cases: pl.DataFrame, items: pl.DataFrame, balances: pl.DataFrame) -> Assessed:
    """Assess matched declarations by the law of their day.

    Args:
        cases: in recorded order: document_id, person, year, day, freight, insurance.
        items: their goods items, :data:`ITEM_COLUMNS`.
        balances: person, year, balance_fen.
    """
    valued = _valued(cases, items)
    judged = allowance.reserve(_with_totals(cases, valued), balances, cbec.verdict)
    taxed = in_line(kept(judged, is_among(judged["verdict"], TAXED)), _TAXED)
    charged = cbec.charges(matched(valued, taxed, "declaration"))
    return Assessed(_noted(judged, charged), _tall(charged))


_TAXED: Final = [pl.col("document_id").alias("declaration"), pl.col("verdict")]


def customs_values(declarations: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The customs values of stored declarations' items: declaration, item, customs_value_fen.

    Args:
        declarations: document_id, declared_on, freight, insurance.
        items: their goods items.
    """
    day = pl.col("declared_on").str.to_date("%Y%m%d", strict=False)
    return _valued(declarations.with_columns(day=day), items)
