"""Preferential origin into China: what RCEP, the China-Korea FTA and the APTA ask for.

The schedules of preferential rates are not held: where a claim holds, the general rate is taken
all the same, and the answer says that a lower one may exist.
"""

from typing import Final

from tumen.law.cn.declared import fen
from tumen.law.consignment import Goods
from tumen.law.preference import Agreement, preferential
from tumen.law.settlement import Settlement


def _agreement(name: str, *origins: str, waiver: str = "") -> Agreement:
    prefix = f"cn.preference.{name}"
    return Agreement(
        origins={each: f"{prefix}.{each.lower()}" for each in origins},
        transport=f"{prefix}.direct_transport",
        proof=f"{prefix}.proof",
        waiver=waiver and f"{prefix}.{waiver}",
    )


AGREEMENTS: Final = {
    "RCEP": _agreement("rcep", "JP", "KR"),
    "CKFTA": _agreement("ckfta", "KR", waiver="proof_waiver"),
    "APTA": _agreement("apta", "KR", "MN"),
}


def tell_preference(settlement: Settlement, goods: Goods) -> None:
    """Tell whether a claim holds; its rate is never held, so nothing comes of it."""
    preferential(settlement, goods, AGREEMENTS, fen(settlement.consignment.price))
