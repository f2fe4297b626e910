"""Preferential rates of Japan: RCEP for China and Korea, and the agreement with Mongolia."""

from typing import Final

from tumen.law.preference import agreement_of

NAMES: Final = {"origin": "{}", "transport": "transport", "proof": "{}", "waiver": "waiver"}
RCEP: Final = {"CN": "rcep_china", "KR": "rcep_korea"}
JMEPA: Final = {"MN": "epa_mongolia"}
AGREEMENTS: Final = {
    "RCEP": agreement_of("jp.preference.rcep", RCEP, names=NAMES, columns=RCEP),
    "JMEPA": agreement_of("jp.preference.jmepa", JMEPA, names=NAMES, columns=JMEPA),
}
