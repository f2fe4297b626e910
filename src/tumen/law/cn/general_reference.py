"""General trade of China, one consignment at a time, as the acts read.

Exact fractions, a step for each number, a citation for each step. The numbered comments follow
``docs/law-cn.md``. Sources: 关税法 (before 2024-12-01 进出口关税条例), 消费税暂行条例 9,
增值税法 14 (before 2026 增值税暂行条例).
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.law import control
from tumen.law.cn.amounts import by_value_and_quantity
from tumen.law.cn.declared import class_of, named, price_share, tax_terms
from tumen.law.cn.exemption import exempt
from tumen.law.cn.preference import preferential_rate
from tumen.law.consignment import Consignment, Goods, TariffRate
from tumen.law.duty_text import spoken
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import per_cent
from tumen.law.preference import Preferred
from tumen.law.ruling import GIVEN, Ruling
from tumen.law.settlement import Found, Settlement
from tumen.law.valuation import check_worth, running, say_value, shares

REGIME: Final = "general"
ROUNDING: Final = "cn.general.rounding"
CODES: Final = ("duty", "consumption_tax", "vat")


refusals: Final = partial(
    control.refusals_of_import, table="cn.control", name="cn.control.prohibited"
)
"""General trade is open to all goods but those that may not enter at all; the list that names those
is one of articles."""


def assess(consignment: Consignment) -> Ruling:
    """The duty, the consumption tax and the VAT of a consignment, item by item and in all."""
    settlement = Settlement(REGIME, consignment, ROUNDING)
    refused = refusals(consignment)
    if refused:
        return settlement.refused(refused)
    control.warn(settlement, "cn.control")
    try:
        values = customs_values(settlement)
        say_days(settlement.why)
    except Unknown as unknown:
        return settlement.unknown(CODES, unknown.name)
    items = [
        _Item(settlement, goods, value)
        for goods, value in zip(consignment.goods, values, strict=True)
    ]
    for each in items:
        settlement.charge("duty", each.goods.place, each.duty, each.value)
    # 3.2 Duty of a consignment up to 50 yuan is exempt (条例 45(1); 关税法 32(1)).
    exempt(settlement, "cn.general.exempt_duty", "duty")
    for each in items:
        settlement.charge("consumption_tax", each.goods.place, each.consumption_tax)
        settlement.charge("vat", each.goods.place, each.vat)
    settlement.sum_items()
    return settlement.ruling(sum(values))


def customs_values(settlement: Settlement) -> tuple[int, ...]:
    """1. The customs value is the price with freight and insurance (关税法 24).

    Raises:
        Unknown: an amount is below zero, or all goods together are worth nothing.
    """
    consignment, why = settlement.consignment, settlement.why
    check_worth(consignment)
    extra = settlement.minor(consignment.freight + consignment.insurance)
    prices = [settlement.minor(goods.price) for goods in consignment.goods]
    parts = running(
        shares(Fraction(extra), [Fraction(each) for each in prices]),
        lambda amount: why.rounded(ROUNDING, amount),
    )
    source = f"{why.cite('cn.general.customs_value')}; {why.cite('cn.general.apportionment')}"
    unit = settlement.minor_units
    for place, (price, part) in enumerate(zip(prices, parts, strict=True)):
        told = (Fraction(price, unit), Fraction(part, unit))
        say_value(settlement, place, told, price + part, source)
    return tuple(price + part for price, part in zip(prices, parts, strict=True))


def say_days(why: Explanation) -> None:
    """2. Which day's rates apply, and within how many days the taxes are paid."""
    rule = why.value("cn.rate_date")
    why.say("rate_date", None, "rates of the day", f"{rule.scalar}: {why.day}", rule.citation)
    days = why.value("cn.general.payment_days")
    why.say("payment", None, "days to pay", f"{days.integer} days", days.citation)


