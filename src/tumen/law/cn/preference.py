"""Preferential origin into China: what RCEP, the China-Korea FTA and the APTA ask for.

The schedules of preferential rates are not held: where a claim holds, the general rate is taken
all the same, and the answer says that a lower one may exist.
"""

from typing import Final

from tumen.law.cn.declared import fen
from tumen.law.consignment import Goods
from tumen.law.preference import agreement_of, preferential
from tumen.law.settlement import Settlement

NAMES: Final = {"origin": "{}", "transport": "direct_transport", "proof": "proof"}
WAIVED: Final = {**NAMES, "waiver": "proof_waiver"}
AGREEMENTS: Final = {
    "RCEP": agreement_of("cn.preference.rcep", ("JP", "KR"), names=NAMES),
    "CKFTA": agreement_of("cn.preference.ckfta", ("KR",), names=WAIVED),
    "APTA": agreement_of("cn.preference.apta", ("KR", "MN"), names=NAMES),
}


def tell_preference(settlement: Settlement, goods: Goods) -> None:
    """Tell whether a claim holds; its rate is never held, so nothing comes of it."""
    preferential(settlement, goods, AGREEMENTS, fen(settlement.consignment.price))
