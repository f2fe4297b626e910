"""The charges of one item of a general import: duty, excise and VAT, each on the earlier ones.

Russia and Mongolia share the frame; what each charge is stands in the economy's own law.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tumen.law.consignment import Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import GIVEN
from tumen.law.settlement import Found, Settlement


@dataclass(slots=True)
class ExciseOfItem(ABC):
    """The excise of one item, where it is of a class of goods that bears it.

    Attributes:
        tax: how the economy's parameters and classes begin, such as ``ru``.
        settlement: takes the charges.
        goods: the item.
        told: its customs value in minor units; None where it is unknown.
    """

    tax: ClassVar[str]
    settlement: Settlement
    goods: Goods
    told: int | None

    @property
    def why(self) -> Explanation:
        """The explanation."""
        return self.settlement.why

    @property
    def value(self) -> int:
        """The customs value. Raises :class:`Unknown` where it is not known."""
        return self.settlement.known(self.told)

    def charge_excise(self) -> None:
        """The excise, where a rate was given or the goods bear it."""
        if "excise" in self.goods.rates or self.excise_class() is not None:
            self.settlement.charge("excise", self.goods.place, self.excise)

    @abstractmethod
    def excise(self) -> Found:
        """The excise."""

    def at_rate(
        self,
        code: str,
        formula: str,
        parts: tuple[int, ...],
        rate: tuple[Fraction, tuple[str, ...]],
    ) -> Found:
        """A share of a base; see :meth:`Settlement.at_rate`."""
        return self.settlement.at_rate(code, self.goods.place, formula, parts, rate)

    def excise_class(self) -> str | None:
        """The class of goods that bear excise; None where the item is in none."""
        found = self.settlement.class_of(f"{self.tax}.excise", self.goods)
        return None if found is None else found.name

    def given_excise(self, formula: str, parts: tuple[int, ...]) -> Found:
        """The excise by the rate that was given: no other is held.

        Raises:
            Unknown: none was given.
        """
        given = self.settlement.given(self.goods, "excise")
        if given is None:
            raise Unknown(f"{self.tax}.excise.{self.excise_class()}")
        citation = self.why.cite(f"{self.tax}.excise.base")
        return self.at_rate("excise", formula, parts, (given, (GIVEN, citation)))


class ItemCharges(ExciseOfItem):
    """The charges of one item, in the order of the law."""

    def charge(self) -> None:
        """All charges; what depends on an unknown is unknown, what does not is told."""
        place = self.goods.place
        self.settlement.charge("duty", place, self.duty)
        self.charge_excise()
        self.settlement.charge("vat", place, self.vat)

    @abstractmethod
    def duty(self) -> Found:
        """The duty."""

    @abstractmethod
    def vat(self) -> Found:
        """The value added tax."""

    def charged(self, code: str) -> int:
        """What an earlier charge came to."""
        return self.settlement.charged(code, self.goods.place)

    def by_tariff(self, formula: str, rate: str, duty: Fraction, citation: str) -> Found:
        """A duty by a rate of the tariff; see :meth:`Settlement.by_tariff`."""
        told = (rate, citation)
        return self.settlement.by_tariff(self.goods, formula, self.value, duty, told)
