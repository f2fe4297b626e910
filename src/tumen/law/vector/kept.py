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


@dataclass(slots=True)
class Kept:
    """Keys with what was found of them; see :func:`kept`.

    Attributes:
        told: the keys and what was found of them, always put there together: another thread
            that takes them meanwhile has both of before, or both of after.
        lock: held by whoever adds to them.
        marked: the names of columns in which a mark stands for a part of the key, as far as met.
    """

    told: tuple[pl.DataFrame, pl.DataFrame] = field(
        default_factory=lambda: (pl.DataFrame(), pl.DataFrame())
    )
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
        keys, found = self.told
        places = _places(asked, keys)
        if places.null_count():
            keys, found = self._with(asked, find)
            places = _places(asked, keys)
        return lines.hstack(found.select(pl.all().gather(places)))

    def _with(self, asked: pl.DataFrame, find: Find) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What is kept, after all that is asked for was found."""
        with self.lock:
            distinct = asked.unique(maintain_order=True)
            keys, found = self.told
            new = distinct.filter(_places(distinct, keys).is_null())
            if len(keys) + len(new) > KEYS_MAX:
                keys, found, new = pl.DataFrame(), pl.DataFrame(), distinct
            if len(new):
                more = find(new)
                keys = pl.concat([keys, new]) if len(keys) else new
                found = pl.concat([found, more]) if len(found) else more
            self.told = keys, found
            return self.told


def _places(asked: pl.DataFrame, keys: pl.DataFrame) -> pl.Series:
    """Where each key is kept; null where it is not."""
    if keys.is_empty():
        return pl.repeat(None, len(asked), dtype=pl.Int64, eager=True)
    placed = keys.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(PLACE))
    on = asked.columns
    return asked.join(placed, on=on, how="left", nulls_equal=True, maintain_order="left")[PLACE]


@remembered_up_to(KINDS_MAX)
def kept(*kind: Hashable) -> Kept:
    """What is kept of one kind of keys, of the law as it stands, or of the proposal being tried.

    Args:
        kind: what is found, of which economy, in which tariff.
    """
    del kind  # it only tells one from another
    return Kept()
