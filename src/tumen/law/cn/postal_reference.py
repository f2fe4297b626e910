"""Personal postal articles of China: one tax in place of duty, VAT and consumption tax.

The numbered comments follow ``docs/law-cn.md``. Sources: 海关总署公告2010年第43号 (limits, small
tax), 税委会〔2016〕2号, 〔2018〕49号, 〔2019〕17号, 国务院关税税则委员会公告2024年第11号 (rates).
"""

from dataclasses import replace
from fractions import Fraction
from typing import Final

from tumen.law.cn.amounts import percent_of, yuan
from tumen.law.cn.consumption_tax_reference import ClassOfGoods
from tumen.law.cn.control import prohibited, restricted
from tumen.law.cn.declared import fen, is_service, is_single_indivisible, stated, stated_rate
from tumen.law.cn.exemption import exempted
from tumen.law.cn.findings import NOT_IN_FORCE, Findings, whole
from tumen.law.cn.shipment import STATED_RATE
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "postal"
ROUNDING: Final = "cn.postal.rounding"
NEAR: Final = frozenset({"HK", "MO", "TW"})
"""The places of dispatch that ``cn.postal.limit_hk_mo_tw`` is for."""

CLASS_ABOVE: Final = {"class_2": "class_3", "old_20": "old_30"}
"""The class of watches and cosmetics below the value of the luxury tax, and from it on."""


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """1. Why a consignment is no personal article; empty where it is one."""
    return _refusals(Findings(consignment, Explanation(consignment.day)))


def _refusals(found: Findings) -> tuple[Notice, ...]:
    consignment = found.consignment
    if any(is_service(goods) for goods in consignment.goods):
        return (Notice("CN_SERVICE_IS_NO_GOODS", "items"),)
    told = list(prohibited(consignment))
    if consignment.buyer_kind != "person":
        told.append(Notice("CN_BUYER_NOT_A_PERSON", "buyer.kind"))
    if consignment.purpose != "personal":
        told.append(Notice("CN_PURPOSE_NOT_PERSONAL", "purpose"))
    if consignment.transport not in {"post", "courier"}:
        told.append(Notice("CN_TRANSPORT_NOT_OF_REGIME", "transport"))
    try:
        told += _over_limit(found)
    except Unknown:
        told.append(NOT_IN_FORCE)
    return tuple(told)


def _over_limit(found: Findings) -> tuple[Notice, ...]:
    """Above the limit only a single item that cannot be divided is still an article."""
    consignment, why = found.consignment, found.why
    near = consignment.dispatch in NEAR
    limit = why.value("cn.postal.limit_hk_mo_tw" if near else "cn.postal.limit_other")
    why.value("cn.postal.limit_value")
    value = fen(consignment.price)
    is_within = value <= limit.integer
    numbers = f"{yuan(value)} against {yuan(limit.integer)}"
    why.say("limit", None, "price of the goods <= limit", numbers, limit.citation)
    if is_within:
        return ()
    if is_single_indivisible(consignment) and why.value("cn.postal.indivisible").value:
        source = why.cite("cn.postal.indivisible")
        why.say("indivisible", None, "a single indivisible item stays an article", "1", source)
        return ()
    return (Notice("POSTAL_OVER_LIMIT", "items", {"value": yuan(limit.integer)}),)


def assess(consignment: Consignment) -> Ruling:
    """The tax on a personal article, or why it is none."""
    found = Findings(consignment, Explanation(consignment.day))
    refused = _refusals(found)
    if refused:
        return found.refused(REGIME, refused)
    found.notices += restricted(consignment)
    if consignment.transport == "courier":
        found.why.value("cn.postal.courier")
    charges = [_tax(goods, found) for goods in consignment.goods]
    charges = exempted(found.why, "cn.postal.exempt_tax", charges)  # 5. The small tax (2010/43, 1)
    values = [each.base for each in charges if each.base is not None]
    value = sum(values) if len(values) == len(charges) else None
    return found.ruling(REGIME, value, [*charges, whole("postal_tax", charges)])


def _tax(goods: Goods, found: Findings) -> Charge:
    """4. Value of an item times the rate of its class, to the fen."""
    charge = Charge("postal_tax", goods.place, None, None, None, ())
    try:
        value = _value(goods, found)
        charge = replace(charge, base=value)
        share, source = _rate(goods, value, found)
        amount = found.why.rounded(ROUNDING, value * share)
    except Unknown as unknown:
        return replace(charge, missing=unknown.name)
    numbers = f"{yuan(value)} x {percent_of(share)} = {yuan(amount)}"
    found.why.say("postal_tax", goods.place, "tax = value x rate", numbers, source)
    return replace(charge, rate=percent_of(share), amount=amount, citations=(source,))


def _value(goods: Goods, found: Findings) -> int:
    """2. The table price before 2024-12-01, which is not held; the actual price from then on."""
    rule = found.why.value("cn.postal.valuation")
    value = found.why.rounded(ROUNDING, fen(goods.price))
    if value < 0:
        raise Unknown(f"items[{goods.place}].unit_price")
    if rule.value == "table_price":
        path = f"items[{goods.place}].unit_price"
        found.notices.append(Notice("POSTAL_TABLE_PRICE_NOT_HELD", path, {"value": yuan(value)}))
    found.why.say("value", goods.place, f"{rule.scalar}", yuan(value), rule.citation)
    return value


def _rate(goods: Goods, value: int, found: Findings) -> tuple[Fraction, str]:
    """3. The rate of the class, or the rate that the filer states."""
    share = stated_rate(goods, "postal_tax")
    if share is not None:
        return share, STATED_RATE
    name = f"cn.postal.rate.{_class(goods, value, found)}"
    return found.why.share(name), found.why.cite(name)


def _class(goods: Goods, value: int, found: Findings) -> str:
    """The class of an item: the highest has the scope of the consumption tax."""
    listed = found.class_of("cn.postal", goods)
    if listed is not None and listed.name not in {"watches", "high_end_cosmetics"}:
        return listed.name
    rest = str(found.why.value("cn.postal.rest").scalar)
    if listed is None:
        return rest
    below = rest if rest in CLASS_ABOVE else "old_20"
    terms = ClassOfGoods(listed.name, value, stated(goods.measures), found.why)
    return CLASS_ABOVE[below] if terms.high_end()[0] else below
