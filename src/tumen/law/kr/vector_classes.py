"""The classes of goods that Korea's law turns on, for the vectorised law.

The code decides; the seller's category is asked only where the code says nothing.
"""

from datetime import date
from typing import Final

from tumen.law.goods import goods_class
from tumen.law.kr.categories import CATEGORIES

PROHIBITED: Final = "prohibited"


def class_name(rule: str, hs: str, category: str | None, day: date) -> str | None:
    """The class of goods under a rule such as ``kr.liquor_tax``; None where it has none.

    >>> class_name("kr.personal_use", "9503", "honey", date(2026, 8, 1))
    'honey'
    """
    found = goods_class(rule, hs, day)
    if found is not None:
        return found.name
    return CATEGORIES.get(rule, {}).get(category or "")
