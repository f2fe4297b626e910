"""One assessment in the making: its charges, steps and warnings, until they are a ruling.

The references of Russia and Mongolia are written on it. It knows nothing of any law: it catches
what is unknown, adds up the items, and tells what the answer rested on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from tumen.law.consignment import NOTHING, Consignment, Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, amount_of
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import MINOR_UNITS, per_cent
from tumen.law.goods import GoodsClass, goods_class
from tumen.law.ruling import CHARGE_CODES, Charge, Notice, Ruling, Status

OVERRIDE: Final = "rate given by the filer"
"""The citation of a rate that the filer gave."""


@dataclass(frozen=True, slots=True)
class Found:
    """A charge that could be computed.

    Attributes:
        base: what the rate is applied to, in minor units; None where there is no one base.
        rate: as a reader knows it.
        amount: in minor units.
        citations: instruments and articles.
    """

    base: int | None
    rate: str
    amount: int
    citations: tuple[str, ...]


@dataclass(slots=True)
class Settlement:
    """Collects the charges and the warnings of one assessment.

    Attributes:
        regime: the regime's name.
        rounding: the parameter that says how an amount is rounded.
        consignment: what is assessed.
        why: its explanation.
        charges: those found so far.
        warnings: those given so far.
        classes: the classes of goods used whose mapping is not verified, by tax and name.
        value_missing: what the customs value misses, where it is unknown.
    """

    regime: str
    rounding: str
    consignment: Consignment
    why: Explanation = field(init=False)
    charges: list[Charge] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)
    value_missing: str = "customs_value"

    def __post_init__(self) -> None:
        self.why = Explanation(self.consignment.day)

    def warn(self, code: str, path: str = "", **parameters: str) -> None:
        """Add a warning, once."""
        notice = Notice(code, path, parameters)
        if notice not in self.warnings:
            self.warnings.append(notice)

    def class_of(self, tax: str, goods: Goods) -> GoodsClass | None:
        """The class of goods that a tax puts an item in; None where it names none for it."""
        found = goods_class(tax, goods.hs, self.consignment.day)
        if found is not None and not found.is_verified:
            self.classes.add(f"{tax}.{found.name}")
        return found

    def minor(self, amount: Fraction) -> int:
        """An amount in whole units, rounded to minor ones as the law says."""
        return self.why.rounded(self.rounding, amount * MINOR_UNITS)

    def given(self, goods: Goods, code: str) -> Fraction | None:
        """The rate of a charge that the filer gave for an item; it wins over tariff and law.

        Raises:
            Unknown: the rate is negative.
        """
        rate = goods.rates.get(code)
        if rate is not None and rate < 0:
            raise Unknown(f"items[{goods.place}].rates.{code}")
        return rate

    def given_for_all(self, code: str) -> Fraction | None:
        """The same for a charge on the whole shipment.

        Raises:
            Unknown: the items do not agree on it.
        """
        rates = {self.given(each, code) for each in self.consignment.goods}
        if len(rates) != 1:
            raise Unknown(f"items.rates.{code}")
        return rates.pop()

    def value_if_known(self, find: Callable[[], tuple[int, ...]]) -> tuple[int, ...] | None:
        """The items' values; None where they are unknown, and then what is missing is kept."""
        try:
            return find()
        except Unknown as unknown:
            self.value_missing = unknown.name
            return None

    def known(self, value: int | None) -> int:
        """A value that may be unknown.

        Raises:
            Unknown: it is; carries what it misses.
        """
        if value is None:
            raise Unknown(self.value_missing)
        return value

    def values_with(self, extra: Fraction) -> tuple[int, ...]:
        """Each item's price with its share of an extra cost, in minor units.

        The shares go by price. Items 1 to n together have their exact value, rounded, so that
        the whole is never off by a unit.

        Raises:
            Unknown: a price is negative, or all goods together are worth nothing.
        """
        for goods in self.consignment.goods:
            if goods.price < 0:
                raise Unknown(f"items[{goods.place}].unit_price")
        whole = self.consignment.price
        if whole == 0:
            raise Unknown("customs_value")
        if extra < 0:
            raise Unknown("freight")
        found: list[int] = []
        price, done = NOTHING, 0
        for goods in self.consignment.goods:
            price += goods.price
            value = self.minor(price * (whole + extra) / whole)
            found.append(value - done)
            done = value
        return tuple(found)

    def charge(self, code: str, item: int | None, find: Callable[[], Found]) -> None:
        """Add a charge; where it cannot be found, with what is missing."""
        try:
            found = find()
        except Unknown as unknown:
            self.charges.append(Charge(code, item, None, None, None, (), unknown.name))
            return
        self.charges.append(
            Charge(code, item, found.base, found.rate, found.amount, found.citations)
        )

    def charged(self, code: str, item: int | None) -> int:
        """The amount of a charge added before; nothing where there is none.

        Raises:
            Unknown: it is unknown; carries what it misses.
        """
        for each in self.charges:
            if (each.code, each.item) == (code, item):
                if each.amount is None:
                    raise Unknown(each.missing or code)
                return each.amount
        return 0

    def tariff_terms(self, goods: Goods, column: str) -> tuple[TariffRate, Duty]:
        """What a column of the tariff prints for an item, with a warning that it is dated.

        Raises:
            Unknown: the tariff does not know the code, or its text cannot be read.
        """
        rate = goods.tariff.get(column)
        name = f"tariff.{self.consignment.destination}.{goods.hs}.{column}"
        if rate is None:
            raise Unknown(name)
        self.warn("TARIFF_INDICATIVE", f"items[{goods.place}].hs", edition=rate.edition)
        if rate.terms is None:
            raise Unknown(name)
        return rate, rate.terms

    @staticmethod
    def rate_text(rate: TariffRate) -> str:
        """What a tariff prints, where a share of the value is always written in per cent."""
        return per_cent(rate.terms.rate) if isinstance(rate.terms, AdValorem) else rate.text

    def duty_by(self, terms: Duty, goods: Goods, value: int) -> Fraction:
        """The duty by the terms of a tariff, in whole units, not rounded; see ``amount_of``."""
        exact = Fraction(value, MINOR_UNITS)
        try:
            return amount_of(terms, exact, goods.measures, self.consignment.rate_of)
        except Unknown as unknown:
            is_of_item = not unknown.name.startswith("exchange_rates.")
            raise Unknown(
                f"items[{goods.place}].{unknown.name}" if is_of_item else unknown.name
            ) from unknown

    def sum_items(self) -> None:
        """Add what is payable on the whole: for each code the sum over the items."""
        for code in CHARGE_CODES:
            lines = [each for each in self.charges if each.code == code]
            if lines and all(each.item is not None for each in lines):
                self.charges.append(_sum(code, lines))

    def ruling(self, customs_value: int | None) -> Ruling:
        """The answer, with a warning for every value used that is less than confirmed."""
        weak = [*self.why.unverified(), *sorted(self.classes)]
        if weak:
            self.warn("LAW_UNVERIFIED", parameters=", ".join(weak))
        order = {code: place for place, code in enumerate(CHARGE_CODES)}
        charges = sorted(self.charges, key=lambda each: order[each.code])
        payable = [each.amount for each in charges if each.item is None]
        status: Status = "payable" if any(payable) else "exempt"
        if customs_value is None or None in payable or not payable:
            status = "unknown"
        return Ruling(
            self.regime,
            status,
            customs_value,
            tuple(charges),
            tuple(self.why.steps),
            tuple(self.warnings),
        )

    def refused(self, refusals: tuple[Notice, ...]) -> Ruling:
        """The answer where the regime is not open to the consignment."""
        found = self.ruling(None)
        return Ruling(
            self.regime, "not_admissible", None, (), found.steps, found.warnings, refusals
        )


def _sum(code: str, lines: list[Charge]) -> Charge:
    """The items' charges of one code as one charge on the whole."""
    bases = [each.base for each in lines if each.base is not None]
    amounts = [each.amount for each in lines if each.amount is not None]
    rates = {each.rate for each in lines}
    citations = dict.fromkeys(text for each in lines for text in each.citations)
    missing = next((each.missing for each in lines if each.missing is not None), None)
    return Charge(
        code,
        None,
        sum(bases) if len(bases) == len(lines) else None,
        rates.pop() if len(rates) == 1 else None,
        sum(amounts) if len(amounts) == len(lines) else None,
        tuple(citations),
        missing,
    )
