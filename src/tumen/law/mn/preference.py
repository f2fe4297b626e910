"""Preferential rates of duty into Mongolia: what is claimed, whether it holds, and the rate.

Sources: Asia-Pacific Trade Agreement (Mongolia from 2021-01-01); Japan-Mongolia EPA (from
2016-06-07, Mongolia's rates not held); the interim agreement with the EAEU is not in force.
"""

from typing import Final

from tumen.law.consignment import Goods, Preference
from tumen.law.explanation import Unknown
from tumen.law.settlement import Settlement

APTA: Final = "APTA"
RATES_NOT_HELD: Final = {"JMEPA": "mn.jmepa.in_force", "EAEU_MN": "mn.preference.eaeu"}
COLUMN: Final = "apta"


def column_of(settlement: Settlement, goods: Goods) -> str | None:
    """The column of the tariff that a claim opens for an item; None where it opens none.

    A claim that does not hold is refused with its reason in a warning. Where nothing is claimed
    and the tariff prints a preferential rate for the origin, a warning says so.
    """
    claim = settlement.consignment.preference
    path = f"items[{goods.place}].origin"
    if claim is None:
        if COLUMN in goods.tariff and _is_origin(settlement, goods.origin):
            settlement.warn("MN_PREFERENCE_POSSIBLE", path, value=APTA)
        return None
    reason = _refusal(settlement, goods, claim)
    if reason is None:
        return COLUMN
    settlement.warn("MN_PREFERENCE_REFUSED", path, value=claim.agreement, expected=reason)
    return None


def _refusal(settlement: Settlement, goods: Goods, claim: Preference) -> str | None:
    """Why a claim opens no rate, in one word; None where it opens one."""
    if claim.agreement in RATES_NOT_HELD:
        in_force = _is_in_force(settlement, RATES_NOT_HELD[claim.agreement])
        return "rate_not_held" if in_force else "not_in_force"
    if claim.agreement != APTA:
        return "not_of_mongolia"
    if not _is_in_force(settlement, "mn.apta.origins"):
        return "not_in_force"
    if not _is_origin(settlement, goods.origin):
        return "origin"
    if claim.proof != settlement.why.value("mn.apta.proof").scalar:
        return "proof"
    if claim.direct_transport is not True:
        return "direct_transport"
    return None if COLUMN in goods.tariff else "no_rate"


def _is_in_force(settlement: Settlement, name: str) -> bool:
    try:
        settlement.why.value(name)
    except Unknown:
        return False
    return True


def _is_origin(settlement: Settlement, origin: str | None) -> bool:
    """Whether goods of an origin have the rates of the Asia-Pacific Trade Agreement."""
    try:
        if origin in str(settlement.why.value("mn.apta.origins").scalar).split():
            return True
        return origin in str(settlement.why.value("mn.apta.other_origins").scalar).split()
    except Unknown:
        return False
