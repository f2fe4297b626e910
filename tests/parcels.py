"""Consignments of a few items, for the tests of the law of Russia and Mongolia."""

from datetime import date
from fractions import Fraction

from tumen.law.consignment import Consignment, ExchangeRate, Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, Measures
from tumen.law.ruling import Notice, Ruling

EURO = Fraction(100)
"""Roubles for a euro in these tests: a round number, so that a reader can check by heart."""


def goods(
    price: str,
    kg: str | None = "1",
    pieces: str | None = "1",
    hs: str = "4202210000",
    **told: object,
) -> Goods:
    measures = Measures(
        None if kg is None else Fraction(kg),
        None,
        None if pieces is None else Fraction(pieces),
        "piece",
    )
    return Goods(place=0, hs=hs, price=Fraction(price), measures=measures, **told)  # type: ignore[arg-type]


def consignment(destination: str, day: date, *items: Goods, **told: object) -> Consignment:
    placed = tuple(
        Goods(
            place=place,
            **{name: getattr(each, name) for name in Goods.__dataclass_fields__ if name != "place"},
        )
        for place, each in enumerate(items)
    )
    facts: dict[str, object] = {
        "dispatch": "CN",
        "exchange": {"EUR": ExchangeRate("EUR", EURO, day, "test")},
    }
    return Consignment(destination, day=day, goods=placed, **(facts | told))  # type: ignore[arg-type]


def rate(text: str, terms: Duty | None, column: str = "base") -> dict[str, TariffRate]:
    return {column: TariffRate(column, text, terms, "a test tariff", "confirmed")}


def by_value(per_cent: str) -> dict[str, TariffRate]:
    return rate(f"{per_cent}%", AdValorem(Fraction(per_cent) / 100))


def amounts(ruling: Ruling) -> dict[str, int | None]:
    """What is payable on the whole, by code."""
    return {each.code: each.amount for each in ruling.payable}


def missing(ruling: Ruling) -> set[str]:
    return {each.missing for each in ruling.charges if each.missing is not None}


def codes(notices: tuple[Notice, ...]) -> list[str]:
    return [each.code for each in notices]


def unverified(ruling: Ruling) -> list[str]:
    """The parameters that the answer names as less than confirmed."""
    named = [
        each.parameters["parameters"] for each in ruling.warnings if each.code == "LAW_UNVERIFIED"
    ]
    return ", ".join(named).split(", ")
