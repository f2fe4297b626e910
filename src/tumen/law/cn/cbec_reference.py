"""Cross-border e-commerce retail import of China, one shipment at a time, as the notices read.

The scalar twin of the vectorised law: exact fractions, a step for each number, a citation for
each step. It is slow and plain on purpose. The numbered comments follow ``docs/law-cn.md``.

Sources: 财关税〔2016〕18号 and 〔2018〕49号 (the regime and its limits), 消费税暂行条例 Art. 9
(the price that contains the tax), 增值税法 Art. 14 (the base of the VAT on imports).
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

from tumen.kernel.errors import ParameterNotInForce
from tumen.kernel.limits import (
    AMOUNT_MINOR_MAX,
    FIXED_POINT_SCALE,
    QUANTITY_E5_MAX,
    RATE_SCALE,
)
from tumen.law.cn.amounts import half_up, percent, yuan
from tumen.law.cn.consumption_tax_reference import ClassOfGoods, Stated
from tumen.law.cn.shipment import Assessment, Charges, Item, Shipment, Tax
from tumen.law.explanation import Explanation, Unknown
from tumen.law.goods import duty_rate, goods_class, units
from tumen.law.parameters import value_at
from tumen.law.ruling import GIVEN


def assess(shipment: Shipment, explanation: Explanation | None = None) -> Assessment:
    """The verdict, the charges of each item, and the explanation of both.

    Args:
        shipment: a declaration list; amounts within the limits of :mod:`tumen.kernel.limits`.
        explanation: of the shipment's day, for a caller who asks it what was used.
    """
    why = Explanation(shipment.day) if explanation is None else explanation
    values = customs_values(shipment, why)
    verdict = verdict_of(shipment, why)
    charges = tuple(
        _charges(place, item, amount, verdict, why)
        for place, (item, amount) in enumerate(zip(shipment.items, values, strict=True))
    )
    _say_all_is_collected(verdict, charges, why)
    return Assessment(verdict, _declared(shipment), charges, tuple(why.steps))


def customs_values(shipment: Shipment, why: Explanation) -> list[int | None]:
    """1. The customs value is the retail price with freight and insurance (2016/18 Art. 2)."""
    whole = sum(item.value_fen for item in shipment.items)
    extra = shipment.freight_fen + shipment.insurance_fen
    if whole == 0:
        return [None] * len(shipment.items)
    found: list[int | None] = []
    value_so_far = shared_so_far = 0
    for place, item in enumerate(shipment.items):
        value_so_far += item.value_fen
        due_so_far = half_up(Fraction(extra * value_so_far, whole))
        share, shared_so_far = due_so_far - shared_so_far, due_so_far
        found.append(item.value_fen + share)
        why.say(
            "customs_value",
            place,
            "V = price + share of freight and insurance by value",
            partial(_value_told, item.value_fen, share),
            citation_or_dash("cn.cbec.apportionment", shipment.day),
        )
    return found


def _value_told(price: int, share: int) -> str:
    return f"{yuan(price)} + {yuan(share)} = {yuan(price + share)}"


def citation_or_dash(name: str, day: date) -> str:
    """The citation of a parameter, or a dash on a day before it."""
    try:
        return value_at(name, day).citation
    except ParameterNotInForce:
        return "-"


def _declared(shipment: Shipment) -> int:
    """The customs value of the whole declaration in fen."""
    value_fen = sum(item.value_fen for item in shipment.items)
    return value_fen + shipment.freight_fen + shipment.insurance_fen


def verdict_of(shipment: Shipment, why: Explanation) -> str:
    """2. The limits of an order and of a year, both inclusive (2016/18 Art. 3; 2018/49)."""
    total = _declared(shipment)
    try:
        single, annual = (why.value(f"cn.cbec.{name}_limit") for name in ("single", "annual"))
    except Unknown:
        return "not_in_force"
    if shipment.is_single_indivisible and total > single.integer:
        counts = why.value("cn.cbec.over_single_counts_to_annual")
        if not counts.value:
            why.say(
                "verdict",
                None,
                "value > single, one item",
                lambda: f"{yuan(total)} against {yuan(single.integer)}; not counted to the year",
                counts.citation,
            )
            return "over_single_indivisible"
    used = shipment.used_before_fen + total
    if used > annual.integer:
        verdict = "over_annual_limit"
    elif total <= single.integer:
        verdict = "within_limit"
    elif shipment.is_single_indivisible:
        verdict = "over_single_indivisible"
    else:
        verdict = "over_single_limit"
    why.say(
        "verdict",
        None,
        "value <= single; used + value <= annual",
        lambda: (
            f"{yuan(total)} against {yuan(single.integer)}; "
            f"{yuan(shipment.used_before_fen)} + {yuan(total)} against {yuan(annual.integer)}"
        ),
        single.citation,
    )
    return verdict


def counts_to_annual(verdict: str, day: date) -> bool:
    """Whether a declaration uses the year's allowance (2018/49 Art. 2 for the indivisible item)."""
    if verdict == "over_single_indivisible":
        return bool(value_at("cn.cbec.over_single_counts_to_annual", day).value)
    return verdict == "within_limit"


