"""The assessment of imports into Japan, step by step; what the regimes share.

1. Customs value (:mod:`tumen.law.jp.valuation`).
2. Exemption up to 10,000 yen (:mod:`tumen.law.jp.exemption`).
3. Duty of each item, as the regime says.
4. Excise and consumption tax of each item, and what is payable (:mod:`tumen.law.jp.taxes`).
5. What may not be imported, and what a declaration needs (:mod:`tumen.law.jp.control`).
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.jp.case import Case
from tumen.law.jp.control import check_admission, check_procedure
from tumen.law.jp.duties import DutyOf
from tumen.law.jp.exemption import Exemption, exemption
from tumen.law.jp.taxes import LOCAL, NATIONAL, consumption_tax, excise, payable
from tumen.law.jp.valuation import Valuation, valued
from tumen.law.ruling import Charge, Notice, Ruling, Status

EXEMPT = "exempt"
TAXES = ("duty", NATIONAL, LOCAL)


def assess(consignment: Consignment, regime: str, duty_of: DutyOf) -> Ruling:
    """The ruling of a regime that differs from the others in its duty only.

    Args:
        consignment: amounts in yen.
        regime: the regime's name.
        duty_of: the duty of one item.
    """
    case = Case.of(consignment)
    is_admitted = check_admission(case)
    try:
        value = valued(case)
        exempt = exemption(case, value)
    except Unknown as unknown:
        return ruling(case, regime, None, _all_unknown(unknown), is_admitted)
    charges = [
        charge
        for goods, amount in zip(consignment.goods, value.items, strict=True)
        for charge in _of_item(case, goods, (amount, value.total), exempt, duty_of)
    ]
    charges += payable(case, charges)
    check_procedure(case, value.total, any(each.amount for each in charges))
    return ruling(case, regime, value, charges, is_admitted)


def ruling(
    case: Case,
    regime: str,
    value: Valuation | None,
    charges: list[Charge],
    is_admitted: bool,
) -> Ruling:
    """The answer: status, and what it is not certain of."""
    for each in charges:
        if each.item is None and each.missing is not None:
            case.warn("RATE_UNKNOWN", _path(each.missing), value=each.code, expected=each.missing)
    doubts = case.doubts()
    if doubts:
        case.warn("LAW_UNVERIFIED", "", parameters=", ".join(doubts))
    return Ruling(
        regime=regime,
        status=_status(charges, is_admitted),
        customs_value=None if value is None else value.total,
        charges=tuple(charges),
        steps=tuple(case.why.steps),
        warnings=tuple(case.warnings),
        violations=tuple(case.violations),
    )


def _path(missing: str) -> str:
    """The field that would mend it, where the missing thing is a field of the shipment."""
    return missing if missing.startswith(("items", "exchange_rates")) else ""


def _status(charges: list[Charge], is_admitted: bool) -> Status:
    if not is_admitted:
        return "not_admissible"
    if any(each.amount is None for each in charges if each.item is None):
        return "unknown"
    is_exempt = all(each.rate == EXEMPT for each in charges if each.item is not None)
    return "exempt" if is_exempt else "payable"


def _all_unknown(unknown: Unknown) -> list[Charge]:
    return [Charge(code, None, None, None, None, (), unknown.name) for code in TAXES]


def _of_item(
    case: Case,
    goods: Goods,
    values: tuple[Fraction, int],
    exempt: Exemption,
    duty_of: DutyOf,
) -> list[Charge]:
    """3 and 4. The charges of one item (``values``: its own, and the consignment's)."""
    amount, total = values
    is_exempt = goods.place in exempt.places
    if is_exempt:
        duty = Charge("duty", goods.place, None, EXEMPT, 0, exempt.citations[:1])
    else:
        duty = _attempt("duty", goods, lambda: duty_of(case, goods, amount, total))
    excised = _excise(case, goods, amount)
    known = [each for each in (duty, excised) if each is not None]
    if is_exempt:
        return [*known, *_exempt_tax(goods, exempt)]
    return [*known, *_consumption_tax(case, goods, amount, known)]


def _attempt(code: str, goods: Goods, compute: Callable[[], Charge]) -> Charge:
    try:
        return compute()
    except Unknown as unknown:
        return Charge(code, goods.place, None, None, None, (), unknown.name)


def _excise(case: Case, goods: Goods, amount: Fraction) -> Charge | None:
    try:
        return excise(case, goods, amount)
    except Unknown as unknown:
        return Charge("excise", goods.place, None, None, None, (), unknown.name)


def _exempt_tax(goods: Goods, exempt: Exemption) -> list[Charge]:
    missing = exempt.tax_missing
    if missing is not None:
        return [_unknown_tax(code, goods, missing) for code in (NATIONAL, LOCAL)]
    citations = exempt.citations[1:]
    return [Charge(code, goods.place, None, EXEMPT, 0, citations) for code in (NATIONAL, LOCAL)]


def _consumption_tax(
    case: Case, goods: Goods, amount: Fraction, known: Iterable[Charge]
) -> list[Charge]:
    """The consumption tax; unknown where the duty or the excise inside its base is."""
    parts = list(known)
    missing = [each.missing for each in parts if each.amount is None]
    if missing:
        return [_unknown_tax(code, goods, missing[0] or "") for code in (NATIONAL, LOCAL)]
    duty, *excised = [each.amount or 0 for each in parts]
    try:
        return list(consumption_tax(case, goods, amount, duty, sum(excised)))
    except Unknown as unknown:
        return [_unknown_tax(code, goods, unknown.name) for code in (NATIONAL, LOCAL)]


def _unknown_tax(code: str, goods: Goods, missing: str) -> Charge:
    return Charge(code, goods.place, None, None, None, (), missing)


def service_notices(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is none of goods: each item that is a digital service."""
    return tuple(
        Notice("JP_DIGITAL_SERVICE_NOT_GOODS", f"items[{goods.place}].category")
        for goods in consignment.goods
        if is_digital_service(goods)
    )


DIGITAL_SERVICES = frozenset(
    {"software", "media", "advertising", "digital_service", "e_book", "game", "music", "video"}
)
"""The seller's categories that name a service and no goods, where there is no commodity code."""


def is_digital_service(goods: Goods) -> bool:
    """Whether an item is a service: no commodity code, and a category that says so."""
    return not goods.hs and goods.category in DIGITAL_SERVICES
