"""General trade of China, one consignment at a time, as the acts read.

Exact fractions, a step for each number, a citation for each step. The numbered comments follow
``docs/law-cn.md``. Sources: 关税法 (before 2024-12-01 进出口关税条例), 消费税暂行条例 9,
增值税法 14 (before 2026 增值税暂行条例).
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.law.cn.amounts import FEN_PER_YUAN, percent_of, yuan
from tumen.law.cn.consumption_tax_reference import ClassOfGoods
from tumen.law.cn.control import restricted
from tumen.law.cn.declared import fen, stated, stated_rate
from tumen.law.cn.exemption import exempted
from tumen.law.cn.findings import Findings, whole
from tumen.law.cn.preference import preference_notices
from tumen.law.cn.shipment import STATED_RATE
from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import AdValorem, amount_of
from tumen.law.explanation import Explanation, Unknown
from tumen.law.parameters import VERIFIED
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "general"
ROUNDING: Final = "cn.general.rounding"
CODES: Final = ("duty", "consumption_tax", "vat")


def assess(consignment: Consignment) -> Ruling:
    """The duty, the consumption tax and the VAT of a consignment, item by item and in all."""
    found = Findings(consignment, Explanation(consignment.day))
    found.notices += restricted(consignment)
    try:
        values = customs_values(found)
        say_days(found.why)
    except Unknown as unknown:
        return found.unknown(REGIME, unknown, CODES)
    items = [
        _Item(goods, value, found) for goods, value in zip(consignment.goods, values, strict=True)
    ]
    duties = exempt_duties(found, [each.duty() for each in items])
    charges = [tax for each, duty in zip(items, duties, strict=True) for tax in each.taxes(duty)]
    of_items = {code: [each for each in charges if each.code == code] for code in CODES}
    total = [whole(code, of_code) for code, of_code in of_items.items() if of_code]
    return found.ruling(REGIME, sum(values), [*charges, *total])


def customs_values(found: Findings) -> list[int]:
    """1. The customs value is the price with freight and insurance (关税法 24).

    Raises:
        Unknown: amounts below zero, or freight that cannot be shared among goods worth nothing.
    """
    consignment, why = found.consignment, found.why
    extra = why.rounded(ROUNDING, fen(consignment.freight + consignment.insurance))
    prices = [why.rounded(ROUNDING, fen(goods.price)) for goods in consignment.goods]
    if extra < 0 or min(prices) < 0 or (extra and not sum(prices)):
        raise Unknown("customs_value")
    source = f"{why.cite('cn.general.customs_value')}; {why.cite('cn.general.apportionment')}"
    values: list[int] = []
    price_so_far = shared_so_far = 0
    for place, price in enumerate(prices):
        price_so_far += price
        due = Fraction(extra * price_so_far, sum(prices) or 1)
        share = why.rounded(ROUNDING, due) - shared_so_far
        shared_so_far += share
        values.append(price + share)
        formula = "V = price + share of freight and insurance by value"
        why.say(
            *("customs_value", place, formula),
            f"{yuan(price)} + {yuan(share)} = {yuan(price + share)}",
            source,
        )
    return values


def say_days(why: Explanation) -> None:
    """2. Which day's rates apply, and within how many days the taxes are paid."""
    rule = why.value("cn.rate_date")
    why.say("rate_date", None, "rates of the day", f"{rule.scalar}: {why.day}", rule.citation)
    days = why.value("cn.general.payment_days")
    why.say("payment", None, "days to pay", f"{days.integer} days", days.citation)


def exempt_duties(found: Findings, duties: list[Charge]) -> list[Charge]:
    """3.2 Duty of a consignment up to 50 yuan is exempt (条例 45(1); 关税法 32(1))."""
    return exempted(found.why, "cn.general.exempt_duty", duties)


