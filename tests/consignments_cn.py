"""Consignments to China for the tests of its law."""

from datetime import date
from fractions import Fraction
from typing import Any

from tumen.law.consignment import Consignment, ExchangeRate, Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, Measures

PIECE = Measures(None, None, Fraction(1), "piece")
HANDBAG, CREAM, LIPSTICK = "4202210000", "3304990099", "3304100093"
WHISKY, BEER, WINE = "2208300000", "2203000000", "2204210000"
WATCH, MILK_POWDER, BOOK = "9101110000", "0402210000", "4901990000"


def measured(
    quantity: str = "1", unit: str | None = "piece", kg: str | None = None, litre: str | None = None
) -> Measures:
    """Quantities from decimal texts."""
    told = (None if text is None else Fraction(text) for text in (kg, litre))
    return Measures(*told, Fraction(quantity), unit)


def effective(terms: Duty | str) -> dict[str, TariffRate]:
    """The column of the Chinese tariff with a rate in per cent, or with terms."""
    duty = AdValorem(Fraction(terms) / 100) if isinstance(terms, str) else terms
    rate = TariffRate("effective", str(terms), duty, "indicative, 2018 and 2019", "weak")
    return {"effective": rate}


def goods(hs: str, price: str, place: int = 0, **more: Any) -> Goods:
    """An item; ``rates`` are decimal texts."""
    rates = {code: Fraction(text) for code, text in more.pop("rates", {}).items()}
    measures = more.pop("measures", PIECE)
    return Goods(place, hs, Fraction(price), measures, rates=rates, **more)


def consigned(day: date, *items: Goods, **more: Any) -> Consignment:
    """A consignment to China from Japan, unless told otherwise."""
    where = {"destination": "CN", "dispatch": "JP"} | more
    return Consignment(day=day, goods=items, **where)


def exchange(**units: str) -> dict[str, ExchangeRate]:
    """Rates of exchange that the filer gives."""
    return {code: ExchangeRate(code, Fraction(text), None, "given") for code, text in units.items()}
