"""General import into Russia: duty, excise, VAT and the customs fee.

Scalar and plain on purpose: exact fractions, a step for each number, a citation for each step.
The numbered comments follow ``docs/law-ru.md``.

Sources: Единый таможенный тариф ЕАЭС (duty), Налоговый кодекс РФ 160, 164, 191 (VAT, excise),
Постановления Правительства РФ № 863, № 342, № 1637 (fees).
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from tumen.law import control
from tumen.law.consignment import Consignment
from tumen.law.duty import AdValorem, Duty, Specific
from tumen.law.duty_text import spoken
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import per_cent
from tumen.law.item_charges import ItemCharges
from tumen.law.parameters import Bracket
from tumen.law.ru import notices
from tumen.law.ruling import GIVEN, Ruling
from tumen.law.settlement import Found, Settlement
from tumen.law.valuation import check_priced, with_freight

NAME: Final = "general"
ROUNDING: Final = "ru.rounding"
IN_LIST, NOT_IN_LIST = "electronics", "other"

refusals: Final = partial(
    control.refusals_of_import, table="ru.control", name="ru.control.prohibited"
)
"""General import is open to all goods but those that may not enter at all."""


def assess(consignment: Consignment) -> Ruling:
    """Duty, excise and VAT of each item, and the customs fee of the declaration."""
    settlement = Settlement(NAME, consignment, ROUNDING)
    if refused := refusals(consignment):
        return settlement.refused(refused)
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
    check_priced(settlement.consignment)
    rules = [settlement.why.cite(f"ru.customs_value.{name}") for name in ("rule", "apportionment")]
    return with_freight(settlement, ROUNDING, (rules[0], rules[1]))


class _Item(ItemCharges):
    """2. to 4. The charges of one item, in the order of the law."""

    tax = "ru"

    def duty(self) -> Found:
        """2. Duty by the tariff: by value, by quantity, the higher of both, or their sum."""
        value, given = self.value, self.settlement.given(self.goods, "duty")
        if given is not None:
            return self.at_rate("duty", "D = V x d", (value,), (given, (GIVEN,)))
        rate, terms = self.settlement.printed(self.goods, "base")
        duty = self.settlement.duty_by(terms, self.goods, value)
        if _is_by_weight(terms):
            self.why.cite("ru.duty.specific_weight")
        return self.by_tariff("D by the rate of the tariff", spoken(rate), duty, rate.edition)

    def excise(self) -> Found:
        """3. Excise: its rates are not held, so only a given rate is computed (НК РФ 191)."""
        parts = (self.value, self.charged("duty"))
        return self.given_excise("E = (V + D) x e", parts)

    def vat(self) -> Found:
        """4. VAT on value, duty and excise together (НК РФ 160, 164).

        The standard rate; where the reduced one may apply, a warning says so.
        """
        parts = (self.value, self.charged("duty"), self.charged("excise"))
        found = self.settlement.class_of("ru.vat", self.goods)
        if found is not None and self.settlement.given(self.goods, "vat") is None:
            path = f"items[{self.goods.place}].hs"
            reduced = per_cent(self.why.share("ru.vat.reduced"))
            self.settlement.warn(
                "RU_REDUCED_VAT_POSSIBLE", path, value=found.name, expected=reduced
            )
        rate, citation = self.settlement.rate_for(self.goods, "vat", "ru.vat.standard")
        return self.at_rate("vat", "T = (V + D + E) x v", parts, (rate, (citation,)))


def _fee(settlement: Settlement, told: int | None) -> Found:
    """5. The customs fee of the declaration, by its customs value; for electronics a fixed one."""
    value = settlement.known(told)
    if _has_electronics(settlement):
        fixed = settlement.why.value("ru.fee.electronics")
        shown, citation = settlement.money(fixed.integer), fixed.citation
        settlement.why.say("customs_fee", None, "F = fixed for electronics", shown, citation)
        return Found(None, "fixed", fixed.integer, (citation,))
    table = settlement.why.value("ru.fee.brackets")
    line = _line(table.value if isinstance(table.value, tuple) else (), value)
    numbers = partial(_fee_told, settlement.money, value, line)
    settlement.why.say("customs_fee", None, "F by brackets of value", numbers, table.citation)
    return Found(value, "by brackets", line.amount, (table.citation,))


def _fee_told(money: Callable[[int], str], value: int, line: Bracket) -> str:
    top = "above all bounds" if line.to is None else f"up to {money(line.to)}"
    return f"{money(value)}, {top}: {money(line.amount)}"


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
    if not Explanation(consignment.day).holds("ru.fee.electronics"):
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
