"""General import into Mongolia: duty, excise and VAT.

Scalar and plain on purpose: exact fractions, a step for each number, a citation for each step.
The numbered comments follow ``docs/law-mn.md``.

Sources: customs.gov.mn/en/duties (general rate, origin outside the WTO, the base of the VAT),
the tariff table of 2025, pages of 2017 on the seasonal rates.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import AdValorem
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import MINOR_UNITS, per_cent, whole_units
from tumen.law.mn import notices, preference
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import OVERRIDE, Found, Settlement

NAME: Final = "general"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """General import is open to everyone: always empty."""
    del consignment
    return ()


def assess(consignment: Consignment) -> Ruling:
    """Duty, excise and VAT of each item."""
    settlement = Settlement(NAME, "mn.rounding", consignment)
    values = settlement.value_if_known(lambda: _customs_values(settlement))
    for place, goods in enumerate(consignment.goods):
        _Item(settlement, goods, None if values is None else values[place]).charge()
    settlement.sum_items()
    notices.warn_of_control(settlement)
    notices.warn_of_register_number(settlement)
    return settlement.ruling(None if values is None else sum(values))


def _customs_values(settlement: Settlement) -> tuple[int, ...]:
    """1. The customs value is the price with freight and insurance."""
    consignment, why = settlement.consignment, settlement.why
    why.value("mn.customs_value.rule")
    values = settlement.values_with(consignment.freight + consignment.insurance)
    is_shared = len(values) > 1 and consignment.freight + consignment.insurance > 0
    rule = "apportionment" if is_shared else "rule"
    citation = why.cite(f"mn.customs_value.{rule}")
    for goods, value in zip(consignment.goods, values, strict=True):
        price = settlement.minor(goods.price)
        why.say(
            "customs_value",
            goods.place,
            "CV = price + share of freight and insurance by price",
            f"{whole_units(price)} + {whole_units(value - price)} = {whole_units(value)}",
            citation,
        )
    return values


@dataclass(frozen=True, slots=True)
class _Duty:
    """A duty that could be taken: the amount in tugriks, its rate in words, its source."""

    amount: Fraction
    rate: str
    citation: str


@dataclass(slots=True)
class _Item:
    """2. to 4. The charges of one item, in the order of the law."""

    settlement: Settlement
    goods: Goods
    value: int | None

    @property
    def why(self) -> Explanation:
        """The explanation."""
        return self.settlement.why

    def charge(self) -> None:
        """All charges; what depends on an unknown is unknown, what does not is told."""
        place = self.goods.place
        self.settlement.charge("duty", place, self.duty)
        if "excise" in self.goods.rates or self._excise_class() is not None:
            self.settlement.charge("excise", place, self.excise)
        self.settlement.charge("vat", place, self.vat)

    def _value(self) -> int:
        return self.settlement.known(self.value)

    def duty(self) -> Found:
        """2. Duty: the rate given, else the lower of the ordinary and the preferential one."""
        value = self._value()
        found = self._given_duty(value)
        if found is None:
            found = self._ordinary_duty(value)
            preferential = self._preferential_duty(value)
            if preferential is not None:
                self._say_duty("ordinary_duty", found.rate, found.amount, found.citation)
                found = min(found, preferential, key=lambda each: each.amount)
        amount = self.settlement.minor(found.amount)
        numbers = f"{whole_units(value)}: {found.rate} = {whole_units(amount)}"
        self.why.say("duty", self.goods.place, "CD = CV x rate", numbers, found.citation)
        return Found(value, found.rate, amount, (found.citation,))

    def _given_duty(self, value: int) -> _Duty | None:
        given = self.settlement.given(self.goods, "duty")
        if given is None:
            return None
        return _Duty(Fraction(value, MINOR_UNITS) * given, per_cent(given), OVERRIDE)

    def _preferential_duty(self, value: int) -> _Duty | None:
        """2.4 By an agreement, if the claim holds and the tariff prints a rate."""
        column = preference.column_of(self.settlement, self.goods)
        if column is None:
            return None
        rate, terms = self.settlement.tariff_terms(self.goods, column)
        amount = self.settlement.duty_by(terms, self.goods, value)
        text = self.settlement.rate_text(rate)
        self._say_duty("preferential_duty", text, amount, rate.edition)
        return _Duty(amount, text, rate.edition)

    def _ordinary_duty(self, value: int) -> _Duty:
        """2.1 By the rule for the goods or the tariff; 2.3 doubled outside the WTO."""
        found = self._by_rule(value) or self._by_tariff(value)
        if not self._is_outside_wto():
            return found
        times = self.why.value("mn.duty.non_wto_multiplier")
        amount = found.amount * times.integer
        self._say_duty("non_wto_duty", f"{times.integer} x {found.rate}", amount, times.citation)
        return _Duty(amount, f"{times.integer} x {found.rate}", times.citation)

    def _say_duty(self, code: str, rate: str, amount: Fraction, citation: str) -> None:
        numbers = f"{rate} = {whole_units(self.settlement.minor(amount))}"
        self.why.say(code, self.goods.place, "a duty that may be taken", numbers, citation)

    def _by_tariff(self, value: int) -> _Duty:
        """2.1 What the tariff prints; a code that it does not hold is unknown, not general."""
        rate, terms = self.settlement.tariff_terms(self.goods, "base")
        amount = self.settlement.duty_by(terms, self.goods, value)
        return _Duty(amount, self.settlement.rate_text(rate), rate.edition)

    def _by_rule(self, value: int) -> _Duty | None:
        """2.2 Vegetables in season, flour, eggs: rates that stand outside the tariff table."""
        found = self.settlement.class_of("mn.duty", self.goods)
        if found is None:
            return None
        name = f"mn.duty.{found.name}.rate"
        if found.name == "seasonal" and not self._is_in_season("seasonal.", ""):
            name = "mn.duty.general"
        if found.name == "flour" and not self._is_in_season("flour.", "western_"):
            self.settlement.warn("MN_FLOUR_BY_WESTERN_POINTS", f"items[{self.goods.place}].hs")
        rate = self.why.share(name)
        self._warn_of_table(rate)
        return _Duty(Fraction(value, MINOR_UNITS) * rate, per_cent(rate), self.why.cite(name))

    def _is_in_season(self, goods: str, border: str) -> bool:
        first = str(self.why.value(f"mn.duty.{goods}{border}first_day").scalar)
        last = str(self.why.value(f"mn.duty.{goods}{border}last_day").scalar)
        return is_within(self.why.day, first, last)

    def _warn_of_table(self, rate: Fraction) -> None:
        """Where the tariff table prints another rate than the rule, the reader is told."""
        table = self.goods.tariff.get("base")
        if table is not None and table.terms != AdValorem(rate):
            path = f"items[{self.goods.place}].hs"
            self.settlement.warn(
                "MN_RULE_AND_TARIFF_DIFFER", path, value=per_cent(rate), expected=table.text
            )

    def _is_outside_wto(self) -> bool:
        """2.3 Whether the origin is outside the WTO; an origin not told is taken as within."""
        origin = self.goods.origin
        if origin is None:
            self.settlement.warn("MN_ORIGIN_NOT_TOLD", f"items[{self.goods.place}].origin")
            return False
        outside = str(self.why.value("mn.duty.non_wto_economies").scalar)
        return origin in outside.split()

    def _excise_class(self) -> str | None:
        found = self.settlement.class_of("mn.excise", self.goods)
        return None if found is None else found.name

    def excise(self) -> Found:
        """3. Excise: its table is not held, so only a given rate is computed."""
        given = self.settlement.given(self.goods, "excise")
        if given is None:
            raise Unknown(f"mn.excise.{self._excise_class()}")
        value = self._value()
        excise = self.settlement.minor(Fraction(value, MINOR_UNITS) * given)
        citation = self.why.cite("mn.excise.base")
        numbers = f"{whole_units(value)} x {per_cent(given)} = {whole_units(excise)}"
        self.why.say("excise", self.goods.place, "ED = CV x rate", numbers, OVERRIDE)
        return Found(value, per_cent(given), excise, (OVERRIDE, citation))

    def vat(self) -> Found:
        """4. VAT on value, duty and excise together."""
        place = self.goods.place
        duty, excise = (self.settlement.charged(code, place) for code in ("duty", "excise"))
        base = self._value() + duty + excise
        given = self.settlement.given(self.goods, "vat")
        rate = self.why.share("mn.vat.rate") if given is None else given
        citation = self.why.cite("mn.vat.rate") if given is None else OVERRIDE
        vat = self.settlement.minor(Fraction(base, MINOR_UNITS) * rate)
        numbers = (
            f"({whole_units(self._value())} + {whole_units(duty)} + {whole_units(excise)}) x "
            f"{per_cent(rate)} = {whole_units(vat)}"
        )
        self.why.say("vat", place, "VAT = (CV + CD + ED) x rate", numbers, citation)
        return Found(base, per_cent(rate), vat, (citation,))


def is_within(day: date, first: str, last: str) -> bool:
    """Whether a day lies in a window of the year, which may go over its end; both ends inclusive.

    >>> is_within(date(2025, 1, 1), "08-01", "04-01"), is_within(date(2025, 4, 2), "08-01", "04-01")
    (True, False)
    """
    place = day.strftime("%m-%d")
    if first <= last:
        return first <= place <= last
    return place >= first or place <= last
