"""Made-up shipments to the five economies, as a flat frame (docs/assess.md): one row a goods item.

The same seed always gives the same rows, and a smaller table is the beginning of a larger one.
Nothing in it is a statistic of any trade: see ``lanes.py`` and ``codes.py``.
"""

from datetime import date
from functools import cache
from typing import Final

import numpy as np
import polars as pl
from codes import Codes, tariff_codes
from lanes import (
    CATEGORIES,
    DRINKS,
    FOOD,
    LANES,
    ORIGINS,
    PLATFORM_TOLD,
    SHOES,
    UNITS_A_DOLLAR,
    WITHOUT_CENTS,
    Lane,
    Shares,
)
from numpy.typing import NDArray
from odd import with_odd
from stdnum.ru import inn

FIRST: Final = date(2025, 11, 1)
DAYS: Final = 364
"""To 2026-10-30, the last day of which the exchange rates of the European Central Bank are held."""

SHIPMENTS_AT_ONCE: Final = 50_000
ITEMS_A_SHIPMENT: Final = 1.6
ITEMS_MAX: Final = 20
MEDIAN_DOLLARS: Final = 24.0
SPREAD: Final = 1.1
"""Of the logarithm of prices: a twentieth of the items costs over 145 dollars."""

CENTS_MAX: Final = 2_000_000_00
MEDIAN_GRAMS: Final = 350
WEIGHT_SPREAD: Final = 0.9
BUYERS: Final = 20_000
SELLERS: Final = 2_000
PLATFORMS: Final = 12
CODES_SEED: Final = 0
"""Which codes are frequent is the same in every table."""

MONEY: Final = pl.Decimal(16, 2)
MEASURE: Final = pl.Decimal(14, 3)
ODD_SHARE: Final = 0.001
"""Shipments that tell what hardly any tells; see ``odd.py``."""


def shipments(items: int, seed: int = 0, odd: float = ODD_SHARE) -> pl.DataFrame:
    """A frame of so many items; the last shipment may be cut short.

    Args:
        items: how many rows.
        seed: another one gives other shipments of the same mix.
        odd: the share of shipments that tell something out of the ordinary.
    """
    parts: list[pl.DataFrame] = []
    while sum(part.height for part in parts) < items:
        chance = np.random.default_rng([seed, len(parts)])
        begun = len(parts) * SHIPMENTS_AT_ONCE
        parts.append(with_odd(_block(chance, begun), chance, odd).drop("place"))
    return pl.concat(parts).head(items)


def _block(chance: np.random.Generator, begun: int) -> pl.DataFrame:
    """Some shipments in the order of their places."""
    drawn = _words(chance, {name: lane.share for name, lane in LANES.items()}, SHIPMENTS_AT_ONCE)
    lanes = []
    for name, lane in LANES.items():
        places = begun + (drawn == name).arg_true().to_numpy().astype(np.int64)
        heads = _heads(chance, name, lane, places)
        lanes.append(_items(chance, name, heads))
    return pl.concat(lanes).sort("place", maintain_order=True)


def _words(chance: np.random.Generator, shares: Shares, count: int) -> pl.Series:
    """Words drawn by their shares."""
    cumulated = np.cumsum(list(shares.values()))
    drawn = np.searchsorted(cumulated / cumulated[-1], chance.random(count), side="right")
    return pl.Series([*shares], dtype=pl.String).gather(drawn)


def _told(chance: np.random.Generator, share: float, count: int) -> NDArray[np.bool_]:
    return chance.random(count) < share


def _numbered(
    chance: np.random.Generator, letter: str, most: int, count: int, *, slope: float = 1.5
) -> pl.Series:
    """Names by number, low numbers being the most frequent."""
    numbers = (chance.random(count) ** slope * most).astype(np.int64)
    return pl.Series([f"{letter}{number}" for number in range(most)]).gather(numbers)


# --- heads ---------------------------------------------------------------------------------------


def _heads(
    chance: np.random.Generator, destination: str, lane: Lane, places: NDArray[np.int64]
) -> pl.DataFrame:
    count = len(places)
    days = np.datetime64(FIRST) + chance.integers(0, DAYS, count)
    frame = pl.DataFrame(
        {
            "place": places,
            "dispatch": _words(chance, lane.dispatch, count),
            "date": pl.Series(days).cast(pl.Date),
            "currency": _words(chance, lane.currency, count),
            "transport": _words(chance, lane.transport, count),
            "platform": _numbered(chance, "platform-", PLATFORMS, count),
            "seller": _numbered(chance, "seller-", SELLERS, count),
            "buyer_id": _buyers(destination).gather(chance.integers(0, BUYERS, count)),
            "freight": _dollars(chance, 6, 0.7, count) * _told(chance, 0.5, count),
            "insurance": _dollars(chance, 1, 0.7, count) * _told(chance, 0.1, count),
            "used_this_year": (chance.beta(1, 6, count) * 2_600_000).astype(np.int64),
            "items": np.minimum(chance.geometric(1 / ITEMS_A_SHIPMENT, count), ITEMS_MAX),
            "told": _told(chance, lane.buyer_told, count),
            "on_platform": _told(chance, PLATFORM_TOLD, count),
            "seldom": _told(chance, 0.03, count),
            "often": _told(chance, 0.75, count),
        }
    )
    is_cargo, is_china = pl.col("transport") == "cargo", pl.lit(destination == "CN")
    traded = (is_cargo & pl.col("often")) | (~is_cargo & pl.col("seldom"))
    counted = pl.when(is_china & ~traded).then(pl.col("used_this_year").cast(MONEY) / 100)
    return frame.with_columns(
        traded=traded & (pl.col("transport") != "bonded"),
        destination=pl.lit(destination),
        shipment=pl.format("S{}", pl.col("place").cast(pl.String).str.zfill(8)),
        platform=pl.when(pl.col("on_platform") | (pl.col("transport") == "bonded")).then(
            "platform"
        ),
        buyer_id=pl.when(pl.col("told") & ~traded).then("buyer_id"),
        used_this_year=counted.cast(MONEY),
    )


