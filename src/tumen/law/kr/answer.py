"""The answer of Korea's law: what is payable on the whole, the smallest amount, the warnings."""

from dataclasses import replace
from typing import Final

from tumen.law.consignment import Consignment
from tumen.law.explanation import Unknown
from tumen.law.kr.buyer_identity import identity_warnings
from tumen.law.kr.import_control import control_warnings, prohibitions
from tumen.law.ruling import Charge, Ruling
from tumen.law.settlement import Settlement

ROUNDING: Final = ("kr.tax.rounding", "kr.tax.rounding_unit")
"""Taxes are cut to ten won."""

SCOPE: Final = "kr.tax.rounding_scope"
"""Whether of each item or of the sum: with one item it is the same."""


def settlement_of(regime: str, consignment: Consignment) -> Settlement:
    """A new assessment of goods."""
    return Settlement(regime, consignment, *ROUNDING)


def ruled(settlement: Settlement, customs_value: int) -> Ruling:
    """The ruling on goods, from the charges of their items."""
    if settlement.consignment.goods[1:]:
        settlement.why.holds(SCOPE)
    settlement.sum_items()
    _collect(settlement)
    settlement.violations += prohibitions(settlement)
    settlement.tell(*identity_warnings(settlement), *control_warnings(settlement))
    return settlement.ruling(customs_value)


def _collect(settlement: Settlement) -> None:
    """Less than the smallest amount is not collected (관세법 40, 시행령 37(1))."""
    amounts = [each.amount for each in settlement.charges if each.item is None]
    total = sum(each or 0 for each in amounts)
    if None in amounts or not total:
        return
    try:
        smallest = settlement.why.value("kr.minimum_collection")
    except Unknown as unknown:
        _change(settlement, amount=None, missing=unknown.name)
        return
    money = settlement.money
    settlement.why.say(
        "minimum_collection",
        None,
        "total < smallest: not collected",
        lambda: f"{money(total)} against {money(smallest.integer)}",
        smallest.citation,
    )
    if total < smallest.integer:
        _change(settlement, amount=0, citation=smallest.citation)


def _change(
    settlement: Settlement, amount: int | None, missing: str | None = None, citation: str = ""
) -> None:
    """Put another amount into everything that is payable on the whole."""

    def changed(charge: Charge) -> Charge:
        cited = (*charge.citations, *([citation] if citation else []))
        return replace(charge, amount=amount, missing=missing, citations=cited)

    settlement.charges = [
        changed(each) if each.item is None else each for each in settlement.charges
    ]
