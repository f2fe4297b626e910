"""The classes of goods that Korea's law turns on, by HS code and by the seller's category."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.settlement import Settlement

ALCOHOL: Final = ("alcohol", "beer", "liquor", "sake", "spirits", "whisky", "wine")
_EXCLUDED: Final = {
    **dict.fromkeys(ALCOHOL, "alcohol"),
    "cites": "protected_species",
    "counterfeit": "infringing",
    "food": "food",
    "functional_cosmetics": "functional_cosmetics",
    "health_food": "health_food",
    "herbal": "herbal",
    "licence": "licence",
    "medicine": "medicines",
    "quarantine": "quarantine",
    "supplement": "health_food",
    "tobacco": "tobacco",
}
_PERSONAL: Final = {
    **dict.fromkeys(ALCOHOL, "alcohol"),
    "e_liquid": "e_liquid",
    "health_food": "supplements",
    "honey": "honey",
    "perfume": "perfume",
    "sesame": "sesame",
    "sesame_oil": "sesame_oil",
    "supplement": "supplements",
}
_CONTROLLED: Final = {
    "cites": "protected_species",
    "licence": "licence",
    "quarantine": "quarantine",
}
CATEGORIES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"kr.list_excluded": _EXCLUDED, "kr.personal_use": _PERSONAL, "kr.control": _CONTROLLED}
)
"""What the seller's category says where the HS code says nothing: the class, for each rule."""


def class_of(settlement: Settlement, rule: str, item: Goods) -> str | None:
    """The class of an item under a rule, such as ``kr.liquor_tax``; None where it has none.

    The HS code decides; the seller's category is asked only where the code says nothing.
    """
    found = settlement.class_of(rule, item) if item.hs else None
    if found is None:
        return CATEGORIES.get(rule, {}).get(item.category or "")
    return found.name


def need_codes(consignment: Consignment) -> None:
    """Nothing to say where every item has a commodity code.

    Raises:
        Unknown: one has none, so that the classes of the law cannot be told.
    """
    for item in consignment.goods:
        if not item.hs:
            raise Unknown(f"items[{item.place}].hs")
