"""Pages of lists with filters: looked at stretch by stretch until a page is full or the list ends.

A page is cut short only where so much was looked at that others would wait; its cursor goes on
from there. Which documents are looked at follows from the filters (``sought``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tumen.kernel.limits import LOOKED_AT_AT_ONCE, LOOKED_AT_LEAST, LOOKED_AT_MAX

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was looked at: the cursors of all of it, in their order, and the lines that fit."""

    cursors: Sequence[int]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of a list.

    Attributes:
        lines: what was chosen; fewer than asked for only at the end of the list, or where as much
            was looked at as may be for one page.
        next: the cursor of the page after it; None at the end of the list.
    """

    lines: list[Line]
    next: int | None


Look = Callable[[int, int], Stretch]
"""Looks at so many after a cursor; fewer are the end of the list."""


def filled(look: Look, after: int, wanted: int, cursor: str, *, is_filtered: bool) -> Lines:
    """A page of so many lines.

    Args:
        look: at a stretch of the list.
        after: the last cursor that was seen.
        wanted: the most lines.
        cursor: the name of the cursor in a line.
        is_filtered: whether some of what is looked at may not fit.
    """
    lines: list[Line] = []
    looked_at, most = 0, max(wanted + 1, LOOKED_AT_LEAST if is_filtered else 0)
    while True:
        most = min(most, LOOKED_AT_AT_ONCE, LOOKED_AT_MAX - looked_at)
        stretch = look(after, most)
        lines += stretch.lines
        looked_at += len(stretch.cursors)
        if len(lines) > wanted:
            return Lines(lines[:wanted], lines[wanted - 1][cursor])
        if len(stretch.cursors) < most:
            return Lines(lines, None)
        after = stretch.cursors[-1]
        if len(lines) == wanted or looked_at >= LOOKED_AT_MAX:
            return Lines(lines, after)
        most = _next(wanted - len(lines), len(lines), looked_at)


def _next(missing: int, found: int, looked_at: int) -> int:
    """So many as fill the page where as many of them fit as of those before."""
    return max(LOOKED_AT_LEAST, missing * looked_at // max(1, found))
