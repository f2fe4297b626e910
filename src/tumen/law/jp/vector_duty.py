"""Which rate of the Japanese tariff applies to goods of one code, origin, unit and period.

Plain Python, once for each distinct key: the choice of the column, what it misses, what is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Final

from tumen.kernel.limits import FIXED_POINT_SCALE, RATE_SCALE
from tumen.law.consignment import TariffRate
from tumen.law.duty import FREE, Lowest
from tumen.law.jp.vector_forms import Form, form_of
from tumen.law.parameters import VERIFIED, at, integer_at, value_at
from tumen.law.vector.twin import bit

NUMERATOR_MAX: Final = 9_000_000
"""Of an amount for a unit: times the largest quantity at scale 10^5 it stays below 2^63."""

PICKS: Final[Mapping[str, int]] = {"kg": 2, "l": 3}
FIELDS: Final[Mapping[str, str]] = {"kg": "net_weight_kg", "l": "volume_l"}
BY_LITRE: Final = frozenset({"wine", "spirits", "other_liquor"})
MFN_HELD: Final = frozenset({"CN", "KR", "MN", "RU", "KP"})
"""The origins whose treatment by the WTO rates is a parameter of its own."""

MARKS: Final = frozenset("*※◎●◆〜又は| ")
"""What may stand beside the brackets of a rate that is in brackets."""


class NotOrdinary(Exception):
    """The scalar law answers."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a rate is looked up by, and what the tariff prints for it, by column."""

    hs: str
    origin: str | None
    unit: str
    day: date
    printed: Mapping[str, TariffRate]


@dataclass(frozen=True, slots=True)
class Rate:
    """A duty rate in whole numbers.

    Attributes:
        low, cap, rate, amount: the parts of :class:`~tumen.law.jp.vector_forms.Form`: of ``low``
            and ``rate`` yen for one unit of the base; ``rate`` is None where the duty is unknown.
        per: divides ``cap`` and ``amount`` times the quantity at scale 10^5.
        pick: the quantity: 0 none, 1 the declared one, 2 kilograms, 3 litres.
        told: the bits of what is told where the duty is asked for.
        used: the bits of what is told besides where it is known.
        missing: what it misses whatever the item tells; None where nothing.
        lacks: the field of the item that it misses, or may miss.
    """

    low: int = 0
    cap: int | None = None
    rate: int | None = 0
    amount: int = 0
    per: int = 1
    pick: int = 0
    told: int = 0
    used: int = 0
    missing: str | None = None
    lacks: str | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """The rate that applies: its form, or what is missing.

    Attributes:
        form: of the rate; None where it is unknown.
        told, used, missing, lacks: as of :class:`Rate`.
        needs: the unit of a quantity without which the item's own field is missing instead.
        is_free: whether the rate frees the goods; None where that turns on amounts.
    """

    form: Form | None = None
    told: int = 0
    used: int = 0
    missing: str | None = None
    lacks: str | None = None
    needs: str | None = None
    is_free: bool | None = False


def general(goods: Lookup) -> Rate:
    """The duty by the general tariff.

    Raises:
        LawError: the law does not cover the day.
        NotOrdinary: the rate has no form.
    """
    return _in_numbers(goods, _applied(goods))


def simplified(goods: Lookup, name: str) -> Rate:
    """The duty by a class of the simplified tariff that is not left to the general one.

    Raises:
        LawError: the law does not cover the day.
        NotOrdinary: whether the goods are free turns on amounts.
    """
    value_at("jp.simplified.choice", goods.day)
    if name in BY_LITRE:
        yen = integer_at(f"jp.simplified.{name}.amount", goods.day)
        form = Form(amount=Fraction(yen), per="l")
    else:
        share = integer_at(f"jp.simplified.{name}.rate", goods.day)
        form = Form(rate=Fraction(share, RATE_SCALE))
    by_class = Applied(form)
    return _in_numbers(goods, by_class if form == Form() else _unless_free(goods, by_class))


def _unless_free(goods: Lookup, by_class: Applied) -> Applied:
    """Goods that the general tariff frees stay free."""
    columns = [goods.printed.get(name) for name in ("temporary", "general", "wto")]
    printed = [each for each in columns if each is not None]
    if printed and all(each.terms is not None and each.terms != FREE for each in printed):
        return by_class
    found = _applied(goods)
    if found.form is None:
        return found
    if found.is_free is None:
        raise NotOrdinary
    if not found.is_free:
        return replace(by_class, told=found.told)
    value_at("jp.simplified.free_goods", goods.day)
    return found


