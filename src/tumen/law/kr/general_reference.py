"""The general import into Korea, one consignment at a time, as the acts read.

Duty, individual consumption tax, liquor tax, education tax, rural special tax, value added tax: in
this order, each on what the earlier ones have come to. The numbered comments follow
``docs/law-kr.md``. Sources: 관세법 Art. 30, 50, 94(4), 개별소비세법 Art. 1 and 8, 주세법 Art. 7
and 8, 교육세법 Art. 5, 농어촌특별세법 Art. 5, 부가가치세법 Art. 27, 29 and 30, 국고금 관리법
Art. 47.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.kr.answer import refused, ruling, unknown
from tumen.law.kr.duty_rate import lowest
from tumen.law.kr.inquiry import Inquiry, is_service, percent, won
from tumen.law.kr.preference import preferential_column
from tumen.law.kr.small_value import hindrances, measure
from tumen.law.kr.valuation import customs_values
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "general"
NOT_HELD: Final = frozenset({"tobacco", "cars"})
"""Goods that bear individual consumption tax by rates which are not held."""
GIVEN: Final = "rate given with the shipment"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment may not be imported by declaration: only services may not."""
    return tuple(
        Notice(
            "KR_SERVICE_NOT_GOODS", f"items[{item.place}].category", {"value": str(item.category)}
        )
        for item in consignment.goods
        if is_service(item)
    )


def assess(consignment: Consignment) -> Ruling:
    """The charges of every item and of the whole, and the explanation.

    Args:
        consignment: amounts in whole won; ``exchange["USD"]`` is won for one dollar.
    """
    inquiry = Inquiry.of(consignment)
    if services := refusals(consignment):
        return refused(inquiry, REGIME, services)
    try:
        # 1. The customs value (관세법 30).
        values = customs_values(inquiry)
    except Unknown as lacking:
        return unknown(inquiry, REGIME, ("duty", "vat"), lacking.name)
    # 2. Small goods for personal use are free of duty and of value added tax (관세법 94(4)).
    is_exempt = _exemption(inquiry)
    charges: list[Charge] = []
    for item, value in zip(consignment.goods, values, strict=True):
        charges += _ItemTaxes(inquiry, item, value, sum(values), is_exempt).all()
    return ruling(inquiry, REGIME, sum(values), charges)


def _exemption(inquiry: Inquiry) -> bool | str:
    """Whether the goods are small goods for personal use; or what it takes to tell."""
    try:
        against = hindrances(inquiry)
    except Unknown as lacking:
        return lacking.name
    return not against


@dataclass(frozen=True, slots=True)
class _Tax:
    """A tax before it is cut: its base, its rate for the reader, its amount and its sources."""

    base: int
    rate: str
    amount: Fraction
    citations: tuple[str, ...]


