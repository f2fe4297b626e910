"""What a declaration says once it is corrected: stated values in the place of declared ones. Pure.

A correction names what is true, field by field; what it does not name stays. Corrections follow one
another in recorded order, so that the last one that names a field holds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import polars as pl

from tumen.kernel.limits import (
    FIXED_POINT_SCALE,
    PART_AMOUNT_MINOR_MAX,
    QUANTITY_E5_MAX,
)
from tumen.law.native import values
from tumen.law.native.values import Fault
from tumen.window.acts import Objection
from tumen.window.aftercare_asked import ItemStated, Stated, stated_of

LIST_CODE_DIGITS: Final = 10
AMOUNT_E5_MAX: Final = PART_AMOUNT_MINOR_MAX * FIXED_POINT_SCALE // 100

Native = dict[str, Any]
Value = int | str


@dataclass(frozen=True, slots=True)
class ListDeclared:
    """What a list declares, as the law takes it.

    Attributes:
        case: one line: document_id, person, year, day, freight, insurance.
        items: its goods items, as matching and assessing take them.
    """

    case: pl.DataFrame
    items: pl.DataFrame


def _amount(text: str) -> int:
    return _scaled(values.number(text), AMOUNT_E5_MAX)


def _quantity(text: str) -> int:
    return _scaled(values.positive(text), QUANTITY_E5_MAX)


def _scaled(number: Fraction, most: int) -> int:
    """A decimal at scale 10^5.

    Raises:
        Fault: it is more than a list can hold.
    """
    found = int(number * FIXED_POINT_SCALE)
    if found > most:
        raise Fault("NUMBER_TOO_LARGE", expected=str(most // FIXED_POINT_SCALE))
    return found


def _code(text: str) -> str:
    found = values.commodity(text)
    if len(found) != LIST_CODE_DIGITS:
        raise Fault("COMMODITY_CODE_MALFORMED", value=found[:20], expected="10 digits")
    return found


_OF_LISTS: Final[Mapping[str, tuple[str, Callable[[str], Value]]]] = {
    "hs": ("hs_code", _code),
    "quantity": ("quantity", _quantity),
    "quantity_1": ("quantity_1", _quantity),
    "quantity_2": ("quantity_2", _quantity),
    "total_price": ("total_price", _amount),
}
"""What can be corrected of a list's goods item: its column, and how it is read."""

_OF_SHIPMENTS: Final = (
    "hs", "quantity", "unit_price", "net_weight_kg", "volume_l", "origin", "category",
)  # fmt: skip


def corrected_list(
    declared: ListDeclared, stated: Stated
) -> tuple[ListDeclared, tuple[Objection, ...]]:
    """A list with what is stated in the place of what it declared, or what speaks against it."""
    against: list[Objection] = []
    head = _read(_head_of(stated), "", {}, against)
    items = declared.items.sort("position").to_dicts()
    for place, item in _placed(stated, len(items), against):
        items[place] |= _read(item.named(), f"items[{place}].", _OF_LISTS, against)
    case = declared.case.with_columns(
        **{name: pl.lit(value, pl.Int64) for name, value in head.items()}
    )
    found = ListDeclared(case, pl.DataFrame(items, schema=declared.items.schema))
    is_same = found.case.equals(declared.case) and found.items.equals(
        declared.items.sort("position")
    )
    if is_same and not against:
        against.append(Objection("CORRECTION_NOTHING", "items"))
    return found, tuple(against)


def _head_of(stated: Stated) -> dict[str, str]:
    named = {"freight": stated.freight, "insurance": stated.insurance}
    return {name: text for name, text in named.items() if text is not None}


def _read(
    named: Mapping[str, str],
    path: str,
    columns: Mapping[str, tuple[str, Callable[[str], Value]]],
    against: list[Objection],
) -> dict[str, Value]:
    """The stated values by column; what cannot be read speaks against the correction."""
    found: dict[str, Value] = {}
    for name, text in named.items():
        if path and name not in columns:
            against.append(Objection("CORRECTION_FIELD", path + name, None, ", ".join(columns)))
            continue
        column, reader = columns.get(name, (name, _amount))
        try:
            found[column] = reader(text)
        except Fault as fault:
            told = fault.parameters
            against.append(
                Objection(fault.code, path + name, told.get("value"), told.get("expected"))
            )
    return found


def _placed(
    stated: Stated, count: int, against: list[Objection]
) -> Iterator[tuple[int, ItemStated]]:
    """The items that are stated, with their places from 0; each may be named once."""
    seen: set[int] = set()
    for order, item in enumerate(stated.items):
        if not 1 <= item.item <= count or item.item in seen:
            path = f"items[{order}].item"
            against.append(Objection("CORRECTION_ITEM", path, str(item.item), f"1–{count}"))
            continue
        seen.add(item.item)
        yield item.item - 1, item


def corrected_shipment(native: Native, stated: Stated) -> tuple[Native, tuple[Objection, ...]]:
    """A native shipment with what is stated in the place of what it declared.

    What the values say is read by the law, as it was when the shipment was lodged.
    """
    against: list[Objection] = []
    items = [dict(each) for each in native["items"]]
    for place, item in _placed(stated, len(items), against):
        named = item.named()
        for name in named.keys() - {*_OF_SHIPMENTS}:
            path, known = f"items[{place}].{name}", ", ".join(_OF_SHIPMENTS)
            against.append(Objection("CORRECTION_FIELD", path, None, known))
        items[place] |= named
    found = {**native, **_head_of(stated), "items": items}
    if found == native and not against:
        against.append(Objection("CORRECTION_NOTHING", "items"))
    return found, tuple(against)


def lists_as_corrected(
    declarations: pl.DataFrame, items: pl.DataFrame, corrections: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Stored lists and their goods items with what was corrected since.

    Args:
        declarations: document_id, freight, insurance and more.
        items: their goods items.
        corrections: document_id and stated, in recorded order.
    """
    if corrections.is_empty():
        return declarations, items
    for (document,), part in corrections.group_by("document_id", maintain_order=True):
        mine = pl.col("document_id") == document
        old = ListDeclared(declarations.filter(mine), items.filter(mine))
        new = as_corrected(old, part["stated"].to_list())
        declarations = pl.concat([declarations.filter(~mine), new.case])
        items = pl.concat([items.filter(~mine), new.items])
    return declarations.sort("document_id"), items.sort("document_id", "position")


def as_corrected(declared: ListDeclared, corrections: Sequence[str | None]) -> ListDeclared:
    """A list with its recorded corrections, the earliest first."""
    for each in corrections:
        declared, _ = corrected_list(declared, stated_of(each))
    return declared
