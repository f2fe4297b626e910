"""Goods of a shipment that come back: how much, what of the charges falls to them, until when.

The law that is held knows the days of one regime, Chinese retail by e-commerce (GACC 2020/45): a
return is applied for within 30 days of release, and the goods are back where they were supervised
within 45. Only then is the tax not collected and the year's allowance as before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tumen.kernel.errors import LawError
from tumen.law.native import values
from tumen.law.native.values import Fault
from tumen.law.parameters import VERIFIED, value_at
from tumen.window.acts import Objection
from tumen.window.affair import Affair
from tumen.window.aftercare_asked import NOTHING_CHANGED, Difference, Reassessed, Stated
from tumen.window.reassessment import refund_of_return

APPLY_DAYS = "cn.cbec.return_apply_days"
BACK_DAYS = "cn.cbec.return_back_days"


@dataclass(frozen=True, slots=True)
class CameBack:
    """What comes back.

    Attributes:
        refund: what of each charge falls to it.
        is_full: whether with it everything is back.
        against: why it cannot be.
    """

    refund: Reassessed = NOTHING_CHANGED
    is_full: bool = False
    against: tuple[Objection, ...] = ()


def returned(affair: Affair, stated: Stated | None) -> CameBack:
    """What the stated goods of a shipment make of its charges; None states all of them."""
    if stated is None:
        return CameBack(Reassessed(tuple(_all_off(affair))), is_full=True)
    if affair.native is None:
        return CameBack(against=(Objection("AFTERCARE_ERASED", "declaration"),))
    declared = {
        place: values.number(each["quantity"]) for place, each in enumerate(affair.native["items"])
    }
    now, against = _quantities(stated, declared, affair.returned)
    if against or affair.ruling is None:
        return CameBack(against=tuple(against))
    left = {
        place: quantity - affair.returned.get(place, 0) - now.get(place, 0)
        for place, quantity in declared.items()
    }
    is_full = not any(left.values())
    refund = refund_of_return(
        affair.ruling, declared, stated.items, affair.charged, is_full=is_full
    )
    return CameBack(refund, is_full)


def _all_off(affair: Affair) -> Iterator[Difference]:
    for each in affair.charged:
        left = each.outstanding_minor or 0
        if left:
            yield Difference(each.position, each.code, each.currency, left, 0, -left)


def _quantities(
    stated: Stated, declared: Mapping[int, Fraction], before: Mapping[int, Fraction]
) -> tuple[dict[int, Fraction], list[Objection]]:
    """How much of each item comes back now, or what speaks against it."""
    now: dict[int, Fraction] = {}
    against: list[Objection] = []
    if not stated.items:
        against.append(Objection("RETURN_ITEM_UNKNOWN", "items", "0"))
    for order, each in enumerate(stated.items):
        place, path = each.item - 1, f"items[{order}].quantity"
        if place not in declared or place in now:
            against.append(Objection("RETURN_ITEM_UNKNOWN", path, str(each.item)))
            continue
        try:
            quantity = values.positive(each.quantity)
        except Fault as fault:
            told = fault.parameters
            against.append(Objection(fault.code, path, told.get("value"), told.get("expected")))
            continue
        left = declared[place] - before.get(place, 0)
        if quantity > left:
            against.append(
                Objection("RETURN_QUANTITY_EXCEEDED", path, each.quantity, _decimal(left))
            )
        now[place] = quantity
    return now, against


def _decimal(number: Fraction) -> str:
    """A quantity of at most five decimals.

    >>> _decimal(Fraction(3)), _decimal(Fraction(5, 2))
    ('3', '2.5')
    """
    whole, part = divmod(int(number * 100_000), 100_000)
    return f"{whole}.{part:05d}".rstrip("0").rstrip(".")


def in_time_to_apply(released_on: date, day: date) -> tuple[tuple[Objection, ...], tuple[str, ...]]:
    """What speaks against a return of a day, and what that rests on."""
    days, doubts = _days(APPLY_DAYS, day)
    if days is None:
        return (Objection("NOT_RETURNABLE", "declaration", "released"),), doubts
    if (day - released_on).days > days:
        return (Objection("RETURN_TOO_LATE", "declaration", str(day), str(days)),), doubts
    return (), doubts


def back_by(released_on: date, asked_on: date) -> tuple[date | None, tuple[str, ...]]:
    """The last day on which returned goods are back in time, and what that rests on.

    >>> back_by(date(2026, 8, 3), date(2026, 8, 20))
    (datetime.date(2026, 9, 17), ('cn.cbec.return_back_days',))
    """
    days, doubts = _days(BACK_DAYS, asked_on)
    if days is None:
        return None, doubts
    return released_on + timedelta(days=days), doubts


def _days(name: str, day: date) -> tuple[int | None, tuple[str, ...]]:
    try:
        found = value_at(name, day)
    except LawError:
        return None, (name,)
    return found.integer, () if found.evidence in VERIFIED else (name,)
