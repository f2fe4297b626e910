"""A consignment as the scalar law reads it: exact amounts in the destination's currency.

Made from the native shipment (``docs/shipment.md``) once everything outside the law is settled:
texts are numbers, amounts are converted, and the tariff's lines for each code are looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Final

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.duty import Duty, Measures
from tumen.law.explanation import Unknown
from tumen.law.figures import total_of
from tumen.law.parameters import Evidence

NOTHING: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Units of the destination's currency for one unit of another.

    Attributes:
        currency: the other currency, ISO 4217.
        units: destination units for one of it.
        day: the day the rate is of; None where the filer gave the rate.
        source: who says so, such as ``ECB`` or ``given``.
    """

    currency: str
    units: Fraction
    day: date | None
    source: str


@dataclass(frozen=True, slots=True)
class TariffRate:
    """A rate that a tariff prints for a code, in one of its columns.

    Attributes:
        column: the tariff's column, such as ``general``, ``temporary``, ``wto``, ``rcep_china``.
        text: what it prints there.
        terms: what that means; None where it cannot be read, so that the duty is unknown.
        edition: of which tariff and which day.
        evidence: as for the values of the law; ``weak`` for an indicative table.
        note: what a reader should know besides.
    """

    column: str
    text: str
    terms: Duty | None
    edition: str
    evidence: Evidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """A goods item.

    Attributes:
        place: its place in the shipment, 0-based.
        hs: the commodity code, digits only.
        description: what the seller calls it.
        price: quantity times unit price, in whole units of the destination's currency.
        measures: its quantities.
        origin: ISO 3166 alpha-2; None where it was not told.
        category: the seller's hint, such as ``cosmetics``, ``wine``, ``bag``.
        rates: overrides: a charge code and its ad valorem rate as a share.
        tariff: the rates the destination's tariff prints for the code, by column; empty where
            the tariff does not know the code.
    """

    place: int
    hs: str
    price: Fraction
    measures: Measures
    description: str = ""
    origin: str | None = None
    category: str | None = None
    rates: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    tariff: Mapping[str, TariffRate] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Related:
    """Another parcel of the same order or arrival, for the rules that add them up."""

    value: Fraction
    seller: str | None = None
    ordered_at: date | None = None
    arrived_at: date | None = None


@dataclass(frozen=True, slots=True)
class CertifiedLine:
    """Goods that a verified certificate of origin names: six digits, origin, how much of them."""

    hs: str
    origin: str
    quantity: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class CertifiedOrigin:
    """What a certificate of origin says, once somebody else has verified it.

    Attributes:
        agreement: under which it was issued.
        destination: where it lets the goods go.
        first: its day of issue.
        last: the last day on which it counts.
        lines: its goods.
        refused: why it counts for nothing, such as ``CREDENTIAL_REVOKED``; empty where it counts.
    """

    agreement: str = ""
    destination: str = ""
    first: date = date.min
    last: date = date.max
    lines: tuple[CertifiedLine, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Preference:
    """A claim to a preferential rate.

    Attributes:
        agreement: such as ``RCEP``, ``CKFTA``, ``APTA``, ``JMEPA``.
        proof: the kind of proof of origin held, such as ``certificate``, ``declaration``; None
            where there is none.
        direct_transport: whether the goods came directly; None where it was not told.
        certified: the verified certificate that is the proof; None where the proof is only told.
    """

    agreement: str
    proof: str | None = None
    direct_transport: bool | None = None
    certified: CertifiedOrigin | None = None


@dataclass(frozen=True)
class Consignment:
    """What one consignee gets at one time from one sender.

    Attributes:
        destination: CN, RU, JP, KR or MN.
        dispatch: ISO 3166 alpha-2 of the sending country.
        day: the legal date.
        goods: at least one item, in the order of the shipment.
        freight, insurance: in whole units of the destination's currency.
        transport: ``post``, ``courier``, ``cargo`` or ``bonded``.
        purpose: ``personal`` or ``commercial``.
        buyer_kind: ``person`` or ``business``.
        used_this_year: the annual allowance already used, where the destination has one.
        exchange: the rates by currency that this consignment may be converted with.
        kept: what was found of it and is asked for again (:mod:`tumen.law.findings`).
    """

    destination: str
    dispatch: str
    day: date
    goods: tuple[Goods, ...]
    freight: Fraction = NOTHING
    insurance: Fraction = NOTHING
    transport: str = "courier"
    purpose: str = "personal"
    buyer_id: str | None = None
    buyer_kind: str = "person"
    used_this_year: Fraction = NOTHING
    ordered_at: date | None = None
    arrived_at: date | None = None
    related: tuple[Related, ...] = ()
    platform: str | None = None
    seller: str | None = None
    preference: Preference | None = None
    exchange: Mapping[str, ExchangeRate] = field(default_factory=lambda: MappingProxyType({}))
    kept: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def price(self) -> Fraction:
        """The goods' price without freight and insurance."""
        return total_of([each.price for each in self.goods])

    def rate_of(self, currency: str) -> Fraction:
        """Units of the destination's currency for one unit of another; its own is one.

        Raises:
            Unknown: no rate is held; carries ``exchange_rates.`` and the currency.
        """
        if currency == CURRENCY_OF.get(self.destination):
            return Fraction(1)
        found = self.exchange.get(currency)
        if found is None:
            raise Unknown(f"exchange_rates.{currency}")
        return found.units
