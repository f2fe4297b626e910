"""The table that both sides are given: items of Chinese e-commerce declarations.

The days are those of a year in which the law changes twice: the limits on 2019-01-01 and the VAT
on 2019-04-01. Amounts are in fen below 2^24, so that a float32 holds each of them exactly.
"""

from datetime import date
from typing import Final

import numpy as np
import polars as pl
from codes import Codes, tariff_codes

from tumen.law.goods import goods_class

FIRST: Final = date(2018, 7, 1)
DAYS: Final = 365
ITEMS_A_DECLARATION: Final = 1.6
ITEMS_MAX: Final = 20
MEDIAN_FEN: Final = 18_000
SPREAD: Final = 1.1
PRICE_FEN_MAX: Final = 800_000
"""Of one item: twenty of them with freight and insurance are below 2^24 fen."""

SCALE_E5: Final = 100_000
GRAMS_PER_KILOGRAM_E5: Final = SCALE_E5 // 1_000
"""A gram in kilograms at scale 10^5."""

KILOGRAM: Final = "035"
PIECE: Final = "007"
WITHOUT_RATE: Final = ("jewellery", "other_taxable", "tobacco")
"""Classes of the consumption tax of which we hold no rate: their goods are not in the table."""


def table(items: int, seed: int, days: int = DAYS) -> pl.DataFrame:
    """A row for each goods item, by declaration, with the columns that the law asks for."""
    chance = np.random.default_rng([seed, 1])
    codes = Codes([code for code in tariff_codes("CN") if not _is_without_rate(code)], seed)
    lengths = np.minimum(chance.geometric(1 / ITEMS_A_DECLARATION, items), ITEMS_MAX)
    declaration = np.repeat(np.arange(items), lengths)[:items]
    declarations = int(declaration[-1]) + 1
    starts = np.concatenate([[0], np.cumsum(lengths)])[:declarations]
    alone = np.bincount(declaration) == 1
    piece = chance.random(items) < 0.7
    price = chance.lognormal(np.log(MEDIAN_FEN), SPREAD, items)
    head = {
        "day": np.datetime64(FIRST) + chance.integers(0, days, declarations),
        "freight_fen": np.where(
            chance.random(declarations) < 0.5, 0, chance.integers(500, 8_000, declarations)
        ),
        "insurance_fen": np.where(
            chance.random(declarations) < 0.9, 0, chance.integers(50, 1_000, declarations)
        ),
        "used_before_fen": chance.integers(0, 2_400_000, declarations),
        "is_single_indivisible": alone & (chance.random(declarations) < 0.5),
    }
    grams = np.maximum(chance.lognormal(np.log(400), 0.8, items).astype(np.int64), 5)
    return pl.DataFrame(
        {
            "declaration": declaration,
            "item": np.arange(items) - starts[declaration] + 1,
            "hs_code": pl.Series(codes.every[codes.draw(chance, items)], dtype=pl.String),
            "value_fen": np.clip(price, 100, PRICE_FEN_MAX).astype(np.int64),
            "quantity_e5": np.where(piece, 1, chance.integers(1, 6, items)) * SCALE_E5,
            "unit": pl.Series(np.full(items, PIECE, dtype=object), dtype=pl.String),
            "quantity_1_e5": grams * GRAMS_PER_KILOGRAM_E5,
            "unit_1": pl.Series(np.full(items, KILOGRAM, dtype=object), dtype=pl.String),
            "quantity_2_e5": pl.Series([None] * items, dtype=pl.Int64),
            "unit_2": pl.Series([None] * items, dtype=pl.String),
            **{name: values[declaration] for name, values in head.items()},
        }
    ).with_columns(pl.col("day").cast(pl.Date))


def _is_without_rate(code: str) -> bool:
    found = goods_class("cn.consumption_tax", code, FIRST)
    return found is not None and found.name in WITHOUT_RATE
