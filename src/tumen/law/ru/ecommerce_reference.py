"""Goods of electronic commerce into Russia, the regime of the EAEU from 2026-07-01.

Up to 200 euros there is no duty; above, the duty is on the WHOLE value, not on the excess. VAT on
such goods is only proposed: it is told, never computed.

Sources: Протокол от 25.12.2023 on the Customs Code of the EAEU (229-ФЗ от 08.08.2024); what the
EEC announced on 2026-01-12. The acts themselves were not read; see the notes of the parameters.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.law import control
from tumen.law.consignment import Consignment
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import decimal, money, per_cent
from tumen.law.goods import goods_class
from tumen.law.parameters import history
from tumen.law.ru import notices
from tumen.law.ru.parcel import Parcel, refusals_of, told_weight
from tumen.law.ruling import GIVEN, Notice, Ruling
from tumen.law.settlement import CENTS, Found, Settlement

NAME: Final = "ecommerce"
PROPOSALS: Final = ("ru.ecommerce.vat", "ru.ecommerce.vat_rival")


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment may not enter as e-commerce goods; empty where it may."""
    return tuple(_refusals(consignment, Explanation(consignment.day)))


def _own_refusals(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    """1. A person, for personal use, from a platform, to 31 kg, and no excluded goods."""
    if not consignment.platform and why.value("ru.ecommerce.platform_required").scalar:
        yield Notice("PLATFORM_NOT_TOLD", "platform")
    yield from _weight_refusals(consignment, why)
    excluded = str(why.value("ru.ecommerce.excluded").scalar).split()
    yield from control.prohibited_categories(consignment, "ru.control.prohibited")
    for goods in consignment.goods:
        found = goods_class("ru.control", goods.hs, consignment.day)
        if found is not None and found.name in excluded:
            yield Notice(
                "RU_EXCLUDED_FROM_ECOMMERCE", f"items[{goods.place}].hs", {"value": found.name}
            )


_refusals: Final = refusals_of("ru.ecommerce.value_limit", _own_refusals)


def _weight_refusals(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    """A parcel above the weight limit, where its weight was told."""
    limit = why.number("ru.ecommerce.weight_limit")
    try:
        weight = told_weight(consignment)
    except Unknown:
        return
    if weight > limit:
        parameters = {"value": decimal(weight), "expected": str(limit)}
        yield Notice("RU_ECOMMERCE_TOO_HEAVY", "items", parameters)


def assess(consignment: Consignment) -> Ruling:
    """The duty on a parcel of e-commerce goods; the VAT that is proposed is a warning."""
    settlement = Settlement(NAME, consignment, "ru.rounding")
    refused = tuple(_refusals(consignment, settlement.why))
    if refused:
        return settlement.refused(refused)
    parcel = _Parcel(settlement)
    value = parcel.customs_value("ru.ecommerce.value_basis")
    settlement.charge("duty", None, lambda: parcel.duty(value))
    settlement.warn("RU_ECOMMERCE_VAT_PROPOSED", value=_proposals())
    notices.warn_of_control(settlement)
    notices.warn_of_taxpayer_number(settlement)
    return settlement.ruling(value)


def _proposals() -> str:
    """The proposed rates of VAT with their first years."""
    return "; ".join(
        ", ".join(
            f"{value.first.year}: {per_cent(Fraction(value.integer, RATE_SCALE))}"
            for value in history(name)
        )
        for name in PROPOSALS
    )


class _Parcel(Parcel):
    """The steps of the regime for one parcel."""

    def duty(self, told: int | None) -> Found:
        """3. No duty up to the limit; above, the rate on the whole or the amount by weight."""
        value = self.settlement.known(told)
        euro = self.consignment.rate_of("EUR")
        self.why.cite("ru.fx.rule")
        limit = self.why.value("ru.ecommerce.value_limit")
        euros = self.consignment.price / euro
        within, in_roubles = euros <= Fraction(limit.integer, CENTS), self.settlement.money
        self.why.say(
            "limit",
            None,
            "V <= limit",
            lambda: (
                f"{in_roubles(value)} / {decimal(euro)} = {decimal(euros)} EUR against "
                f"{money(limit.integer, 'EUR')} EUR"
            ),
            limit.citation,
        )
        if within:
            self._warn_of_weight()
            return Found(value, "0%", 0, (limit.citation,))
        return self._duty_above(value, euros, euro)

    def _warn_of_weight(self) -> None:
        """A parcel that is not weighed may be above the weight limit."""
        try:
            told_weight(self.consignment)
        except Unknown as unknown:
            self.settlement.warn("RU_WEIGHT_NOT_TOLD", unknown.name)

    def _duty_above(self, value: int, euros: Fraction, euro: Fraction) -> Found:
        """3.1 Above the limit: the larger of the two, on all of the parcel."""
        given = self.settlement.given_for_all("duty")
        rate = self.why.share("ru.ecommerce.rate") if given is None else given
        each = Fraction(self.why.number("ru.ecommerce.minimum_per_kg"), CENTS)
        weight = told_weight(self.consignment)
        duty = self.settlement.minor(max(euros * rate, weight * each) * euro)
        citation = GIVEN if given is not None else self.why.cite("ru.ecommerce.rate")
        in_roubles = self.settlement.money
        self.why.say(
            "duty",
            None,
            "D = max(V x rate, W x euros per kg)",
            lambda: (
                f"max({decimal(euros)} x {per_cent(rate)}, {decimal(weight)} x {decimal(each)})"
                f" EUR x {decimal(euro)} = {in_roubles(duty)}"
            ),
            citation,
        )
        text = f"{per_cent(rate)}, not less than {decimal(each)} EUR/kg, of the whole"
        return Found(value, text, duty, (citation,))
