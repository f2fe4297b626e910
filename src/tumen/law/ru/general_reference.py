"""General import into Russia: duty, excise, VAT and the customs fee.

Scalar and plain on purpose: exact fractions, a step for each number, a citation for each step.
The numbered comments follow ``docs/law-ru.md``.

Sources: Единый таможенный тариф ЕАЭС (duty), Налоговый кодекс РФ 160, 164, 191 (VAT, excise),
Постановления Правительства РФ № 863, № 342, № 1637 (fees).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import AdValorem, Duty, Specific
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import MINOR_UNITS, per_cent, whole_units
from tumen.law.parameters import Bracket
from tumen.law.ru import notices
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import OVERRIDE, Found, Settlement

NAME: Final = "general"
IN_LIST, NOT_IN_LIST = "electronics", "other"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """General import is open to everyone: always empty."""
    del consignment
    return ()


def assess(consignment: Consignment) -> Ruling:
    """Duty, excise and VAT of each item, and the customs fee of the declaration."""
    settlement = Settlement(NAME, "ru.rounding", consignment)
    values = settlement.value_if_known(lambda: _customs_values(settlement))
    for place, goods in enumerate(consignment.goods):
        _Item(settlement, goods, None if values is None else values[place]).charge()
    settlement.sum_items()
    value = None if values is None else sum(values)
    settlement.charge("customs_fee", None, lambda: _fee(settlement, value))
    notices.warn_of_preference(settlement)
    notices.warn_of_control(settlement)
    notices.warn_of_wrong_number(settlement)
    return settlement.ruling(value)


def _customs_values(settlement: Settlement) -> tuple[int, ...]:
    """1. The customs value is the price with freight and insurance (ТК ЕАЭС 40)."""
    consignment, why = settlement.consignment, settlement.why
    why.value("ru.customs_value.rule")
    values = settlement.values_with(consignment.freight + consignment.insurance)
    is_shared = len(values) > 1 and consignment.freight + consignment.insurance > 0
    rule = "apportionment" if is_shared else "rule"
    citation = why.cite(f"ru.customs_value.{rule}")
    for goods, value in zip(consignment.goods, values, strict=True):
        price = settlement.minor(goods.price)
        why.say(
            "customs_value",
            goods.place,
            "V = price + share of freight and insurance by price",
            f"{whole_units(price)} + {whole_units(value - price)} = {whole_units(value)}",
            citation,
        )
    return values


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
        """2. Duty by the tariff: by value, by quantity, the higher of both, or their sum."""
        value = self._value()
        given = self.settlement.given(self.goods, "duty")
        if given is not None:
            duty, text, citation = Fraction(value, MINOR_UNITS) * given, per_cent(given), OVERRIDE
        else:
            rate, terms = self.settlement.tariff_terms(self.goods, "base")
            duty = self.settlement.duty_by(terms, self.goods, value)
            text, citation = self.settlement.rate_text(rate), rate.edition
            if _is_by_weight(terms):
                self.why.cite("ru.duty.specific_weight")
        amount = self.settlement.minor(duty)
        numbers = f"{whole_units(value)}: {text} = {whole_units(amount)}"
        self.why.say("duty", self.goods.place, "D by the rate of the tariff", numbers, citation)
        return Found(value, text, amount, (citation,))

    def _excise_class(self) -> str | None:
        found = self.settlement.class_of("ru.excise", self.goods)
        return None if found is None else found.name

    def excise(self) -> Found:
        """3. Excise: its rates are not held, so only a given rate is computed (НК РФ 191)."""
        given = self.settlement.given(self.goods, "excise")
        if given is None:
            raise Unknown(f"ru.excise.{self._excise_class()}")
        base = self._value() + self.settlement.charged("duty", self.goods.place)
        excise = self.settlement.minor(Fraction(base, MINOR_UNITS) * given)
        citation = self.why.cite("ru.excise.base")
        numbers = f"{whole_units(base)} x {per_cent(given)} = {whole_units(excise)}"
        self.why.say("excise", self.goods.place, "E = (V + D) x e", numbers, OVERRIDE)
        return Found(base, per_cent(given), excise, (OVERRIDE, citation))

    def vat(self) -> Found:
        """4. VAT on value, duty and excise together (НК РФ 160, 164)."""
        place = self.goods.place
        duty, excise = (self.settlement.charged(code, place) for code in ("duty", "excise"))
        base = self._value() + duty + excise
        rate, citation = self._vat_rate()
        vat = self.settlement.minor(Fraction(base, MINOR_UNITS) * rate)
        numbers = (
            f"({whole_units(self._value())} + {whole_units(duty)} + {whole_units(excise)}) x "
            f"{per_cent(rate)} = {whole_units(vat)}"
        )
        self.why.say("vat", place, "T = (V + D + E) x v", numbers, citation)
        return Found(base, per_cent(rate), vat, (citation,))

    def _vat_rate(self) -> tuple[Fraction, str]:
        """4.1 The standard rate; where the reduced one may apply, a warning says so."""
        given = self.settlement.given(self.goods, "vat")
        if given is not None:
            return given, OVERRIDE
        found = self.settlement.class_of("ru.vat", self.goods)
        if found is not None:
            path = f"items[{self.goods.place}].hs"
            reduced = per_cent(self.why.share("ru.vat.reduced"))
            self.settlement.warn(
                "RU_REDUCED_VAT_POSSIBLE", path, value=found.name, expected=reduced
            )
        return self.why.share("ru.vat.standard"), self.why.cite("ru.vat.standard")


def _fee(settlement: Settlement, told: int | None) -> Found:
    """5. The customs fee of the declaration, by its customs value; for electronics a fixed one."""
    value = settlement.known(told)
    if _has_electronics(settlement):
        fixed = settlement.why.value("ru.fee.electronics")
        numbers, citation = whole_units(fixed.integer), fixed.citation
        settlement.why.say("customs_fee", None, "F = fixed for electronics", numbers, citation)
        return Found(None, "fixed", fixed.integer, (citation,))
    table = settlement.why.value("ru.fee.brackets")
    line = _line(table.value if isinstance(table.value, tuple) else (), value)
    top = "above all bounds" if line.to is None else f"up to {whole_units(line.to)}"
    numbers = f"{whole_units(value)}, {top}: {whole_units(line.amount)}"
    settlement.why.say("customs_fee", None, "F by brackets of value", numbers, table.citation)
    return Found(value, "by brackets", line.amount, (table.citation,))


def _line(table: tuple[Bracket, ...], value: int) -> Bracket:
    """The line of a table by value; upper bounds are inclusive."""
    return next(line for line in table if line.to is None or value <= line.to)


def _has_electronics(settlement: Settlement) -> bool:
    """5.1 Whether at least one item is in the list of electronics (point 7(1), 2023-06-16).

    The list's codes are not held. The filer can say by the category whether an item is in it;
    an item of other headings than those that we know of is not.

    Raises:
        Unknown: an item of such a heading, of which the filer does not say it.
    """
    consignment = settlement.consignment
    if not notices.is_in_force("ru.fee.electronics", Explanation(consignment.day)):
        return False
    if any(goods.category == IN_LIST for goods in consignment.goods):
        return True
    for goods in consignment.goods:
        is_possible = settlement.class_of("ru.fee", goods) is not None
        if is_possible and goods.category != NOT_IN_LIST:
            raise Unknown(f"ru.fee.electronics.{goods.hs}")
    return False


def _is_by_weight(terms: Duty) -> bool:
    """Whether the duty turns on the weight."""
    if isinstance(terms, AdValorem):
        return False
    if isinstance(terms, Specific):
        return terms.per == "kg"
    return any(_is_by_weight(each) for each in terms.of)
