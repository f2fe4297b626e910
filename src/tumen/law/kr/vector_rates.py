"""What Korea's law says of a code, a category, a unit and a period: one row for each.

What turns on value and quantity is computed on whole columns in :mod:`tumen.law.kr.vector`. A row
that is not ``law_is_held`` leaves its shipments to the scalar law: goods that may not enter, taxes
whose rates are not held, days before all of the law is.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import FIXED_POINT_SCALE
from tumen.law.categories import NEVER_ADMITTED
from tumen.law.goods import CODES_CACHED_MAX
from tumen.law.kr.vector_classes import PROHIBITED, class_name
from tumen.law.kr.vector_duty import DutyTerms, duty_terms
from tumen.law.kr.vector_values import FIXED, fixed
from tumen.law.overlay import remembered, remembered_up_to
from tumen.law.parameters import VERIFIED, Scalar, at, holds, integer_at, value_at
from tumen.law.vector.twin import bit

KEYS: Final = ("hs", "category", "unit", "period")
"""Columns that decide what the law says of a line, besides its amounts."""

COLUMNS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "law_is_held": pl.Boolean,
        "law_list_limit": pl.Int64,  # cents of a dollar
        "law_list_limit_us": pl.Int64,
        "law_small_limit": pl.Int64,
        "law_minimum": pl.Int64,  # won; what is less is not collected
        "law_needs_id": pl.Boolean,  # list clearance asks for the buyer's code
        "law_is_excluded": pl.Boolean,  # from list clearance
        "law_use": pl.Int64,  # class with a quantity for personal use; 0 for none
        "law_use_pieces": pl.Int64,  # its limits at scale 10^5; null where none is counted in it
        "law_use_litres": pl.Int64,
        "law_use_kg": pl.Int64,
        "law_is_unfit": pl.Boolean,  # no simplified rate, whatever the goods cost
        "law_simple_rate": pl.Int64,  # ppm; of luxury goods up to their value
        "law_simple_threshold": pl.Int64,  # won, of luxury goods
        "law_simple_base": pl.Int64,  # won, of luxury goods
        "law_simple_above": pl.Int64,  # ppm, of luxury goods
        "law_barred_basic": pl.Int64,  # ppm of basic duty, of goods without rate when luxury
        "law_duty": pl.Int64,  # ppm; null where it is not held or cannot be read
        "law_duty_missing": pl.String,  # what is unknown then
        "law_is_indicative": pl.Boolean,
        "law_is_hard": pl.Boolean,  # only the scalar law computes the duty
        "law_is_duty_not_held": pl.Boolean,
        "law_luxury": pl.Int64,  # won a piece, above which individual consumption tax begins
        "law_luxury_rate": pl.Int64,  # ppm
        "law_rural_rate": pl.Int64,  # ppm of that tax; null where none is due
        "law_is_liquor": pl.Boolean,
        "law_liquor_rate": pl.Int64,  # ppm; null where it is not held
        "law_education_rate": pl.Int64,  # ppm of the one or the other
        "law_vat_rate": pl.Int64,  # ppm; null where it is not held
        "law_list_notices": pl.Int64,  # masks of warnings: in list clearance,
        "law_goods_notices": pl.Int64,  # in a declaration,
        "law_person_notices": pl.Int64,  # and where the buyer is a person
    }
)

SCHEMA: Final = pl.Schema(
    {
        "hs": pl.String,
        "category": pl.String,
        "unit": pl.String,
        "period": pl.Date,
        **COLUMNS,
    }
)

ASSUMED: Final[Mapping[str, Scalar]] = MappingProxyType(
    {
        "kr.list.transport": "courier",
        "kr.list.limit_us_dispatch": "US",
        "kr.simplified.transport": "post courier",
        "kr.personal_use.alcohol.taxes_due": True,
    }
)
"""What the stages have fixed; where the law says otherwise its scalar twin answers."""

ASKED: Final = (
    "kr.customs_value.basis",
    "kr.tax.rounding",
    "kr.tax.rounding_unit",
    "kr.list.excluded",
    "kr.simplified.not_for",
    "kr.pccc.format",
    "kr.vat.basis",
    "kr.vat.small_value",
    "kr.duty.choice",
)
"""Parameters that are asked for without a number; without one of them nothing is held."""

ALWAYS_USED: Final = ("kr.customs_value.apportionment", "kr.customs_value.rounding")
"""Every answer rests on these. As long as one is unverified, every answer says so."""

PROGRESSIVE: Final = frozenset({"jewellery", "luxury_bag_watch"})
BY_BASIC_RATE: Final = frozenset({"fur", "textile_leather_shoes", "antler"})
BARRED: Final = frozenset({"fur", "carpets", "furniture"})
WITHOUT_RATE: Final = frozenset({"tobacco", "cars"})
FOODS: Final = frozenset({"food", "health_food"})
COSMETICS: Final = ("3304", "3305", "3307", "3401")
USES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "alcohol": {"pieces": "bottles", "litres": "volume"},
        "supplements": {"pieces": "count"},
        "perfume": {"litres": "volume"},
        "e_liquid": {"litres": "volume"},
        "sesame_oil": {"kg": "weight"},
        "sesame": {"kg": "weight"},
        "honey": {"kg": "weight"},
    }
)
"""What limits each class for personal use; the number of a class is its place, from 1."""

FARM_GOODS: Final = "farm_goods"
"""Oil, sesame and honey have one parameter."""

IN_UNIT: Final = {"pieces": FIXED_POINT_SCALE, "litres": 100, "kg": 100}
"""A piece, a millilitre and a gram at scale 10^5 of pieces, litres and kilograms."""

Row = dict[str, int | bool | str | None]


class NotHeld(LawError):
    """Only the scalar law answers for such goods."""


def rates(keys: pl.DataFrame, books: Path | None) -> pl.DataFrame:
    """What the law says of distinct keys.

    Args:
        keys: distinct rows of :data:`KEYS`.
        books: a folder of imported tariffs; None for those that come with the program.
    """
    rows = [
        (hs, category, unit, period, *_row(hs, category, unit, period, books))
        for hs, category, unit, period in keys.select(KEYS).iter_rows()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@remembered_up_to(CODES_CACHED_MAX)
def _row(
    hs: str, category: str | None, unit: str, period: date, books: Path | None
) -> tuple[object, ...]:
    try:
        found = _known(hs, category, unit, period, books)
    except LawError:
        found = {"law_is_held": False}
    return tuple(found.get(name) for name in COLUMNS)


def _known(hs: str, category: str | None, unit: str, day: date, books: Path | None) -> Row:
    control = class_name("kr.control", hs, category, day)
    if control == PROHIBITED or category in NEVER_ADMITTED:
        raise NotHeld("goods that may not enter")
    excluded = class_name("kr.list_excluded", hs, category, day)
    terms = duty_terms(hs, day, books)
    cosmetics = hs.startswith(COSMETICS) and category != "cosmetics"
    is_food = excluded in FOODS and holds("kr.control.harmful_foods", day)
    return {
        "law_is_held": True,
        **_of_day(day),
        "law_is_excluded": excluded is not None or control is not None,
        **_use(class_name("kr.personal_use", hs, category, day), day),
        **_simplified(hs, terms, day),
        "law_duty": terms.rate,
        "law_duty_missing": terms.missing,
        "law_is_indicative": terms.is_indicative,
        "law_is_hard": terms.is_hard,
        "law_is_duty_not_held": not terms.is_held,
        **_taxes(hs, terms, day),
        "law_list_notices": bit("LAW_UNVERIFIED") | _told("KR_COSMETICS", is_told=cosmetics),
        "law_goods_notices": bit("LAW_UNVERIFIED")
        | _told("GOODS_CONTROLLED", is_told=control is not None)
        | _told("KR_HARMFUL_FOODS", is_told=is_food),
    }


def _told(code: str, *, is_told: bool) -> int:
    return bit(code) if is_told else 0


@remembered
def _of_day(day: date) -> Row:
    """What turns on the day alone."""
    for name, expected in ASSUMED.items():
        if at(name, day) != expected:
            raise NotHeld(name)
    for name in ASKED:
        value_at(name, day)
    if any(at(name, day) != fixed(name) for name in FIXED):
        raise NotHeld("another way of rounding than the stages have")
    if all(value_at(name, day).evidence in VERIFIED for name in ALWAYS_USED):
        raise NotHeld("what is unverified turns on more than the stages know")
    required = "kr.pccc.required"
    return {
        "law_list_limit": integer_at("kr.list.limit", day),
        "law_list_limit_us": integer_at("kr.list.limit_us", day),
        "law_small_limit": integer_at("kr.small_value.limit", day),
        "law_minimum": integer_at("kr.minimum_collection", day),
        "law_needs_id": holds(required, day) and bool(at(required, day)),
        "law_person_notices": _told("KR_PCCC_VALIDITY", is_told=holds("kr.pccc.validity", day))
        | _told("KR_PCCC_MATCH", is_told=holds("kr.pccc.match", day)),
    }


def _use(kind: str | None, day: date) -> Row:
    """The quantities for personal use, at the scale of the lines (고시 67)."""
    if kind is None:
        return {"law_use": 0}
    if kind == "alcohol" and integer_at("kr.personal_use.alcohol.price", day) < integer_at(
        "kr.small_value.limit", day
    ):
        raise NotHeld("a price of its own that is not compared")
    row: Row = {"law_use": [*USES].index(kind) + 1}
    for measure, what in USES[kind].items():
        name = FARM_GOODS if measure == "kg" else kind
        limit = integer_at(f"kr.personal_use.{name}.{what}", day)
        row[f"law_use_{measure}"] = limit * IN_UNIT[measure]
    return row


def _simplified(hs: str, terms: DutyTerms, day: date) -> Row:
    """The line of annex 2 that the goods fall under, and why they have none."""
    other = integer_at("kr.simplified.other.rate", day)
    kind = class_name("kr.simplified", hs, None, day)
    if kind == "not_for" or terms.is_free or terms.is_specific:
        return {"law_is_unfit": True, "law_simple_rate": other}
    row: Row = {"law_is_unfit": False, "law_simple_rate": other}
    prefix = f"kr.simplified.{kind}"
    if kind in PROGRESSIVE:
        row["law_simple_threshold"] = integer_at(f"{prefix}.threshold", day)
        row["law_simple_base"] = integer_at(f"{prefix}.base", day)
        row["law_simple_above"] = integer_at(f"{prefix}.rate", day)
    elif kind is not None and not (kind in BY_BASIC_RATE and _is_low(terms, day)):
        row["law_simple_rate"] = integer_at(f"{prefix}.rate", day)
    return row


def _is_low(terms: DutyTerms, day: date) -> bool:
    """Whether the basic duty is held and below that from which a line of its own begins."""
    least = integer_at("kr.simplified.base_rate_min", day)
    return terms.basic is not None and terms.basic < least


def _taxes(hs: str, terms: DutyTerms, day: date) -> Row:
    """The internal taxes that the goods bear."""
    luxury = class_name("kr.individual_consumption_tax", hs, None, day)
    liquor = class_name("kr.liquor_tax", hs, None, day)
    if luxury in WITHOUT_RATE or (luxury is not None and liquor is not None):
        raise NotHeld("rates that are not held")
    row: Row = {"law_vat_rate": _vat(hs, day), "law_is_liquor": liquor is not None}
    if liquor is not None:
        row |= _liquor(f"kr.liquor_tax.{liquor}.rate", day)
    if luxury is not None:
        row |= _luxury(luxury, day)
        if luxury in BARRED:
            # where no duty is held, the price alone is looked at
            row["law_barred_basic"] = terms.basic or 0
    return row


def _luxury(kind: str, day: date) -> Row:
    """Individual consumption tax, and what is levied on it (개별소비세법 1, 교육세법 5)."""
    prefix = f"kr.individual_consumption_tax.{kind}"
    return {
        "law_luxury": integer_at(f"{prefix}.threshold", day),
        "law_luxury_rate": integer_at(f"{prefix}.rate", day),
        "law_rural_rate": integer_at(f"kr.rural_tax.{kind}.rate", day) or None,
        "law_education_rate": integer_at("kr.education_tax.on_individual_consumption_tax", day),
    }


def _liquor(name: str, day: date) -> Row:
    """Liquor tax and the education tax on it, which is high where the liquor tax is."""
    value_at("kr.liquor_tax.basis", day)
    if not holds(name, day):
        return {"law_liquor_rate": None}
    rate = integer_at(name, day)
    is_high = rate > integer_at("kr.education_tax.on_liquor.high_above", day)
    education = f"kr.education_tax.on_liquor.{'high' if is_high else 'standard'}"
    return {"law_liquor_rate": rate, "law_education_rate": integer_at(education, day)}


def _vat(hs: str, day: date) -> int | None:
    """Value added tax; null where nobody knows whether the goods are free of it."""
    kind = class_name("kr.vat", hs, None, day)
    if kind is None:
        return integer_at("kr.vat.rate", day)
    value_at("kr.vat.books", day)
    return 0 if kind == "books" else None
