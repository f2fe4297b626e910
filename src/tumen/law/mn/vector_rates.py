"""What Mongolia's vectorised law needs for each distinct code, origin, unit and period."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import RATE_SCALE
from tumen.law.consignment import TariffRate
from tumen.law.duty import AdValorem
from tumen.law.goods import CODES_CACHED_MAX, goods_class
from tumen.law.overlay import remembered_up_to
from tumen.law.parameters import VERIFIED, at, holds, integer_at, value_at
from tumen.law.tariffs import rates_of
from tumen.law.vector.twin import bit

KEYS: Final = ("hs", "origin", "unit", "period")
SCHEMA: Final = {
    "hs": pl.String,
    "origin": pl.String,
    "unit": pl.String,
    "period": pl.Date,
    "law_is_held": pl.Boolean,  # whether the columns can answer for the goods at all
    "law_duty": pl.Int64,  # ppm, already doubled outside the WTO
    "law_vat": pl.Int64,  # ppm
    "law_excise": pl.String,  # the excise that is not held; null where none is due
    "law_notices": pl.Int64,  # of a general import
    "law_postal_notices": pl.Int64,
    "law_is_post_open": pl.Boolean,  # whether the law of post is held on the day
    "law_limit": pl.Int64,  # mongo; null where the wage is not held
    "law_laptop_limit": pl.Int64,
    "law_laptops": pl.Int64,  # how many laptops the higher limit is for
    "law_is_laptop": pl.Boolean,
    "law_is_counted": pl.Boolean,  # whether the quantity is a number of pieces
    "law_identical": pl.Int64,
    "law_free_cents": pl.Int64,  # value without a fee; null where not held
}

COUNTED: Final = frozenset({"piece", "pair", "head"})
APTA: Final = {
    **dict.fromkeys(("CN", "KR"), "mn.apta.origins"),
    **dict.fromkeys(("BD", "IN", "LA", "LK"), "mn.apta.other_origins"),
}
PROHIBITED: Final = "prohibited"


def rates(keys: pl.DataFrame, folder: Path | None) -> pl.DataFrame:
    """The rows of :data:`SCHEMA` for distinct keys.

    Args:
        keys: distinct rows of :data:`KEYS`.
        folder: where imported tariffs lie.
    """
    rows = [
        (hs, origin, unit, period, *_row(hs, origin, unit, period, folder))
        for hs, origin, unit, period in keys.select(KEYS).iter_rows()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@remembered_up_to(CODES_CACHED_MAX)
def _row(
    hs: str, origin: str | None, unit: str, day: date, folder: Path | None
) -> tuple[object, ...]:
    try:
        return (*_general(hs, origin, day, folder), *_postal(hs, unit, day))
    except LawError:
        return (False, *(None for _ in range(len(SCHEMA) - len(KEYS) - 1)))


def _general(hs: str, origin: str | None, day: date, folder: Path | None) -> tuple[object, ...]:
    tariff = rates_of("MN", hs, day, folder)
    printed = tariff.get("base")
    excise = goods_class("mn.excise", hs, day)
    missing = None if excise is None else f"mn.excise.{excise.name}"
    apta = "apta" in tariff and holds(APTA.get(origin or "", ""), day)
    told = [
        _doubt(day),
        _control(hs, day),
        0 if printed is None or printed.evidence in VERIFIED else bit("TARIFF_INDICATIVE"),
        bit("MN_PREFERENCE_POSSIBLE") if apta else 0,
        bit("MN_ORIGIN_NOT_TOLD") if origin is None else 0,
        bit("RATE_UNKNOWN") if missing else 0,
    ]
    duty = _duty(hs, origin, day, printed)
    is_held = duty is not None and not _is_banned(hs, day)
    return (is_held, duty, integer_at("mn.vat.rate", day), missing, sum(told))


def _duty(hs: str, origin: str | None, day: date, printed: TariffRate | None) -> int | None:
    """The rate that the tariff prints, twice outside the WTO; None where it is another rule's."""
    by_rule = goods_class("mn.duty", hs, day)
    if by_rule is not None or printed is None or not isinstance(printed.terms, AdValorem):
        return None
    outside = str(at("mn.duty.non_wto_economies", day)).split()
    times = integer_at("mn.duty.non_wto_multiplier", day) if origin in outside else 1
    rate: Fraction = printed.terms.rate * times * RATE_SCALE
    return rate.numerator if rate.denominator == 1 else None


def _postal(hs: str, unit: str, day: date) -> tuple[object, ...]:
    is_open = holds("mn.postal.wages", day)
    wage = integer_at("mn.minimum_wage", day) if holds("mn.minimum_wage", day) else None
    laptop = goods_class("mn.postal", hs, day)
    limits = [
        None if wage is None else integer_at(f"mn.postal.{name}", day) * wage
        for name in ("wages", "laptop_wages")
    ]
    free = integer_at("mn.postal.fee_free_value", day) if holds(FREE, day) else None
    return (
        _doubt(day) | _control(hs, day),
        is_open,
        *limits,
        integer_at("mn.postal.laptop_count", day),
        laptop is not None and laptop.name == "laptop",
        unit in COUNTED,
        integer_at("mn.postal.identical_items", day),
        free,
    )


FREE: Final = "mn.postal.fee_free_value"


def _doubt(day: date) -> int:
    """Every charge and every value is rounded, and how is less than confirmed.

    Raises:
        LawError: it has been confirmed, so that each other doubt would have to be looked for.
    """
    if value_at("mn.rounding", day).evidence in VERIFIED:
        raise LawError("mn.rounding is confirmed", name="mn.rounding")
    return bit("LAW_UNVERIFIED")


def _is_banned(hs: str, day: date) -> bool:
    """Goods that may not enter, or not free of duty by post; the scalar law answers for them."""
    found = goods_class("mn.control", hs, day)
    lists = [name for name in ("mn.postal.prohibited", "mn.control.prohibited") if holds(name, day)]
    return found is not None and any(found.name in str(at(each, day)).split() for each in lists)


def _control(hs: str, day: date) -> int:
    found = goods_class("mn.control", hs, day)
    return 0 if found is None or found.name == PROHIBITED else bit("GOODS_CONTROLLED")