def _say_all_is_collected(verdict: str, charges: tuple[Charges, ...], why: Explanation) -> None:
    """3.7 Nothing is exempt for being small: the 50 yuan of personal articles do not hold here."""
    if verdict not in {"within_limit", "over_single_indivisible"}:
        return
    rule = why.value("cn.cbec.no_50_cny_exemption")
    taxes = [tax for each in charges for tax in (each.duty, each.consumption_tax, each.vat)]
    known = [each.amount_fen for each in taxes if each.amount_fen is not None]
    if rule.value and len(known) == len(taxes):
        why.say(
            "no_exemption",
            None,
            "no exemption of taxes up to 50 CNY",
            lambda: f"{yuan(sum(known))}: collected in full, however small",
            rule.citation,
        )


def _charges(place: int, item: Item, amount: int | None, verdict: str, why: Explanation) -> Charges:
    if verdict not in {"within_limit", "over_single_indivisible"}:
        return Charges(amount, Tax(), Tax(), Tax(), "verdict")
    if amount is None or not 0 <= amount <= AMOUNT_MINOR_MAX:
        return Charges(amount, Tax(), Tax(), Tax(), "customs_value_fen")
    is_full = verdict == "over_single_indivisible"
    return _ItemAssessment(place, item, amount, is_full, why).charges()


