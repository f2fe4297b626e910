"""A shipment and what the law says of it: the plain data of the scalar twin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from tumen.law.explanation import Step


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at scale 10^5 in a customs unit; either may be unknown."""

    amount_e5: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A goods item.

    Attributes:
        hs_code: its code.
        value_fen: its price.
        quantities: its declared and legal quantities, in order.
        rates: full rates in millionths by charge code that the filer states; they win over the
            tariff and the law, but not over the zero duty within the limits.
    """

    hs_code: str
    value_fen: int
    quantities: tuple[Quantity, ...] = ()
    rates: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Shipment:
    """A declaration list; amounts in fen, items in the order of their numbers."""

    day: date
    items: tuple[Item, ...]
    freight_fen: int = 0
    insurance_fen: int = 0
    used_before_fen: int = 0
    is_single_indivisible: bool = False


@dataclass(frozen=True, slots=True)
class Tax:
    """A charge: base and amount in fen, full rate in millionths; None is unknown, never zero.

    Besides the rate, the amount by quantity in fen, and the share of both that is payable.
    """

    base_fen: int | None = None
    rate_ppm: int | None = None
    amount_fen: int | None = None
    specific_fen: int = 0
    share_percent: int = 100


@dataclass(frozen=True, slots=True)
class Charges:
    """The charges of one item, and the name of what is unknown, or None."""

    customs_value_fen: int | None
    duty: Tax
    consumption_tax: Tax
    vat: Tax
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the law says of a shipment, and why."""

    verdict: str
    declaration_value_fen: int
    items: tuple[Charges, ...]
    steps: tuple[Step, ...]
