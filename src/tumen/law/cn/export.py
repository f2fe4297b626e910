"""Export from China by e-commerce: 9610 (retail), 9710 (to a business), 9810 (overseas warehouse).

A mode charges nothing. The question is whether a consignment may take it on its day, and which
data it asks for. Sources: 海关总署公告2018年第194号, 2020年第75号, 2020年第92号, 2021年第47号,
2024年第167号.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from tumen.law import admission
from tumen.law.cn.amounts import yuan
from tumen.law.cn.declared import fen
from tumen.law.consignment import Consignment
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Notice, Regime, Ruling
from tumen.law.settlement import Settlement

CHINA: Final = "CN"
NATIONWIDE: Final = "nationwide"
MODES: Final = ("export_9610", "export_9710", "export_9810")
BUYER_OF: Final = {"export_9610": "person", "export_9710": "business"}
"""Retail goes to persons, business export to businesses; a warehouse has no buyer yet."""


def refusals(mode: str) -> Callable[[Consignment], tuple[Notice, ...]]:
    """Why a consignment may not leave by a mode, as a function of the consignment."""
    return lambda consignment: tuple(_refusals(mode, consignment))


def _refusals(mode: str, consignment: Consignment) -> Iterator[Notice]:
    if consignment.dispatch != CHINA or consignment.destination == CHINA:
        yield Notice("EXPORT_NOT_FROM_CHINA", "dispatch", {"value": consignment.dispatch})
    yield from admission.services(consignment)
    buyer = BUYER_OF.get(mode)
    if buyer not in {None, consignment.buyer_kind}:
        yield Notice("EXPORT_BUYER_NOT_OF_MODE", "buyer.kind", {"expected": buyer or ""})
    if not Explanation(consignment.day).holds(f"cn.{mode}.data"):
        yield admission.not_in_force(f"cn.{mode}.data")


def assess(mode: str) -> Callable[[Consignment], Ruling]:
    """What a mode asks for, as a function of the consignment."""
    return lambda consignment: _assess(mode, consignment)


def _assess(mode: str, consignment: Consignment) -> Ruling:
    found = Settlement(mode, consignment)
    refused = tuple(_refusals(mode, consignment))
    if refused:
        return found.refused(refused)
    _data(mode, found)
    if mode == "export_9610":
        _merging(found)
    else:
        _districts(found)
        _list_mode(found)
    if mode == "export_9810":
        _filing(found)
    _control(found)
    return found.ruling(None)


def _data(mode: str, found: Settlement) -> None:
    """1. The data sets that are sent before the goods are declared."""
    data = found.why.value(f"cn.{mode}.data")
    found.why.say("data", None, "data sets", str(data.scalar), data.citation)
    found.tell(Notice("EXPORT_DATA_REQUIRED", "", {"value": str(data.scalar)}))


def _merging(found: Settlement) -> None:
    """2. Retail: released by list, merged into declarations in the next month (2018/194)."""
    why = found.why
    release = why.value("cn.export_9610.release")
    why.say("release", None, "list, then merged declaration", str(release.scalar), release.citation)
    by_day = why.value("cn.export_9610.merge_by_day")
    numbers = f"by day {by_day.integer} of the next month"
    why.say("merging", None, "lists of a month in one declaration", numbers, by_day.citation)
    digits = why.value("cn.export_9610.simplified_digits")
    numbers = f"{digits.integer} digits of the code in pilot zones"
    why.say("simplified_declaration", None, "pilot zones", numbers, digits.citation)


def _districts(found: Settlement) -> None:
    """3. Business export: in which customs districts (2020/75, 2020/92, 2021/47)."""
    where = found.why.value("cn.export_b2b.districts")
    found.why.say("districts", None, "where declared", str(where.scalar), where.citation)
    if where.value != NATIONWIDE:
        parameters = {"value": str(where.scalar)}
        found.tell(Notice("EXPORT_DISTRICT_LIMITED", "dispatch", parameters))


def _list_mode(found: Settlement) -> None:
    """4. Business export: up to 5,000 yuan a list may take the place of a declaration."""
    limit = found.why.value("cn.export_b2b.list_mode_limit")
    try:
        value = fen(found.consignment.price / _per_yuan(found.consignment))
    except Unknown as unknown:
        found.tell(Notice("EXPORT_LIST_MODE_UNKNOWN", "", {"value": unknown.name}))
        return
    is_within = value <= limit.integer
    numbers = f"{yuan(value)} against {yuan(limit.integer)}"
    found.why.say("list_mode", None, "value <= limit", numbers, limit.citation)
    code = "EXPORT_LIST_MODE_POSSIBLE" if is_within else "EXPORT_DECLARATION_NEEDED"
    found.tell(Notice(code, "", {"value": yuan(limit.integer)}))


def _per_yuan(consignment: Consignment) -> Fraction:
    """Units of the destination's currency for one yuan. Raises :class:`Unknown`."""
    return consignment.rate_of("CNY")


def _filing(found: Settlement) -> None:
    """5. Overseas warehouse: whether it is filed beforehand (until 2024-12-14)."""
    filing = found.why.value("cn.export_9810.warehouse_filing")
    numbers = "filed beforehand" if filing.value else "no filing"
    found.why.say("warehouse_filing", None, "overseas warehouse", numbers, filing.citation)
    if filing.value:
        found.tell(Notice("EXPORT_WAREHOUSE_FILING", ""))


def _control(found: Settlement) -> None:
    """6. Listed dual-use items need a licence; the list is not held, so nothing is screened."""
    found.tell(Notice("EXPORT_CONTROL_NOT_CHECKED", "items"))
    try:
        control = found.why.value("cn.export.control")
    except Unknown:
        return
    found.why.say("control", None, "listed items", str(control.scalar), control.citation)


EXPORT_REGIMES: Final = tuple(Regime(mode, refusals(mode), assess(mode)) for mode in MODES)
"""The modes of export, in the order of their codes."""
