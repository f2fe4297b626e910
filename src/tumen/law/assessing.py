"""Many shipments at once: what was told goes in, columns of what the law says come out.

A shipment is a row of ``shipments``, each of its items a row of ``items``; the columns are the same
for a file and a frame (docs/assess.md). Nothing is dropped: what cannot be read has the status
``unknown`` and its violations. Amounts are exact decimals in whole units of the destination's
currency; null is what is not levied, or not known, and then ``unknown_charges`` names it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from tumen.law.answer import Answer, ChargeLine, ItemLine, Remark, refusal_of
from tumen.law.native.told import Told
from tumen.law.quoting import Books, quote
from tumen.law.ruling import CHARGE_CODES

AMOUNT: Final = pl.Decimal(38, 2)
"""No currency of the five has a smaller unit than a hundredth."""

_AMOUNTS: Final = dict.fromkeys(CHARGE_CODES, AMOUNT)
_WHERE: Final[Mapping[str, Any]] = MappingProxyType(
    {"source": pl.String, "row": pl.Int64, "shipment": pl.String}
)
_WHAT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "destination": pl.String,
        "regime": pl.String,
        "date": pl.Date,
        "currency": pl.String,
        "status": pl.String,
    }
)
_REMARKS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "unknown_charges": pl.String,
        "missing": pl.String,
        "warnings": pl.String,
        "violations": pl.String,
    }
)

SHIPMENTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        **_WHERE,
        "items": pl.Int64,
        **_WHAT,
        "customs_value": AMOUNT,
        "total": AMOUNT,
        **_AMOUNTS,
        **_REMARKS,
        "refusals": pl.String,
        "law_version": pl.String,
    }
)
"""The columns of shipments."""

ITEMS: Final[Mapping[str, Any]] = MappingProxyType(
    {**_WHERE, "item": pl.Int64, "hs": pl.String, **_WHAT, **_AMOUNTS, **_REMARKS}
)
"""The columns of items."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the law says of some shipments, in their order.

    Attributes:
        shipments: a row for each.
        items: a row for each of their items; None where it was not asked for.
    """

    shipments: pl.DataFrame
    items: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Assessor:
    """Assesses shipments; holds what they have in common.

    Attributes:
        today: the legal date of shipments that name none.
        books: imported tariffs and rates.
        with_items: whether the items are told too.
    """

    today: date | None
    books: Books
    with_items: bool = False

    def assess(self, shipments: Sequence[Told]) -> Assessed:
        """What the law says of them."""
        answers = [(told, self._answer(told)) for told in shipments]
        heads = _frame((_shipment_row(told, answer) for told, answer in answers), SHIPMENTS)
        if not self.with_items:
            return Assessed(heads)
        rows = chain.from_iterable(_item_rows(told, answer) for told, answer in answers)
        return Assessed(heads, _frame(rows, ITEMS))

    def _answer(self, told: Told) -> Answer:
        if told.faults:
            return refusal_of(told.native, told.faults)
        try:
            return quote(
                told.native,  # type: ignore[arg-type]
                today=self.today,
                books=self.books,
                is_explained=False,
            )
        except Exception as error:
            error.add_note(f"This was in row {told.row} of {told.source or 'the frame'}.")
            raise


def joined(assessed: Iterable[Assessed]) -> Assessed:
    """Several of them as one."""
    parts = list(assessed)
    items = [each.items for each in parts if each.items is not None]
    return Assessed(
        pl.concat([pl.DataFrame(schema=SHIPMENTS), *(each.shipments for each in parts)]),
        pl.concat([pl.DataFrame(schema=ITEMS), *items]),
    )


def _frame(rows: Iterable[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows as columns; amounts come as texts."""
    texts = {name: pl.String if kind == AMOUNT else kind for name, kind in schema.items()}
    frame = pl.DataFrame(list(rows), schema=texts, orient="row")
    return frame.cast({name: kind for name, kind in schema.items() if kind == AMOUNT})


def _shipment_row(told: Told, answer: Answer) -> tuple[Any, ...]:
    return (
        *_where(told),
        told.items,
        *_what(answer),
        answer.customs_value,
        answer.total,
        *_charges(answer.charges),
        *_remarks(answer, answer.charges),
        _refusals(answer),
        answer.law_version,
    )


def _item_rows(told: Told, answer: Answer) -> Iterator[tuple[Any, ...]]:
    """A row for each item, also of a shipment that could not be read."""
    lines: Sequence[ItemLine] = answer.items
    if not lines:
        lines = [ItemLine(place, _code(told, place), []) for place in range(told.items)]
    for line in lines:
        yield (
            *_where(told),
            line.item,
            _text(line.hs),
            *_what(answer),
            *_charges(line.charges),
            *_remarks(answer, line.charges),
        )


def _code(told: Told, place: int) -> str:
    """The commodity code that an item was told with, as it stands there."""
    items = told.native.get("items") if isinstance(told.native, Mapping) else None
    item = items[place] if isinstance(items, list) and place < len(items) else None
    code = item.get("hs") if isinstance(item, Mapping) else None
    return code if isinstance(code, str) else ""


def _where(told: Told) -> tuple[Any, ...]:
    return told.source, told.row, None if told.reference is None else _text(told.reference)


def _what(answer: Answer) -> tuple[Any, ...]:
    return answer.destination, answer.regime, _day(answer.date), answer.currency, answer.status


def _charges(lines: Iterable[ChargeLine]) -> Iterator[str | None]:
    """The amount of each charge, in the order of the columns."""
    amounts = {line.code: line.amount for line in lines}
    return map(amounts.get, CHARGE_CODES)


def _remarks(answer: Answer, charges: Iterable[ChargeLine]) -> tuple[str | None, ...]:
    """Which charges are unknown and what is missing; warnings; violations with their fields."""
    unknown = [line for line in charges if line.amount is None]
    return (
        _told_once((line.code for line in unknown), " "),
        _told_once((line.missing for line in unknown if line.missing), "; "),
        _told_once(sorted(each.code for each in answer.warnings), " "),
        _told_once(map(_with_path, answer.violations), "; "),
    )


def _refusals(answer: Answer) -> str | None:
    """Why no regime admits the goods, where none does."""
    if answer.regime is not None:
        return None
    reasons = (
        f"{line.regime} {_with_path(each)}" for line in answer.considered for each in line.reasons
    )
    return _told_once(reasons, "; ")


def _with_path(remark: Remark) -> str:
    return f"{remark.code} {remark.path}".rstrip()


def _told_once(texts: Iterable[str], between: str) -> str | None:
    return _text(between.join(dict.fromkeys(texts))) or None


def _text(text: str) -> str:
    """A text that every encoding can carry: half a character becomes a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _day(text: str | None) -> date | None:
    """The legal date; None where it is none."""
    with suppress(ValueError, TypeError):
        return date.fromisoformat(text or "")
    return None
