"""Preferential origin into China: who may claim it, and why not (RCEP, China–Korea FTA, APTA).

The schedules of preferential rates are not held. So the rate is unknown whatever the answer; the
general rate is taken, and the answer says that a lower one may exist.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods, Preference
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Notice

AGREEMENTS: Final = {"RCEP": "rcep", "CKFTA": "ckfta", "APTA": "apta"}
CENTS_PER_DOLLAR: Final = 100


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a claim stands, as far as the shipment tells.

    Attributes:
        agreement: as the shipment names it.
        reasons: what speaks against it: ``agreement``, ``origin``, ``direct_transport``,
            ``proof``; empty where nothing does.
        citation: where the agreement is in force from.
    """

    agreement: str
    reasons: tuple[str, ...]
    citation: str = "—"


def eligibility(consignment: Consignment, goods: Goods, why: Explanation) -> Eligibility:
    """Whether an item's claim stands: agreement, origin, transport, proof, in this order."""
    claim = consignment.preference
    name = AGREEMENTS.get(claim.agreement) if claim else None
    if claim is None or name is None:
        return Eligibility(claim.agreement if claim else "", ("agreement",))
    prefix = f"cn.preference.{name}"
    try:
        in_force = why.value(f"{prefix}.{(goods.origin or '').lower()}")
    except Unknown:
        return Eligibility(claim.agreement, ("origin",))
    reasons: list[str] = []
    if why.value(f"{prefix}.direct_transport").value and claim.direct_transport is not True:
        reasons.append("direct_transport")
    known = str(why.value(f"{prefix}.proof").scalar).split(", ")
    if claim.proof not in known and not _is_waived(consignment, prefix, why):
        reasons.append("proof")
    return Eligibility(claim.agreement, tuple(reasons), in_force.citation)


def _is_waived(consignment: Consignment, prefix: str, why: Explanation) -> bool:
    """Whether the value is so small that no proof is asked for."""
    try:
        limit = why.number(f"{prefix}.proof_waiver")
        dollars = consignment.price / consignment.rate_of("USD")
    except Unknown:
        return False
    return dollars <= Fraction(limit, CENTS_PER_DOLLAR)


def preference_notices(
    consignment: Consignment, goods: Goods, why: Explanation
) -> tuple[Notice, ...]:
    """What to tell of a claim; nothing where none is made. Adds a step to the explanation."""
    claim: Preference | None = consignment.preference
    if claim is None:
        return ()
    found = eligibility(consignment, goods, why)
    told = ", ".join(found.reasons) or "none"
    why.say(
        "preference",
        goods.place,
        "agreement in force with the origin, direct transport, proof",
        f"{found.agreement}, origin {goods.origin}: against it {told}; the general rate is taken",
        found.citation,
    )
    if found.reasons:
        parameters = {"value": told, "agreement": found.agreement}
        return (Notice("PREFERENCE_NOT_ELIGIBLE", "preference", parameters),)
    path = f"items[{goods.place}].hs"
    return (Notice("PREFERENCE_RATE_NOT_HELD", path, {"value": found.agreement}),)
