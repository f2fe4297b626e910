"""What was looked up once, kept for all later frames of the process, and joined to their lines.

What the law says of a code, a day or a currency is found by plain Python, which costs as much as
hundreds of lines on columns. So each distinct key is looked up once; then a join finds it.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import polars as pl

from tumen.law.overlay import remembered_up_to

KEYS_MAX: Final = 1_000_000
"""Keys that are kept of one kind; with more of them it is begun anew."""

KINDS_MAX: Final = 256
"""Kinds of keys that are kept: of each economy a few, for each folder of imported tariffs."""

PLACE: Final = "law_place"

Find = Callable[[pl.DataFrame], pl.DataFrame]
"""For distinct keys, what is found of them: other columns, in the order of the keys."""


Told = tuple[int, pl.DataFrame, pl.DataFrame]


@dataclass(slots=True)
class Kept:
    """Keys with what was found of them; see :func:`kept`.

    Attributes:
        told: how often it was begun anew, the keys, each with the place of its row among the
            distinct ones of what was found, and these; always put there together: another thread
            that takes them meanwhile has all of before, or all of after. Many keys share a row,
            so that those in use stay near; a row stays in its place until it is begun anew.
        lock: held by whoever adds to them.
        marked: the names of columns in which a mark stands for a part of the key, as far as met.
    """

    told: Told = field(default_factory=lambda: (0, pl.DataFrame(), pl.DataFrame()))
    lock: Lock = field(default_factory=Lock)
    marked: set[str] = field(default_factory=set)

    def joined(self, lines: pl.DataFrame, on: Sequence[str], find: Find) -> pl.DataFrame:
        """The lines with what is found of their keys.

        Args:
            lines: with the columns of the keys; a key may be null.
            on: their names, always the same.
            find: finds what is not kept yet.
        """
        asked = lines.select(on)
        begun, keys, found = self.told
        places = _places(asked, keys)
        unmet = places.is_null().arg_true()
        if len(unmet):
            now, keys, found = self._with(asked, asked[unmet], find)
            if now == begun:
                places = places.scatter(unmet, _places(asked[unmet], keys))
            else:
                places = _places(asked, keys)
        return lines.hstack(found.select(pl.all().gather(places)))

    def _with(self, asked: pl.DataFrame, unmet: pl.DataFrame, find: Find) -> Told:
        """What is kept, after all that is asked for was found.

        Args:
            asked: every key that is asked for.
            unmet: those that were not kept, when it was looked; another thread may have put them.
            find: finds what is not kept yet.
        """
        with self.lock:
            begun, keys, found = self.told
            distinct = unmet.unique(maintain_order=True)
            new = distinct.filter(_places(distinct, keys).is_null())
            if len(keys) + len(new) > KEYS_MAX:
                begun, keys, found = begun + 1, pl.DataFrame(), pl.DataFrame()
                new = asked.unique(maintain_order=True)
            if len(new):
                more = find(new)
                found = _distinct(found, more)
                new = new.with_columns(_places(more, found.with_row_index(PLACE)))
                keys = pl.concat([keys, new]) if len(keys) else new
            self.told = begun, keys, found
            return self.told


def _distinct(found: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """The rows of both, each once; those of the first stay where they are."""
    return (pl.concat([found, more]) if len(found) else more).unique(maintain_order=True)


def _places(asked: pl.DataFrame, keys: pl.DataFrame) -> pl.Series:
    """What ``PLACE`` says of each row, where the same stands among the keys; else null."""
    if keys.is_empty():
        return pl.repeat(None, len(asked), dtype=pl.UInt32, eager=True)
    on = [name for name in asked.columns if not _is_one(asked[name])] or asked.columns[:1]
    same = [pl.col(name).eq_missing(asked[name][0]) for name in asked.columns if name not in on]
    placed = keys.filter(*same).select(*on, PLACE) if same else keys
    return asked.join(placed, on=on, how="left", nulls_equal=True, maintain_order="left")[PLACE]


def _is_one(column: pl.Series) -> bool:
    """Whether all rows say the same: then the keys are narrowed to it, which a join is not for."""
    if column.is_empty() or column.null_count():
        return column.null_count() == len(column)
    return bool(column[0] == column[-1] and (column == column[0]).all())


@remembered_up_to(KINDS_MAX)
def kept(*kind: Hashable) -> Kept:
    """What is kept of one kind of keys, of the law as it stands, or of the proposal being tried.

    Args:
        kind: what is found, of which economy, in which tariff.
    """
    del kind  # it only tells one from another
    return Kept()
