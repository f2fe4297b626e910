"""The ways in which goods and services enter Mongolia, those the law prefers first."""

from typing import Final

from tumen.law import admission, digital
from tumen.law.mn import digital_reference, general_reference, postal_reference
from tumen.law.ruling import Regime

REGIMES: Final[tuple[Regime, ...]] = (
    Regime(postal_reference.NAME, postal_reference.refusals, postal_reference.assess),
    Regime(general_reference.NAME, general_reference.refusals, general_reference.assess),
    Regime(digital.REGIME, admission.goods_among_services, digital_reference.assess),
)
