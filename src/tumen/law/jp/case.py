"""One consignment on its way through the law of Japan: what was found, used and doubted so far."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor
from typing import Final

from tumen.law.consignment import Consignment, Goods, TariffRate
from tumen.law.explanation import Explanation, Unknown
from tumen.law.goods import GoodsClass, goods_class
from tumen.law.parameters import VERIFIED
from tumen.law.ruling import Notice

CODE_DIGITS_MIN: Final = 6
PERCENT_DECIMALS: Final = 6


def yen(amount: int | Fraction) -> str:
    """An amount for the explanation, in whole yen.

    >>> yen(534795), yen(Fraction(3, 2))
    ('534,795', '1')
    """
    return f"{floor(amount):,}"


def percent(rate: Fraction) -> str:
    """A share in per cent, to six decimals at most.

    >>> percent(Fraction(78, 1000)), percent(Fraction(624, 10000)), percent(Fraction(0))
    ('7.8%', '6.24%', '0%')
    """
    whole, part = divmod(floor(rate * 100 * 10**PERCENT_DECIMALS), 10**PERCENT_DECIMALS)
    return f"{whole}.{part:0{PERCENT_DECIMALS}d}".rstrip("0").rstrip(".") + "%"


@dataclass(slots=True)
class Case:
    """The state of one assessment.

    Attributes:
        consignment: what is assessed; amounts in yen.
        why: the explanation and the parameters used.
        warnings: coded remarks so far.
        violations: coded faults so far.
        classes: the classes of goods that were relied on, by ``tax.class``.
    """

    consignment: Consignment
    why: Explanation
    warnings: list[Notice] = field(default_factory=list)
    violations: list[Notice] = field(default_factory=list)
    classes: dict[str, GoodsClass] = field(default_factory=dict)

    @classmethod
    def of(cls, consignment: Consignment) -> "Case":
        """A case with nothing found yet, on the consignment's day."""
        return cls(consignment, Explanation(consignment.day))

    @property
    def day(self) -> date:
        """The legal date."""
        return self.consignment.day

    @property
    def is_personal(self) -> bool:
        """Whether the goods are for the personal use of the person who imports them."""
        told = self.consignment
        return told.purpose == "personal" and told.buyer_kind == "person"

    def warn(self, code: str, path: str = "", **parameters: str) -> None:
        """Add a warning, once."""
        notice = Notice(code, path, parameters)
        if notice not in self.warnings:
            self.warnings.append(notice)

    def refuse(self, code: str, path: str = "", **parameters: str) -> None:
        """Add a violation, once."""
        notice = Notice(code, path, parameters)
        if notice not in self.violations:
            self.violations.append(notice)

    def classify(self, tax: str, goods: Goods) -> GoodsClass | None:
        """The class of the goods in a table such as ``jp.simplified``; None where it has none.

        Raises:
            Unknown: the code is no commodity code of six digits or more.
        """
        found = goods_class(tax, commodity_code(goods), self.day)
        if found is not None:
            self.classes[f"{tax}.{found.name}"] = found
        return found

    def doubts(self) -> list[str]:
        """The parameters and goods classes used whose evidence is below ``confirmed``."""
        classes = [name for name, each in self.classes.items() if not each.is_verified]
        return sorted({*self.why.unverified(), *classes})

    def rely_on(self, goods: Goods, rate: TariffRate) -> None:
        """Warn of a tariff rate that is not certain on the day of the case."""
        if rate.evidence not in VERIFIED:
            self.warn("TARIFF_INDICATIVE", f"items[{goods.place}].hs", edition=rate.edition)


def commodity_code(goods: Goods) -> str:
    """The commodity code of the goods, of six digits or more.

    Raises:
        Unknown: it is none; the name is the field's place.
    """
    if not (goods.hs.isascii() and goods.hs.isdigit() and len(goods.hs) >= CODE_DIGITS_MIN):
        raise Unknown(f"items[{goods.place}].hs")
    return goods.hs
