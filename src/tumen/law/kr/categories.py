"""What a seller's category says of goods under Korea's rules, where the HS code says nothing.

A table, no law: both forms of the law look goods up in it, as in the classes of goods by code.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
