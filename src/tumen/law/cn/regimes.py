"""The ways in which goods and services enter China, in the order in which the law prefers them.

Besides them the modes of export, and the question whether exported goods may come back free of tax.
"""

from typing import Final

from tumen.law import admission, digital
from tumen.law.cn import cbec_ruling, digital_reference, general_reference, postal_reference
from tumen.law.cn.export import EXPORT_REGIMES
from tumen.law.cn.export_return import ExportReturn, ReturnDecision, decide
from tumen.law.ruling import Regime

__all__ = ["EXPORT_REGIMES", "REGIMES", "ExportReturn", "ReturnDecision", "decide"]


REGIMES: Final[tuple[Regime, ...]] = (
    Regime(cbec_ruling.REGIME, cbec_ruling.refusals, cbec_ruling.assess),
    Regime(postal_reference.REGIME, postal_reference.refusals, postal_reference.assess),
    Regime(general_reference.REGIME, general_reference.refusals, general_reference.assess),
    Regime(digital.REGIME, admission.goods_among_services, digital_reference.assess),
)
"""Import: goods of an order through a platform are retail; else articles; else general trade."""
