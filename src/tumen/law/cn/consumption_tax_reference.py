"""The consumption tax of a class of goods: by value, by quantity, and from which value on.

One rule of the statute (消费税暂行条例 and its table), whatever the regime the goods come in by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tumen.law.explanation import Explanation, Unknown

GRAMS_PER_TONNE = 1_000_000
MILLILITRES_PER_LITRE = 1_000


def field_of(name: str) -> str:
    """The field of a shipment that tells the quantity which a class turns on.

    >>> field_of("watches"), field_of("beer")
    ('unit', 'volume_l or net_weight_kg')
    """
    return "unit" if name == "watches" else "volume_l or net_weight_kg"


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity that was stated.

    Attributes:
        measure: ``mass``, ``volume``, ``piece`` or ``sheet``.
        quantity: grams, millilitres, pieces or sheets; None where what was stated is no use.
    """

    measure: str
    quantity: Fraction | None


@dataclass(slots=True)
class ClassOfGoods:
    """The consumption tax of a class of goods, as its entry in the table of the tax reads.

    Attributes:
        name: the class.
        value_fen: the customs value of the goods.
        stated: their quantities; the first that has a measure the class turns on decides.
        why: the explanation that the parameters are noted in.
    """

    name: str
    value_fen: int
    stated: Sequence[Stated]
    why: Explanation

    def number(self, name: str) -> int:
        """A parameter of the class."""
        return self.why.number(f"cn.consumption_tax.{self.name}.{name}")

    def terms(self) -> tuple[int, Fraction, Fraction]:
        """Rate in millionths, fen for a unit, and the number of those units.

        Raises:
            Unknown: a rate that is not held, or a quantity that was not stated.
        """
        match self.name:
            case "beer" | "yellow_wine":
                return self.by_tonne()
            case "spirits":
                rate = self.number("rate")
                measure, quantity = self.measured("mass", "volume")
                per_unit = Fraction(self.number(f"unit_{measure}"), GRAMS_PER_TONNE)
                return rate, per_unit, quantity
            case "high_end_cosmetics" | "watches":
                rate = self.number("rate")
                is_high_end, quantity = self.high_end()
                return (rate if is_high_end else 0), Fraction(0), quantity
            case _:
                return self.number("rate"), Fraction(0), Fraction(0)

    def high_end(self) -> tuple[bool, Fraction]:
        """Taxable only from a value for each gram, millilitre, sheet or piece on."""
        is_watch = self.name == "watches"
        measure, quantity = self.measured(
            *(("piece",) if is_watch else ("mass", "volume", "sheet"))
        )
        return self.value_fen / quantity >= self.number(f"trigger_{measure}"), quantity

    def by_tonne(self) -> tuple[int, Fraction, Fraction]:
        """Beer and yellow wine: an amount for a tonne, litres counted as the rules say."""
        measure, quantity = self.measured("mass", "volume")
        if measure == "mass":
            tonnes = quantity / GRAMS_PER_TONNE
        else:
            tonnes = quantity / (self.number("litres_per_tonne") * MILLILITRES_PER_LITRE)
        if self.name == "yellow_wine":
            return 0, Fraction(self.number("unit")), tonnes
        is_dear = self.value_fen / tonnes >= self.number("trigger_mass")
        return 0, Fraction(self.number("unit_high" if is_dear else "unit_low")), tonnes

    def measured(self, *measures: str) -> tuple[str, Fraction]:
        """The first stated quantity in one of the measures."""
        for each in self.stated:
            if each.measure in measures:
                if each.quantity is None or each.quantity <= 0:
                    break
                return each.measure, each.quantity
        raise Unknown("quantity")
