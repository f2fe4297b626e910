"""Preference into Korea: what each agreement asks for, and where its column of the tariff stands.

Sources: RCEP (Korea from 2022-02-01; direct consignment, Art. 3.15), China-Korea FTA (2015-12-20;
no proof up to 700 USD), Asia-Pacific Trade Agreement. The rates themselves come only from the
columns of the official tariff that a user imports; none is held here.
"""

from typing import Final

from tumen.law.preference import agreement_of

NAMES: Final = {"origin": "columns", "transport": "transport"}
WAIVED: Final = {**NAMES, "waiver": "proof_waiver"}
AGREEMENTS: Final = {
    "RCEP": agreement_of("kr.preference.rcep", ("CN", "JP"), names=NAMES),
    "CKFTA": agreement_of("kr.preference.ckfta", ("CN",), names=WAIVED),
    "APTA": agreement_of("kr.preference.apta", ("CN", "MN"), names=NAMES),
}
