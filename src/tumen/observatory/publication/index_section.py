"""The divide index beside a study's own words on the divide: by public indicators, with intervals.

It rests on the collection that comes along, not on the study; the same seed draws the same.
"""

from dataclasses import dataclass
from functools import cache

from tumen.observatory.index.divide import Divide, divide
from tumen.observatory.index.framework import read_framework
from tumen.observatory.indicators.collection import name_of, read_collection
from tumen.observatory.indicators.registry import SHIPPED


@dataclass(frozen=True, slots=True)
class IndexSection:
    """What a page shows of the index, as text."""

    title: str
    draws: str
    standings: tuple[tuple[str, ...], ...]
    leader: str
    pillars: tuple[str, ...]
    gaps: tuple[tuple[str, ...], ...]
    sources: tuple[tuple[str, str], ...]


@cache
def index_section() -> IndexSection:
    """The index of the framework that comes along.

    Raises:
        IndicatorError: the collection or the framework is not of its form.
    """
    collection = read_collection(SHIPPED)
    found = divide(collection, read_framework())
    sources = (collection.sources[name] for name in sorted({*found.matrix.sources}))
    return IndexSection(
        title=f"{found.framework.title}, {found.framework.year}",
        draws=f"{found.resamples:,}",
        standings=_standings(found),
        leader=name_of(found.leader),
        pillars=found.framework.pillars,
        gaps=_gaps(found),
        sources=tuple((each.citation, each.licence) for each in sources),
    )


def _standings(found: Divide) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            name_of(each.economy), f"{each.rank}", _span(f"{each.rank_low}", f"{each.rank_high}"),
            f"{each.score:.1f}", _span(f"{each.score_low:.1f}", f"{each.score_high:.1f}"),
        )
        for each in found.standings
    )  # fmt: skip


def _gaps(found: Divide) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (name_of(each.economy), *(f"{part:.1f}" for part in each.gap_of_pillars), f"{each.gap:.1f}")
        for each in found.standings
    )


def _span(low: str, high: str) -> str:
    """Both ends of an interval, or the one value that it is."""
    return low if low == high else f"{low} to {high}"
