"""Preference into Korea: whether a claim holds, and in which column of the tariff its rate stands.

Sources: RCEP (Korea from 2022-02-01; direct consignment, Art. 3.15), China-Korea FTA (2015-12-20;
no proof up to 700 USD), Asia-Pacific Trade Agreement. The rates themselves come only from the
columns of the official tariff that a user imports; none is held here.
"""

from fractions import Fraction
from typing import Final

from tumen.law.consignment import Goods, Preference
from tumen.law.explanation import Unknown
from tumen.law.kr.inquiry import Inquiry, dollars
from tumen.law.ruling import Notice

AGREEMENTS: Final = ("RCEP", "CKFTA", "APTA")
WAIVER: Final = "kr.preference.ckfta.proof_waiver"


def preferential_column(inquiry: Inquiry, item: Goods, value: int) -> str | None:
    """The tariff's column for a claim that holds; None where none is made or it does not hold.

    Why a claim does not hold, and that its rate is not held, become notices of the inquiry.

    Args:
        inquiry: the question.
        item: the goods.
        value: the customs value of the whole consignment in won, for the waiver of the proof.
    """
    claim = inquiry.consignment.preference
    if claim is None:
        return None
    try:
        column, reason = _judged(inquiry, claim, item, value)
    except Unknown as unknown:
        column, reason = None, unknown.name
    told = {"value": claim.agreement, "expected": reason}
    if column is None:
        inquiry.notices.append(Notice("KR_PREFERENCE_REFUSED", f"items[{item.place}]", told))
    elif item.tariff.get(column) is None:
        told = {"value": claim.agreement, "expected": column}
        path = f"items[{item.place}].hs"
        inquiry.notices.append(Notice("KR_PREFERENCE_RATE_NOT_HELD", path, told))
        column = None
    return column


def _judged(inquiry: Inquiry, claim: Preference, item: Goods, value: int) -> tuple[str | None, str]:
    """The column, or why there is none: agreement, origin, transport, proof, in this order."""
    agreement = claim.agreement
    if agreement not in AGREEMENTS:
        return None, "agreement"
    why = inquiry.why
    columns = why.value(f"kr.preference.{agreement.lower()}.columns")
    by_origin = dict(pair.split(":") for pair in str(columns.value).split())
    column = by_origin.get(item.origin or "")
    if column is None:
        return None, "origin"
    transport = why.value(f"kr.preference.{agreement.lower()}.transport")
    if claim.direct_transport is not True:
        return None, "direct_transport"
    if claim.proof is None and not _is_waived(inquiry, agreement, value):
        return None, "proof"
    numbers = f"origin {item.origin}, direct, proof {claim.proof or 'waived'}: column {column}"
    citation = f"{columns.citation}; {transport.citation}"
    why.say("preference", item.place, "origin, direct transport, proof", numbers, citation)
    return column, ""


def _is_waived(inquiry: Inquiry, agreement: str, value: int) -> bool:
    """Whether the value is so small that no proof of origin is needed."""
    if agreement != "CKFTA":
        return False
    limit = inquiry.why.value(WAIVER)
    cents = inquiry.us_cents(Fraction(value))
    numbers = f"{dollars(cents)} USD against {dollars(limit.integer)} USD"
    inquiry.why.say("proof_waiver", None, "customs value <= limit", numbers, limit.citation)
    return cents <= limit.integer
