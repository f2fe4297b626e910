"""The regimes of Korea, in the order in which the law prefers them."""

from typing import Final

from tumen.law import digital
from tumen.law.kr import (
    digital_service,
    general_reference,
    list_reference,
    simplified_reference,
)
from tumen.law.ruling import Regime

REGIMES: Final[tuple[Regime, ...]] = (
    *(
        Regime(
            module.REGIME,
            module.refusals,
            module.assess,
            is_elective=module is simplified_reference,  # 관세법 81조: the importer may opt out
        )
        for module in (list_reference, simplified_reference, general_reference)
    ),
    Regime(digital.REGIME, digital_service.refusals, digital_service.assess),
)
"""List clearance, simplified rates, the general import, and electronic services.

Goods up to 150 USD that are not cleared by list (food, mail) have no simplified rate: their
exemption is found in the general import.
"""