@dataclass(slots=True)
class _ItemTaxes:
    """3 to 8. The taxes of one item, in the order of the acts."""

    inquiry: Inquiry
    item: Goods
    value: int
    total_value: int
    is_exempt: bool | str
    found: dict[str, Charge] = field(default_factory=dict)

    def all(self) -> list[Charge]:
        """The charges; a tax that does not concern the goods is left out."""
        self.charge("duty", self.duty)
        self.charge("individual_consumption_tax", self.individual_consumption_tax)
        self.charge("liquor_tax", self.liquor_tax)
        self.charge("education_tax", self.education_tax)
        self.charge("rural_tax", self.rural_tax)
        self.charge("vat", self.vat)
        return list(self.found.values())

    def charge(self, code: str, compute: Callable[[], _Tax | None]) -> None:
        """One tax, cut to ten won; what it needs and nobody told makes it unknown."""
        why, place = self.inquiry.why, self.item.place
        try:
            tax = compute()
            if tax is None:
                return
            unit = why.number("kr.tax.rounding_unit")
            amount = why.rounded("kr.tax.rounding", tax.amount, unit)
        except Unknown as lacking:
            self.found[code] = Charge(code, place, None, None, None, (), lacking.name)
            return
        self.found[code] = Charge(code, place, tax.base, tax.rate, amount, tax.citations)
        numbers = f"{won(tax.base)} x {tax.rate} = {won(tax.amount)}, cut to {won(amount)}"
        why.say(code, place, FORMULAS[code], numbers, "; ".join(tax.citations))

    def amount(self, code: str) -> int:
        """What an earlier tax came to; zero where it does not concern the goods.

        Raises:
            Unknown: it concerns them and is unknown.
        """
        charge = self.found.get(code)
        if charge is None:
            return 0
        if charge.amount is None:
            raise Unknown(charge.missing or code)
        return charge.amount

    def given(self, code: str, base: int) -> _Tax | None:
        """The tax by a rate that came with the shipment, which goes before tariff and law."""
        rate = self.item.rates.get(code)
        return None if rate is None else _Tax(base, percent(rate), base * rate, (GIVEN,))

    def duty(self) -> _Tax:
        """3. Duty by the lowest lawful rate of the tariff (관세법 50); none on small goods."""
        if isinstance(self.is_exempt, str):
            raise Unknown(self.is_exempt)
        if self.is_exempt:
            citation = self.inquiry.why.cite("kr.small_value.limit")
            return _Tax(self.value, "0%", Fraction(0), (citation,))
        if (tax := self.given("duty", self.value)) is not None:
            return tax
        column = preferential_column(self.inquiry, self.item, self.total_value)
        rate, amount = lowest(self.inquiry, self.item, self.value, column)
        cited = (self.inquiry.why.cite("kr.duty.choice"), f"{rate.edition}, column {rate.column}")
        return _Tax(self.value, rate.text, amount, cited)

    def individual_consumption_tax(self) -> _Tax | None:
        """4. On luxury goods, of what the price with duty exceeds for each piece (8(1))."""
        kind = self.inquiry.class_of("kr.individual_consumption_tax", self.item)
        if kind is None:
            return self.given("individual_consumption_tax", self.value + self.amount("duty"))
        if kind in NOT_HELD and "individual_consumption_tax" not in self.item.rates:
            raise Unknown(f"kr.individual_consumption_tax.{kind}.rate")
        price = self.value + self.amount("duty")
        if kind in NOT_HELD:
            return self.given("individual_consumption_tax", price)
        return self.luxury(kind, price)

    def luxury(self, kind: str, price: int) -> _Tax | None:
        """The tax on a class of luxury goods; None where the price is within the threshold."""
        why, name = self.inquiry.why, f"kr.individual_consumption_tax.{kind}"
        threshold = why.value(f"{name}.threshold")
        free = Fraction(threshold.integer)
        if price > free and free > 0:
            free *= measure(self.item, "piece")
        numbers = f"{won(price)} against {won(free)}"
        formula = "price with duty > threshold x pieces"
        why.say("luxury", self.item.place, formula, numbers, threshold.citation)
        if price <= free:
            return None
        base = price - int(free)
        given = self.given("individual_consumption_tax", base)
        rate = why.share(f"{name}.rate")
        cited = (why.cite(f"{name}.rate"), threshold.citation)
        return given or _Tax(base, percent(rate), base * rate, tuple(dict.fromkeys(cited)))

    def liquor_tax(self) -> _Tax | None:
        """5. On alcoholic drinks, of the customs value with duty (주세법 7(2)2, 8(1))."""
        kind = self.inquiry.class_of("kr.liquor_tax", self.item)
        if kind is None and "liquor_tax" not in self.item.rates:
            return None
        price = self.value + self.amount("duty")
        if (tax := self.given("liquor_tax", price)) is not None:
            return tax
        why = self.inquiry.why
        if self.is_exempt is True and not why.value("kr.personal_use.alcohol.taxes_due").value:
            return None
        rate = why.share(f"kr.liquor_tax.{kind}.rate")
        cited = (why.cite(f"kr.liquor_tax.{kind}.rate"), why.cite("kr.liquor_tax.basis"))
        return _Tax(price, percent(rate), price * rate, cited)

    def education_tax(self) -> _Tax | None:
        """6. Of the individual consumption tax or the liquor tax (교육세법 5(1)2 and 4)."""
        for code in ("individual_consumption_tax", "liquor_tax"):
            if code in self.found:
                base = self.amount(code)
                name = self.education_rate(code)
                rate = self.inquiry.why.share(name)
                tax = _Tax(base, percent(rate), base * rate, (self.inquiry.why.cite(name),))
                return self.given("education_tax", base) or tax
        return None

    def education_rate(self, code: str) -> str:
        """Which parameter is the rate; a high liquor tax has a high education tax."""
        if code == "individual_consumption_tax":
            return "kr.education_tax.on_individual_consumption_tax"
        limit = self.inquiry.why.share("kr.education_tax.on_liquor.high_above")
        is_high = self.liquor_rate() > limit
        return f"kr.education_tax.on_liquor.{'high' if is_high else 'standard'}"

    def liquor_rate(self) -> Fraction:
        """The rate that the liquor tax was computed by."""
        if "liquor_tax" in self.item.rates:
            return self.item.rates["liquor_tax"]
        kind = self.inquiry.class_of("kr.liquor_tax", self.item)
        return self.inquiry.why.share(f"kr.liquor_tax.{kind}.rate")

    def rural_tax(self) -> _Tax | None:
        """7. Of the individual consumption tax on the goods that Art. 3(3) names, else none."""
        code = "individual_consumption_tax"
        if code not in self.found:
            return None
        base = self.amount(code)
        if (tax := self.given("rural_tax", base)) is not None:
            return tax
        kind = self.inquiry.class_of("kr.individual_consumption_tax", self.item)
        if kind is None or kind in NOT_HELD:
            return None
        name = f"kr.rural_tax.{kind}.rate"
        rate = self.inquiry.why.share(name)
        cited = (self.inquiry.why.cite(name),)
        return _Tax(base, percent(rate), base * rate, cited) if rate else None

    def vat(self) -> _Tax:
        """8. Value added tax on the value with all the other taxes (부가가치세법 29(2), 30)."""
        why = self.inquiry.why
        base = self.value + sum(self.amount(code) for code in BEFORE_VAT)
        if self.is_exempt is True:
            return _Tax(base, "0%", Fraction(0), (why.cite("kr.vat.small_value"),))
        if (tax := self.given("vat", base)) is not None:
            return tax
        kind = self.inquiry.class_of("kr.vat", self.item)
        if kind == "books":
            return _Tax(base, "0%", Fraction(0), (why.cite("kr.vat.books"),))
        if kind is not None:
            raise Unknown(f"kr.vat.{kind}")
        rate = why.share("kr.vat.rate")
        cited = (why.cite("kr.vat.rate"), why.cite("kr.vat.basis"))
        return _Tax(base, percent(rate), base * rate, cited)


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
