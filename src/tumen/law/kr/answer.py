"""The answer of Korea's law: what is payable on the whole, the smallest amount, the warnings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tumen.law.explanation import Unknown
from tumen.law.kr.buyer_identity import identity_warnings
from tumen.law.kr.import_control import control_warnings, prohibitions
from tumen.law.kr.inquiry import Inquiry, won
from tumen.law.ruling import CHARGE_CODES, Charge, Notice, Ruling, Status


def ruling(
    inquiry: Inquiry, regime: str, customs_value: int | None, charges: Sequence[Charge]
) -> Ruling:
    """The ruling on goods, from the charges of their items.

    Args:
        inquiry: the question and what was found on the way.
        regime: the regime's name.
        customs_value: of the whole consignment, in won; None where unknown.
        charges: those of the items, in the order of the items.
    """
    payable = _collected(inquiry, _payable(charges))
    forbidden = prohibitions(inquiry)
    warnings = (*identity_warnings(inquiry), *control_warnings(inquiry))
    status = "not_admissible" if forbidden else _status(payable)
    return Ruling(
        regime=regime,
        status=status,
        customs_value=customs_value,
        charges=(*charges, *payable),
        steps=tuple(inquiry.why.steps),
        warnings=_warnings(inquiry, warnings),
        violations=forbidden,
    )


def of_services(inquiry: Inquiry, regime: str, charges: Sequence[Charge]) -> Ruling:
    """The ruling on services: they have no customs value, and no smallest amount is known."""
    payable = _payable(charges)
    return Ruling(
        regime=regime,
        status=_status(payable),
        customs_value=None,
        charges=(*charges, *payable),
        steps=tuple(inquiry.why.steps),
        warnings=_warnings(inquiry, ()),
    )


def unknown(inquiry: Inquiry, regime: str, codes: Iterable[str], missing: str) -> Ruling:
    """The ruling where what every charge needs is unknown."""
    charges = tuple(Charge(code, None, None, None, None, (), missing) for code in codes)
    return Ruling(
        regime=regime,
        status="unknown",
        customs_value=None,
        charges=charges,
        steps=tuple(inquiry.why.steps),
        warnings=_warnings(inquiry, ()),
    )


def refused(inquiry: Inquiry, regime: str, reasons: tuple[Notice, ...]) -> Ruling:
    """The ruling on goods that may not take the regime."""
    return Ruling(
        regime=regime,
        status="not_admissible",
        customs_value=None,
        charges=(),
        steps=tuple(inquiry.why.steps),
        warnings=_warnings(inquiry, ()),
        violations=reasons,
    )


def not_told(missing: str) -> Notice:
    """The refusal because something cannot be told: a field, a rate, or a value of the law."""
    if missing.startswith("kr."):
        return Notice("KR_LAW_NOT_HELD", "date", {"parameters": missing})
    return Notice("KR_NOT_TOLD", missing, {"value": missing})


def _payable(charges: Sequence[Charge]) -> tuple[Charge, ...]:
    """One charge for each code: the sum over the items, unknown where one of them is."""
    found = []
    for code in CHARGE_CODES:
        of_code = [each for each in charges if each.code == code]
        if not of_code:
            continue
        lacking = [each.missing for each in of_code if each.amount is None]
        bases = [each.base for each in of_code]
        rates = {each.rate for each in of_code}
        cited = tuple(dict.fromkeys(text for each in of_code for text in each.citations))
        found.append(
            Charge(
                code,
                None,
                None if None in bases else sum(base or 0 for base in bases),
                rates.pop() if len(rates) == 1 else None,
                None if lacking else sum(each.amount or 0 for each in of_code),
                cited,
                lacking[0] if lacking else None,
            )
        )
    return tuple(found)


def _collected(inquiry: Inquiry, payable: tuple[Charge, ...]) -> tuple[Charge, ...]:
    """Less than the smallest amount is not collected (관세법 40, 시행령 37(1))."""
    amounts = [each.amount for each in payable]
    if None in amounts:
        return payable
    total = sum(amount or 0 for amount in amounts)
    if total == 0:
        return payable
    why = inquiry.why
    try:
        smallest = why.value("kr.minimum_collection")
    except Unknown as lacking:
        return tuple(replace(each, amount=None, missing=lacking.name) for each in payable)
    numbers = f"{won(total)} against {won(smallest.integer)}"
    why.say(
        "minimum_collection", None, "total < smallest: not collected", numbers, smallest.citation
    )
    if total >= smallest.integer:
        return payable
    citation = smallest.citation
    return tuple(replace(e, amount=0, citations=(*e.citations, citation)) for e in payable)


def _status(payable: tuple[Charge, ...]) -> Status:
    amounts = [each.amount for each in payable]
    if None in amounts:
        return "unknown"
    return "payable" if any(amounts) else "exempt"


def _warnings(inquiry: Inquiry, more: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Every notice once; last, everything used that is below ``confirmed``."""
    doubtful = inquiry.unverified()
    last = [Notice("LAW_UNVERIFIED", "", {"parameters": ", ".join(doubtful)})] if doubtful else []
    found: list[Notice] = []
    for notice in (*inquiry.notices, *more, *last):
        if notice not in found:
            found.append(notice)
    return tuple(found)
