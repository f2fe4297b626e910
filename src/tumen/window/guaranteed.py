"""Goods whose guarantee does not suffice: held where a node asks for it, freed when it does. Pure.

A Chinese list names the firm that guarantees its taxes. Goods reserve what they are charged, from
when they are assessed until it is paid, in the order of recording; held goods reserve as well. So
what comes later is never let go before what waits. Law names no such rule: it is a node's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import polars as pl

from tumen.window.decision import Decided, transition
from tumen.window.states import Lane

SHORT: Final = "SCREEN_GUARANTEE_SHORT"
"""Why goods are held whose guarantee does not suffice."""

Line: TypeAlias = tuple[int, str, int]
"""A document, who guarantees its taxes, and what it is charged."""

_IS_LOOKED_AT: Final = pl.col("lane").is_in([Lane.RED, Lane.YELLOW])


def held_for_guarantee(
    decided: Decided, guarantors: Mapping[int, str], free: Mapping[str, int]
) -> Decided:
    """What is decided, with goods held whose guarantee does not suffice for their charges.

    Args:
        decided: about the cases of a wave, in recorded order.
        guarantors: document -> who guarantees its taxes; what names nobody is left out.
        free: guarantor -> what is free of the guarantee before the wave.
    """
    short = _short(decided, guarantors, free)
    if not short:
        return decided
    is_short = pl.col("document_id").is_in([*short])
    lane = pl.when(_IS_LOOKED_AT).then("lane").otherwise(pl.lit(str(Lane.YELLOW))).alias("lane")
    held = decided.cases.filter(is_short).with_columns(
        lane, pl.col("codes").list.concat(pl.lit([SHORT], pl.List(pl.String)))
    )
    moved = transition(held.with_columns(pl.col("lane").alias("on")).drop("status"))
    cases = pl.concat([decided.cases.filter(~is_short), moved.select(decided.cases.columns)])
    return replace(decided, cases=cases.sort("document_id"))


def _short(decided: Decided, guarantors: Mapping[int, str], free: Mapping[str, int]) -> set[int]:
    """The documents whose guarantee does not suffice once those before them reserved theirs."""
    sums = decided.charges.group_by("document_id").agg(pl.col("amount_fen").sum())
    charged = dict(sums.iter_rows())
    lines = [
        (document, guarantors[document], charged[document])
        for document in decided.cases["document_id"].to_list()
        if document in guarantors and charged.get(document, 0) > 0
    ]
    return _beyond(lines, free)


def covered(waiting: Iterable[Line], free: Mapping[str, int]) -> set[int]:
    """The documents for which the guarantee suffices now, in the order of recording.

    Args:
        waiting: what is held for this reason, in that order.
        free: guarantor -> what is free, after all of these reserved theirs.

    >>> sorted(covered([(1, "G", 40), (2, "G", 30), (3, "G", 10)], {"G": -30}))
    [1]
    """
    lines = [*waiting]
    before = dict(free)
    for _, guarantor, own in lines:
        before[guarantor] = before.get(guarantor, 0) + own
    return {document for document, *_ in lines} - _beyond(lines, before)


def _beyond(lines: Iterable[Line], free: Mapping[str, int]) -> set[int]:
    """The documents that go beyond what is free, where each reserves its charges in turn."""
    left, found = dict(free), set()
    for document, guarantor, own in lines:
        left[guarantor] = left.get(guarantor, 0) - own
        if left[guarantor] < 0:
            found.add(document)
    return found
