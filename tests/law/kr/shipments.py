"""Consignments to Korea for the tests, and what an answer says of them."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from tumen.law.consignment import Consignment, ExchangeRate, Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, Measures

TODAY = date(2026, 8, 1)
PCCC = "P123456789012"
SHIRT, BAG, WATCH, RING, WINE, WHISKY = "6109", "4202", "9102", "7113", "2204", "220830"
PHONE, BOOK, PERFUME, PILLS, CREAM = "851713", "4901", "3303", "2106", "3304"


def rate(terms: Duty | None, column: str = "base", evidence: Any = "weak") -> TariffRate:
    text = f"{terms.rate * 100}%" if isinstance(terms, AdValorem) else "as printed"
    return TariffRate(column, text, terms, "Korea, a table for tests", evidence)


def tariff(**columns: str | Duty | None) -> Mapping[str, TariffRate]:
    """Columns with an ad valorem rate in per cent, or with other terms."""
    return MappingProxyType(
        {
            name: rate(AdValorem(Fraction(each) / 100) if isinstance(each, str) else each, name)
            for name, each in columns.items()
        }
    )


def measures(kg: str | None = None, litre: str | None = None, pieces: int | None = 1) -> Measures:
    return Measures(
        kg=None if kg is None else Fraction(kg),
        litre=None if litre is None else Fraction(litre),
        quantity=None if pieces is None else Fraction(pieces),
        unit="piece",
    )


def goods(hs: str, price: int | str | Fraction, place: int = 0, **more: Any) -> Goods:
    return Goods(
        place=place,
        hs=hs,
        price=Fraction(price),
        measures=more.pop("measures", measures()),
        rates=MappingProxyType(more.pop("rates", {})),
        **more,
    )


def dollars(won: int | str = 1300) -> Mapping[str, ExchangeRate]:
    return MappingProxyType({"USD": ExchangeRate("USD", Fraction(won), None, "given")})


def consignment(*items: Goods, **more: Any) -> Consignment:
    given: dict[str, Any] = {
        "destination": "KR",
        "dispatch": "CN",
        "day": TODAY,
        "buyer_id": PCCC,
        "exchange": dollars(),
    }
    return Consignment(goods=items, **{**given, **more})
