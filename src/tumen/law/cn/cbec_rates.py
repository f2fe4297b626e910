"""The rates of cross-border e-commerce import, one row for each distinct code, day and units.

What depends on a code, a day and the stated units alone is looked up once and joined; what
depends on value and quantity is computed on whole columns in :mod:`tumen.law.cn.cbec`.
"""

from dataclasses import dataclass
from datetime import date
from math import gcd
from typing import Final

import polars as pl

from tumen.kernel.columns import chosen, from_rows
from tumen.kernel.errors import LawError
from tumen.kernel.limits import FIXED_POINT_SCALE
from tumen.law.goods import CODES_CACHED_MAX, Unit, duty_rate, goods_class, units
from tumen.law.overlay import remembered_up_to
from tumen.law.parameters import VERIFIED, integer_at, value_at

KEYS: Final = ("hs_code", "day", "unit", "unit_1", "unit_2")
"""Columns that decide the rates of a goods item."""

RATES_SCHEMA: Final = pl.Schema(
    {
        "hs_code": pl.String,
        "day": pl.Date,
        "unit": pl.String,
        "unit_1": pl.String,
        "unit_2": pl.String,
        "law_duty_within": pl.Int64,  # ppm
        "law_duty_full": pl.Int64,  # ppm, indicative
        "law_vat": pl.Int64,  # ppm
        "law_vat_within": pl.Int64,  # ppm times the per cent that are payable within the limits
        "law_vat_full": pl.Int64,  # ppm times 100
        "law_vat_factor": pl.Int64,  # per cent, within the limits
        "law_ct_factor": pl.Int64,  # per cent, within the limits
        "law_ct_low": pl.Int64,  # ppm below the trigger
        "law_ct_high": pl.Int64,  # ppm from the trigger on, or without one
        "law_unit_low": pl.Int64,  # fen for each law_per_e5, below the trigger
        "law_unit_high": pl.Int64,  # fen for each law_per_e5, from the trigger on
        "law_trigger": pl.Int64,  # fen of value for each law_per_e5; null without a trigger
        "law_per_e5": pl.Int64,  # quantity at scale 10^5; 1 where no quantity is needed
        "law_pick": pl.Int64,  # 0, 1, 2: declared, first, second legal; -1: none is needed
        "law_missing": pl.String,  # what is unknown whatever the verdict
        "law_missing_full": pl.String,  # what besides is unknown where full duty is due
        "law_unverified": pl.String,
        "law_unverified_full": pl.String,
    }
)

MEASURES: Final = {
    "high_end_cosmetics": ("mass", "volume", "sheet"),
    "watches": ("piece",),
    "spirits": ("mass", "volume"),
    "beer": ("mass", "volume"),
    "yellow_wine": ("mass", "volume"),
}
"""Classes whose tax turns on a quantity, and the measures that serve."""

GRAMS_PER_TONNE: Final = 1_000_000
MILLILITRES_PER_KILOLITRE: Final = 1_000_000
MILLILITRES_PER_LITRE: Final = 1_000
PERCENT: Final = 100
NOT_NEEDED: Final = -1


