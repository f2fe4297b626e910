"""Control on import into Korea, by HS code and by the seller's category.

Sources: 관세법 Art. 226 (licences and confirmations), 234 and 235 (what may not be imported); the
Food Ministry's list of banned direct purchases, of which only the length is held.
"""

from collections.abc import Iterator
from typing import Final

from tumen.law import control
from tumen.law.categories import NEVER_ADMITTED
from tumen.law.explanation import Unknown
from tumen.law.kr.goods_classes import class_of
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement

TABLE: Final = "kr.control"
COSMETICS: Final = ("3304", "3305", "3307", "3401")
FOODS: Final = frozenset({"food", "health_food"})


def prohibitions(settlement: Settlement) -> tuple[Notice, ...]:
    """The goods that may not be imported at all, by their code and by their category."""
    consignment = settlement.consignment
    by_category = (
        Notice(
            "GOODS_PROHIBITED",
            f"items[{item.place}].category",
            {"value": item.category} | _cited(settlement, "kr.control.prohibited"),
        )
        for item in consignment.goods
        if item.category in NEVER_ADMITTED
    )
    return (*control.prohibited(consignment, TABLE), *by_category)


def control_warnings(settlement: Settlement) -> tuple[Notice, ...]:
    """Goods that need a licence, and foods that may be on the list of banned ones."""
    return tuple(_warnings(settlement))


def _warnings(settlement: Settlement) -> Iterator[Notice]:
    for item in settlement.consignment.goods:
        kind = class_of(settlement, TABLE, item)
        if kind is not None and kind != control.PROHIBITED:
            told = {"value": kind} | _cited(settlement, "kr.control.confirmation")
            yield Notice("GOODS_CONTROLLED", f"items[{item.place}].hs", told)
        if class_of(settlement, "kr.list_excluded", item) in FOODS:
            yield from _harmful_foods(settlement, item.place)


def _harmful_foods(settlement: Settlement, place: int) -> Iterator[Notice]:
    try:
        listed = settlement.why.value("kr.control.harmful_foods")
    except Unknown:
        return
    told = {"value": str(listed.integer), "citation": listed.citation}
    yield Notice("KR_HARMFUL_FOODS", f"items[{place}].description", told)


def cosmetics_warnings(settlement: Settlement) -> tuple[Notice, ...]:
    """Cosmetics, of which the functional and unknown ones are not cleared by list."""
    return tuple(
        Notice("KR_COSMETICS", f"items[{item.place}].category")
        for item in settlement.consignment.goods
        if item.hs.startswith(COSMETICS) and item.category != "cosmetics"
    )


def _cited(settlement: Settlement, name: str) -> dict[str, str]:
    """The citation of a parameter; on a day on which none is held, the law that has the rule."""
    why = settlement.why
    return {"expected": why.cite(name) if why.holds(name) else "관세법"}
