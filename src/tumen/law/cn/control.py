"""Prohibited and restricted goods at the border of China, as far as a commodity code shows them.

A screen, not the list of the law: it finds what a code gives away and no more.
"""

from collections.abc import Iterator
from typing import Final

from tumen.law.consignment import Consignment
from tumen.law.goods import goods_class
from tumen.law.ruling import Notice

CONTROL: Final = "cn.control"
CODES: Final = {"prohibited": "GOODS_PROHIBITED_CN", "restricted": "GOODS_RESTRICTED_CN"}


def _found(consignment: Consignment, name: str) -> Iterator[Notice]:
    for goods in consignment.goods:
        found = goods_class(CONTROL, goods.hs, consignment.day)
        if found is not None and found.name == name:
            parameters = {"value": found.what, "citation": found.citation}
            yield Notice(CODES[name], f"items[{goods.place}].hs", parameters)


def prohibited(consignment: Consignment) -> tuple[Notice, ...]:
    """The items that may not enter as an article or by retail."""
    return tuple(_found(consignment, "prohibited"))


def restricted(consignment: Consignment) -> tuple[Notice, ...]:
    """The items that need a licence, a permit or quarantine."""
    return tuple(_found(consignment, "restricted"))
