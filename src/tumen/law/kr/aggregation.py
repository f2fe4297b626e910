"""Parcels that are added up before the value of small goods is compared with its limit.

Source: 수입통관 사무처리에 관한 고시 Art. 68. Until 2022-11-16 parcels that arrived on one day
counted together whoever sold them; since then only those of one supplier, bought on one day.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Related
from tumen.law.settlement import Settlement

RULE: Final = "kr.small_value.aggregation"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The goods price of a consignment with the parcels that count with it, in won.

    Attributes:
        certain: with those that surely count.
        possible: with those besides of which it was not told.
        missing: what was not told, of the first of those; None where everything was.
    """

    certain: Fraction
    possible: Fraction
    missing: str | None


@dataclass(frozen=True, slots=True)
class _Match:
    """Whether two things are the same; None where it cannot be told, and what would tell it."""

    same: bool | None
    missing: str | None = None


def aggregate(settlement: Settlement) -> Aggregate:
    """The goods price with that of the related parcels which the law adds to it."""
    consignment, why = settlement.consignment, settlement.why
    certain = possible = consignment.price
    if not consignment.related:
        return Aggregate(certain, possible, None)
    rule = why.value(RULE)
    missing: str | None = None
    for place, parcel in enumerate(consignment.related):
        match = _purchase(consignment, parcel, place)
        if rule.value == "arrival_day_or_purchase_day":
            match = _either(match, _arrival(consignment, parcel, place))
        certain += parcel.value if match.same else 0
        possible += parcel.value if match.same is not False else 0
        missing = missing or (match.missing if match.same is None else None)
    money = settlement.money
    numbers = f"{money(consignment.price)} of this parcel; {money(certain)} with those that count"
    why.say("aggregation", None, str(rule.value), numbers, rule.citation)
    return Aggregate(certain, possible, missing)


def _purchase(consignment: Consignment, parcel: Related, place: int) -> _Match:
    """Same foreign supplier and same day of purchase."""
    seller = _equal(consignment.seller, parcel.seller, "seller", place)
    day = _equal(consignment.ordered_at, parcel.ordered_at, "ordered_at", place)
    if seller.same is False or day.same is False:
        return _Match(False)
    return seller if seller.same is None else day


def _arrival(consignment: Consignment, parcel: Related, place: int) -> _Match:
    """Same day of arrival."""
    return _equal(consignment.arrived_at, parcel.arrived_at, "arrived_at", place)


def _equal(ours: str | date | None, theirs: str | date | None, name: str, place: int) -> _Match:
    if ours is None:
        return _Match(None, name)
    if theirs is None:
        return _Match(None, f"related[{place}].{name}")
    return _Match(ours == theirs)


def _either(one: _Match, other: _Match) -> _Match:
    if one.same or other.same:
        return _Match(True)
    if one.same is False and other.same is False:
        return _Match(False)
    return other if one.same is False else one
