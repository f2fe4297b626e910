"""The exemption of consignments up to 10,000 yen (関税定率法 14条18号; 輸徴法 13条).

1. The total customs value of the consignment, with what the same sender sent to the same receiver
   at the same time, is held against the limit; the limit itself is still exempt.
2. Goods of the list of the Cabinet Order (施行令 16条の3) are taxed all the same; a gift for
   personal use may be exempt, but nobody told us whether the goods are a gift.
3. Only duty and consumption tax are exempt: liquor tax, tobacco tax and the like are not.
4. The end of the exemption from consumption tax is announced for 2028-04-01; what then holds is
   not held, so that the tax is unknown from that day on.
"""

from dataclasses import dataclass

from tumen.law.consignment import Goods
from tumen.law.explanation import Unknown
from tumen.law.jp.commodity import classify, is_personal
from tumen.law.jp.valuation import Valuation
from tumen.law.settlement import Settlement

TAX_LIMIT = "jp.deminimis.consumption_tax_limit"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Which items are exempt of what.

    Attributes:
        places: the items that are exempt of duty.
        citations: of the exemption from duty, and from consumption tax where it is held.
        tax_missing: what is unknown of the exemption from consumption tax; None where it is held.
    """

    places: frozenset[int] = frozenset()
    citations: tuple[str, ...] = ()
    tax_missing: str | None = None


def exemption(settlement: Settlement, value: Valuation) -> Exemption:
    """The exemption of the consignment's items.

    Raises:
        Unknown: the limit of the day is not held, or a code cannot be classified.
    """
    limit = settlement.why.value("jp.deminimis.duty_limit")
    total = value.total + value.added
    # 1. The limit.
    if value.added:
        citation = settlement.why.cite("jp.deminimis.scope")
        money = settlement.money
        numbers = f"{money(value.total)} + {money(value.added)} = {money(total)}"
        settlement.why.say(
            "deminimis_total", None, "total = this + sent together", numbers, citation
        )
    is_within = total <= limit.integer
    numbers = (
        f"{settlement.money(total)} {'<=' if is_within else '>'} {settlement.money(limit.integer)}"
    )
    settlement.why.say("deminimis", None, "total <= limit", numbers, limit.citation)
    if not is_within:
        return Exemption()
    # 2. The list.
    settlement.why.value("jp.deminimis.exclusions")
    places = frozenset(
        each.place for each in settlement.consignment.goods if not _is_listed(settlement, each)
    )
    # 4. Consumption tax, as long as its exemption is held.
    try:
        citations = (limit.citation, settlement.why.cite(TAX_LIMIT))
    except Unknown as unknown:
        settlement.warn("JP_EXEMPTION_ENDS", "date")
        return Exemption(places, (limit.citation,), unknown.name)
    return Exemption(places, citations)


def _is_listed(settlement: Settlement, goods: Goods) -> bool:
    """2. Whether the exemption does not cover the goods."""
    found = classify(settlement, "jp.deminimis", goods)
    path = f"items[{goods.place}].hs"
    if found is None:
        return False
    if found.name == "uncertain":
        settlement.warn("JP_EXEMPTION_UNCERTAIN", path, value=found.what)
        return False
    settlement.why.say(
        "deminimis_excluded", goods.place, "listed goods are taxed", found.what, found.citation
    )
    settlement.warn("JP_EXEMPTION_EXCLUDED", path, value=found.what)
    if is_personal(settlement.consignment):
        settlement.why.value("jp.deminimis.gift")
        settlement.warn("JP_GIFT_NOT_TOLD", path)
    return True
