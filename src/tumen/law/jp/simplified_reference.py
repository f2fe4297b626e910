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

from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import AdValorem, Duty, Specific
from tumen.law.explanation import Unknown
from tumen.law.goods import GoodsClass
from tumen.law.jp.assessment import assess as assess_with
from tumen.law.jp.assessment import service_notices
from tumen.law.jp.case import Case, percent, yen
from tumen.law.jp.duties import base_of, by_override, duty_charge, general_duty
from tumen.law.jp.tariff import OWN_CURRENCY, duty_by, is_free
from tumen.law.jp.valuation import valued
from tumen.law.ruling import Charge, Notice, Ruling

NAME: Final = "simplified"
TABLE: Final = "jp.simplified"
NOT_SIMPLIFIED: Final = "general_tariff"
OTHER: Final = "other"
BY_LITRE: Final = frozenset({"wine", "spirits", "other_liquor"})


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment may not take the simplified tariff."""
    notices = service_notices(consignment)
    if notices:
        return notices
    case = Case.of(consignment)
    try:
        total = valued(case).total
        limit = case.why.number(f"{TABLE}.limit")
        names = [_name(case.classify(TABLE, goods)) for goods in consignment.goods]
    except Unknown as unknown:
        return (Notice("JP_SIMPLIFIED_UNKNOWN", "", {"value": unknown.name}),)
    if total > limit:
        told = {"value": yen(total), "expected": yen(limit)}
        return (Notice("JP_SIMPLIFIED_OVER_LIMIT", "", told),)
    if set(names) == {NOT_SIMPLIFIED}:
        return (Notice("JP_SIMPLIFIED_NOT_FOR_GOODS", "items"),)
    return ()


def assess(consignment: Consignment) -> Ruling:
    """Duty by the simplified tariff, and the taxes on it."""
    return assess_with(consignment, NAME, simplified_duty)


def simplified_duty(case: Case, goods: Goods, value: Fraction, total: int) -> Charge:
    """3. The duty of an item by the simplified tariff."""
    given = by_override(case, goods, value)
    if given is not None:
        return given
    limit = case.why.value(f"{TABLE}.limit")
    if total > limit.integer:
        raise Unknown(f"{TABLE}.limit")
    case.why.cite(f"{TABLE}.choice")
    found = case.classify(TABLE, goods)
    if _name(found) == NOT_SIMPLIFIED:
        case.warn("JP_SIMPLIFIED_NOT_FOR_ITEM", f"items[{goods.place}].hs")
        return general_duty(case, goods, value, total)
    if case.consignment.preference is not None:
        case.warn("JP_PREFERENCE_NOT_SIMPLIFIED", "preference")
    base = base_of(case, value)
    terms, rate, citation = _terms(case, _name(found))
    # 3.1 Whether the goods are free by the general tariff makes no difference to a free class.
    if terms != AdValorem(Fraction(0)) and is_free(case, goods, base):
        citation = case.why.cite(f"{TABLE}.free_goods")
        return duty_charge(case, goods, base, AdValorem(Fraction(0)), Fraction(0), ("0%", citation))
    # 3.3 The table.
    what = found.what if found is not None else "all other goods"
    case.why.say("duty_rate", goods.place, "the class of the simplified table", what, citation)
    duty = duty_by(case, goods, terms, base)
    return duty_charge(case, goods, base, terms, duty, (rate, citation))


def _name(found: GoodsClass | None) -> str:
    return OTHER if found is None else found.name


def _terms(case: Case, name: str) -> tuple[Duty, str, str]:
    """The terms of a class, as a reader knows them, and their citation."""
    if name in BY_LITRE:
        amount = case.why.number(f"{TABLE}.{name}.amount")
        terms = Specific(Fraction(amount), OWN_CURRENCY, "l")
        return terms, f"{amount} JPY/l", case.why.cite(f"{TABLE}.{name}.amount")
    share = case.why.share(f"{TABLE}.{name}.rate")
    return AdValorem(share), percent(share), case.why.cite(f"{TABLE}.{name}.rate")
