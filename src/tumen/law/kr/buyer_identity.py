"""Who the buyer is: the personal customs code of Korea, and the business number.

The code itself is never shown in a notice. Sources: the requirement in list clearance since
2020-12-01; one year of validity since 2026-01-01; name, telephone and postcode must match since
2026-02-02. No check digit of the code is published; whether it exists only customs can say.
"""

import re
from collections.abc import Iterator
from typing import Final

from tumen.law.explanation import Unknown
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement

PATH: Final = "buyer.id"
BUSINESS_NUMBER: Final = re.compile(r"[0-9]{10}")
WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
SHAPES: Final = {"P_and_12_digits": re.compile(r"P[0-9]{12}")}


def is_personal_code(text: str, shape: str = "P_and_12_digits") -> bool:
    """Whether a text has the form of a personal customs code.

    >>> is_personal_code("P123456789012"), is_personal_code("P12345678901")
    (True, False)
    """
    return SHAPES[shape].fullmatch(text) is not None


def is_business_number(text: str) -> bool:
    """Whether a text is a Korean business registration number with its check digit.

    The weights are our own knowledge (95 %), tried on published numbers; hence only a warning.

    >>> is_business_number("124-81-00998"), is_business_number("1248100999")
    (True, False)
    """
    digits = text.replace("-", "")
    if BUSINESS_NUMBER.fullmatch(digits) is None:
        return False
    numbers = [int(each) for each in digits]
    weighed = sum(weight * number for weight, number in zip(WEIGHTS, numbers, strict=False))
    weighed += numbers[8] * WEIGHTS[8] // 10
    return (10 - weighed % 10) % 10 == numbers[9]


def code_refusals(settlement: Settlement) -> tuple[Notice, ...]:
    """Why list clearance is refused for the buyer's code; empty on days that asked for none."""
    why, code = settlement.why, settlement.consignment.buyer_id
    try:
        required = why.value("kr.pccc.required")
    except Unknown:
        return ()
    if not required.value:
        return ()
    if not code:
        return (Notice("KR_PCCC_MISSING", PATH, {"citation": required.citation}),)
    return _malformed(settlement, code)


def identity_warnings(settlement: Settlement) -> tuple[Notice, ...]:
    """What the reader should know of the buyer's number."""
    return tuple(_warnings(settlement))


def _warnings(settlement: Settlement) -> Iterator[Notice]:
    consignment = settlement.consignment
    code = consignment.buyer_id
    if consignment.buyer_kind == "business":
        if code and not is_business_number(code):
            yield Notice("KR_BUSINESS_NUMBER_INVALID", PATH)
        return
    if code:
        yield from _malformed(settlement, code)
    yield from _later_rules(settlement)


def _malformed(settlement: Settlement, code: str) -> tuple[Notice, ...]:
    """The notice that a code has not the form; it does not repeat the code."""
    try:
        shape = str(settlement.why.value("kr.pccc.format").value)
    except Unknown:
        return ()
    return () if is_personal_code(code, shape) else (Notice("KR_PCCC_INVALID", PATH),)


def _later_rules(settlement: Settlement) -> Iterator[Notice]:
    """Validity and matching, from the days on which they began."""
    for name, code in (
        ("kr.pccc.validity", "KR_PCCC_VALIDITY"),
        ("kr.pccc.match", "KR_PCCC_MATCH"),
    ):
        try:
            value = settlement.why.value(name)
        except Unknown:
            continue
        told = {"expected": str(value.value), "citation": value.citation}
        yield Notice(code, PATH, told)