@dataclass(slots=True)
class _Item:
    """3. The taxes of one item, in the order of the law: duty, consumption tax, VAT."""

    settlement: Settlement
    goods: Goods
    value: int
    duty_before_exemption: int = 0

    @property
    def why(self) -> Explanation:
        """The explanation of the whole assessment."""
        return self.settlement.why

    def duty(self) -> Found:
        """3.1 Duty by the given rate, else by the rate that the tariff holds."""
        settlement, place = self.settlement, self.goods.place
        preferred = preferential_rate(settlement, self.goods)
        given = settlement.given(self.goods, "duty")
        if given is None:
            found = self.duty_by_tariff(preferred)
        else:
            found = settlement.at_rate("duty", place, "D = V x d", (self.value,), (given, (GIVEN,)))
        self.duty_before_exemption = found.amount
        return found

    def duty_by_tariff(self, preferred: Preferred | None) -> Found:
        """By the rate that the tariff prints, or the preferential one where it is lower."""
        settlement = self.settlement
        rate, terms = settlement.printed(self.goods, "effective")
        exact = settlement.duty_by(terms, self.goods, self.value)
        if preferred is not None:
            rate, exact = self.lower((rate, exact), preferred)
        return settlement.by_tariff(
            self.goods, "D = V x d", self.value, exact, (spoken(rate), rate.edition)
        )

    def lower(
        self, ordinary: tuple[TariffRate, Fraction], preferred: Preferred
    ) -> tuple[TariffRate, Fraction]:
        """The rate of the lower duty, and that duty; both are told."""
        settlement, rate = self.settlement, preferred.rate
        settlement.use(self.goods, rate)
        duty = settlement.duty_by(settlement.terms_of(self.goods, rate), self.goods, self.value)
        both = (ordinary, (rate, duty))
        numbers = " against ".join(
            f"{spoken(each)}: {settlement.money(settlement.minor(amount))}" for each, amount in both
        )
        formula = "the lower of both duties"
        self.why.say("best_rate", self.goods.place, formula, numbers, preferred.citation)
        return min(both, key=lambda each: each[1])

    def duty_in_base(self) -> int:
        """The duty that the bases of the other taxes contain."""
        amount = self.settlement.charged("duty", self.goods.place)
        is_exempt = amount < self.duty_before_exemption
        if is_exempt and self.why.value("cn.general.exempt_duty_in_base").value:
            return self.duty_before_exemption
        return amount

    def consumption_tax(self) -> Found | None:
        """3.3 The tax is a share of a price that contains it (消费税暂行条例 9).

        ``P = (V + D + S) / (1 - t)`` and the tax is ``P x t + S``. None where it is not due.
        """
        terms = self.consumption_terms()
        if terms is None:
            return None
        share, exact, source = terms
        why, money, before = self.why, self.settlement.money, self.value + self.duty_in_base()
        specific = why.rounded(ROUNDING, exact)
        price = (before + specific) / (1 - share)
        amount = why.rounded(ROUNDING, price * share + specific)
        rate = by_value_and_quantity(share, specific)
        rule = why.cite("cn.general.consumption_tax_price")
        why.say(
            "consumption_tax",
            self.goods.place,
            "P = (V + D + S) / (1 - t); C = P x t + S",
            lambda: (
                f"P = ({money(before)} + {money(specific)}) / (1 - {per_cent(share)})"
                f" = {money(before + amount)}; C = {money(amount)}"
            ),
            f"{rule}; {source}",
        )
        return Found(before + amount, rate, amount, (rule, source))

    def consumption_terms(self) -> tuple[Fraction, Fraction, str] | None:
        """Share of the price, exact amount by quantity in fen, and who says so."""
        share = price_share(self.settlement, self.goods)
        if share is not None:
            return share, Fraction(0), GIVEN
        found = class_of(self.settlement, "cn.consumption_tax", self.goods)
        if found is None:
            return None
        try:
            terms = tax_terms(self.settlement, self.goods, found, self.value)
            ppm, each, quantity = terms.terms()
        except Unknown as unknown:
            raise named(unknown, self.goods, found) from unknown
        return Fraction(ppm, RATE_SCALE), each * quantity, found.citation

    def vat(self) -> Found:
        """3.4 VAT on customs value, duty and consumption tax (增值税法 14)."""
        settlement, place = self.settlement, self.goods.place
        parts = (self.value, self.duty_in_base(), settlement.charged("consumption_tax", place))
        share, source = self.vat_rate()
        sources = (self.why.cite("cn.general.vat_base"), source)
        return settlement.at_rate("vat", place, "T = (V + D + C) x v", parts, (share, sources))

    def vat_rate(self) -> tuple[Fraction, str]:
        """Goods of the reduced list have the reduced rate, all others the standard one."""
        found = None
        if self.settlement.given(self.goods, "vat") is None:
            found = class_of(self.settlement, "cn.vat", self.goods)
        name = f"cn.vat.{found.name if found else 'standard'}"
        return self.settlement.rate_for(self.goods, "vat", name)
