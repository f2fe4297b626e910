"""Goods that are controlled at the border, as far as a commodity code shows them.

A screen, not the list of the law: goods without a remark are not thereby allowed.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from tumen.law import admission
from tumen.law.consignment import Consignment
from tumen.law.explanation import Explanation
from tumen.law.goods import goods_class
from tumen.law.overlay import remembered_up_to
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement

PROHIBITED: Final = "prohibited"

WORDS_CACHED_MAX: Final = 4_096
"""Parameters and days whose words are kept."""


def prohibited(
    consignment: Consignment, table: str, classes: Collection[str] = (PROHIBITED,)
) -> Iterator[Notice]:
    """The items that a table puts in its class ``prohibited``, or in others that a rule names."""
    for goods in consignment.goods:
        found = goods_class(table, goods.hs, consignment.day)
        if found is not None and found.name in classes:
            told = {"value": found.what, "expected": found.citation}
            yield Notice("GOODS_PROHIBITED", f"items[{goods.place}].hs", told)


def refusals_of_import(consignment: Consignment, table: str, name: str) -> tuple[Notice, ...]:
    """Why a consignment is no general import: services are no goods, and some goods may not enter.

    That nobody imports these without a permit of the State, which a shipment does not tell, is our
    reading. The arguments are those of :func:`prohibited_by`.
    """
    return admission.services(consignment) or prohibited_by(consignment, table, name)


def prohibited_by(consignment: Consignment, table: str, name: str) -> tuple[Notice, ...]:
    """The items of the classes and of the seller's categories that a parameter names.

    Args:
        consignment: the goods.
        table: the classes, such as ``ru.control``.
        name: the parameter, with blanks between its words; where it is not held, there are none.
    """
    words = _words(name, consignment.day)
    return (*prohibited(consignment, table, words), *prohibited_categories(consignment, name))


def prohibited_categories(consignment: Consignment, name: str) -> Iterator[Notice]:
    """The items of which the seller says that they are of a kind that a parameter names."""
    words = _words(name, consignment.day)
    for goods in consignment.goods:
        if goods.category is not None and goods.category in words:
            told = {
                "value": goods.category,
                "expected": Explanation(consignment.day).cite(name),
            }
            yield Notice("GOODS_PROHIBITED", f"items[{goods.place}].category", told)


@remembered_up_to(WORDS_CACHED_MAX)
def _words(name: str, day: date) -> frozenset[str]:
    why = Explanation(day)
    return frozenset(str(why.value(name).scalar).split() if why.holds(name) else ())


def warn(settlement: Settlement, table: str) -> None:
    """A warning for each item that a table names, and does not prohibit."""
    for goods in settlement.consignment.goods:
        found = settlement.class_of(table, goods)
        if found is not None and found.name != PROHIBITED:
            path = f"items[{goods.place}].hs"
            settlement.warn("GOODS_CONTROLLED", path, value=found.what, expected=found.citation)
