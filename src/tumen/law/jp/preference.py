"""Preferential rates of Japan: RCEP for goods of China and Korea, and the agreement with Mongolia.

A claim holds if

1. there is such an agreement with the country of origin, and it is in force on the day;
2. the goods came directly;
3. there is a proof of origin of a kind that the agreement accepts, or the consignment is worth no
   more than the amount up to which none is asked;
4. the tariff prints a rate for it that can be read.

What fails is told as a coded warning, and the goods have the rate without preference.
"""

from dataclasses import dataclass
from typing import Final

from tumen.law.consignment import Goods, Preference
from tumen.law.explanation import Unknown
from tumen.law.jp.case import Case, yen
from tumen.law.jp.tariff import Applied, column

AGREEMENTS: Final = {
    ("RCEP", "CN"): ("jp.preference.rcep", "cn", "rcep_china"),
    ("RCEP", "KR"): ("jp.preference.rcep", "kr", "rcep_korea"),
    ("JMEPA", "MN"): ("jp.preference.jmepa", "mn", "epa_mongolia"),
}
"""The law's name and the tariff's column of an agreement for an origin."""

PROOFS: Final = frozenset({"certificate", "declaration", "importer"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim to a preferential rate for one item."""

    case: Case
    goods: Goods
    preference: Preference
    total: int

    def fails(self, code: str, path: str, expected: str = "") -> None:
        """Tell why the claim does not hold."""
        told = {"expected": expected} if expected else {}
        self.case.warn(code, path, value=self.preference.agreement, **told)


def preferential(case: Case, goods: Goods, total: int) -> Applied | None:
    """The preferential rate that is claimed and due; None where there is none.

    Args:
        case: the case; what fails becomes one of its warnings.
        goods: an item.
        total: the customs value of the whole consignment, in yen.
    """
    if case.consignment.preference is None:
        return None
    claim = Claim(case, goods, case.consignment.preference, total)
    found = AGREEMENTS.get((claim.preference.agreement, goods.origin or ""))
    if found is None:
        origin = goods.origin or "-"
        claim.fails("JP_PREFERENCE_NOT_FOR_ORIGIN", f"items[{goods.place}].origin", origin)
        return None
    law, country, name = found
    if not (_is_in_force(claim, f"{law}.{country}") and _is_direct(claim, law)):
        return None
    if not _is_proven(claim, law):
        return None
    rate = column(goods, name)
    if rate is None or rate.terms is None:
        claim.fails("JP_PREFERENCE_NO_RATE", f"items[{goods.place}].hs", name)
        return None
    return Applied(rate, "the preferential rate is lower", case.why.cite(f"{law}.{country}"))


def _is_in_force(claim: Claim, name: str) -> bool:
    """1. The agreement is in force."""
    try:
        claim.case.why.value(name)
    except Unknown:
        claim.fails("JP_PREFERENCE_NOT_IN_FORCE", "date")
        return False
    return True


def _is_direct(claim: Claim, law: str) -> bool:
    """2. The goods came directly."""
    if claim.preference.direct_transport:
        claim.case.why.value(f"{law}.transport")
        return True
    claim.fails("JP_PREFERENCE_NOT_DIRECT", "preference.direct_transport")
    return False


def _is_proven(claim: Claim, law: str) -> bool:
    """3. There is a proof, or none is asked."""
    why, proof = claim.case.why, claim.preference.proof
    if proof in PROOFS:
        try:
            why.value(f"{law}.{proof}")
        except Unknown:
            claim.fails("JP_PREFERENCE_PROOF_UNKNOWN", "preference.proof", proof)
        else:
            return True
    waiver = why.value(f"{law}.waiver")
    if claim.total <= waiver.integer:
        numbers = f"{yen(claim.total)} <= {yen(waiver.integer)}"
        why.say("proof", claim.goods.place, "no proof up to the limit", numbers, waiver.citation)
        return True
    claim.fails("JP_PREFERENCE_NO_PROOF", "preference.proof", yen(waiver.integer))
    return False
