"""The rates of imports into Japan, one row for each distinct code, origin, category, unit, period.

What turns on these alone is looked up once and joined; what turns on amounts is computed on whole
columns in :mod:`tumen.law.jp.vector`. A row whose ``law_is_read`` is false is left to the scalar
law: goods that may not be imported, days that the law does not cover, rates without a form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.money import Rounding
from tumen.law.consignment import TariffRate
from tumen.law.goods import CODES_CACHED_MAX, GoodsClass, goods_class, goods_classes
from tumen.law.jp.vector_duty import MFN_HELD, Lookup, NotOrdinary, Rate, general, simplified
from tumen.law.overlay import remembered, remembered_up_to
from tumen.law.parameters import VERIFIED, at, integer_at, value_at
from tumen.law.tariffs import rates_of
from tumen.law.vector.twin import bit

ECONOMY: Final = "JP"
KEYS: Final = ("hs", "origin", "category", "unit", "period")
"""Columns that decide the rates of a goods item."""

Key: TypeAlias = tuple[str, str | None, str | None, str, date]
"""The values of :data:`KEYS`."""

SCHEMA: Final = pl.Schema(
    {
        "hs": pl.String,
        "origin": pl.String,
        "category": pl.String,
        "unit": pl.String,
        "period": pl.Date,
        "law_is_read": pl.Boolean,
        "law_mask": pl.Int64,  # the bits of what is told in every case
        "law_is_listed": pl.Boolean,  # the small exemption does not cover the goods
        "law_is_untold": pl.Boolean,  # nobody told whether it does
        "law_excise": pl.Int64,  # 0 none, 1 excise, 2 liquor tax: their rates are not held
        "law_tax": pl.Int64,  # ppm of the national tax, times the unit of its base in yen
        "law_is_general": pl.Boolean,  # the simplified tariff is not for the goods
        "law_low": pl.Int64,  # of the general tariff; see vector_duty.Rate
        "law_cap": pl.Int64,
        "law_rate": pl.Int64,
        "law_amount": pl.Int64,
        "law_per": pl.Int64,
        "law_pick": pl.Int64,
        "law_told": pl.Int64,
        "law_used": pl.Int64,
        "law_missing": pl.String,
        "law_lacks": pl.String,
        "law_s_rate": pl.Int64,  # of the simplified tariff, for goods that it is for
        "law_s_amount": pl.Int64,  # yen for a litre
        "law_s_pick": pl.Int64,
        "law_s_told": pl.Int64,
        "law_s_used": pl.Int64,
        "law_s_missing": pl.String,
        "law_s_lacks": pl.String,
    }
)

ROUNDINGS: Final = (
    "jp.customs_value.rounding",
    "jp.rounding.base",
    "jp.rounding.line_tax",
    "jp.rounding.tax",
)
"""All that the expressions round they round down; the law of another day may not."""

ALWAYS_USED: Final = "jp.customs_value.rounding"
"""Every customs value rests on it: as long as it is unverified, every answer says so."""

HELD: Final = (
    "jp.customs_value.apportionment",
    "jp.customs_value.basis",
    "jp.deminimis.exclusions",
    "jp.deminimis.gift",
    "jp.personal_use.freight",
)
"""Rules that the expressions follow, and that must be in force."""

NOT_LISTED: Final = frozenset({"not_listed", "snowboard_boots"})
UNCERTAIN: Final = "uncertain"
NOT_SIMPLIFIED: Final = Rate(told=bit("JP_SIMPLIFIED_NOT_FOR_ITEM"))
GENERAL_TARIFF: Final = "general_tariff"
EXCISES: Final[Mapping[str | None, int]] = {"excise": 1, "liquor_tax": 2, "none": 0, None: 0}
BANNED_ORIGIN: Final = "KP"
OTHER_ORIGIN: Final = "ZZ"
NAMED_BY_CATEGORY: Final = ("jp.prohibited", "jp.restricted", "jp.deminimis")
"""Tables of classes of which the seller's category may name one."""

CODE_DIGITS_MIN: Final = 6


@dataclass(frozen=True, slots=True)
class Tariff:
    """What the tariff prints for a code; the same object is the same tariff.

    A tariff that is imported anew gives other objects, so that what was found before is not taken.
    """

    rates: Mapping[str, TariffRate] = field(hash=False, compare=False)
    identity: int


