"""General import into Mongolia: duty, excise and VAT.

Scalar and plain on purpose: exact fractions, a step for each number, a citation for each step.
The numbered comments follow ``docs/law-mn.md``.

Sources: customs.gov.mn/en/duties (general rate, origin outside the WTO, the base of the VAT),
the tariff table of 2025, pages of 2017 on the seasonal rates.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law import control
from tumen.law.consignment import Consignment
from tumen.law.duty import AdValorem
from tumen.law.duty_text import spoken
from tumen.law.figures import per_cent
from tumen.law.item_charges import ItemCharges
from tumen.law.mn import notices
from tumen.law.mn.preference import preferential_rate
from tumen.law.ruling import GIVEN, Ruling
from tumen.law.settlement import Found, Settlement
from tumen.law.valuation import check_priced, with_freight

NAME: Final = "general"
ROUNDING: Final = "mn.rounding"

refusals: Final = partial(
    control.refusals_of_import, table="mn.control", name="mn.control.prohibited"
)
"""General import is open to all goods but those that may not enter at all."""


def assess(consignment: Consignment) -> Ruling:
    """Duty, excise and VAT of each item."""
    settlement = Settlement(NAME, consignment, ROUNDING)
    if refused := refusals(consignment):
        return settlement.refused(refused)
    values = settlement.value_if_known(lambda: _customs_values(settlement))
    for place, goods in enumerate(consignment.goods):
        _Item(settlement, goods, None if values is None else values[place]).charge()
    settlement.sum_items()
    notices.warn_of_control(settlement)
    notices.warn_of_register_number(settlement)
    return settlement.ruling(None if values is None else sum(values))


def _customs_values(settlement: Settlement) -> tuple[int, ...]:
    """1. The customs value is the price with freight and insurance."""
    check_priced(settlement.consignment)
    rules = [settlement.why.cite(f"mn.customs_value.{name}") for name in ("rule", "apportionment")]
    return with_freight(settlement, ROUNDING, (rules[0], rules[1]))


@dataclass(frozen=True, slots=True)
class _Duty:
    """A duty that could be taken: the amount in tugriks, its rate in words, its source."""

    amount: Fraction
    rate: str
    citation: str


class _Item(ItemCharges):
    """2. to 4. The charges of one item, in the order of the law."""

    tax = "mn"

    def duty(self) -> Found:
        """2. Duty: the rate given, else the lower of the ordinary and the preferential one."""
        given = self.settlement.given(self.goods, "duty")
        if given is not None:
            return self.at_rate("duty", "CD = CV x rate", (self.value,), (given, (GIVEN,)))
        found = self._ordinary_duty(self.value)
        preferential = self._preferential_duty(self.value)
        if preferential is not None:
            self._say_duty("ordinary_duty", found.rate, found.amount, found.citation)
            found = min(found, preferential, key=lambda each: each.amount)
        return self.by_tariff("CD = CV x rate", found.rate, found.amount, found.citation)

    def _preferential_duty(self, value: int) -> _Duty | None:
        """2.4 By an agreement, if the claim holds and the tariff prints a rate."""
        found = preferential_rate(self.settlement, self.goods)
        if found is None:
            return None
        rate = found.rate
        self.settlement.use(self.goods, rate)
        terms = self.settlement.terms_of(self.goods, rate)
        amount = self.settlement.duty_by(terms, self.goods, value)
        self._say_duty("preferential_duty", spoken(rate), amount, rate.edition)
        return _Duty(amount, spoken(rate), rate.edition)

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
        numbers = f"{rate} = {self.settlement.money(self.settlement.minor(amount))}"
        self.why.say(code, self.goods.place, "a duty that may be taken", numbers, citation)

    def _by_tariff(self, value: int) -> _Duty:
        """2.1 What the tariff prints; a code that it does not hold is unknown, not general."""
        rate, terms = self.settlement.printed(self.goods, "base")
        amount = self.settlement.duty_by(terms, self.goods, value)
        return _Duty(amount, spoken(rate), rate.edition)

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
        return _Duty(
            Fraction(value) / self.settlement.minor_units * rate,
            per_cent(rate),
            self.why.cite(name),
        )

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

    def excise(self) -> Found:
        """3. Excise: its table is not held, so only a given rate is computed."""
        return self.given_excise("ED = CV x rate", (self.value,))

    def vat(self) -> Found:
        """4. VAT on value, duty and excise together."""
        parts = (self.value, self.charged("duty"), self.charged("excise"))
        rate, citation = self.settlement.rate_for(self.goods, "vat", "mn.vat.rate")
        return self.at_rate("vat", "VAT = (CV + CD + ED) x rate", parts, (rate, (citation,)))


def is_within(day: date, first: str, last: str) -> bool:
    """Whether a day lies in a window of the year, which may go over its end; both ends inclusive.

    >>> is_within(date(2025, 1, 1), "08-01", "04-01"), is_within(date(2025, 4, 2), "08-01", "04-01")
    (True, False)
    """
    place = day.strftime("%m-%d")
    if first <= last:
        return first <= place <= last
    return place >= first or place <= last
