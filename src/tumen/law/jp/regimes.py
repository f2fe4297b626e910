"""The regimes of Japan, in the order in which the law prefers them.

The simplified tariff goes before the general one for all that it covers; the importer may choose
the general tariff for a consignment as a whole.
"""

from typing import Final

from tumen.law import admission, digital
from tumen.law.jp import digital_reference, general_reference, simplified_reference
from tumen.law.ruling import Regime

REGIMES: Final[tuple[Regime, ...]] = (
    Regime(
        simplified_reference.NAME,
        simplified_reference.refusals,
        simplified_reference.assess,
        is_elective=True,  # 関税定率法 3条の3: the importer may ask for the general tariff
    ),
    Regime(general_reference.NAME, general_reference.refusals, general_reference.assess),
    Regime(digital.REGIME, admission.goods_among_services, digital_reference.assess),
)
