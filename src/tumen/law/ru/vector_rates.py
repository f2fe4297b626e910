"""What Russia's law says of a commodity code in a period of one law: a row for each of them.

All that turns on a code and a day alone is looked up here once, and joined; what turns on values,
weights and the parties stands in :mod:`tumen.law.ru.vector`.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import RATE_SCALE
from tumen.law.consignment import TariffRate
from tumen.law.duty import AdValorem, Duty, Highest, Specific, Total
from tumen.law.goods import CODES_CACHED_MAX, GoodsClass, goods_class
from tumen.law.overlay import remembered_up_to
from tumen.law.parameters import VERIFIED, at, history, value_at
from tumen.law.tariffs import rates_of

KEYS: Final = ("hs", "period")
"""Columns of the lines that decide the rates of an item."""

BY_VALUE, BY_QUANTITY, HIGHER, SUM = 0, 1, 2, 3
"""How the duty of a code is found: a share of the value, an amount for each unit, both."""

AMOUNT_E6_MAX: Final = 10**9
"""Of a specific rate: a thousand euros for one unit; what is above is left to the scalar law."""

PPM_MAX: Final = 10 * RATE_SCALE
CURRENCIES: Final = frozenset({"EUR", "USD", "RUB"})
COLUMN: Final = "base"
ROUNDING: Final = "ru.rounding"

SCHEMA: Final = pl.Schema(
    {
        "hs": pl.String,
        "period": pl.Date,
        "law_is_held": pl.Boolean,  # false: the scalar law answers; null: no code or no day
        "law_kind": pl.Int64,  # null where the tariff has no rate that can be read
        "law_ppm": pl.Int64,
        "law_each_e6": pl.Int64,  # of law_currency, for one law_per
        "law_per": pl.String,
        "law_currency": pl.String,
        "law_tariff_missing": pl.String,
        "law_is_indicative": pl.Boolean,
        "law_excise_missing": pl.String,
        "law_fee_missing": pl.String,  # what the fee misses unless the filer says it
        "law_may_be_reduced": pl.Boolean,
        "law_is_controlled": pl.Boolean,
        "law_is_prohibited": pl.Boolean,  # in parcels of goods for personal use
        "law_is_excluded": pl.Boolean,  # from electronic commerce
        "law_is_vehicle": pl.Boolean,
        "law_is_rounded": pl.Boolean,  # by one rule, on whose doubt every answer rests
    }
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The duty of a code: the terms of the tariff as numbers of :data:`SCHEMA`."""

    kind: int
    ppm: int = 0
    each_e6: int = 0
    per: str | None = None
    currency: str | None = None


def rates(keys: pl.DataFrame, books: Path | None = None) -> pl.DataFrame:
    """The rates of distinct codes, with the columns of :data:`SCHEMA`.

    Args:
        keys: distinct rows of :data:`KEYS`; either may be null.
        books: a folder of imported tariffs.
    """
    rows = [_row(hs, period, books) for hs, period in keys.select(KEYS).iter_rows()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@remembered_up_to(CODES_CACHED_MAX)
def _row(hs: str | None, period: date | None, books: Path | None) -> tuple[object, ...]:
    if hs is None or period is None:
        return (hs, period, *(None,) * (len(SCHEMA) - len(KEYS)))
    rate = rates_of("RU", hs, period, books).get(COLUMN)
    printed = None if rate is None else rate.terms
    terms = None if printed is None else terms_of(printed)
    is_held = (printed is None) == (terms is None) and not _is_prohibited(hs, period)
    return (
        *(hs, period, is_held),
        *_of_terms(terms),
        f"tariff.RU.{hs}.{COLUMN}" if printed is None else None,
        _is_indicative(rate),
        *_classes(hs, period),
        _is_doubted(ROUNDING, period) and len({each.value for each in history(ROUNDING)}) == 1,
    )


def _is_doubted(name: str, period: date) -> bool:
    """Whether a parameter is held and less than confirmed."""
    try:
        return value_at(name, period).evidence not in VERIFIED
    except LawError:
        return False


def _of_terms(terms: Terms | None) -> tuple[object, ...]:
    if terms is None:
        return (None, None, None, None, None)
    return (terms.kind, terms.ppm, terms.each_e6, terms.per, terms.currency)


def _is_indicative(rate: TariffRate | None) -> bool:
    """A rate that is used, even if it cannot be read, is told to be indicative."""
    return rate is not None and rate.evidence not in VERIFIED


def terms_of(duty: Duty) -> Terms | None:
    """The terms as numbers; None where they have another form or size.

    >>> terms_of(Highest((AdValorem(Fraction(1, 10)), Specific(Fraction(9, 4), "EUR", "kg"))))
    Terms(kind=2, ppm=100000, each_e6=2250000, per='kg', currency='EUR')
    """
    if isinstance(duty, AdValorem):
        ppm = _whole(duty.rate, RATE_SCALE, PPM_MAX)
        return None if ppm is None else Terms(BY_VALUE, ppm)
    if isinstance(duty, Specific):
        each = _whole(duty.amount, RATE_SCALE, AMOUNT_E6_MAX)
        is_known = each is not None and duty.currency in CURRENCIES
        return Terms(BY_QUANTITY, 0, each or 0, duty.per, duty.currency) if is_known else None
    if not isinstance(duty, Highest | Total) or len(duty.of) != len((BY_VALUE, BY_QUANTITY)):
        return None
    share, amount = (terms_of(each) for each in duty.of)
    if share is None or amount is None or (share.kind, amount.kind) != (BY_VALUE, BY_QUANTITY):
        return None
    kind = HIGHER if isinstance(duty, Highest) else SUM
    return Terms(kind, share.ppm, amount.each_e6, amount.per, amount.currency)


def _whole(number: Fraction, scale: int, most: int) -> int | None:
    """A number at a scale; None where it is not whole there, or too large."""
    scaled = number * scale
    return scaled.numerator if scaled.denominator == 1 and 0 <= scaled <= most else None


def _classes(hs: str, period: date) -> tuple[object, ...]:
    """What the classes of goods say of a code."""
    excise, fee, control = (_class(tax, hs, period) for tax in ("excise", "fee", "control"))
    has_fee = fee is not None and bool(_names("ru.fee.electronics", period))
    name = None if control is None else control.name
    return (
        None if excise is None else f"ru.excise.{excise.name}",
        f"ru.fee.electronics.{hs}" if has_fee else None,
        _class("vat", hs, period) is not None,
        name is not None,
        name in _names("ru.personal.prohibited", period),
        name in _names("ru.ecommerce.excluded", period),
        name == "vehicles",
    )


def _is_prohibited(hs: str, period: date) -> bool:
    """Goods that may not enter at all; the scalar law answers for them."""
    control = _class("control", hs, period)
    return control is not None and control.name in _names("ru.control.prohibited", period)


def _class(tax: str, hs: str, period: date) -> GoodsClass | None:
    return goods_class(f"ru.{tax}", hs, period)


def _names(name: str, period: date) -> frozenset[str]:
    """The words of a parameter; none where it is not held."""
    try:
        return frozenset(str(at(name, period)).split())
    except LawError:
        return frozenset()
