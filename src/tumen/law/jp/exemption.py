"""The exemption of consignments up to 10,000 yen (関税定率法 14条18号; 輸徴法 13条).

1. The total customs value of the consignment, with what the same sender sent to the same receiver
   at the same time, is held against the limit of duty; what is within it, against that of
   consumption tax, whose exemption is for goods that are exempt of duty. Both limits are the same
   today. The limit itself is still exempt.
2. Goods of the list of the Cabinet Order (施行令 16条の3) are taxed all the same; a gift for
   personal use may be exempt, but nobody told us whether the goods are a gift. Where a code does
   not tell whether its goods are listed, the seller's category does; else it is unknown.
3. Only duty and consumption tax are exempt: liquor tax, tobacco tax and the like are not.
4. The end of the exemption from consumption tax is announced for 2028-04-01; what then holds is
   not held, so that the tax is unknown from that day on.
"""

from dataclasses import dataclass
from typing import Final

from tumen.law.consignment import Goods
from tumen.law.explanation import Unknown
from tumen.law.goods import GoodsClass, goods_classes
from tumen.law.jp.commodity import classify, is_personal
from tumen.law.jp.valuation import Valuation
from tumen.law.parameters import Value
from tumen.law.settlement import Settlement

DUTY_LIMIT: Final = "jp.deminimis.duty_limit"
TAX_LIMIT: Final = "jp.deminimis.consumption_tax_limit"
TABLE: Final = "jp.deminimis"
UNCERTAIN: Final = "uncertain"
NOT_LISTED: Final = frozenset({"not_listed", "snowboard_boots"})
"""The classes of the table that the exemption covers."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """What the consignment's items are exempt of.

    Attributes:
        duty: of the exemption from duty the citation; None where the total is above the limit.
        tax: the same of consumption tax.
        tax_missing: what is not held of the exemption from consumption tax; None where it is held.
        listed: the items that no exemption covers.
        untold: the items of which nobody told whether it covers them.
    """

    duty: str | None = None
    tax: str | None = None
    tax_missing: str | None = None
    listed: frozenset[int] = frozenset()
    untold: frozenset[int] = frozenset()

    def of_duty(self, place: int) -> str | None:
        """What exempts an item of duty; None where it is dutiable.

        Raises:
            Unknown: it cannot be told; carries the field that would tell.
        """
        return self._of(self.duty, place)

    def of_tax(self, place: int) -> str | None:
        """What exempts an item of consumption tax; None where it is taxed.

        Raises:
            Unknown: it cannot be told, or is not held; carries what would tell.
        """
        found = self._of(self.tax or self.tax_missing, place)
        if found is not None and found == self.tax_missing:
            raise Unknown(found)
        return found

    def _of(self, citation: str | None, place: int) -> str | None:
        if citation is None or place in self.listed:
            return None
        if place in self.untold:
            raise Unknown(f"items[{place}].category")
        return citation


def exemption(settlement: Settlement, value: Valuation) -> Exemption:
    """The exemption of the consignment's items.

    Raises:
        Unknown: the limit of the day is not held, or a code cannot be classified.
    """
    total = _total(settlement, value)
    # 1. The limits.
    duty = _within(settlement, "deminimis", total, settlement.why.value(DUTY_LIMIT))
    if duty is None:
        return Exemption()
    tax, tax_missing = None, None
    try:
        limit = settlement.why.value(TAX_LIMIT)
        tax = _within(settlement, "deminimis_consumption_tax", total, limit)
    except Unknown as unknown:
        # 4. What is announced concerns goods that are exempt of duty; all others stay taxed.
        settlement.warn("JP_EXEMPTION_ENDS", "date")
        tax_missing = unknown.name
    # 2. The list.
    settlement.why.value("jp.deminimis.exclusions")
    told = {each.place: _is_listed(settlement, each) for each in settlement.consignment.goods}
    return Exemption(
        duty,
        tax,
        tax_missing,
        listed=frozenset(place for place, is_listed in told.items() if is_listed),
        untold=frozenset(place for place, is_listed in told.items() if is_listed is None),
    )


def _total(settlement: Settlement, value: Valuation) -> int:
    """1. The value that is held against the limits: this consignment's and what came with it."""
    total = value.total + value.added
    if value.added:
        citation = settlement.why.cite("jp.deminimis.scope")
        money = settlement.money
        settlement.why.say(
            "deminimis_total",
            None,
            "total = this + sent together",
            lambda: f"{money(value.total)} + {money(value.added)} = {money(total)}",
            citation,
        )
    return total


def _within(settlement: Settlement, code: str, total: int, limit: Value) -> str | None:
    """1. Hold the total against a limit; the citation where it is not above."""
    is_within, money = total <= limit.integer, settlement.money
    settlement.why.say(
        code,
        None,
        "total <= limit",
        lambda: f"{money(total)} {'<=' if is_within else '>'} {money(limit.integer)}",
        limit.citation,
    )
    return limit.citation if is_within else None


def _is_listed(settlement: Settlement, goods: Goods) -> bool | None:
    """2. Whether the exemption does not cover the goods; None where nobody told."""
    found = classify(settlement, TABLE, goods)
    path = f"items[{goods.place}].hs"
    if found is not None and found.name == UNCERTAIN:
        uncertain, found = found, _named(settlement, goods)
        if found is None:
            settlement.warn("JP_EXEMPTION_UNCERTAIN", path, value=uncertain.what)
            return None
    if found is None or found.name in NOT_LISTED:
        return False
    formula = "listed goods are taxed"
    settlement.why.say("deminimis_excluded", goods.place, formula, found.what, found.citation)
    settlement.warn("JP_EXEMPTION_EXCLUDED", path, value=found.what)
    if is_personal(settlement.consignment):
        settlement.why.value("jp.deminimis.gift")
        settlement.warn("JP_GIFT_NOT_TOLD", path)
    return True


def _named(settlement: Settlement, goods: Goods) -> GoodsClass | None:
    """2. The class that the seller's category names; None where it names none."""
    for each in goods_classes(TABLE):
        names_it = each.name == goods.category and each.name != UNCERTAIN
        if names_it and each.covers(settlement.consignment.day):
            settlement.rely_on(TABLE, each)
            return each
    return None
