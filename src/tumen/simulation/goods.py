"""The goods that are sold: real HS codes, made-up names and prices with a long tail."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from statistics import NormalDist
from typing import Final

LOWEST_SIGMAS: Final = 2.5
HIGHEST_SIGMAS: Final = 3.0
PRICES_IN_POOL: Final = 256

PIECE_DEAR_FEN: Final = 520_000
"""A piece above this is above the single limit of 5,000 CNY with room to spare."""

PIECE_FEN_MAX: Final = 450_000
"""No clean piece costs more, so that no clean order comes near the single limit."""

PIECES_WORTH_FEN: Final = 10_000
"""Goods with a higher median can fill an order without hundreds of pieces."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One article.

    Attributes:
        hs_code: the ten-digit code of the list.
        name: the goods name on order and list.
        model: brand and specification.
        unit: the unit of sale.
        unit_1: the first statutory unit.
        unit_2: the second, or empty.
        price_fen: the median price of one unit.
        sigma: the spread of the log-normal price.
        net_weight_g: of one unit.
        volume_ml: of one unit, 0 where it is not measured.
        procedures: `direct` (9610), `bonded` (1210) or `both`.
        popularity: parts of all sales.
    """

    hs_code: str
    name: str
    model: str
    unit: str
    unit_1: str
    unit_2: str
    price_fen: int
    sigma: float
    net_weight_g: int
    volume_ml: int
    procedures: str
    popularity: int

    @property
    def low_fen(self) -> int:
        """No clean price is below."""
        return int(self.price_fen * exp(-LOWEST_SIGMAS * self.sigma))

    @property
    def high_fen(self) -> int:
        """No clean price is above."""
        return int(self.price_fen * exp(HIGHEST_SIGMAS * self.sigma)) + 1


def _goods(line: dict[str, str]) -> Goods:
    return Goods(
        hs_code=line["hs_code"],
        name=line["name"],
        model=line["model"],
        unit=line["unit"],
        unit_1=line["unit_1"],
        unit_2=line["unit_2"],
        price_fen=int(line["price_fen"]),
        sigma=int(line["spread_percent"]) / 100,
        net_weight_g=int(line["net_weight_g"]),
        volume_ml=int(line["volume_ml"]),
        procedures=line["procedures"],
        popularity=int(line["popularity"]),
    )


@cache
def all_goods() -> tuple[Goods, ...]:
    """Every article of the table."""
    text = files("tumen.simulation").joinpath("data/goods.csv").read_text(encoding="utf-8")
    return tuple(_goods(line) for line in csv.DictReader(text.splitlines()))


def reference_prices() -> list[tuple[str, str, str, str]]:
    """The rows of `reference_prices.csv`: every clean price lies within low and high."""
    rows = [("hs_code", "unit", "low_fen", "high_fen")]
    rows += [
        (goods.hs_code, goods.unit, str(goods.low_fen), str(goods.high_fen))
        for goods in sorted(all_goods(), key=lambda goods: goods.hs_code)
    ]
    return rows


@cache
def prices(goods: Goods) -> tuple[int, ...]:
    """Equally likely prices: evenly spaced quantiles of the log-normal price."""
    most = min(goods.high_fen, PIECE_FEN_MAX)
    return tuple(
        min(max(int(goods.price_fen * exp(goods.sigma * quantile)), goods.low_fen + 1), most)
        for quantile in _quantiles()
    )


@cache
def _quantiles() -> tuple[float, ...]:
    normal = NormalDist()
    return tuple(normal.inv_cdf((place + 0.5) / PRICES_IN_POOL) for place in range(PRICES_IN_POOL))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one procedure sells.

    Attributes:
        popular: articles with their prices, each as often as it is popular.
        dear: articles of which a piece may cost more than the single limit.
        worth: articles of a middling price.
    """

    popular: tuple[tuple[Goods, tuple[int, ...]], ...]
    dear: tuple[Goods, ...]
    worth: tuple[Goods, ...]


@cache
def shelf(procedure: str) -> Shelf:
    """The shelf of `direct` or `bonded`."""
    fitting = [goods for goods in all_goods() if goods.procedures in (procedure, "both")]
    return Shelf(
        popular=tuple((goods, prices(goods)) for goods in fitting for _ in range(goods.popularity)),
        dear=tuple(goods for goods in fitting if goods.high_fen > 2 * PIECE_DEAR_FEN),
        worth=tuple(g for g in fitting if PIECES_WORTH_FEN < g.price_fen < PIECE_FEN_MAX // 10),
    )
