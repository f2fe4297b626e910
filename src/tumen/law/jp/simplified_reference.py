"""The simplified tariff of Japan for consignments up to 200,000 yen, as the law reads.

The scalar twin of the vectorised law. It differs from :mod:`tumen.law.jp.general_reference` in
step 3 only (関税定率法 3条の3; 施行令 1条の3):

3.1 Goods that the general tariff frees stay free.
3.2 Leather goods, knitwear, footwear, rice and some more have their rate of the general tariff.
3.3 All others have the rate of their class in the simplified table: a share of the customs value
    in thousands of yen, or an amount for a litre.

The importer may ask for the general tariff instead, for the consignment as a whole.
"""

from fractions import Fraction
from typing import Final

from tumen.law.admission import cannot_tell, services
from tumen.law.consignment import Consignment
from tumen.law.duty import FREE, AdValorem, Duty, Specific
from tumen.law.explanation import Unknown
from tumen.law.findings import once
from tumen.law.goods import GoodsClass
from tumen.law.jp.assessment import assess as assess_with
from tumen.law.jp.commodity import classify
from tumen.law.jp.duties import ROUNDING, Valued, base_of, duty_found, general_duty, given_duty
from tumen.law.jp.tariff import is_free
from tumen.law.jp.valuation import valued as customs_value
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import Found, Settlement
from tumen.law.tariff import english

YEN: Final = "JPY"
NAME: Final = "simplified"
TABLE: Final = "jp.simplified"
NOT_SIMPLIFIED: Final = "general_tariff"
OTHER: Final = "other"
BY_LITRE: Final = frozenset({"wine", "spirits", "other_liquor"})


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment may not take the simplified tariff."""
    notices = services(consignment)
    if notices:
        return notices
    settlement = Settlement(NAME, consignment, ROUNDING)
    try:
        total = once(customs_value, settlement).total
        limit = settlement.why.number(f"{TABLE}.limit")
        names = [_name(classify(settlement, TABLE, goods)) for goods in consignment.goods]
    except Unknown as unknown:
        return (cannot_tell(unknown.name),)
    if total > limit:
        told = {"value": settlement.money(total), "expected": settlement.money(limit)}
        return (Notice("VALUE_OVER_LIMIT", "items", told),)
    if set(names) == {NOT_SIMPLIFIED}:
        return (Notice("JP_SIMPLIFIED_NOT_FOR_GOODS", "items"),)
    return ()


def assess(consignment: Consignment) -> Ruling:
    """Duty by the simplified tariff, and the taxes on it."""
    return assess_with(consignment, NAME, simplified_duty)


def simplified_duty(settlement: Settlement, valued: Valued) -> Found:
    """3. The duty of an item by the simplified tariff."""
    given = given_duty(settlement, valued)
    if given is not None:
        return given
    why, goods = settlement.why, valued.goods
    limit = why.value(f"{TABLE}.limit")
    if valued.total > limit.integer:
        raise Unknown(f"{TABLE}.limit")
    why.cite(f"{TABLE}.choice")
    found = classify(settlement, TABLE, goods)
    if _name(found) == NOT_SIMPLIFIED:
        settlement.warn("JP_SIMPLIFIED_NOT_FOR_ITEM", f"items[{goods.place}].hs")
        return general_duty(settlement, valued)
    if settlement.consignment.preference is not None:
        settlement.warn("JP_PREFERENCE_NOT_SIMPLIFIED", "preference")
    base = base_of(settlement, valued.value)
    terms, citation = _terms(settlement, _name(found))
    # 3.1 Whether the goods are free by the general tariff makes no difference to a free class.
    if terms != FREE and is_free(settlement, goods, base):
        source = (english.written(FREE), why.cite(f"{TABLE}.free_goods"))
        return duty_found(settlement, goods, (base, Fraction(0)), FREE, source)
    # 3.3 The table.
    what = found.what if found is not None else "all other goods"
    why.say("duty_rate", goods.place, "the class of the simplified table", what, citation)
    duty = settlement.duty_by(terms, goods, base)
    source = (english.written(terms), citation)
    return duty_found(settlement, goods, (base, duty), terms, source)


def _name(found: GoodsClass | None) -> str:
    return OTHER if found is None else found.name


def _terms(settlement: Settlement, name: str) -> tuple[Duty, str]:
    """The terms of a class, and their citation."""
    why = settlement.why
    if name in BY_LITRE:
        amount = Fraction(why.number(f"{TABLE}.{name}.amount"))
        return Specific(amount, YEN, "l"), why.cite(f"{TABLE}.{name}.amount")
    return AdValorem(why.share(f"{TABLE}.{name}.rate")), why.cite(f"{TABLE}.{name}.rate")
