"""What may not enter Japan or leave it for Russia, and what a declaration needs besides.

Only what a commodity code or the seller's category can tell is told: a consignment without a
notice is not thereby allowed.
"""

from fractions import Fraction
from typing import Final

from stdnum.jp import cn as corporate_number

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.goods import GoodsClass, goods_class, goods_classes
from tumen.law.jp.case import Case, yen
from tumen.law.parameters import value_at
from tumen.law.ruling import Notice

PROHIBITED, RESTRICTED = "jp.prohibited", "jp.restricted"
FROM_RUSSIA, TO_RUSSIA = "jp.import_ru", "jp.export_ru"
BANNED_ORIGIN: Final = "KP"
CORPORATE_DIGITS: Final = 13


def check_admission(case: Case) -> bool:
    """Whether the goods may be imported at all; what stands against it is told."""
    found = [_check_item(case, goods) for goods in case.consignment.goods]
    return all(found)


def _check_item(case: Case, goods: Goods) -> bool:
    path = f"items[{goods.place}]"
    prohibited = _class_of(case, PROHIBITED, goods)
    if prohibited is not None:
        case.refuse(
            "JP_IMPORT_PROHIBITED", path, value=prohibited.what, expected=prohibited.citation
        )
    restricted = _class_of(case, RESTRICTED, goods)
    if restricted is not None and prohibited is None:
        case.warn("JP_IMPORT_RESTRICTED", path, value=restricted.what, expected=restricted.citation)
    russian = goods_class(FROM_RUSSIA, goods.hs, case.day) if goods.origin == "RU" else None
    if russian is not None:
        case.classes[f"{FROM_RUSSIA}.{russian.name}"] = russian
        case.warn("JP_IMPORT_FROM_RUSSIA", path, value=russian.what, expected=russian.citation)
    return not _is_banned(case, goods) and prohibited is None


def _class_of(case: Case, table: str, goods: Goods) -> GoodsClass | None:
    """The class that the category names, else that of the code."""
    named = [
        each
        for each in goods_classes(table)
        if each.name == goods.category and each.covers(case.day)
    ]
    found = named[0] if named else goods_class(table, goods.hs, case.day)
    if found is not None:
        case.classes[f"{table}.{found.name}"] = found
    return found


def _is_banned(case: Case, goods: Goods) -> bool:
    """Whether nothing of the goods' origin may be imported."""
    if goods.origin != BANNED_ORIGIN:
        return False
    try:
        ban = case.why.value("jp.import_ban.kp")
    except Unknown:
        return False
    if ban.scalar:
        case.refuse("JP_IMPORT_BANNED", f"items[{goods.place}].origin", value=ban.citation)
    return bool(ban.scalar)


def check_procedure(case: Case, total: int, is_taxed: bool) -> None:
    """What the consignment needs besides taxes: the post, and the data of e-commerce."""
    told = case.consignment
    _check_corporate_number(case)
    try:
        if told.transport == "post":
            _check_post(case, total, is_taxed)
        elif told.platform is None and case.why.value("jp.declaration.platform_data").scalar:
            case.warn("JP_PLATFORM_NOT_TOLD", "platform")
    except Unknown:
        return  # before the rule's first day there is nothing to say


def _check_corporate_number(case: Case) -> None:
    """A business names its corporate number of 13 digits, or a JASTPRO code of its own form."""
    told = case.consignment
    number = (told.buyer_id or "").strip()
    is_one = told.buyer_kind == "business" and len(number) == CORPORATE_DIGITS and number.isdigit()
    if is_one and not corporate_number.is_valid(number):
        case.warn("JP_CORPORATE_NUMBER_INVALID", "buyer.id")


def _check_post(case: Case, total: int, is_taxed: bool) -> None:
    limit = case.why.number("jp.postal.assessed_limit")
    if total > limit:
        case.warn("JP_POST_NEEDS_DECLARATION", "transport", expected=yen(limit))
    elif is_taxed:
        case.warn("JP_POST_FEE", "transport", value=yen(case.why.number("jp.postal.fee")))


def export_notices(consignment: Consignment) -> tuple[Notice, ...]:
    """What stands against sending a consignment from Japan to Russia.

    Args:
        consignment: amounts in the destination's currency; its rate for JPY tells the unit price.

    Returns:
        ``JP_EXPORT_RU_BANNED`` for listed goods, ``JP_EXPORT_RU_CHECK`` where the list turns on
        something that is not told; nothing for other countries, and before the first day.
    """
    if (consignment.dispatch, consignment.destination) != ("JP", "RU"):
        return ()
    notices = [_export_notice(consignment, goods) for goods in consignment.goods]
    return tuple(each for each in notices if each is not None)


def _export_notice(consignment: Consignment, goods: Goods) -> Notice | None:
    found = goods_class(TO_RUSSIA, goods.hs, consignment.day)
    if found is None:
        return None
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
    return Notice("JP_EXPORT_RU_BANNED", path, law | {"expected": yen(limit.integer)})


def _unit_price(consignment: Consignment, goods: Goods) -> Fraction | None:
    """The price of one unit in yen; None where quantity or exchange rate is not told."""
    quantity = goods.measures.quantity
    try:
        rate = consignment.rate_of("JPY")
    except Unknown:
        return None
    return goods.price / quantity / rate if quantity and rate else None
