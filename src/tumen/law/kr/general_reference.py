"""The general import into Korea, one consignment at a time, as the acts read.

Duty, individual consumption tax, liquor tax, education tax, rural special tax, value added tax: in
this order, each on what the earlier ones have come to. The numbered comments follow
``docs/law-kr.md``. Sources: 관세법 Art. 30, 50, 94(4), 개별소비세법 Art. 1 and 8, 주세법 Art. 7
and 8, 교육세법 Art. 5, 농어촌특별세법 Art. 5, 부가가치세법 Art. 27, 29 and 30, 국고금 관리법
Art. 47.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tumen.law import admission
from tumen.law.consignment import Consignment, Goods
from tumen.law.duty_text import spoken
from tumen.law.explanation import Explanation, Unknown
from tumen.law.findings import once
from tumen.law.kr.answer import ruled, settlement_of
from tumen.law.kr.duty_rate import lowest
from tumen.law.kr.goods_classes import class_of
from tumen.law.kr.import_control import prohibitions
from tumen.law.kr.preference import AGREEMENTS
from tumen.law.kr.small_value import hindrances, measure
from tumen.law.kr.valuation import customs_values
from tumen.law.preference import preferential
from tumen.law.ruling import GIVEN, Ruling
from tumen.law.settlement import Found, Settlement

REGIME: Final = "general"
NOT_HELD: Final = frozenset({"tobacco", "cars"})
"""Goods that bear individual consumption tax by rates which are not held."""

refusals = admission.services
"""General import is open to all goods."""


def assess(consignment: Consignment) -> Ruling:
    """The charges of every item and of the whole, and the explanation.

    Args:
        consignment: amounts in whole won; ``exchange["USD"]`` is won for one dollar.
    """
    settlement = settlement_of(REGIME, consignment)
    if services := refusals(consignment):
        return settlement.refused(services)
    try:
        # 1. The customs value (관세법 30).
        values = once(customs_values, settlement)
    except Unknown as lacking:
        settlement.violations += prohibitions(settlement)
        return settlement.unknown(("duty", "vat"), lacking.name)
    # 2. Small goods for personal use are free of duty and of value added tax (관세법 94(4)).
    is_exempt = _exemption(settlement)
    for item, value in zip(consignment.goods, values, strict=True):
        _ItemTaxes(settlement, item, value, sum(values), is_exempt).charge()
    return ruled(settlement, sum(values))


def _exemption(settlement: Settlement) -> bool | str:
    """Whether the goods are small goods for personal use; or what it takes to tell."""
    try:
        against = once(hindrances, settlement)
    except Unknown as lacking:
        return lacking.name
    return not against


@dataclass(slots=True)
class _ItemTaxes:
    """3 to 8. The taxes of one item, in the order of the acts."""

    settlement: Settlement
    item: Goods
    value: int
    total_value: int
    is_exempt: bool | str

    @property
    def why(self) -> Explanation:
        """The explanation."""
        return self.settlement.why

    def charge(self) -> None:
        """The charges, each cut to ten won; a tax that does not concern the goods is left out."""
        for code, find in (
            ("duty", self.duty),
            ("individual_consumption_tax", self.individual_consumption_tax),
            ("liquor_tax", self.liquor_tax),
            ("education_tax", self.education_tax),
            ("rural_tax", self.rural_tax),
            ("vat", self.vat),
        ):
            self.settlement.charge(code, self.item.place, find)

    def amount(self, code: str) -> int:
        """What an earlier tax came to; zero where it does not concern the goods.

        Raises:
            Unknown: it concerns them and is unknown.
        """
        return self.settlement.charged(code, self.item.place)

    def bears(self, code: str) -> bool:
        """Whether an earlier tax concerns the goods."""
        return self.settlement.of(code, self.item.place) is not None

    def at_rate(self, code: str, base: int, rate: Fraction, *citations: str) -> Found:
        """A share of a base, cut to ten won."""
        cited = tuple(dict.fromkeys(citations))
        return self.settlement.at_rate(
            code, self.item.place, FORMULAS[code], (base,), (rate, cited)
        )

    def given(self, code: str, base: int) -> Found | None:
        """The tax by a rate that came with the shipment, which goes before tariff and law."""
        rate = self.settlement.given(self.item, code)
        return None if rate is None else self.at_rate(code, base, rate, GIVEN)

    def duty(self) -> Found:
        """3. Duty by the lowest lawful rate of the tariff (관세법 50); none on small goods."""
        if isinstance(self.is_exempt, str):
            raise Unknown(self.is_exempt)
        if self.is_exempt:
            citation = self.why.cite("kr.small_value.limit")
            return self.at_rate("duty", self.value, NO_TAX, citation)
        if (tax := self.given("duty", self.value)) is not None:
            return tax
        settlement, item = self.settlement, self.item
        preferred = preferential(settlement, item, AGREEMENTS, self.total_value)
        column = None if preferred is None else preferred.rate.column
        rate, exact = lowest(settlement, item, self.value, column)
        told = (spoken(rate), f"{rate.edition}, column {rate.column}")
        found = settlement.by_tariff(item, FORMULAS["duty"], self.value, exact, told)
        return replace(found, citations=(self.why.cite("kr.duty.choice"), *found.citations))

    def individual_consumption_tax(self) -> Found | None:
        """4. On luxury goods, of what the price with duty exceeds for each piece (8(1))."""
        kind = class_of(self.settlement, "kr.individual_consumption_tax", self.item)
        if kind is None and "individual_consumption_tax" not in self.item.rates:
            return None
        if kind in NOT_HELD and "individual_consumption_tax" not in self.item.rates:
            raise Unknown(f"kr.individual_consumption_tax.{kind}.rate")
        price = self.value + self.amount("duty")
        if kind is None or kind in NOT_HELD:
            return self.given("individual_consumption_tax", price)
        return self.luxury(kind, price)

    def luxury(self, kind: str, price: int) -> Found | None:
        """The tax on a class of luxury goods; None where the price is within the threshold."""
        why, name = self.why, f"kr.individual_consumption_tax.{kind}"
        threshold = why.value(f"{name}.threshold")
        free = Fraction(threshold.integer)
        if price > free and free > 0:
            free *= measure(self.item, "piece")
        money = self.settlement.money
        why.say(
            "luxury",
            self.item.place,
            "price with duty > threshold x pieces",
            lambda: f"{money(price)} against {money(free)}",
            threshold.citation,
        )
        if price <= free:
            return None
        base = price - int(free)
        given = self.given("individual_consumption_tax", base)
        rate = why.share(f"{name}.rate")
        cited = (why.cite(f"{name}.rate"), threshold.citation)
        return given or self.at_rate("individual_consumption_tax", base, rate, *cited)

    def liquor_tax(self) -> Found | None:
        """5. On alcoholic drinks, of the customs value with duty (주세법 7(2)2, 8(1))."""
        kind = class_of(self.settlement, "kr.liquor_tax", self.item)
        if kind is None and "liquor_tax" not in self.item.rates:
            return None
        price = self.value + self.amount("duty")
        if (tax := self.given("liquor_tax", price)) is not None:
            return tax
        why = self.why
        if self.is_exempt is True and not why.value("kr.personal_use.alcohol.taxes_due").value:
            return None
        rate = why.share(f"kr.liquor_tax.{kind}.rate")
        cited = (why.cite(f"kr.liquor_tax.{kind}.rate"), why.cite("kr.liquor_tax.basis"))
        return self.at_rate("liquor_tax", price, rate, *cited)

    def education_tax(self) -> Found | None:
        """6. Of the individual consumption tax or the liquor tax (교육세법 5(1)2 and 4)."""
        for code in ("individual_consumption_tax", "liquor_tax"):
            if self.bears(code):
                base = self.amount(code)
                name = self.education_rate(code)
                rate, citation = self.why.share(name), self.why.cite(name)
                given = self.given("education_tax", base)
                return given or self.at_rate("education_tax", base, rate, citation)
        return None

    def education_rate(self, code: str) -> str:
        """Which parameter is the rate; a high liquor tax has a high education tax."""
        if code == "individual_consumption_tax":
            return "kr.education_tax.on_individual_consumption_tax"
        limit = self.why.share("kr.education_tax.on_liquor.high_above")
        is_high = self.liquor_rate() > limit
        return f"kr.education_tax.on_liquor.{'high' if is_high else 'standard'}"

    def liquor_rate(self) -> Fraction:
        """The rate that the liquor tax was computed by."""
        if "liquor_tax" in self.item.rates:
            return self.item.rates["liquor_tax"]
        kind = class_of(self.settlement, "kr.liquor_tax", self.item)
        return self.why.share(f"kr.liquor_tax.{kind}.rate")

    def rural_tax(self) -> Found | None:
        """7. Of the individual consumption tax on the goods that Art. 3(3) names, else none."""
        code = "individual_consumption_tax"
        if not self.bears(code):
            return None
        if "rural_tax" in self.item.rates:
            return self.given("rural_tax", self.amount(code))
        kind = class_of(self.settlement, "kr.individual_consumption_tax", self.item)
        if kind is None or kind in NOT_HELD:
            return None
        name = f"kr.rural_tax.{kind}.rate"
        rate = self.why.share(name)
        if not rate:
            return None
        return self.at_rate("rural_tax", self.amount(code), rate, self.why.cite(name))

    def vat(self) -> Found:
        """8. Value added tax on the value with all the other taxes (부가가치세법 29(2), 30)."""
        why = self.why
        base = self.value + sum(self.amount(code) for code in BEFORE_VAT)
        if self.is_exempt is True:
            return self.at_rate("vat", base, NO_TAX, why.cite("kr.vat.small_value"))
        if (tax := self.given("vat", base)) is not None:
            return tax
        kind = class_of(self.settlement, "kr.vat", self.item)
        if kind == "books":
            return self.at_rate("vat", base, NO_TAX, why.cite("kr.vat.books"))
        if kind is not None:
            raise Unknown(f"kr.vat.{kind}")
        cited = (why.cite("kr.vat.rate"), why.cite("kr.vat.basis"))
        return self.at_rate("vat", base, why.share("kr.vat.rate"), *cited)


NO_TAX: Final = Fraction(0)
BEFORE_VAT: Final = (
    "duty",
    "individual_consumption_tax",
    "liquor_tax",
    "education_tax",
    "rural_tax",
)
FORMULAS: Final = {
    "duty": "D = V x d",
    "individual_consumption_tax": "I = (V + D - threshold x pieces) x i",
    "liquor_tax": "L = (V + D) x l",
    "education_tax": "E = (I or L) x e",
    "rural_tax": "R = I x r",
    "vat": "T = (V + D + I + L + E + R) x t",
}
