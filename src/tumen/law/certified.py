"""Whether a verified certificate of origin is proof for an item; who verified it stays outside.

The law takes the verified facts and asks what only it can: is it of the agreement that is claimed
and for this destination, did it count on the legal day, and do its lines cover the goods?
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.law.consignment import CertifiedOrigin, Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.native.units import unit_of

CERTIFICATE: Final = "certificate"
"""The kind of proof that it is."""

HS_DIGITS: Final = 6


def objections(
    found: CertifiedOrigin, agreement: str, consignment: Consignment, goods: Goods
) -> Iterator[str]:
    """Why a certificate is no proof for an item; nothing where it is one.

    Args:
        found: what it says.
        agreement: the one that is claimed.
        consignment: all goods: those of one line share its quantity.
        goods: the item.
    """
    if found.refused:
        yield found.refused
        return
    if found.agreement != agreement:
        yield "agreement"
    if found.destination != consignment.destination:
        yield "destination"
    if not found.first <= consignment.day <= found.last:
        yield "day"
    if not _covers(found, consignment, goods):
        yield "goods"


def _covers(found: CertifiedOrigin, consignment: Consignment, goods: Goods) -> bool:
    """Whether its lines of the code and origin reach for all items of that code and origin."""
    named = (goods.hs[:HS_DIGITS], goods.origin)
    lines = [each for each in found.lines if (each.hs, each.origin) == named]
    items = [each for each in consignment.goods if (each.hs[:HS_DIGITS], each.origin) == named]
    units = {unit_of(each.unit) for each in lines}
    names = {None if unit is None else unit.name for unit in units}
    if len(names) != 1 or None in names:
        return False
    name = str(names.pop())
    certified = sum(
        (each.quantity * _factor(each.unit) for each in lines), start=Fraction(0)
    )  # fmt: skip
    try:
        wanted = sum((each.measures.of(name) for each in items), start=Fraction(0))
    except Unknown:
        return False
    return wanted <= certified


def _factor(unit: str) -> Fraction:
    known = unit_of(unit)
    return Fraction(0) if known is None else known.factor
