"""International post for personal use into Mongolia: the exemption by the minimum wage.

Scalar and plain on purpose. The numbered comments follow ``docs/law-mn.md``.

Sources: Гаалийн тариф, гаалийн татварын тухай хууль 38.1.15 (duty), НӨАТ-ын тухай хууль 13.1.24
(VAT): up to ten minimum wages and two identical articles; what exceeds them is general import.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.law import admission, control
from tumen.law.consignment import NOTHING, Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.figures import decimal, money
from tumen.law.goods import goods_class
from tumen.law.item_charges import ExciseOfItem
from tumen.law.mn import notices
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import CENTS, Found, Settlement
from tumen.law.valuation import check_priced, of_prices

NAME: Final = "postal"
TRANSPORTS: Final = frozenset({"post"})
MONGO: Final = 100
"""Of a tugrik: the wage stands in mongo."""


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is not exempt as post; empty where it may be."""
    return tuple(_refusals(consignment, Explanation(consignment.day)))


def _refusals(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    """1. Post, a person, personal use, to the limit, and no more than two identical articles.

    1.3 No weapons and no narcotics; whether alcohol and tobacco may come is a warning only.
    """
    if not why.holds("mn.postal.wages"):
        yield admission.not_in_force("mn.postal.wages")
        return
    yield from admission.not_by(consignment, TRANSPORTS)
    yield from admission.not_personal(consignment)
    banned = str(why.value("mn.postal.prohibited").scalar).split()
    yield from control.prohibited(consignment, "mn.control", banned)
    yield from control.prohibited_categories(consignment, "mn.control.prohibited")
    yield from _value_refusals(consignment, why)
    yield from _number_refusals(consignment, why)


def _value_refusals(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    """1.1 The limit in minimum wages; where the wage is unknown, nobody can refuse by it."""
    try:
        limit = _limit(consignment, why)
    except Unknown:
        return
    value = consignment.price * MONGO
    if value > limit:
        parameters = {"value": money(value, "MNT"), "expected": money(limit, "MNT")}
        yield Notice("VALUE_OVER_LIMIT", "items", parameters)


def _number_refusals(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    """1.2 Identical articles: those of one code and one description, on all items together."""
    limit = why.number("mn.postal.identical_items")
    for goods, number in _identical(consignment):
        if number is not None and number > limit:
            parameters = {"value": decimal(number), "expected": str(limit)}
            path = f"items[{goods.place}].quantity"
            yield Notice("MN_TOO_MANY_IDENTICAL_ITEMS", path, parameters)


def _identical(consignment: Consignment) -> list[tuple[Goods, Fraction | None]]:
    """The first item of each kind of article, and how many there are; None where not told.

    A description that differs by letter case or blanks alone names the same article.
    """
    first: dict[tuple[str, str], Goods] = {}
    numbers: dict[tuple[str, str], Fraction | None] = {}
    for goods in consignment.goods:
        kind = (goods.hs, "".join(goods.description.split()).casefold())
        first.setdefault(kind, goods)
        so_far, number = numbers.get(kind, NOTHING), _number(goods)
        numbers[kind] = None if so_far is None or number is None else so_far + number
    return [(goods, numbers[kind]) for kind, goods in first.items()]


def _number(goods: Goods) -> Fraction | None:
    """How many articles an item is; None where its quantity is no number of pieces."""
    is_counted = goods.measures.unit in {"piece", "pair", "head"}
    return goods.measures.quantity if is_counted else None


def _limit(consignment: Consignment, why: Explanation) -> int:
    """The limit of a parcel in mongo: so many minimum wages; for laptops alone a higher one.

    Raises:
        Unknown: the wage of the day is not held.
    """
    name = "mn.postal.laptop_wages" if _is_laptops(consignment, why) else "mn.postal.wages"
    return why.number(name) * why.number("mn.minimum_wage")


def _is_laptops(consignment: Consignment, why: Explanation) -> bool:
    """Whether the parcel holds laptops only, and no more than the higher limit is for."""
    number = NOTHING
    for goods in consignment.goods:
        found = goods_class("mn.postal", goods.hs, consignment.day)
        pieces = _number(goods)
        if found is None or found.name != "laptop" or pieces is None:
            return False
        number += pieces
    return 0 < number <= why.number("mn.postal.laptop_count")


def assess(consignment: Consignment) -> Ruling:
    """No duty and no VAT, where the exemption holds; it says nothing of excise."""
    settlement = Settlement(NAME, consignment, "mn.rounding")
    refused = tuple(_refusals(consignment, settlement.why))
    if refused:
        return settlement.refused(refused)
    values = settlement.value_if_known(lambda: _prices(settlement))
    value = None if values is None else sum(values)
    for code in ("duty", "vat"):
        settlement.charge(code, None, lambda: _exempt(settlement, value))
    for place, goods in enumerate(consignment.goods):
        _Item(settlement, goods, None if values is None else values[place]).charge_excise()
    settlement.sum_items()
    for goods in consignment.goods:
        settlement.class_of("mn.postal", goods)
    _tell_fee(settlement)
    notices.warn_of_control(settlement)
    notices.warn_of_register_number(settlement)
    return settlement.ruling(value)


def _prices(settlement: Settlement) -> tuple[int, ...]:
    check_priced(settlement.consignment)
    return of_prices(settlement)


class _Item(ExciseOfItem):
    """2.1 Excise: the exemption names duty and VAT only, so it is due like on other imports."""

    tax = "mn"

    def excise(self) -> Found:
        """Its table is not held, so only a given rate is computed."""
        return self.given_excise("ED = CV x rate", (self.value,))


def _tell_fee(settlement: Settlement) -> None:
    """3. Up to 1,000 US dollars there is no fee either; the fee above is not held."""
    consignment, why = settlement.consignment, settlement.why
    try:
        limit = why.value("mn.postal.fee_free_value")
        cents = settlement.cents(consignment.price * MONGO)
    except Unknown:
        settlement.warn("MN_POSTAL_FEE_UNKNOWN")
        return
    if cents > limit.integer:
        settlement.warn("MN_POSTAL_FEE_UNKNOWN")
        return
    numbers = f"{decimal(cents / CENTS)} against {money(limit.integer, 'USD')} USD"
    why.say("customs_fee", None, "no fee: V <= limit", numbers, limit.citation)


def _exempt(settlement: Settlement, told: int | None) -> Found:
    """2. Exempt, if the value and the number of the articles are known to be within the limits."""
    consignment, why = settlement.consignment, settlement.why
    value = settlement.known(told)
    for goods, number in _identical(consignment):
        if number is None:
            raise Unknown(f"items[{goods.place}].quantity")
    limit = _limit(consignment, why)
    citation = why.cite("mn.postal.wages")
    wage = why.number("mn.minimum_wage")
    why.cite("mn.postal.value_basis")
    if not any(step.code == "limit" for step in why.steps):
        numbers = (
            f"{settlement.money(value)} against {limit // wage} x {settlement.money(wage)} = "
            f"{settlement.money(limit)}"
        )
        why.say("limit", None, "V <= wages x minimum wage", numbers, citation)
    return Found(value, "exempt", 0, (citation,))
