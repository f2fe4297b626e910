"""Goods for personal use by post or courier into Russia, as the decision of the council reads.

Scalar and plain on purpose: exact fractions, a step for each number, a citation for each step.
The numbered comments follow ``docs/law-ru.md``.

Sources: Таможенный кодекс ЕАЭС, chapter 37; Решение Совета ЕЭК от 20.12.2017 № 107, Annexes 1-2
(limits, rates); before 2018 the agreement of the customs union of 2010.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tumen.law import admission, control
from tumen.law.consignment import NOTHING, Consignment, Related
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import decimal, per_cent
from tumen.law.ru import notices
from tumen.law.ru.parcel import Parcel, refusals_of, told_weight
from tumen.law.ruling import GIVEN, Notice, Ruling
from tumen.law.settlement import CENTS, Found, Settlement

NAME: Final = "personal"
TRANSPORTS: Final = frozenset({"post", "courier"})


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment may not enter as goods for personal use; empty where it may."""
    return tuple(_refusals(consignment, Explanation(consignment.day)))


def _own_refusals(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    """1. A person, for personal use, by post or courier; since 2026-07-01 not from a platform.

    1.1 No weapons and no narcotics; whether alcohol and tobacco may come is a warning only.
    """
    yield from admission.not_by(consignment, TRANSPORTS)
    if consignment.platform and why.value("ru.personal.marketplace_excluded").scalar:
        yield Notice("RU_BOUGHT_ON_A_PLATFORM", "platform")
    banned = str(why.value("ru.personal.prohibited").scalar).split()
    yield from control.prohibited(consignment, "ru.control", banned)
    yield from control.prohibited_categories(consignment, "ru.control.prohibited")


_refusals: Final = refusals_of("ru.personal.value_limit", _own_refusals)


def assess(consignment: Consignment) -> Ruling:
    """The single payment on a parcel, which stands for duty and VAT, and the customs fee."""
    settlement = Settlement(NAME, consignment, "ru.rounding")
    refused = tuple(_refusals(consignment, settlement.why))
    if refused:
        return settlement.refused(refused)
    parcel = _Parcel(settlement)
    value = parcel.customs_value("ru.personal.value_basis")
    settlement.charge("single_payment", None, lambda: parcel.single_payment(value))
    parcel.charge_fee()
    notices.warn_of_control(settlement)
    notices.warn_of_taxpayer_number(settlement)
    return settlement.ruling(value)


class _Parcel(Parcel):
    """The steps of the regime for one parcel."""

    def single_payment(self, told: int | None) -> Found:
        """3. The larger of the payment by value and the payment by weight, on the excesses."""
        self.settlement.known(told)
        self._has_no_vehicle()
        euro = self.consignment.rate_of("EUR")
        by_value = self._by_value(self.consignment.price, euro)
        by_weight = self._by_weight()
        citation = self.why.cite("ru.personal.excess_rule")
        payment = self.settlement.minor(max(by_value.amount, by_weight.amount) * euro)
        money = self.settlement.money
        self.why.cite("ru.fx.rule")
        self.why.say(
            "single_payment",
            None,
            "S = max(by value, by weight) x EUR rate",
            lambda: (
                f"max({decimal(by_value.amount)}, {decimal(by_weight.amount)}) EUR x "
                f"{decimal(euro)} = {money(payment)}"
            ),
            citation,
        )
        rate = f"{by_value.rate}, not less than {by_weight.rate}, of the excess"
        citations = (by_value.citation, citation)
        base = self.settlement.minor(by_value.base * euro)
        return Found(base, rate, payment, tuple(dict.fromkeys(citations)))

    def _has_no_vehicle(self) -> None:
        """Vehicles have rates of their own, by engine and age, which are not held."""
        for goods in self.consignment.goods:
            found = self.settlement.class_of("ru.control", goods)
            if found is not None and found.name == "vehicles":
                raise Unknown("ru.personal.vehicle_rates")

    def _by_value(self, price: Fraction, euro: Fraction) -> "_Leg":
        """3.1 By value: the rate on what exceeds the limit, or what is left of it in the month."""
        limit = Fraction(self.why.number("ru.personal.value_limit"), CENTS)
        left = max(limit - self._used_in_month() / euro, NOTHING)
        given = self.settlement.given_for_all("single_payment")
        rate = self.why.share("ru.personal.rate") if given is None else given
        excess = max(price / euro - left, NOTHING)
        self.why.say(
            "excess_value",
            None,
            "by value = max(V - limit, 0) x rate",
            lambda: (
                f"max({decimal(price / euro)} - {decimal(left)}, 0) x {per_cent(rate)} = "
                f"{decimal(excess * rate)} EUR"
            ),
            self.why.cite("ru.personal.value_limit"),
        )
        citation = GIVEN if given is not None else self.why.cite("ru.personal.rate")
        return _Leg(excess, per_cent(rate), excess * rate, citation)

    def _by_weight(self) -> "_Leg":
        """3.2 By weight: euros for each kilogram that exceeds the limit."""
        limit = Fraction(self.why.number("ru.personal.weight_limit"))
        each = Fraction(self.why.number("ru.personal.rate_per_kg"), CENTS)
        weight = self._weight()
        excess = max(weight - limit, NOTHING)
        self.why.say(
            "excess_weight",
            None,
            "by weight = max(W - limit, 0) x euros per kg",
            lambda: (
                f"max({decimal(weight)} - {decimal(limit)}, 0) x {decimal(each)} = "
                f"{decimal(excess * each)} EUR"
            ),
            self.why.cite("ru.personal.weight_limit"),
        )
        citation = self.why.cite("ru.personal.rate_per_kg")
        return _Leg(excess, f"{decimal(each)} EUR/kg", excess * each, citation)

    def _weight(self) -> Fraction:
        """The weight of all goods; without it nobody knows whether the limit holds."""
        self.why.cite("ru.personal.weight_basis")
        return told_weight(self.consignment)

    def _used_in_month(self) -> Fraction:
        """3.3 Until 2019 the parcels of a recipient in a calendar month share one limit."""
        if self.why.value("ru.personal.per").scalar == "parcel":
            return NOTHING
        day = self.consignment.arrived_at or self.consignment.day
        month = (day.year, day.month)
        if not self.consignment.related:
            self.settlement.warn("RU_MONTH_NOT_TOLD", "related")
            return NOTHING
        self.settlement.warn("RU_MONTH_WEIGHT_NOT_TOLD", "related")
        return sum(
            (each.value for each in self.consignment.related if _is_in(each, month)), NOTHING
        )

    def charge_fee(self) -> None:
        """4. The customs fee for goods for personal use: by courier, where a payment is due."""
        if self.consignment.transport == "courier" and self._is_payment_due():
            self.settlement.charge("customs_fee", None, self._fee)

    def _is_payment_due(self) -> bool:
        try:
            return self.settlement.charged("single_payment", None) > 0
        except Unknown:
            return True

    def _fee(self) -> Found:
        self.settlement.charged("single_payment", None)
        fee = self.why.value("ru.fee.personal_goods")
        self.why.cite("ru.fee.personal_goods_due")
        numbers = self.settlement.money(fee.integer)
        self.why.say("customs_fee", None, "F = fixed amount", numbers, fee.citation)
        return Found(None, "fixed", fee.integer, (fee.citation,))


@dataclass(frozen=True, slots=True)
class _Leg:
    """One of the two computations: its base, its rate in words, its amount in euros, its source."""

    base: Fraction
    rate: str
    amount: Fraction
    citation: str


def _is_in(related: Related, month: tuple[int, int]) -> bool:
    """Whether another parcel is of the month; one without a day is counted."""
    day = related.arrived_at
    return day is None or (day.year, day.month) == month