def rates(keys: pl.DataFrame, books: Path | None) -> pl.DataFrame:
    """The rates of distinct goods, with the columns of :data:`SCHEMA`.

    Args:
        keys: distinct rows of :data:`KEYS`.
        books: the folder of imported tariffs; None for the committed one.
    """
    rows = [_found(key, books) for key in keys.select(KEYS).iter_rows()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _found(goods: Key, books: Path | None) -> tuple[object, ...]:
    hs, origin, category, unit, period = goods
    printed = rates_of(ECONOMY, hs, period, books)
    alike = (hs, _origin(origin), category if category in _categories() else None, unit, period)
    return (*goods, *_row(alike, Tariff(printed, id(printed))))


def _origin(origin: str | None) -> str | None:
    """The origin, or one that stands for all whose treatment the law does not name."""
    return origin if origin is None or origin in MFN_HELD else OTHER_ORIGIN


@cache
def _categories() -> frozenset[str]:
    """The categories that the law asks for; any other one is as good as none."""
    return frozenset(each.name for table in NAMED_BY_CATEGORY for each in goods_classes(table))


@remembered_up_to(CODES_CACHED_MAX)
def _row(goods: Key, tariff: Tariff) -> tuple[object, ...]:
    """The columns behind the keys."""
    hs, origin, category, unit, period = goods
    try:
        return (True, *_known(Lookup(hs, origin, unit, period, tariff.rates), category))
    except (LawError, NotOrdinary):
        return (False, *([None] * (len(SCHEMA) - len(KEYS) - 1)))


def _known(goods: Lookup, category: str | None) -> tuple[object, ...]:
    """The same of goods that the expressions are for.

    Raises:
        LawError: the law does not cover the day.
        NotOrdinary: the scalar law is needed for another reason.
    """
    _check(goods)
    mask = _controls(goods, category)
    listed = _is_listed(goods, category)
    tax = integer_at(
        f"jp.consumption_tax.{_name('jp.consumption_tax', goods) or 'standard'}", goods.day
    )
    by_general, name = general(goods), _name("jp.simplified", goods) or "other"
    is_general = name == GENERAL_TARIFF
    by_class = NOT_SIMPLIFIED if is_general else simplified(goods, name)
    return (
        *(mask, listed is True, listed is None, EXCISES[_name("jp.excise", goods)]),
        *(tax * integer_at("jp.rounding.base_unit", goods.day), is_general),
        *(by_general.low, by_general.cap, by_general.rate, by_general.amount, by_general.per),
        *(by_general.pick, by_general.told, by_general.used, by_general.missing, by_general.lacks),
        *(by_class.rate, by_class.amount, by_class.pick, by_class.told, by_class.used),
        *(by_class.missing, by_class.lacks),
    )


def _check(goods: Lookup) -> None:
    """Nothing to say where the law of the day is the one that the expressions are written for."""
    is_code = goods.hs.isascii() and goods.hs.isdigit() and len(goods.hs) >= CODE_DIGITS_MIN
    if not is_code or not _is_of_the_expressions(goods.day):
        raise NotOrdinary
    if goods.origin == BANNED_ORIGIN and at("jp.import_ban.kp", goods.day):
        raise NotOrdinary


@remembered
def _is_of_the_expressions(day: date) -> bool:
    for name in HELD:
        value_at(name, day)
    is_down = all(at(name, day) == Rounding.DOWN.value for name in ROUNDINGS)
    return is_down and value_at(ALWAYS_USED, day).evidence not in VERIFIED


def _name(table: str, goods: Lookup) -> str | None:
    found = goods_class(table, goods.hs, goods.day)
    return None if found is None else found.name


def _named(table: str, category: str | None, day: date) -> GoodsClass | None:
    """The class of a table that the seller's category names."""
    named = (each for each in goods_classes(table) if each.name == category)
    return next((each for each in named if each.covers(day)), None)


def _controls(goods: Lookup, category: str | None) -> int:
    """What is told of goods in every case.

    Raises:
        NotOrdinary: they may not be imported.
    """
    table = "jp.prohibited"
    if _named(table, category, goods.day) or goods_class(table, goods.hs, goods.day):
        raise NotOrdinary
    mask, table = bit("LAW_UNVERIFIED"), "jp.restricted"
    if _named(table, category, goods.day) or goods_class(table, goods.hs, goods.day):
        mask |= bit("GOODS_CONTROLLED")
    if goods.origin == "RU" and goods_class("jp.import_ru", goods.hs, goods.day):
        mask |= bit("JP_IMPORT_FROM_RUSSIA")
    return mask


def _is_listed(goods: Lookup, category: str | None) -> bool | None:
    """Whether the small exemption does not cover the goods; None where nobody told."""
    name = _name("jp.deminimis", goods)
    if name == UNCERTAIN:
        named = None if category == UNCERTAIN else _named("jp.deminimis", category, goods.day)
        if named is None:
            return None
        name = named.name
    return name is not None and name not in NOT_LISTED
