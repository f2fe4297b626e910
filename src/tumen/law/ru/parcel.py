"""A parcel to a person in Russia: what the regimes for goods of persons share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from tumen.law import admission
from tumen.law.consignment import NOTHING, Consignment
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement
from tumen.law.valuation import check_priced, of_prices

Refusals: TypeAlias = Callable[[Consignment, Explanation], Iterator[Notice]]
"""Why a regime does not admit a parcel; what it asks of the law is noted in the explanation."""


def refusals_of(held: str, own: Refusals) -> Refusals:
    """The refusals of a regime for goods of persons: those that all share, then its own.

    Args:
        held: the parameter without which the regime is not in force.
        own: what the regime asks for besides.
    """

    def refused(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
        if not why.holds(held):
            yield admission.not_in_force(held)
            return
        yield from admission.not_personal(consignment)
        yield from own(consignment, why)

    return refused


@dataclass(slots=True)
class Parcel:
    """One parcel on its way through a regime."""

    settlement: Settlement

    @property
    def consignment(self) -> Consignment:
        """The parcel."""
        return self.settlement.consignment

    @property
    def why(self) -> Explanation:
        """Its explanation."""
        return self.settlement.why

    def customs_value(self, basis: str) -> int | None:
        """The price of the goods; delivery does not count (``basis`` is the parameter)."""
        values = self.settlement.value_if_known(self._prices)
        if values is None:
            return None
        value, citation = sum(values), self.why.cite(basis)
        told = partial(self.settlement.money, value)
        self.why.say("customs_value", None, "V = price without delivery", told, citation)
        return value

    def _prices(self) -> tuple[int, ...]:
        check_priced(self.consignment)
        return of_prices(self.settlement)


def told_weight(consignment: Consignment) -> Fraction:
    """The net weight of all goods in kilograms.

    Raises:
        Unknown: the weight of an item was not told.
    """
    total = NOTHING
    for goods in consignment.goods:
        if goods.measures.kg is None or goods.measures.kg < 0:
            raise Unknown(f"items[{goods.place}].net_weight_kg")
        total += goods.measures.kg
    return total
