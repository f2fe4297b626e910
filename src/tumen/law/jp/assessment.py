"""The assessment of imports into Japan, step by step; what the regimes share.

1. Customs value (:mod:`tumen.law.jp.valuation`).
2. Exemption up to 10,000 yen (:mod:`tumen.law.jp.exemption`).
3. Duty of each item, as the regime says.
4. Excise and consumption tax of each item, and what is payable (:mod:`tumen.law.jp.taxes`).
5. What may not be imported, and what a declaration needs (:mod:`tumen.law.jp.control`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
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
    try:
        value = valued(settlement)
        exempt = exemption(settlement, value)
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
        is_exempt = place in self.exempt.places
        duty = self._no_duty if is_exempt else partial(duty_of, settlement, self.valued)
        settlement.charge("duty", place, duty)
        code = excise_code(settlement, self.goods)
        settlement.charge(code, place, partial(excise, settlement, self.valued))
        national = self._no_tax if is_exempt else partial(self._national, code)
        settlement.charge(NATIONAL, place, national)
        local = self._no_tax if is_exempt else partial(local_tax, settlement, self.goods)
        settlement.charge(LOCAL, place, local)

    def _no_duty(self) -> Found:
        return Found(None, EXEMPT, 0, self.exempt.citations[:1])

    def _no_tax(self) -> Found:
        if self.exempt.tax_missing is not None:
            raise Unknown(self.exempt.tax_missing)
        return Found(None, EXEMPT, 0, self.exempt.citations[1:])

    def _national(self, excise_code: str) -> Found:
        duty, excised = (
            self.settlement.charged(code, self.goods.place) for code in ("duty", excise_code)
        )
        return national_tax(self.settlement, self.valued, duty, excised)
