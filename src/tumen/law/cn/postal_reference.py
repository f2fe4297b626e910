"""Personal postal articles of China: one tax in place of duty, VAT and consumption tax.

The numbered comments follow ``docs/law-cn.md``. Sources: 海关总署公告2010年第43号 (limits, small
tax), 税委会〔2016〕2号, 〔2018〕49号, 〔2019〕17号, 国务院关税税则委员会公告2024年第11号 (rates).
"""

from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law import admission, control
from tumen.law.cn import cbec_ruling
from tumen.law.cn.declared import class_of, fen, is_single_indivisible, named, tax_terms
from tumen.law.cn.exemption import exempt
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.ruling import GIVEN, Notice, Ruling
from tumen.law.settlement import Found, Settlement

REGIME: Final = "postal"
ROUNDING: Final = "cn.postal.rounding"
TRANSPORTS: Final = frozenset({"post", "courier"})
NEAR: Final = frozenset({"HK", "MO", "TW"})
"""The places of dispatch that ``cn.postal.limit_hk_mo_tw`` is for."""

CLASS_ABOVE: Final = {"class_2": "class_3", "old_20": "old_30"}
"""The class of watches and cosmetics below the value of the luxury tax, and from it on."""


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """1. Why a consignment is no personal article; empty where it is one."""
    return _refusals(Settlement(REGIME, consignment, ROUNDING))


def _refusals(settlement: Settlement) -> tuple[Notice, ...]:
    consignment = settlement.consignment
    services = admission.services(consignment)
    if services:
        return services
    told = [
        *control.prohibited_by(consignment, "cn.control", "cn.control.prohibited"),
        *admission.not_personal(consignment),
        *admission.not_by(consignment, TRANSPORTS),
    ]
    try:
        told += _left_retail_import(settlement)
        told += _over_limit(settlement)
    except Unknown as unknown:
        told.append(admission.not_in_force(unknown.name))
    return tuple(told)


def _left_retail_import(settlement: Settlement) -> tuple[Notice, ...]:
    """An order above a limit of retail import is general trade (2016/18 Art. 3; 2018/49 Art. 2)."""
    if not cbec_ruling.is_above_limits(settlement.consignment):
        return ()
    if settlement.why.value("cn.cbec.over_limit_is_article").value:
        return ()
    return (Notice("POSTAL_LEFT_RETAIL_IMPORT", "platform"),)


def _over_limit(settlement: Settlement) -> tuple[Notice, ...]:
    """Above the limit only a single item that cannot be divided is still an article."""
    consignment, why, yuan = settlement.consignment, settlement.why, settlement.money
    near = consignment.dispatch in NEAR
    limit = why.value("cn.postal.limit_hk_mo_tw" if near else "cn.postal.limit_other")
    why.value("cn.postal.limit_value")
    value = fen(consignment.price)
    why.say(
        "limit",
        None,
        "price of the goods <= limit",
        lambda: f"{yuan(value)} against {yuan(limit.integer)}",
        limit.citation,
    )
    if value <= limit.integer:
        return ()
    if is_single_indivisible(consignment) and why.value("cn.postal.indivisible").value:
        source = why.cite("cn.postal.indivisible")
        why.say("indivisible", None, "a single indivisible item stays an article", "1", source)
        return ()
    return (Notice("POSTAL_OVER_LIMIT", "items", {"value": yuan(limit.integer)}),)


def assess(consignment: Consignment) -> Ruling:
    """The tax on a personal article, or why it is none."""
    settlement = Settlement(REGIME, consignment, ROUNDING)
    refused = _refusals(settlement)
    if refused:
        return settlement.refused(refused)
    control.warn(settlement, "cn.control")
    if all(goods.price == 0 for goods in consignment.goods):  # what has no price is not worth 0
        return settlement.unknown(("postal_tax",), "customs_value")
    if consignment.transport == "courier":
        settlement.why.value("cn.postal.courier")
    values = [
        settlement.value_if_known(partial(_value, settlement, goods)) for goods in consignment.goods
    ]
    for goods, value in zip(consignment.goods, values, strict=True):
        find = partial(_tax, settlement, goods, value)
        settlement.charge("postal_tax", goods.place, find, value)
    exempt(settlement, "cn.postal.exempt_tax", "postal_tax")  # 5. The small tax (2010/43, 1)
    settlement.sum_items()
    known = [each for each in values if each is not None]
    return settlement.ruling(sum(known) if len(known) == len(values) else None)


def _value(settlement: Settlement, goods: Goods) -> int:
    """2. The table price before 2024-12-01, which is not held; the actual price from then on."""
    rule = settlement.why.value("cn.postal.valuation")
    value = settlement.minor(goods.price)
    path = f"items[{goods.place}].unit_price"
    if value < 0:
        raise Unknown(path)
    yuan = settlement.money(value)
    if rule.value == "table_price":
        settlement.warn("POSTAL_TABLE_PRICE_NOT_HELD", path, value=yuan)
    settlement.why.say("value", goods.place, f"{rule.scalar}", yuan, rule.citation)
    return value


def _tax(settlement: Settlement, goods: Goods, told: int | None) -> Found:
    """4. Value of an item times the rate of its class, to the fen."""
    value = settlement.known(told)
    share, source = _rate(settlement, goods, value)
    formula = "tax = value x rate"
    return settlement.at_rate("postal_tax", goods.place, formula, (value,), (share, (source,)))


def _rate(settlement: Settlement, goods: Goods, value: int) -> tuple[Fraction, str]:
    """3. The rate of the class, or the rate that the filer gave."""
    share = settlement.given(goods, "postal_tax")
    if share is not None:
        return share, GIVEN
    name = f"cn.postal.rate.{_class(settlement, goods, value)}"
    return settlement.why.share(name), settlement.why.cite(name)


def _class(settlement: Settlement, goods: Goods, value: int) -> str:
    """The class of an item: the highest has the scope of the consumption tax."""
    listed = class_of(settlement, "cn.postal", goods)
    if listed is not None and listed.name not in {"watches", "high_end_cosmetics"}:
        return listed.name
    rest = str(settlement.why.value("cn.postal.rest").scalar)
    if listed is None:
        return rest
    below = rest if rest in CLASS_ABOVE else "old_20"
    try:
        is_high_end, _ = tax_terms(settlement, goods, listed, value).high_end()
    except Unknown as unknown:
        raise named(unknown, goods, listed) from unknown
    return CLASS_ABOVE[below] if is_high_end else below
