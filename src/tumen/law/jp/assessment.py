"""The assessment of imports into Japan, step by step; what the regimes share.

0. Of what may not be imported nothing is computed (:mod:`tumen.law.jp.control`).
1. Customs value (:mod:`tumen.law.jp.valuation`).
2. Exemption up to 10,000 yen (:mod:`tumen.law.jp.exemption`).
3. Duty of each item, as the regime says.
4. Excise and consumption tax of each item, and what is payable (:mod:`tumen.law.jp.taxes`).
5. What a declaration needs (:mod:`tumen.law.jp.control`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.findings import once
from tumen.law.jp.control import check_admission, check_procedure
from tumen.law.jp.duties import ROUNDING, Valued
from tumen.law.jp.exemption import Exemption, exemption
from tumen.law.jp.taxes import (
    LOCAL,
    NATIONAL,
    excise,
    excise_code,
    local_tax,
    make_payable,
    national_tax,
)
from tumen.law.jp.valuation import valued
from tumen.law.ruling import Ruling
from tumen.law.settlement import Found, Settlement

EXEMPT: Final = "exempt"
TAXES: Final = ("duty", NATIONAL, LOCAL)

DutyOf: TypeAlias = Callable[[Settlement, Valued], Found]
"""The duty of an item.

Raises :class:`~tumen.law.explanation.Unknown` where what it needs is not known."""


def assess(consignment: Consignment, regime: str, duty_of: DutyOf) -> Ruling:
    """The ruling of a regime that differs from the others in its duty only.

    Args:
        consignment: amounts in yen.
        regime: the regime's name.
        duty_of: the duty of one item.
    """
    settlement = Settlement(regime, consignment, ROUNDING)
    check_admission(settlement)
    if settlement.violations:
        return settlement.refused(settlement.violations)
    try:
        value = once(valued, settlement)
        exempt = once(exemption, settlement, value)
    except Unknown as unknown:
        return settlement.unknown(TAXES, unknown.name)
    for goods, amount in zip(consignment.goods, value.items, strict=True):
        _Item(settlement, Valued(goods, amount, value.total), exempt).charge(duty_of)
    make_payable(settlement)
    is_taxed = any(each.amount for each in settlement.charges)
    check_procedure(settlement, value.total, is_taxed)
    return settlement.ruling(value.total)


@dataclass(frozen=True, slots=True)
class _Item:
    """3 and 4. The charges of one item."""

    settlement: Settlement
    valued: Valued
    exempt: Exemption

    @property
    def goods(self) -> Goods:
        """The item."""
        return self.valued.goods

    def charge(self, duty_of: DutyOf) -> None:
        """Duty, excise, national and local consumption tax, each on the earlier ones."""
        settlement, place = self.settlement, self.goods.place
        settlement.charge("duty", place, partial(self._duty, duty_of))
        code = excise_code(settlement, self.goods)
        settlement.charge(code, place, partial(excise, settlement, self.valued))
        settlement.charge(NATIONAL, place, partial(self._national, code))
        settlement.charge(LOCAL, place, self._local)

    def _duty(self, duty_of: DutyOf) -> Found:
        exempt = self.exempt.of_duty(self.goods.place)
        return duty_of(self.settlement, self.valued) if exempt is None else _nothing(exempt)

    def _national(self, excise_code: str) -> Found:
        exempt = self.exempt.of_tax(self.goods.place)
        if exempt is not None:
            return _nothing(exempt)
        duty, excised = (
            self.settlement.charged(code, self.goods.place) for code in ("duty", excise_code)
        )
        return national_tax(self.settlement, self.valued, duty, excised)

    def _local(self) -> Found:
        exempt = self.exempt.of_tax(self.goods.place)
        return local_tax(self.settlement, self.goods) if exempt is None else _nothing(exempt)


def _nothing(citation: str) -> Found:
    return Found(None, EXEMPT, 0, (citation,))