@dataclass(slots=True)
class _Item:
    """3. The taxes of one item, in the order of the law: duty, consumption tax, VAT."""

    goods: Goods
    value: int
    found: Findings
    duty_before_exemption: int = 0

    @property
    def why(self) -> Explanation:
        """The explanation of the whole assessment."""
        return self.found.why

    def say(self, code: str, formula: str, numbers: str, source: str) -> None:
        """Add a step about this item."""
        self.why.say(code, self.goods.place, formula, numbers, source)

    def duty(self) -> Charge:
        """3.1 Duty by the stated rate, else by the rate that the tariff holds."""
        charge = Charge("duty", self.goods.place, self.value, None, None, ())
        try:
            self.found.notices += preference_notices(self.found.consignment, self.goods, self.why)
            exact, rate, source = self.duty_terms()
            amount = self.why.rounded(ROUNDING, exact)
        except Unknown as unknown:
            return replace(charge, missing=unknown.name)
        self.duty_before_exemption = amount
        self.say("duty", "D = V x d", f"{yuan(self.value)} x {rate} = {yuan(amount)}", source)
        return replace(charge, rate=rate, amount=amount, citations=(source,))

    def duty_terms(self) -> tuple[Fraction, str, str]:
        """The exact duty in fen, the rate as text, and who says so."""
        share = stated_rate(self.goods, "duty")
        if share is not None:
            return self.value * share, percent_of(share), STATED_RATE
        tariff = self.goods.tariff.get("effective")
        if tariff is None or tariff.terms is None:
            raise Unknown(f"cn.tariff.{self.goods.hs}")
        if tariff.evidence not in VERIFIED:
            path = f"items[{self.goods.place}].hs"
            self.found.notices.append(
                Notice("TARIFF_INDICATIVE", path, {"edition": tariff.edition})
            )
        value = Fraction(self.value, FEN_PER_YUAN)
        exchange = self.found.consignment.rate_of
        amount = fen(amount_of(tariff.terms, value, self.goods.measures, exchange))
        terms = tariff.terms
        rate = percent_of(terms.rate) if isinstance(terms, AdValorem) else tariff.text
        return amount, rate, tariff.edition

    def taxes(self, duty: Charge) -> list[Charge]:
        """The duty and the taxes whose bases contain it; what depends on an unknown is unknown."""
        try:
            taxed = self.consumption_tax(duty)
            tax, full = taxed or (None, 0)
        except Unknown as unknown:
            place = self.goods.place
            tax = Charge("consumption_tax", place, None, None, None, (), unknown.name)
            return [duty, tax, Charge("vat", place, None, None, None, (), unknown.name)]
        try:
            vat = self.vat(duty, full)
        except Unknown as unknown:
            vat = Charge("vat", self.goods.place, None, None, None, (), unknown.name)
        return [duty, *([tax] if tax else []), vat]

    def known(self, duty: Charge) -> int:
        """The duty that the bases of the other taxes contain."""
        if duty.amount is None:
            raise Unknown(duty.missing or "duty")
        is_exempt = duty.amount < self.duty_before_exemption
        if is_exempt and self.why.value("cn.general.exempt_duty_in_base").value:
            return self.duty_before_exemption
        return duty.amount

    def consumption_tax(self, duty: Charge) -> tuple[Charge, int] | None:
        """3.3 The tax is a share of a price that contains it (消费税暂行条例 9).

        ``P = (V + D + S) / (1 - t)`` and the tax is ``P x t + S``. None where it is not due.
        """
        terms = self.consumption_terms()
        if terms is None:
            return None
        share, exact, source = terms
        why, before = self.why, self.value + self.known(duty)
        specific = why.rounded(ROUNDING, exact)
        price = (before + specific) / (1 - share)
        amount = why.rounded(ROUNDING, price * share + specific)
        rate = percent_of(share) + (f" and {yuan(specific)} by quantity" if specific else "")
        numbers = f"({yuan(before)} + {yuan(specific)}) / (1 - {percent_of(share)})"
        rule = why.cite("cn.general.consumption_tax_price")
        self.say(
            "consumption_tax",
            "P = (V + D + S) / (1 - t); C = P x t + S",
            f"P = {numbers} = {yuan(before + amount)}; C = {yuan(amount)}",
            f"{rule}; {source}",
        )
        base, place = before + amount, self.goods.place
        return Charge("consumption_tax", place, base, rate, amount, (rule, source)), amount

    def consumption_terms(self) -> tuple[Fraction, Fraction, str] | None:
        """Share of the price, exact amount by quantity in fen, and who says so."""
        share = stated_rate(self.goods, "consumption_tax")
        if share is not None:
            return share, Fraction(0), STATED_RATE
        goods = self.found.class_of("cn.consumption_tax", self.goods)
        if goods is None:
            return None
        quantities = stated(self.goods.measures)
        ppm, per_unit, quantity = ClassOfGoods(goods.name, self.value, quantities, self.why).terms()
        return Fraction(ppm, RATE_SCALE), per_unit * quantity, goods.citation

    def vat(self, duty: Charge, consumption_tax: int) -> Charge:
        """3.4 VAT on customs value, duty and consumption tax (增值税法 14)."""
        base = self.value + self.known(duty) + consumption_tax
        share, source = self.vat_rate()
        amount = self.why.rounded(ROUNDING, base * share)
        rule = self.why.cite("cn.general.vat_base")
        numbers = f"{yuan(base)} x {percent_of(share)} = {yuan(amount)}"
        self.say("vat", "T = (V + D + C) x v", numbers, f"{rule}; {source}")
        return Charge("vat", self.goods.place, base, percent_of(share), amount, (rule, source))

    def vat_rate(self) -> tuple[Fraction, str]:
        """Goods of the reduced list have the reduced rate, all others the standard one."""
        share = stated_rate(self.goods, "vat")
        if share is not None:
            return share, STATED_RATE
        goods = self.found.class_of("cn.vat", self.goods)
        name = f"cn.vat.{goods.name if goods else 'standard'}"
        return self.why.share(name), self.why.cite(name)
