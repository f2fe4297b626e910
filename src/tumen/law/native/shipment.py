"""The native shipment as it is read: every value typed, nothing converted (docs/shipment.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Preference
from tumen.law.native.units import PIECE, Unit

REGIMES: Final[Mapping[str, tuple[str, ...]]] = {
    "CN": ("cbec", "postal", "general"),
    "RU": ("ecommerce", "personal", "general"),
    "JP": ("simplified", "general"),
    "KR": ("list", "simplified", "general"),
    "MN": ("postal", "general"),
}
"""The import regimes of goods in each economy, as the shipment names them."""

RATES: Final[Mapping[str, tuple[str, ...]]] = {
    "CN": ("duty", "postal_tax", "consumption_tax", "vat"),
    "RU": ("duty", "excise", "vat", "single_payment"),
    "JP": ("duty", "excise", "liquor_tax", "consumption_tax"),
    "KR": ("duty", "individual_consumption_tax", "liquor_tax", "education_tax", "rural_tax", "vat"),
    "MN": ("duty", "excise", "vat"),
}
"""The charges of each economy whose rate the filer may state, instead of tariff and law."""

DIGITAL_SERVICE: Final = "digital_service"
EXPORTS: Final = ("export_9610", "export_9710", "export_9810")
"""Regimes of Chinese exports: they are the law of the sending economy."""

AUTO: Final = "auto"
TRANSPORTS: Final = ("post", "courier", "cargo", "bonded")
PURPOSES: Final = ("personal", "commercial")
BUYER_KINDS: Final = ("person", "business")


@dataclass(frozen=True, slots=True)
class Item:
    """A goods item as it was told; None is what was not told."""

    quantity: Fraction
    unit_price: Fraction
    hs: str = ""  # empty for services alone
    unit: Unit = PIECE
    description: str = ""
    net_weight_kg: Fraction | None = None
    volume_l: Fraction | None = None
    origin: str | None = None
    category: str | None = None
    rates: Mapping[str, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class RelatedParcel:
    """Another parcel of the same order or arrival; the value is in the shipment's currency."""

    value: Fraction
    seller: str | None = None
    ordered_at: date | None = None
    arrived_at: date | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment as it was told; amounts are in its own currency, whole units."""

    destination: str
    dispatch: str
    day: date
    currency: str
    items: tuple[Item, ...]
    regime: str = AUTO
    transport: str = "courier"
    purpose: str = "personal"
    freight: Fraction = Fraction(0)
    insurance: Fraction = Fraction(0)
    ordered_at: date | None = None
    arrived_at: date | None = None
    related: tuple[RelatedParcel, ...] = ()
    exchange_rates: Mapping[str, Fraction] | None = None
    buyer_id: str | None = None
    buyer_kind: str = "person"
    used_this_year: Fraction = Fraction(0)
    platform: str | None = None
    seller: str | None = None
    preference: Preference | None = None