@dataclass(slots=True)
class _ItemAssessment:
    """3. The taxes of one item, in the order of the law: duty, consumption tax, VAT."""

    place: int
    item: Item
    amount: int
    is_full: bool
    why: Explanation

    def charges(self) -> Charges:
        """All three; what depends on an unknown is unknown, what does not is told."""
        missing: list[str] = []
        duty, tax, base, taxed = Tax(self.amount), Tax(), None, None
        try:
            duty = self.duty()
        except Unknown as unknown:
            missing.append(str(unknown))
        try:
            taxed = self.full_consumption_tax(duty.amount_fen)
        except Unknown as unknown:
            missing.insert(0, str(unknown))
        vat_rate = self.vat_rate()
        if taxed is not None and duty.amount_fen is not None:
            rate, specific, full = taxed
            base = self.amount + duty.amount_fen + full
            tax = self.consumption_tax(base, rate, specific)
        elif taxed is not None:
            tax = Tax(None, taxed[0], None)
        vat = self.vat(base, vat_rate)
        return Charges(self.amount, duty, tax, vat, missing[0] if missing else None)

    def duty(self) -> Tax:
        """3.1 Duty is zero within the limits; above them the tariff's rate on the customs value."""
        if self.is_full:
            stated = self.item.rates.get("duty")
            rate, source = duty_rate(self.item.hs_code), "indicative tariff 2018-19"
            if stated is not None:
                rate, source = stated, GIVEN
            if rate is None:
                raise Unknown(f"cn.tariff.{self.item.hs_code}")
        else:
            parameter = self.why.value("cn.cbec.duty_rate")
            rate, source = parameter.integer, parameter.citation
        value, duty = self.amount, half_up(Fraction(self.amount * rate, RATE_SCALE))
        self.why.say(
            "duty",
            self.place,
            "D = V x d",
            lambda: f"{yuan(value)} x {percent(rate)} = {yuan(duty)}",
            source,
        )
        return Tax(value, rate, duty)

    def full_consumption_tax(self, duty: int | None) -> tuple[int, int, int] | None:
        """3.2 to 3.4 The full consumption tax: rate, amount by quantity S, and whole amount.

        The price contains the tax (消费税暂行条例 Art. 9): ``P = (V + D + S) / (1 - t)``, and the
        tax is ``P x t + S``.
        """
        stated = self.item.rates.get("consumption_tax")
        found = goods_class("cn.consumption_tax", self.item.hs_code, self.why.day)
        if stated is not None or found is None:
            rate, per_unit, quantity = stated or 0, Fraction(0), Fraction(0)
        else:
            goods = ClassOfGoods(found.name, self.amount, _stated(self.item), self.why)
            rate, per_unit, quantity = goods.terms()
        specific = half_up(per_unit * quantity)
        if duty is None:
            return rate, specific, 0
        t = Fraction(rate, RATE_SCALE)
        value = self.amount
        price = (value + duty + specific) / (1 - t)
        full = half_up(price * t + specific)
        if found is not None or stated is not None:
            self.why.say(
                "consumption_tax_base",
                self.place,
                "P = (V + D + S) / (1 - t)",
                lambda: (
                    f"({yuan(value)} + {yuan(duty)} + {yuan(specific)}) / (1 - {percent(rate)})"
                    f" = {yuan(value + duty + full)}; full tax {yuan(full)}"
                ),
                GIVEN if stated is not None or found is None else found.citation,
            )
        return rate, specific, full

    def consumption_tax(self, base: int, rate: int, specific: int) -> Tax:
        """3.5 Of the consumption tax 70 % is payable within the limits, all of it above them."""
        share, source = self.share("consumption_tax")
        due = half_up((Fraction(base * rate, RATE_SCALE) + specific) * Fraction(share, 100))
        self.why.say(
            "consumption_tax",
            self.place,
            "C = (P x t + S) x share",
            lambda: f"({yuan(base)} x {percent(rate)} + {yuan(specific)}) x {share}% = {yuan(due)}",
            source,
        )
        return Tax(base, rate, due, specific, share)

    def vat_rate(self) -> tuple[int, str]:
        """3.6 Goods of the reduced list have the reduced rate, all others the standard one."""
        stated = self.item.rates.get("vat")
        if stated is not None:
            return stated, GIVEN
        found = goods_class("cn.vat", self.item.hs_code, self.why.day)
        value = self.why.value("cn.vat.standard" if found is None else f"cn.vat.{found.name}")
        return value.integer, value.citation

    def vat(self, base: int | None, known: tuple[int, str]) -> Tax:
        """3.6 VAT on value, duty and FULL consumption tax; 70 % of it within the limits."""
        rate, source = known
        if base is None:
            return Tax(None, rate, None)
        share, by = self.share("vat")
        due = half_up(Fraction(base * rate * share, RATE_SCALE * 100))
        self.why.say(
            "vat",
            self.place,
            "T = (V + D + C full) x v x share",
            lambda: f"{yuan(base)} x {percent(rate)} x {share}% = {yuan(due)}",
            f"{source}; {by}",
        )
        return Tax(base, rate, due, share_percent=share)

    def share(self, tax: str) -> tuple[int, str]:
        """The payable share in per cent, with its citation."""
        value = self.why.value(f"cn.cbec.{tax}_factor")
        return (100 if self.is_full else value.integer), value.citation


def _stated(item: Item) -> list[Stated]:
    """Each stated quantity whose unit we know; one beyond the limits is stated, but no use."""
    found: list[Stated] = []
    for quantity in item.quantities:
        unit = units().get(quantity.unit or "")
        if unit is None:
            continue
        amount_e5 = quantity.amount_e5
        is_usable = amount_e5 is not None and 0 < amount_e5 <= QUANTITY_E5_MAX
        amount = Fraction((amount_e5 or 0) * unit.factor, FIXED_POINT_SCALE) if is_usable else None
        found.append(Stated(unit.measure, amount))
    return found
