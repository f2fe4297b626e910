"""One assessment in the making: its charges, steps and warnings, until they are a ruling.

Every regime of every economy is written on it. It knows nothing of any law: it catches what is
unknown, adds up the items, and tells what the answer rested on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, partial
from math import floor
from typing import Final, TypeVar

from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.law.consignment import Consignment, Goods, TariffRate
from tumen.law.duty import Duty, amount_of
from tumen.law.explanation import Explanation, Unknown, each_once
from tumen.law.figures import money, per_cent
from tumen.law.goods import GoodsClass, goods_class
from tumen.law.ruling import GIVEN, PLACE_OF, Charge, Notice, Ruling, Status, on_the_whole
from tumen.law.tariffs import indicative

Value = TypeVar("Value")

CENTS: Final = 100
"""Of a dollar: limits in dollars and their exchange stand in cents."""

FIELDS: Final = ("items", "exchange_rates", "freight", "insurance", "related", "customs_value")
"""How the names of what only the shipment can tell begin; all else is a rate or a law not held."""


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
    """Collects the charges and the remarks of one assessment.

    Attributes:
        regime: the regime's name.
        consignment: what is assessed.
        rounding: the parameter that says how a charge is rounded, where the law has one for all.
        unit: the parameter that says to how many minor units, where that is not one.
        why: its explanation.
        money: how the explanation writes an amount of minor units. It is no method, for what words
            a step later holds on to it: were it bound to the settlement, the two would hold on to
            each other, and wait for the collector of garbage.
        minor_units: of one whole unit of the destination's currency.
        charges: those found so far.
        warnings: remarks so far.
        violations: faults so far; with any the consignment is not admissible.
        doubts: what was used besides the parameters and is below ``confirmed``, by name.
        value_missing: what the customs value misses, where it is unknown.
    """

    regime: str
    consignment: Consignment
    rounding: str = ""
    unit: str = ""
    why: Explanation = field(init=False)
    money: Callable[[int | Fraction], str] = field(init=False)
    minor_units: int = field(init=False)
    charges: list[Charge] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    violations: list[Notice] = field(default_factory=list)
    doubts: set[str] = field(default_factory=set)
    value_missing: str = "customs_value"

    def __post_init__(self) -> None:
        self.why = Explanation(self.consignment.day)
        self.money, self.minor_units = _counted(self.consignment.destination)

    def minor(self, amount: Fraction) -> int:
        """An amount in whole units, rounded to minor ones as the law says."""
        return self.rounded(amount * self.minor_units)

    def rounded(self, exact: Fraction) -> int:
        """A charge in minor units, rounded as the law says."""
        unit = self.why.number(self.unit) if self.unit else 1
        return self.why.rounded(self.rounding, exact, unit)

    def cents(self, minor: int | Fraction) -> Fraction:
        """An amount of minor units in cents of the United States.

        Raises:
            Unknown: the rate is not held, or is none.
        """
        rate = self.consignment.rate_of("USD")
        if rate <= 0:
            raise Unknown("exchange_rates.USD")
        above = minor.numerator * CENTS * rate.denominator
        return Fraction(above, minor.denominator * self.minor_units * rate.numerator)

    def warn(self, code: str, path: str = "", **parameters: str) -> None:
        """Add a warning, once."""
        self.tell(Notice(code, path, parameters))

    def tell(self, *notices: Notice) -> None:
        """Add warnings, each once."""
        self.warnings += [each for each in notices if each not in self.warnings]

    def refuse(self, code: str, path: str = "", **parameters: str) -> None:
        """Add a fault, once."""
        notice = Notice(code, path, parameters)
        if notice not in self.violations:
            self.violations.append(notice)

    def class_of(self, tax: str, goods: Goods) -> GoodsClass | None:
        """The class of goods that a tax puts an item in; None where it names none for it."""
        found = goods_class(tax, goods.hs, self.consignment.day)
        if found is not None:
            self.rely_on(tax, found)
        return found

    def rely_on(self, tax: str, found: GoodsClass) -> None:
        """Note a class that is used."""
        if not found.is_verified:
            self.doubts.add(f"{tax}.{found.name}")

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

    def rate_for(self, goods: Goods, code: str, name: str) -> tuple[Fraction, str]:
        """The rate of a charge as given, else as a parameter says; and who says so."""
        given = self.given(goods, code)
        return (self.why.share(name), self.why.cite(name)) if given is None else (given, GIVEN)

    def value_if_known(self, find: Callable[[], Value]) -> Value | None:
        """A value; None where it is unknown, and then what is missing is kept."""
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

    def charge(
        self,
        code: str,
        item: int | None,
        find: Callable[[], Found | None],
        base: int | None = None,
    ) -> None:
        """Add a charge; where it cannot be found, with what is missing.

        Args:
            code: the charge.
            item: the item's place, or None for the whole.
            find: the charge; None where it does not concern the goods.
            base: what is told as its base even where the charge is unknown.
        """
        try:
            found = find()
        except Unknown as unknown:
            self.charges.append(Charge(code, item, base, None, None, (), unknown.name))
            return
        if found is not None:
            cited = each_once(found.citations)
            self.charges.append(Charge(code, item, found.base, found.rate, found.amount, cited))

    def at_rate(
        self,
        code: str,
        item: int,
        formula: str,
        parts: tuple[int | Fraction, ...],
        rate: tuple[Fraction, tuple[str, ...]],
    ) -> Found:
        """A share of a base, rounded as the law says; adds the step.

        Args:
            code: the charge.
            item: the item's place.
            formula: the rule in symbols.
            parts: what the base is the sum of, in minor units.
            rate: the share, and who says so.
        """
        share, citations = rate
        base = sum(parts)
        amount, shown, money = self.rounded(base * share), per_cent(share), self.money
        self.why.say(
            code,
            item,
            formula,
            lambda: f"{_sum_of(map(money, parts))} x {shown} = {money(amount)}",
            "; ".join(citations),
        )
        return Found(floor(base), shown, amount, citations)

    def by_tariff(
        self, goods: Goods, formula: str, value: int, duty: Fraction, rate: tuple[str, str]
    ) -> Found:
        """A duty in whole units by a rate of the tariff, rounded as the law says; adds the step.

        Args:
            goods: the item.
            formula: the rule in symbols.
            value: its customs value in minor units.
            duty: in whole units, not rounded.
            rate: as a reader knows it, and its citation.
        """
        text, citation = rate
        amount, money = self.minor(duty), self.money
        self.why.say(
            "duty",
            goods.place,
            formula,
            lambda: f"{money(value)}: {text} = {money(amount)}",
            citation,
        )
        return Found(value, text, amount, (citation,))

    def of(self, code: str, item: int | None) -> Charge | None:
        """A charge that was added before; None where there is none."""
        for each in self.charges:
            if each.code == code and each.item == item:
                return each
        return None

    def charged(self, code: str, item: int | None) -> int:
        """The amount of a charge added before; nothing where there is none.

        Raises:
            Unknown: it is unknown; carries what it misses.
        """
        found = self.of(code, item)
        if found is None:
            return 0
        if found.amount is None:
            raise Unknown(found.missing or code)
        return found.amount

    def tariff_name(self, goods: Goods, column: str = "") -> str:
        """What is missing where the tariff has no rate that can be used."""
        told = ("tariff", self.consignment.destination, goods.hs, column)
        return ".".join(each for each in told if each)

    def printed(self, goods: Goods, column: str) -> tuple[TariffRate, Duty]:
        """What a column of the tariff prints for an item, with a warning where it is indicative.

        Raises:
            Unknown: the tariff does not know the code, or its text cannot be read.
        """
        rate = goods.tariff.get(column)
        if rate is None:
            raise Unknown(self.tariff_name(goods, column))
        self.use(goods, rate)
        return rate, self.terms_of(goods, rate)

    def terms_of(self, goods: Goods, rate: TariffRate) -> Duty:
        """The terms of a printed rate.

        Raises:
            Unknown: the text cannot be read.
        """
        if rate.terms is None:
            raise Unknown(self.tariff_name(goods, rate.column))
        return rate.terms

    def use(self, goods: Goods, rate: TariffRate) -> None:
        """Warn of a rate that is used and only indicative."""
        notice = indicative(rate, f"items[{goods.place}].hs")
        if notice is not None:
            self.tell(notice)

    def duty_by(self, terms: Duty, goods: Goods, value: int | Fraction) -> Fraction:
        """The duty on a value in minor units by some terms, in whole units, not rounded.

        Raises:
            Unknown: a quantity or an exchange rate that the terms need.
        """
        exact = Fraction(value) / self.minor_units
        try:
            return amount_of(terms, exact, goods.measures, self.consignment.rate_of)
        except Unknown as unknown:
            if unknown.name.startswith("exchange_rates."):
                raise
            raise Unknown(f"items[{goods.place}].{unknown.name}") from unknown

    def sum_items(self) -> None:
        """Add what is payable on the whole: for each code the sum over the items."""
        by_code: dict[str, list[Charge]] = {}
        for each in self.charges:
            by_code.setdefault(each.code, []).append(each)
        for code in sorted(by_code, key=PLACE_OF.__getitem__):
            if all(each.item is not None for each in by_code[code]):
                self.charges.append(on_the_whole(code, by_code[code]))

    def ruling(self, customs_value: int | None) -> Ruling:
        """The answer, with what it misses and what it rests on.

        A rate that no tariff and no law holds is told by ``RATE_UNKNOWN``, a value used that is
        less than confirmed by ``LAW_UNVERIFIED``.
        """
        charges = sorted(self.charges, key=lambda each: PLACE_OF[each.code])
        for each in charges:
            if each.missing is not None and not each.missing.startswith(FIELDS):
                path = "" if each.item is None else f"items[{each.item}].hs"
                if path or not any(one.code == "RATE_UNKNOWN" for one in self.warnings):
                    self.warn("RATE_UNKNOWN", path, value=each.missing)
        weak = sorted(self.doubts.union(self.why.unverified()))
        if weak:
            self.warn("LAW_UNVERIFIED", parameters=", ".join(weak))
        return Ruling(
            self.regime,
            "not_admissible" if self.violations else _status(charges),
            customs_value,
            tuple(charges),
            tuple(self.why.steps),
            tuple(self.warnings),
            tuple(self.violations),
        )

    def unknown(self, codes: Iterable[str], missing: str) -> Ruling:
        """The answer where what every charge needs is unknown."""
        self.charges = [Charge(code, None, None, None, None, (), missing) for code in codes]
        return self.ruling(None)

    def refused(self, refusals: Iterable[Notice]) -> Ruling:
        """The answer where the regime is not open to the consignment."""
        self.charges, self.violations = [], [*refusals]
        return self.ruling(None)


@cache
def _counted(destination: str) -> tuple[Callable[[int | Fraction], str], int]:
    """How amounts of an economy are written, and the minor units of one of its currency."""
    code = CURRENCY_OF[destination]
    return partial(money, code=code), currency(code).minor_units


def _sum_of(amounts: Iterable[str]) -> str:
    """A sum of amounts, in brackets where there is more than one."""
    told = list(amounts)
    return f"({' + '.join(told)})" if len(told) > 1 else told[0]


def _status(charges: list[Charge]) -> Status:
    """Unknown while anything payable is, exempt where nothing is due."""
    amounts = [each.amount for each in charges if each.item is None]
    if None in amounts:
        return "unknown"
    return "payable" if any(amounts) else "exempt"
