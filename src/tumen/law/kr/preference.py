"""Preference into Korea: what each agreement asks for, and where its column of the tariff stands.

Sources: RCEP (Korea from 2022-02-01; direct consignment, Art. 3.15), China-Korea FTA (2015-12-20;
no proof up to 700 USD), Asia-Pacific Trade Agreement. The rates themselves come only from the
columns of the official tariff that a user imports; none is held here.
"""

from typing import Final

from tumen.law.preference import Agreement


def _agreement(name: str, *origins: str, waiver: str = "") -> Agreement:
    prefix = f"kr.preference.{name}"
    return Agreement(
        origins=dict.fromkeys(origins, f"{prefix}.columns"),
        transport=f"{prefix}.transport",
        waiver=waiver and f"{prefix}.{waiver}",
    )


AGREEMENTS: Final = {
    "RCEP": _agreement("rcep", "CN", "JP"),
    "CKFTA": _agreement("ckfta", "CN", waiver="proof_waiver"),
    "APTA": _agreement("apta", "CN", "MN"),
}
