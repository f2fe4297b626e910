"""The ways in which goods and services enter China, in the order in which the law prefers them.

Besides them the modes of export, and the question whether exported goods may come back free of tax.
"""

from typing import Final

from tumen.law.cn import cbec_ruling, digital_reference, general_reference, postal_reference
from tumen.law.cn.declared import is_service
from tumen.law.cn.export import EXPORT_REGIMES
from tumen.law.cn.export_return import ExportReturn, ReturnDecision, decide
from tumen.law.consignment import Consignment
from tumen.law.ruling import Notice, Regime

__all__ = ["EXPORT_REGIMES", "REGIMES", "ExportReturn", "ReturnDecision", "decide"]


def _general_refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """General trade takes all goods; a service is no goods."""
    if any(is_service(goods) for goods in consignment.goods):
        return (Notice("CN_SERVICE_IS_NO_GOODS", "items"),)
    return ()


REGIMES: Final[tuple[Regime, ...]] = (
    Regime(cbec_ruling.REGIME, cbec_ruling.refusals, cbec_ruling.assess),
    Regime(postal_reference.REGIME, postal_reference.refusals, postal_reference.assess),
    Regime(general_reference.REGIME, _general_refusals, general_reference.assess),
    Regime(digital_reference.REGIME, digital_reference.refusals, digital_reference.assess),
)
"""Import: goods of an order through a platform are retail; else articles; else general trade."""
