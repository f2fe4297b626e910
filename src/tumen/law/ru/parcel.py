"""A parcel to a person in Russia: what the regimes for goods of persons share."""

from dataclasses import dataclass
from fractions import Fraction

from tumen.law.consignment import NOTHING, Consignment
from tumen.law.explanation import Explanation, Unknown
from tumen.law.settlement import Settlement
from tumen.law.valuation import of_prices


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
        values = self.settlement.value_if_known(lambda: of_prices(self.settlement))
        if values is None:
            return None
        value, citation = sum(values), self.why.cite(basis)
        numbers = self.settlement.money(value)
        self.why.say("customs_value", None, "V = price without delivery", numbers, citation)
        return value


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
