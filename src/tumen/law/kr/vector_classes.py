"""The classes of goods that Korea's law turns on, for the vectorised law.

The code decides; the seller's category is asked only where the code says nothing.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from tumen.law.goods import goods_class

PROHIBITED: Final = "prohibited"
NEVER_ADMITTED: Final = frozenset(
    {"counterfeit", "counterfeit_money", "narcotics", "obscene", "weapons"}
)
"""Categories that no regime admits."""

_ALCOHOL: Final = frozenset({"alcohol", "beer", "liquor", "sake", "spirits", "whisky", "wine"})
_BY_CATEGORY: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "kr.list_excluded": {
            **dict.fromkeys(_ALCOHOL, "alcohol"),
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
        },
        "kr.personal_use": {
            **dict.fromkeys(_ALCOHOL, "alcohol"),
            "e_liquid": "e_liquid",
            "health_food": "supplements",
            "honey": "honey",
            "perfume": "perfume",
            "sesame": "sesame",
            "sesame_oil": "sesame_oil",
            "supplement": "supplements",
        },
        "kr.control": {
            "cites": "protected_species",
            "licence": "licence",
            "quarantine": "quarantine",
        },
    }
)
"""For each rule, the class that a category stands for."""


def class_name(rule: str, hs: str, category: str | None, day: date) -> str | None:
    """The class of goods under a rule such as ``kr.liquor_tax``; None where it has none.

    >>> class_name("kr.personal_use", "9503", "honey", date(2026, 8, 1))
    'honey'
    """
    found = goods_class(rule, hs, day)
    if found is not None:
        return found.name
    return _BY_CATEGORY.get(rule, {}).get(category or "")
