"""Preferential origin into China: what RCEP, the China-Korea FTA and the APTA ask for.

The schedules of preferential rates are not held. They come only from the columns of the official
tariff that a user imports; else the general rate is taken, and the answer says that a lower one
may exist.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tumen.law.cn.declared import fen
from tumen.law.consignment import Goods
from tumen.law.preference import Agreement, Preferred, agreement_of, preferential
from tumen.law.settlement import Settlement

NAMES: Final = {"origin": "{}", "transport": "direct_transport", "proof": "proof"}
WAIVED: Final = {**NAMES, "waiver": "proof_waiver"}
RCEP: Final = {"JP": "rcep_japan", "KR": "rcep_korea"}
CKFTA: Final = {"KR": "ckfta"}
APTA: Final = {"KR": "apta", "MN": "apta"}
"""The columns of an imported tariff, by the country of origin."""

AGREEMENTS: Final[Mapping[str, Agreement]] = {
    "RCEP": agreement_of("cn.preference.rcep", RCEP, names=NAMES, columns=RCEP),
    "CKFTA": agreement_of("cn.preference.ckfta", CKFTA, names=WAIVED, columns=CKFTA),
    "APTA": agreement_of("cn.preference.apta", APTA, names=NAMES, columns=APTA),
}
WITHOUT_RATES: Final = {name: replace(each, columns={}) for name, each in AGREEMENTS.items()}


def preferential_rate(settlement: Settlement, goods: Goods) -> Preferred | None:
    """The rate that is claimed, due and imported; None where there is none, and that is told."""
    return preferential(settlement, goods, AGREEMENTS, fen(settlement.consignment.price))


def tell_preference(settlement: Settlement, goods: Goods) -> None:
    """Tell whether a claim holds, where the duty is that of the general rate whatever is held."""
    preferential(settlement, goods, WITHOUT_RATES, fen(settlement.consignment.price))
