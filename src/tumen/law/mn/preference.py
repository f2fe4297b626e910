"""Preferential rates of duty into Mongolia: what each agreement asks for.

Sources: Asia-Pacific Trade Agreement (Mongolia from 2021-01-01); Japan-Mongolia EPA (from
2016-06-07, Mongolia's rates not held); the interim agreement with the EAEU is not in force.
"""

from typing import Final

from tumen.law.consignment import Goods
from tumen.law.preference import Agreement, Preferred, preferential
from tumen.law.settlement import Settlement

COLUMN: Final = "apta"
APTA_ORIGINS: Final = {
    **dict.fromkeys(("CN", "KR"), "mn.apta.origins"),
    **dict.fromkeys(("BD", "IN", "LA", "LK"), "mn.apta.other_origins"),
}
EAEU: Final = ("AM", "BY", "KG", "KZ", "RU")
AGREEMENTS: Final = {
    "APTA": Agreement(
        origins=APTA_ORIGINS,
        columns=dict.fromkeys(APTA_ORIGINS, COLUMN),
        transport="mn.apta.proof",
        proof="mn.apta.proof",
    ),
    "JMEPA": Agreement(origins={"JP": "mn.jmepa.in_force"}, is_proof_asked=False),
    "EAEU_MN": Agreement(origins=dict.fromkeys(EAEU, "mn.preference.eaeu"), is_proof_asked=False),
}


def preferential_rate(settlement: Settlement, goods: Goods) -> Preferred | None:
    """The preferential rate that is claimed and due; None where there is none.

    Where nothing is claimed and the tariff prints one for the origin, a warning says so.
    """
    if settlement.consignment.preference is None:
        name = APTA_ORIGINS.get(goods.origin or "")
        if COLUMN in goods.tariff and name is not None and settlement.why.holds(name):
            path = f"items[{goods.place}].origin"
            settlement.warn("MN_PREFERENCE_POSSIBLE", path, value="APTA")
        return None
    return preferential(settlement, goods, AGREEMENTS, settlement.consignment.price)
