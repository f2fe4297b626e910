"""Control on import into Korea, by HS code and by the seller's category: flags, no decisions.

Sources: 관세법 Art. 226 (licences and confirmations), 234 and 235 (what may not be imported); the
Food Ministry's list of banned direct purchases, of which only the length is held.
"""

from collections.abc import Iterator
from typing import Final

from tumen.law.explanation import Unknown
from tumen.law.kr.inquiry import Inquiry
from tumen.law.ruling import Notice

PROHIBITED: Final = ("counterfeit", "counterfeit_money", "narcotics", "obscene")
"""The seller's categories that no regime admits."""

COSMETICS: Final = ("3304", "3305", "3307", "3401")
FOODS: Final = frozenset({"food", "health_food"})


def prohibitions(inquiry: Inquiry) -> tuple[Notice, ...]:
    """The goods that may not be imported at all."""
    found = []
    for item in inquiry.consignment.goods:
        if item.category in PROHIBITED:
            told = {"value": item.category, "citation": _citation(inquiry, "kr.control.prohibited")}
            found.append(Notice("KR_PROHIBITED", f"items[{item.place}].category", told))
    return tuple(found)


def control_warnings(inquiry: Inquiry) -> tuple[Notice, ...]:
    """Goods that need a licence, and foods that may be on the list of banned ones."""
    return tuple(_warnings(inquiry))


def _warnings(inquiry: Inquiry) -> Iterator[Notice]:
    for item in inquiry.consignment.goods:
        kind = inquiry.class_of("kr.control", item)
        if kind is not None:
            told = {"value": kind, "citation": _citation(inquiry, "kr.control.confirmation")}
            yield Notice("KR_CONTROLLED", f"items[{item.place}].hs", told)
        if inquiry.class_of("kr.list_excluded", item) in FOODS:
            yield from _harmful_foods(inquiry, item.place)


def _harmful_foods(inquiry: Inquiry, place: int) -> Iterator[Notice]:
    try:
        listed = inquiry.why.value("kr.control.harmful_foods")
    except Unknown:
        return
    told = {"value": str(listed.integer), "citation": listed.citation}
    yield Notice("KR_HARMFUL_FOODS", f"items[{place}].description", told)


def cosmetics_warnings(inquiry: Inquiry) -> tuple[Notice, ...]:
    """Cosmetics, of which the functional and unknown ones are not cleared by list."""
    return tuple(
        Notice("KR_COSMETICS", f"items[{item.place}].category")
        for item in inquiry.consignment.goods
        if item.hs.startswith(COSMETICS) and item.category != "cosmetics"
    )


def _citation(inquiry: Inquiry, name: str) -> str:
    """The citation of a parameter, or a dash on a day on which we hold none."""
    try:
        return inquiry.why.cite(name)
    except Unknown:
        return "—"
