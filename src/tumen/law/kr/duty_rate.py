"""Which of the tariff's rates applies to goods of Korea's imports.

Source: 관세법 Art. 50. A provisional rate (column ``B``) goes before the basic one (``A``); a rate
conceded in the WTO (``C``) applies where it is lower. The indicative table by heading has the
columns ``base`` and ``applied`` instead; it is asked only where the official tariff is not there.
"""

from fractions import Fraction
from typing import Final

from tumen.law.consignment import Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, Specific
from tumen.law.explanation import Unknown
from tumen.law.settlement import Settlement

BASIC: Final = ("B", "A")
CONCEDED: Final = "C"
INDICATIVE: Final = ("base", "applied")


def columns(item: Goods) -> tuple[str, ...]:
    """The columns that may hold the rate for goods of any origin, the official ones first."""
    basic = next((each for each in BASIC if each in item.tariff), None)
    official = (*([basic] if basic else []), *([CONCEDED] if CONCEDED in item.tariff else []))
    return official or tuple(each for each in INDICATIVE if each in item.tariff)


def basic_rate(item: Goods) -> Fraction | None:
    """The basic ad valorem rate; None where it is not held or is none."""
    column = next((each for each in (*BASIC, "base") if each in item.tariff), None)
    terms = item.tariff[column].terms if column else None
    return terms.rate if isinstance(terms, AdValorem) else None


def lowest(
    settlement: Settlement, item: Goods, value: int, preferential: str | None
) -> tuple[TariffRate, Fraction]:
    """The lowest lawful rate and the duty by it, unrounded.

    Raises:
        Unknown: the tariff has no rate for the code, a rate cannot be read, or a quantity or an
            exchange rate that it needs was not told.
    """
    names = (*columns(item), *([preferential] if preferential else []))
    if not item.hs:
        raise Unknown(f"items[{item.place}].hs")
    if not names:
        raise Unknown(settlement.tariff_name(item))
    found = [(item.tariff[name], _amount(settlement, item, name, value)) for name in names]
    rate, amount = min(found, key=lambda each: each[1])
    settlement.use(item, rate)
    return rate, amount


def _amount(settlement: Settlement, item: Goods, name: str, value: int) -> Fraction:
    terms = settlement.terms_of(item, item.tariff[name])
    return settlement.duty_by(terms, item, value)


def has_specific(terms: Duty | None) -> bool:
    """Whether a rate is, wholly or in part, an amount for a quantity."""
    if terms is None or isinstance(terms, AdValorem):
        return False
    return isinstance(terms, Specific) or any(has_specific(each) for each in terms.of)