def _applied(goods: Lookup) -> Applied:
    """The rate of the general tariff without preference."""
    temporary, ordinary = goods.printed.get("temporary"), goods.printed.get("general")
    national = temporary or ordinary
    if national is None:
        return _missing(f"tariff.JP.{goods.hs}")
    value_at("jp.tariff.temporary" if temporary else "jp.tariff.general", goods.day)
    wto = goods.printed.get("wto")
    if wto is None or is_in_brackets(wto.text):
        return _of_column(goods, national)
    if goods.origin is None:
        return Applied(lacks="origin")
    country = goods.origin.lower() if goods.origin in MFN_HELD else "other"
    if not at(f"jp.mfn.{country}", goods.day):
        return _of_column(goods, national, bit("JP_NO_WTO_RATE"))
    value_at("jp.tariff.wto", goods.day)
    return _of_column(goods, wto) if temporary is None else _lower(goods, temporary, wto)


def _lower(goods: Lookup, temporary: TariffRate, wto: TariffRate) -> Applied:
    """The temporary rate or that of the WTO schedule, whichever duty is lower."""
    if temporary.terms is None:
        return _of_column(goods, temporary)
    first = form_of(temporary.terms)
    if first is None:
        raise NotOrdinary
    if wto.terms is None:
        return replace(_of_column(goods, wto), needs=first.per)
    form = form_of(Lowest((temporary.terms, wto.terms)))
    if form is None:
        raise NotOrdinary
    is_free = temporary.terms == FREE if form.is_by_value and wto.terms != FREE else None
    return Applied(form, used=_used(wto), is_free=is_free)


def _of_column(goods: Lookup, rate: TariffRate, told: int = 0) -> Applied:
    """The rate of one column."""
    if rate.terms is None:
        return _missing(f"tariff.JP.{goods.hs}.{rate.column}", told)
    form = form_of(rate.terms)
    if form is None:
        raise NotOrdinary
    return Applied(form, told, _used(rate), is_free=rate.terms == FREE)


def _missing(name: str, told: int = 0) -> Applied:
    """No rate is held."""
    return Applied(told=told, missing=name)


def _used(rate: TariffRate) -> int:
    return 0 if rate.evidence in VERIFIED else bit("TARIFF_INDICATIVE")


def is_in_brackets(text: str) -> bool:
    """Whether all that the tariff prints is in brackets: not lower than the general rate.

    >>> is_in_brackets("(無税)〜(3.9%)"), is_in_brackets("無税〜(3.9%)"), is_in_brackets("5%")
    (True, False, False)
    """
    is_inside, pairs = False, 0
    for sign in text:
        if sign in "(（":
            if is_inside:
                return False
            is_inside = True
        elif sign in ")）":
            if not is_inside:
                return False
            is_inside, pairs = False, pairs + 1
        elif not is_inside and sign not in MARKS:
            return False
    return pairs > 0 and not is_inside


def _in_numbers(goods: Lookup, applied: Applied) -> Rate:
    """The rate in whole numbers.

    Raises:
        NotOrdinary: a share of the base is no whole number, or an amount is too large.
    """
    needs = applied.needs if applied.form is None else applied.form.per
    pick, lacks = _pick(goods, needs)
    if pick is None:
        return Rate(rate=None, told=applied.told, lacks=lacks)
    if applied.form is None:
        told, missing, lacks = applied.told, applied.missing, applied.lacks or lacks
        return Rate(rate=None, pick=pick, told=told, missing=missing, lacks=lacks)
    form, base_unit = applied.form, integer_at("jp.rounding.base_unit", goods.day)
    cap, amount = form.cap, form.amount
    whole = lcm(amount.denominator, 1 if cap is None else cap.denominator)
    numbers = Rate(
        low=_whole(form.low * base_unit),
        cap=None if cap is None else _whole(cap * whole),
        rate=_whole(form.rate * base_unit),
        amount=_whole(amount * whole),
        per=whole * FIXED_POINT_SCALE,
        pick=pick,
        told=applied.told,
        used=applied.used,
        lacks=lacks,
    )
    if max(numbers.amount, numbers.cap or 0) > NUMERATOR_MAX:
        raise NotOrdinary
    return numbers


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise NotOrdinary
    return number.numerator


def _pick(goods: Lookup, per: str | None) -> tuple[int | None, str | None]:
    """Which quantity of the item is in a unit, and the field that may not tell it."""
    if per is None:
        return 0, None
    if per == goods.unit:
        return 1, None
    return PICKS.get(per), FIELDS.get(per, f"quantity in {per}")
