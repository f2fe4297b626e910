"""Runs the rules over a batch and adds what they find to its violations.

1. For each kind present, all line rules of a part are one operation that says which are broken.
2. Only a broken rule is looked at again, for its lines.
3. A field that broke the format is not reported a second time.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.fields import Kind, Part
from tumen.documents.rules.register import (
    Document,
    Fault,
    FrameRule,
    KnownCodes,
    LineRule,
    Terms,
    all_rules,
)
from tumen.kernel.chains import in_line
from tumen.kernel.violation import VIOLATION_SCHEMA, gather, violations


@dataclass(frozen=True, slots=True)
class _Sieve:
    """The faults behind each screen, and one operation that says which screens are broken."""

    faults: tuple[tuple[Fault, ...], ...]
    screens: tuple[pl.Expr, ...]


@cache
def _sieve(kind: Kind, part: Part, terms: Terms) -> _Sieve:
    faults = [
        fault
        for rule in all_rules()
        if rule.part is part and kind in rule.kinds
        for fault in cast(LineRule, rule.check)(kind, terms)
    ]
    behind: dict[int, list[Fault]] = {}
    for fault in faults:
        behind.setdefault(id(_screen(fault)), []).append(fault)
    return _Sieve(
        tuple(tuple(group) for group in behind.values()),
        tuple(
            _screen(group[0]).any().alias(str(place)) for place, group in enumerate(behind.values())
        ),
    )


def _screen(fault: Fault) -> pl.Expr:
    return fault.test if fault.screen is None else fault.screen


def _told(frame: pl.DataFrame, part: Part, fault: Fault) -> pl.DataFrame:
    path = fault.field if part is Part.HEAD else pl.format(f"items[{{}}].{fault.field}", "index")
    where = frame.filter(fault.test)
    return violations(where, fault.code, path, value=fault.value, expected=fault.expected)


def _line_violations(
    frame: pl.DataFrame, kind: Kind, part: Part, terms: Terms
) -> list[pl.DataFrame]:
    sieve = _sieve(kind, part, terms)
    if not sieve.screens or frame.is_empty():
        return []
    broken = in_line(frame, sieve.screens).row(0)
    groups = (group for group, is_broken in zip(sieve.faults, broken, strict=True) if is_broken)
    return [_told(frame, part, fault) for group in groups for fault in group]


def _frame_violations(document: Document) -> list[pl.DataFrame]:
    return [
        cast(FrameRule, rule.check)(document)
        for rule in all_rules()
        if rule.part is None and document.kind in rule.kinds
    ]


def _found(batch: Batch, kind: Kind, terms: Terms, sound: set[str]) -> list[pl.DataFrame]:
    head = batch.head(kind)
    if head is None:
        return []
    items = batch.items.get(kind, _NO_ITEMS)
    return [
        *_line_violations(head, kind, Part.HEAD, terms),
        *_line_violations(items, kind, Part.ITEM, terms),
        *_frame_violations(Document(kind, head, items, terms, sound)),
    ]


_NO_ITEMS = pl.DataFrame(schema={"row": VIOLATION_SCHEMA["row"], "index": pl.UInt16})


def check(batch: Batch, known_hs: KnownCodes, tolerance_fen: int = 0) -> Batch:
    """Judges the documents of a batch by the business rules, each document by itself.

    Args:
        batch: the batch after the format check.
        known_hs: the tariff lines that our law holds.
        tolerance_fen: by how much totals may miss their parts.

    Returns:
        The batch with every violation that was found, after those it had.
    """
    terms, sound = Terms(known_hs, tolerance_fen), set[str]()
    found = gather(*(frame for kind in batch.heads for frame in _found(batch, kind, terms, sound)))
    if found.is_empty():
        return batch
    if not batch.violations.is_empty():
        found = found.join(batch.violations, on=["row", "path"], how="anti")
    return replace(batch, violations=gather(batch.violations, found))
