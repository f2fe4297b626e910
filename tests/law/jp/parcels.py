"""Consignments to Japan for the tests, with tariff rates made by hand."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tumen.law.consignment import Consignment, Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, Highest, Measures, Specific
from tumen.law.jp.regimes import REGIMES
from tumen.law.ruling import Notice, Regime, Ruling

DAY = date(2026, 1, 15)
"""A day on which nothing of the law is about to end."""
EDITION = "実行関税率表 2026-01-01"
TOY, DRESS, SWEATER, HANDBAG, LEATHER_SHOE, WINE, BISCUIT, LAPTOP = (
    *("950300000", "620442000", "611020029", "420221210"),
    *("640399015", "220421020", "190590000", "847130000"),
)

REGIME: Mapping[str, Regime] = {each.name: each for each in REGIMES}


def rate(column: str, text: str, terms: Duty | None) -> TariffRate:
    return TariffRate(column, text, terms, EDITION, "confirmed")


def ad_valorem(column: str, per_mille: int, text: str | None = None) -> TariffRate:
    shown = f"{per_mille // 10}.{per_mille % 10}%" if text is None else text
    return rate(column, shown, AdValorem(Fraction(per_mille, 1000)))


def columns(*rates: TariffRate) -> dict[str, TariffRate]:
    return {each.column: each for each in rates}


SHOE_TARIFF = columns(
    rate(
        "general",
        "60%又は4,800円/足のうちいずれか高い税率",
        Highest((AdValorem(Fraction(60, 100)), Specific(Fraction(4800), "JPY", "pair"))),
    ),
    rate(
        "wto",
        "30%又は4,300円/足のうちいずれか高い税率",
        Highest((AdValorem(Fraction(30, 100)), Specific(Fraction(4300), "JPY", "pair"))),
    ),
)


def goods(place: int = 0, hs: str = TOY, price: int | Fraction = 50_000, **more: Any) -> Goods:
    """One item; ``duty`` is an override in thousandths of the value."""
    measured = {
        name: more.pop(name, default)
        for name, default in (("kg", None), ("litre", None), ("quantity", 1), ("unit", "piece"))
    }
    numbers = {
        name: Fraction(each) if isinstance(each, int) else each for name, each in measured.items()
    }
    duty = more.pop("duty", None)
    if duty is not None:
        more["rates"] = {"duty": Fraction(duty, 1000)}
    more.setdefault("origin", "CN")
    return Goods(place, hs, Fraction(price), Measures(**numbers), **more)


def parcel(*items: Goods, day: date = DAY, **more: Any) -> Consignment:
    told = {"purpose": "commercial", "platform": "P"} | more
    for name in ("freight", "insurance"):
        told[name] = Fraction(told.get(name, 0))
    return Consignment("JP", told.pop("dispatch", "CN"), day, items or (goods(duty=0),), **told)


def ruled(consignment: Consignment, regime: str = "general") -> Ruling:
    return REGIME[regime].assess(consignment)


def item_charge(ruling: Ruling, code: str, place: int = 0) -> int | None:
    (found,) = [each for each in ruling.charges if (each.code, each.item) == (code, place)]
    return found.amount


def missing(ruling: Ruling) -> dict[str, str | None]:
    return {each.code: each.missing for each in ruling.payable if each.amount is None}


def codes(notices: tuple[Notice, ...]) -> set[str]:
    return {each.code for each in notices}
