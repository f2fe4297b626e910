"""One question to the law of Korea: a consignment, the explanation, and what was doubtful."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from types import MappingProxyType
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.goods import goods_class
from tumen.law.ruling import Notice

CENTS: Final = 100

ALCOHOL: Final = ("alcohol", "beer", "liquor", "sake", "spirits", "whisky", "wine")
SERVICES: Final = frozenset(
    {
        "advertising",
        "app",
        "brokerage",
        "cloud",
        "digital_service",
        "ebook",
        "game",
        "media",
        "music",
        "software",
        "streaming",
        "video",
    }
)
"""The seller's words for services: these are no goods."""

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
    "weapons": "weapons",
}
CATEGORIES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"kr.list_excluded": _EXCLUDED, "kr.personal_use": _PERSONAL, "kr.control": _CONTROLLED}
)
"""What the seller's category says where the HS code says nothing: the class, for each rule."""


@dataclass(slots=True)
class Inquiry:
    """What one assessment asks and collects.

    Attributes:
        consignment: the goods and who gets them.
        why: the explanation; it asks for every parameter on the legal day.
        doubts: mappings of HS codes that were used and are below ``confirmed``, by name.
        notices: what the reader should know, in the order in which it was found.
    """

    consignment: Consignment
    why: Explanation
    doubts: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)

    @classmethod
    def of(cls, consignment: Consignment) -> "Inquiry":
        """A new inquiry on the consignment's legal day."""
        return cls(consignment, Explanation(consignment.day))

    def class_of(self, rule: str, item: Goods) -> str | None:
        """The class of an item under a rule, such as ``kr.liquor_tax``; None where it has none.

        The HS code decides; the seller's category is asked only where the code says nothing.
        """
        found = goods_class(rule, item.hs, self.why.day) if item.hs else None
        if found is None:
            return CATEGORIES.get(rule, {}).get(item.category or "")
        if not found.is_verified:
            self.doubts.add(f"{rule}.{found.name} (HS)")
        return found.name

    def need_codes(self) -> None:
        """Nothing to say where every item has a commodity code.

        Raises:
            Unknown: one has none, so that the classes of the law cannot be told.
        """
        for item in self.consignment.goods:
            if not item.hs:
                raise Unknown(f"items[{item.place}].hs")

    def us_cents(self, amount: Fraction) -> Fraction:
        """An amount of won in cents of the United States.

        Raises:
            Unknown: the rate is not held.
        """
        rate = self.consignment.rate_of("USD")
        if rate <= 0:
            raise Unknown("exchange_rates.USD")
        return amount * CENTS / rate

    def unverified(self) -> list[str]:
        """What was used and is known less well than ``confirmed``: parameters and mappings."""
        return sorted({*self.why.unverified(), *self.doubts})


def is_service(item: Goods) -> bool:
    """Whether the seller's category says that this is a service and not goods."""
    return item.category in SERVICES


def won(amount: int | Fraction) -> str:
    """An amount of won, for the explanation.

    >>> won(1234567), won(Fraction(5, 2))
    ('1,234,567', '2')
    """
    return f"{floor(amount):,}"


def dollars(cents: int | Fraction) -> str:
    """An amount of cents in dollars, to four decimals, for the explanation.

    >>> dollars(15_000), dollars(Fraction(1_500_001, 100))
    ('150', '150.0001')
    """
    whole, part = divmod(floor(cents * CENTS), CENTS * CENTS)
    return f"{whole:,}.{part:04d}".rstrip("0").rstrip(".")


def percent(share: Fraction) -> str:
    """A share in per cent, for the explanation.

    >>> percent(Fraction(65, 1000)), percent(Fraction(3, 10))
    ('6.5%', '30%')
    """
    whole, part = divmod(floor(share * RATE_SCALE), RATE_SCALE // 100)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".") + "%"
