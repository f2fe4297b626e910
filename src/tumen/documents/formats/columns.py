"""Column maps: how a shop's own CSV export is to be understood.

A map is a TOML file::

    kind = "order"                      # all lines are of this kind
    group = ["InvoiceNo"]               # lines with these equal are one document (default: its key)

    [rename]                            # our field = their column
    order_number = "InvoiceNo"
    "item.item_name" = "Description"

    [constant]                          # our field = what stands on every line
    platform_code = "DEMO"

    [number]                            # counts the lines of a document from 1
    "item.item_number" = "lines"

    [product]                           # our field = exact product of their columns
    "item.total_price" = ["Quantity", "UnitPrice"]

    [sum]                               # a head field = exact sum of an item field
    goods_value = "item.total_price"
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, DecimalException, Inexact
from typing import Any, Final

from tumen.documents.fields import Kind, Part, field_names
from tumen.kernel.errors import UsageError

ITEM: Final = "item."
"""What stands before the name of an item's field in a header."""

_EXACT: Final = Context(prec=60, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How the columns of a CSV file become our fields.

    Attributes:
        kind: the kind of every line; None where a column ``kind`` tells it.
        group: their columns that tell which lines are one document; empty for the document key.
        rename: our field → their column.
        constant: our field → its value on every line.
        number: our item fields that count the lines of a document.
        product: our field → their columns that are multiplied.
        sum: our head field → our item field that is added up.
    """

    kind: Kind | None = None
    group: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    number: frozenset[str] = frozenset()
    product: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sum: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "ColumnMap":
        """Reads a map.

        Raises:
            UsageError: it is no TOML, or names a kind, field or section that does not exist.
        """
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"The column map is no TOML: {error}.") from error
        read = cls._of(table)
        if read.kind is Kind.SHIPMENT:
            raise UsageError("Native shipments are read from NDJSON alone, not from CSV.")
        known = _known(read.kind)
        named = {*read.rename, *read.constant, *read.number, *read.product, *read.sum}
        named |= set(read.sum.values())
        unknown = sorted(named - known)
        if unknown:
            raise UsageError(f"The column map names unknown fields: {', '.join(unknown)}.")
        return read

    @classmethod
    def _of(cls, table: dict[str, Any]) -> "ColumnMap":
        sections = ("kind", "group", "rename", "constant", "number", "product", "sum")
        unknown = sorted(set(table) - set(sections))
        if unknown:
            raise UsageError(f"The column map has unknown sections: {', '.join(unknown)}.")
        try:
            return cls(
                kind=Kind(table["kind"]) if "kind" in table else None,
                group=_texts(table.get("group", [])),
                rename=_text_map(table.get("rename", {})),
                constant=_text_map(table.get("constant", {})),
                number=frozenset(_text_map(table.get("number", {}))),
                product={name: _texts(value) for name, value in table.get("product", {}).items()},
                sum=_text_map(table.get("sum", {})),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"The column map does not fit: {error}.") from error


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"{value!r} is not a list of texts")
    return tuple(value)


def _text_map(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise TypeError(f"{value!r} is not a table of texts")
    return dict(value)


def _known(kind: Kind | None) -> set[str]:
    kinds = tuple(Kind) if kind is None else (kind,)
    heads = {name for each in kinds for name in field_names(each, Part.HEAD)}
    return heads | {f"{ITEM}{name}" for each in kinds for name in field_names(each, Part.ITEM)}


def product(values: list[str | None]) -> str | None:
    """The exact product of decimals as text; None where one is no number.

    >>> product(["6", "8.50"])
    '51.00'
    """
    total = Decimal(1)
    try:
        for value in values:
            total = _EXACT.multiply(total, Decimal(value or ""))
    except DecimalException:
        return None
    return f"{total:f}" if total.is_finite() else None


def total(values: list[str | None]) -> str | None:
    """The exact sum of decimals as text; None where one is no number, or there is none.

    >>> total(["51.00", "0.5"])
    '51.50'
    """
    result = Decimal(0)
    if not values:
        return None
    try:
        for value in values:
            result = _EXACT.add(result, Decimal(value or ""))
    except DecimalException:
        return None
    return f"{result:f}" if result.is_finite() else None