@dataclass(frozen=True, slots=True)
class ConsumptionTax:
    """The consumption tax of one code on one day with given units; see RATES_SCHEMA."""

    low: int | None = 0
    high: int | None = 0
    unit_low: int = 0
    unit_high: int = 0
    trigger: int | None = None
    per_e5: int = 1
    pick: int = NOT_NEEDED
    missing: str | None = None
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a class charges for a basis, in grams, millilitres, pieces or sheets."""

    basis: int
    trigger: int | None = None
    unit_low: int = 0
    unit_high: int = 0


def rates(keys: pl.DataFrame) -> pl.DataFrame:
    """The rates of distinct goods, with the columns of :data:`RATES_SCHEMA`.

    Args:
        keys: distinct rows of :data:`KEYS`; anything may be null.
    """
    return from_rows([_row(*key) for key in chosen(keys, KEYS).rows()], RATES_SCHEMA)


@remembered_up_to(CODES_CACHED_MAX)
def _row(hs_code: str | None, day: date | None, *stated: str | None) -> tuple[object, ...]:
    key = (hs_code, day, *stated)
    if hs_code is None:
        return _unknown(key, "hs_code")
    if day is None:
        return _unknown(key, "day")
    try:
        return _known(hs_code, day, stated)
    except LawError as error:
        return _unknown(key, str(error.details.get("name", error.code)))


def _unknown(key: tuple[object, ...], missing: str) -> tuple[object, ...]:
    nothing = (None,) * (len(RATES_SCHEMA) - len(key) - 4)
    return (*key, *nothing, missing, missing, None, None)


def _known(hs_code: str, day: date, stated: tuple[str | None, ...]) -> tuple[object, ...]:
    within = integer_at("cn.cbec.duty_rate", day)
    factor = integer_at("cn.cbec.vat_factor", day)
    duty = duty_rate(hs_code)
    vat, vat_used = vat_rate(hs_code, day)
    tax = consumption_tax(hs_code, day, stated)
    used = ("cn.cbec.apportionment", "cn.cbec.rounding", *vat_used, *tax.used)
    doubtful = [name.rstrip("?") for name in used if not _is_verified(name, day)]
    counts = "cn.cbec.over_single_counts_to_annual"
    doubtful_full = [*doubtful, *([] if _is_verified(counts, day) else [counts]), "cn.tariff"]
    return (
        *(hs_code, day, *stated, within, duty, vat, vat * factor, vat * PERCENT, factor),
        integer_at("cn.cbec.consumption_tax_factor", day),
        *(tax.low, tax.high, tax.unit_low, tax.unit_high, tax.trigger, tax.per_e5, tax.pick),
        tax.missing,
        f"cn.tariff.{hs_code}" if duty is None else None,
        ",".join(doubtful),
        ",".join(doubtful_full),
    )


def _is_verified(name: str, day: date) -> bool:
    """Goods mappings and the unit table come with a ``?`` when they are doubtful."""
    return not name.endswith("?") and value_at(name, day).evidence in VERIFIED


def vat_rate(hs_code: str, day: date) -> tuple[int, tuple[str, ...]]:
    """The rate of VAT in millionths, and what it rests on."""
    found = goods_class("cn.vat", hs_code, day)
    name = f"cn.vat.{found.name if found else 'standard'}"
    doubt = () if found is None or found.is_verified else ("cn.vat.goods?",)
    return integer_at(name, day), (name, *doubt)


def consumption_tax(hs_code: str, day: date, stated: tuple[str | None, ...]) -> ConsumptionTax:
    """The consumption tax of a code on a day, for goods counted in some customs units."""
    found = goods_class("cn.consumption_tax", hs_code, day)
    if found is None:
        return ConsumptionTax()
    doubt = () if found.is_verified else ("cn.consumption_tax.goods?",)
    return class_tax(found.name, day, stated, doubt)


def class_tax(
    name: str, day: date, stated: tuple[str | None, ...], doubt: tuple[str, ...] = ()
) -> ConsumptionTax:
    """The same for a class of goods; ``doubt`` is what its mapping rests on."""
    try:
        return _class_tax(name, day, stated, doubt)
    except LawError as error:
        missing = str(error.details.get("name", error.code))
        return ConsumptionTax(low=None, high=None, missing=missing, used=doubt)


def _class_tax(
    name: str, day: date, stated: tuple[str | None, ...], doubt: tuple[str, ...]
) -> ConsumptionTax:
    prefix = f"cn.consumption_tax.{name}"
    specific = name in {"beer", "yellow_wine"}
    rate = 0 if specific else integer_at(f"{prefix}.rate", day)
    used = doubt if specific else (*doubt, f"{prefix}.rate")
    if name not in MEASURES:
        return ConsumptionTax(low=rate, high=rate, used=used)
    picked = _pick(stated, MEASURES[name])
    if picked is None:
        return ConsumptionTax(low=None, high=None, missing="quantity", used=used)
    place, unit = picked
    terms, names = _terms(name, unit.measure, day)
    denominator = terms.basis * FIXED_POINT_SCALE
    divisor = gcd(unit.factor, denominator)
    factor = unit.factor // divisor
    return ConsumptionTax(
        low=rate if terms.trigger is None else 0,
        high=rate,
        unit_low=terms.unit_low * factor,
        unit_high=terms.unit_high * factor,
        trigger=None if terms.trigger is None else terms.trigger * factor,
        per_e5=denominator // divisor,
        pick=place,
        used=(*used, *names, "cn.units?"),
    )


def _pick(stated: tuple[str | None, ...], measures: tuple[str, ...]) -> tuple[int, Unit] | None:
    """The first of the declared and the legal units that has a measure the class turns on."""
    for place, code in enumerate(stated):
        unit = units().get(code or "")
        if unit is not None and unit.measure in measures:
            return place, unit
    return None


def _terms(name: str, measure: str, day: date) -> tuple[Terms, tuple[str, ...]]:
    prefix = f"cn.consumption_tax.{name}"
    if name in {"high_end_cosmetics", "watches"}:
        trigger = f"{prefix}.trigger_{measure}"
        return Terms(1, trigger=integer_at(trigger, day)), (trigger,)
    if name == "spirits":
        unit = f"{prefix}.unit_{measure}"
        amount = integer_at(unit, day)
        basis = GRAMS_PER_TONNE if measure == "mass" else MILLILITRES_PER_KILOLITRE
        return Terms(basis, unit_low=amount, unit_high=amount), (unit,)
    basis, conversion = _tonne(prefix, measure, day)
    if name == "yellow_wine":
        amount = integer_at(f"{prefix}.unit", day)
        return Terms(basis, unit_low=amount, unit_high=amount), (f"{prefix}.unit", *conversion)
    names = (f"{prefix}.trigger_mass", f"{prefix}.unit_low", f"{prefix}.unit_high")
    trigger_mass, low, high = (integer_at(each, day) for each in names)
    return Terms(basis, trigger_mass, low, high), (*names, *conversion)


def _tonne(prefix: str, measure: str, day: date) -> tuple[int, tuple[str, ...]]:
    """A tonne in grams or, by the litres that the rules count for it, in millilitres."""
    if measure == "mass":
        return GRAMS_PER_TONNE, ()
    name = f"{prefix}.litres_per_tonne"
    return integer_at(name, day) * MILLILITRES_PER_LITRE, (name,)
