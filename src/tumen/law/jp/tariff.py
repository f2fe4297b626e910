"""The rate of the general tariff: which column of the tariff applies.

1. The national rate is the temporary one (関税暫定措置法 2条) where the tariff has one, else the
   general one (関税定率法 3条).
2. The rate of the WTO schedule (関税定率法 5条) applies to goods of most countries where it is
   lower. The tariff prints it in brackets where it is not lower than the general rate.
3. A preferential rate that is claimed and due is taken where it is lower still
   (:mod:`tumen.law.jp.preference`).

The rates for developing countries (GSP, LDC) are not looked at.
"""

import re
from dataclasses import dataclass
from typing import Final

from tumen.law.consignment import Goods, TariffRate
from tumen.law.duty import AdValorem, Duty, Specific
from tumen.law.explanation import Unknown
from tumen.law.jp.commodity import commodity_code
from tumen.law.settlement import Settlement

IN_BRACKETS: Final = re.compile(r"[(（][^()（）]*[)）]")
BESIDE_BRACKETS: Final = "*※◎●◆〜又は| "
COUNTRIES_HELD: Final = frozenset({"CN", "KR", "MN", "RU", "KP"})
"""The origins whose most-favoured-nation treatment stands in a parameter of its own."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A rate, and why it is the one.

    Attributes:
        rate: the tariff's rate.
        reason: in words, for the explanation.
        citation: the rule that chose it.
    """

    rate: TariffRate
    reason: str
    citation: str


def column(goods: Goods, name: str) -> TariffRate | None:
    """What the tariff prints in a column; None where it prints nothing there.

    A rate without text is printed too: the lines below a short code differ there.
    """
    return goods.tariff.get(name)


def is_bracketed(rate: TariffRate) -> bool:
    """Whether the tariff says, of all that it prints, that it is not lower than the general rate.

    >>> bracketed = TariffRate("wto", "(無税)〜(3.9%)", None, "", "confirmed")
    >>> half = TariffRate("wto", "無税〜(3.9%)", None, "", "confirmed")
    >>> is_bracketed(bracketed), is_bracketed(half)
    (True, False)
    """
    beside, count = IN_BRACKETS.subn("", rate.text)
    return count > 0 and not beside.strip(BESIDE_BRACKETS)


def has_base_by_value(terms: Duty) -> bool:
    """Whether the customs value is the base of a rate, or of a part of it."""
    if isinstance(terms, AdValorem):
        return True
    return not isinstance(terms, Specific) and any(has_base_by_value(each) for each in terms.of)


def applied(settlement: Settlement, goods: Goods, base: int) -> Applied:
    """The rate without preference.

    Raises:
        Unknown: the tariff does not know the code, or what the choice turns on is unknown.
    """
    national = _national(settlement, goods)
    wto = column(goods, "wto")
    if wto is None or is_bracketed(wto) or not _has_wto_rates(settlement, goods):
        return national
    citation = settlement.why.cite("jp.tariff.wto")
    if national.rate.column == "general":
        return Applied(wto, "the WTO rate is lower than the general one", citation)
    ours = settlement.duty_by(settlement.terms_of(goods, national.rate), goods, base)
    theirs = settlement.duty_by(settlement.terms_of(goods, wto), goods, base)
    if theirs < ours:
        return Applied(wto, "the WTO rate is lower than the temporary one", citation)
    return national


def _national(settlement: Settlement, goods: Goods) -> Applied:
    """1. The temporary rate, else the general one."""
    temporary, general = column(goods, "temporary"), column(goods, "general")
    if temporary is not None:
        reason = "the temporary rate goes before the general one"
        return Applied(temporary, reason, settlement.why.cite("jp.tariff.temporary"))
    if general is None:
        commodity_code(goods)
        raise Unknown(settlement.tariff_name(goods))
    return Applied(general, "the general rate", settlement.why.cite("jp.tariff.general"))


def _has_wto_rates(settlement: Settlement, goods: Goods) -> bool:
    """2. Whether goods of this origin have the rates of the WTO schedule."""
    if goods.origin is None:
        raise Unknown(f"items[{goods.place}].origin")
    country = goods.origin.lower() if goods.origin in COUNTRIES_HELD else "other"
    value = settlement.why.value(f"jp.mfn.{country}")
    if not value.scalar:
        settlement.warn("JP_NO_WTO_RATE", f"items[{goods.place}].origin", value=goods.origin)
    return bool(value.scalar)


def is_free(settlement: Settlement, goods: Goods, base: int) -> bool:
    """Whether the general tariff frees the goods, without any preference.

    Raises:
        Unknown: it cannot be told.
    """
    printed = [column(goods, name) for name in ("temporary", "general", "wto")]
    if all(each is None for each in printed):
        commodity_code(goods)
        raise Unknown(settlement.tariff_name(goods))
    if all(each is None or (each.terms is not None and not _is_nothing(each)) for each in printed):
        return False
    found = applied(settlement, goods, base)
    settlement.terms_of(goods, found.rate)
    if _is_nothing(found.rate):
        settlement.use(goods, found.rate)
        return True
    return False


def _is_nothing(rate: TariffRate) -> bool:
    return isinstance(rate.terms, AdValorem) and rate.terms.rate == 0
