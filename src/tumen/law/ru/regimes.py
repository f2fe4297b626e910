"""The ways in which goods and services enter Russia, those the law prefers first."""

from typing import Final

from tumen.law import admission, digital
from tumen.law.ru import (
    digital_reference,
    ecommerce_reference,
    general_reference,
    personal_reference,
)
from tumen.law.ruling import Regime

REGIMES: Final[tuple[Regime, ...]] = (
    Regime(ecommerce_reference.NAME, ecommerce_reference.refusals, ecommerce_reference.assess),
    Regime(personal_reference.NAME, personal_reference.refusals, personal_reference.assess),
    Regime(general_reference.NAME, general_reference.refusals, general_reference.assess),
    Regime(digital.REGIME, admission.goods_among_services, digital_reference.assess),
)
