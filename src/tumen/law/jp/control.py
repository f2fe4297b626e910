"""What may not enter Japan or leave it for Russia, and what a declaration needs besides.

Only what a commodity code or the seller's category can tell is told: a consignment without a
notice is not thereby allowed.
"""

from fractions import Fraction
from typing import Final

from stdnum.jp import cn as corporate_number

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.figures import money
from tumen.law.goods import GoodsClass, goods_class, goods_classes
from tumen.law.parameters import value_at
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement

PROHIBITED, RESTRICTED = "jp.prohibited", "jp.restricted"
FROM_RUSSIA, TO_RUSSIA = "jp.import_ru", "jp.export_ru"
BANNED_ORIGIN: Final = "KP"
CORPORATE_DIGITS: Final = 13


def check_admission(settlement: Settlement) -> None:
    """What stands against importing the goods at all is told as a fault."""
    for goods in settlement.consignment.goods:
        _check_item(settlement, goods)


def _check_item(settlement: Settlement, goods: Goods) -> None:
    path = f"items[{goods.place}]"
    prohibited = _class_of(settlement, PROHIBITED, goods)
    if prohibited is not None:
        settlement.refuse("GOODS_PROHIBITED", path, **_told(prohibited))
    restricted = _class_of(settlement, RESTRICTED, goods)
    if restricted is not None and prohibited is None:
        settlement.warn("GOODS_CONTROLLED", path, **_told(restricted))
    russian = settlement.class_of(FROM_RUSSIA, goods) if goods.origin == "RU" else None
    if russian is not None:
        told = {"value": russian.what, "expected": russian.citation}
        settlement.warn("JP_IMPORT_FROM_RUSSIA", path, **told)
    _check_origin(settlement, goods)


def _told(found: GoodsClass) -> dict[str, str]:
    return {"value": found.what, "expected": found.citation}


def _class_of(settlement: Settlement, table: str, goods: Goods) -> GoodsClass | None:
    """The class that the category names, else that of the code."""
    named = [
        each
        for each in goods_classes(table)
        if each.name == goods.category and each.covers(settlement.consignment.day)
    ]
    found = named[0] if named else goods_class(table, goods.hs, settlement.consignment.day)
    if found is not None:
        settlement.rely_on(table, found)
    return found


def _check_origin(settlement: Settlement, goods: Goods) -> None:
    """Nothing of some origins may be imported, as long as the ban is held."""
    name, why = "jp.import_ban.kp", settlement.why
    if goods.origin == BANNED_ORIGIN and why.holds(name) and why.value(name).scalar:
        path = f"items[{goods.place}].origin"
        settlement.refuse("JP_IMPORT_BANNED", path, value=why.cite(name))


def check_procedure(settlement: Settlement, total: int, is_taxed: bool) -> None:
    """What the consignment needs besides taxes: the post, and the data of e-commerce."""
    told = settlement.consignment
    _check_corporate_number(settlement)
    try:
        if told.transport == "post":
            _check_post(settlement, total, is_taxed)
        elif told.platform is None and settlement.why.value("jp.declaration.platform_data").scalar:
            settlement.warn("JP_PLATFORM_NOT_TOLD", "platform")
    except Unknown:
        return  # before the rule's first day there is nothing to say


def _check_corporate_number(settlement: Settlement) -> None:
    """A business names its corporate number of 13 digits, or a JASTPRO code of its own form."""
    told = settlement.consignment
    number = (told.buyer_id or "").strip()
    is_one = told.buyer_kind == "business" and len(number) == CORPORATE_DIGITS and number.isdigit()
    if is_one and not corporate_number.is_valid(number):
        settlement.warn("JP_CORPORATE_NUMBER_INVALID", "buyer.id")


def _check_post(settlement: Settlement, total: int, is_taxed: bool) -> None:
    limit = settlement.why.number("jp.postal.assessed_limit")
    if total > limit:
        settlement.warn("JP_POST_NEEDS_DECLARATION", "transport", expected=settlement.money(limit))
    elif is_taxed:
        settlement.warn(
            "JP_POST_FEE",
            "transport",
            value=settlement.money(settlement.why.number("jp.postal.fee")),
        )


def export_notices(consignment: Consignment) -> tuple[Notice, ...]:
    """What stands against sending a consignment from Japan to Russia.

    Args:
        consignment: amounts in the destination's currency; its rate for JPY tells the unit price.

    Returns:
        ``JP_EXPORT_RU_BANNED``, which no regime of the destination overcomes, for listed goods;
        ``JP_EXPORT_RU_CHECK`` where the list turns on something that is not told; with either of
        them ``LAW_UNVERIFIED``, where the goods are listed by codes of ours. Nothing for other
        countries, and before the first day.
    """
    if (consignment.dispatch, consignment.destination) != ("JP", "RU"):
        return ()
    notices: list[Notice] = []
    doubts: dict[str, None] = {}
    for goods in consignment.goods:
        found = goods_class(TO_RUSSIA, goods.hs, consignment.day)
        notice = None if found is None else _export_notice(consignment, goods, found)
        if found is not None and notice is not None:
            notices.append(notice)
            doubts |= {} if found.is_verified else {f"{TO_RUSSIA}.{found.name}": None}
    if doubts:
        notices.append(Notice("LAW_UNVERIFIED", "", {"parameters": ", ".join(sorted(doubts))}))
    return tuple(notices)


def _export_notice(consignment: Consignment, goods: Goods, found: GoodsClass) -> Notice | None:
    path = f"items[{goods.place}].hs"
    approval = value_at("jp.export_ru.approval", consignment.day)
    law = {"value": found.what, "expected": approval.citation}
    if found.name != "luxury":
        return Notice("JP_EXPORT_RU_CHECK", path, law)
    limit = value_at("jp.export_ru.luxury_value", consignment.day)
    price = _unit_price(consignment, goods)
    if price is None:
        return Notice("JP_EXPORT_RU_CHECK", path, law)
    if price <= limit.integer:
        return None
    return Notice("JP_EXPORT_RU_BANNED", path, law | {"expected": money(limit.integer, "JPY")})


def _unit_price(consignment: Consignment, goods: Goods) -> Fraction | None:
    """The price of one unit in yen; None where quantity or exchange rate is not told."""
    quantity = goods.measures.quantity
    try:
        rate = consignment.rate_of("JPY")
    except Unknown:
        return None
    return goods.price / quantity / rate if quantity and rate else None