def _dollars(
    chance: np.random.Generator, median: float, spread: float, count: int
) -> NDArray[np.float64]:
    return chance.lognormal(np.log(median), spread, count)


@cache
def _buyers(destination: str) -> pl.Series:
    """Made-up numbers of persons, in the form that the economy asks for."""
    numbers = range(BUYERS)
    if destination == "RU":
        tens = [f"77{number:08d}" for number in numbers]
        return pl.Series([ten + inn.calc_personal_check_digits(ten) for ten in tens])
    letter, digits = {"KR": ("P", 12), "MN": ("АА", 8)}.get(destination, ("B", 8))
    return pl.Series([f"{letter}{number:0{digits}d}" for number in numbers])


# --- items ---------------------------------------------------------------------------------------


def _items(chance: np.random.Generator, destination: str, heads: pl.DataFrame) -> pl.DataFrame:
    """The rows of the flat table, with ``place`` before them."""
    rows = heads[np.repeat(np.arange(heads.height), heads["items"].to_numpy())]
    count = rows.height
    codes = _codes(destination)
    traded = rows["traded"].to_numpy()
    drawn = {
        "hs": pl.Series(codes.every, dtype=pl.String).gather(codes.draw(chance, count)),
        "pieces": np.where(
            traded, chance.integers(10, 300, count), np.minimum(chance.geometric(0.7, count), 12)
        ),
        "dollars": _dollars(chance, MEDIAN_DOLLARS, SPREAD, count) * np.where(traded, 0.5, 1),
        "grams": np.maximum(chance.lognormal(np.log(MEDIAN_GRAMS), WEIGHT_SPREAD, count), 5),
        "elsewhere": _words(chance, ORIGINS, count),
        "is_local": _told(chance, 0.75, count),
        "is_named": _told(chance, 0.3, count),
        "is_weighed": _told(chance, 0.2, count),
        "litres": chance.choice([0.33, 0.5, 0.7, 0.75, 1.0], count),
    }
    return (
        rows.with_columns(**drawn)
        .with_columns(chapter=pl.col("hs").str.slice(0, 2))
        .select(_columns())
    )


@cache
def _codes(destination: str) -> Codes:
    return Codes(tariff_codes(destination), CODES_SEED)


def _columns() -> list[pl.Expr]:
    """The flat table from what was drawn."""
    chapter, pieces = pl.col("chapter"), pl.col("pieces")
    in_kilograms = chapter.is_in(FOOD) & pl.col("is_weighed")
    weight = (pl.col("grams").floor() * pieces / 1_000).cast(MEASURE)
    unit = (
        pl.when(in_kilograms).then(pl.lit("kg"))
        .when(chapter == SHOES).then(pl.lit("pair"))
        .when(pl.col("is_named")).then(pl.lit("piece"))
    )  # fmt: skip
    return [
        *map(pl.col, ("place", "shipment", "destination", "dispatch", "date", "currency")),
        pl.col("transport"),
        pl.when("traded").then(pl.lit("commercial")).alias("purpose"),
        *(_priced(pl.col(name), name) for name in ("freight", "insurance")),
        pl.col("buyer_id"),
        pl.when("traded").then(pl.lit("business")).alias("buyer_kind"),
        *map(pl.col, ("used_this_year", "platform", "seller", "hs")),
        pl.format("made-up goods of {}", pl.col("hs").str.slice(0, 4)).alias("description"),
        pl.when(in_kilograms).then(weight).otherwise(pieces.cast(MEASURE)).alias("quantity"),
        unit.alias("unit"),
        _priced(pl.col("dollars"), "unit_price", least=0.01),
        weight.alias("net_weight_kg"),
        pl.when(chapter == DRINKS).then((pl.col("litres") * pieces).cast(MEASURE))
        .alias("volume_l"),
        pl.when("is_local").then("dispatch").otherwise("elsewhere").alias("origin"),
        pl.when("is_named").then(chapter.replace_strict(CATEGORIES, default=None))
        .alias("category"),
    ]  # fmt: skip


def _priced(dollars: pl.Expr, name: str, least: float = 0.0) -> pl.Expr:
    """An amount in the shipment's currency; nothing at all where it is nothing."""
    currency = pl.col("currency")
    units = currency.replace_strict(UNITS_A_DOLLAR, return_dtype=pl.Float64)
    amount = dollars * units
    whole = currency.is_in(WITHOUT_CENTS)
    rounded = pl.when(whole).then(amount.round(0)).otherwise(amount.round(2))
    lowest = pl.when(whole).then(1.0 if least else 0.0).otherwise(least)
    told = rounded.clip(lowest, CENTS_MAX)
    return pl.when(told > 0).then(told).cast(MONEY).alias(name)
