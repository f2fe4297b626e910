"""The index: scores and ranks with their intervals, the gap by pillar, and what the ranks owe."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

import numpy
import polars as pl

from tumen.observatory.index.framework import Framework
from tumen.observatory.index.matrix import Array, Matrix, matrix_of
from tumen.observatory.index.resampling import (
    Draws,
    Numbers,
    aggregated,
    base_weights,
    draw,
    pillar_scores,
)
from tumen.observatory.indicators.collection import Collection

if TYPE_CHECKING:
    import altair

RESAMPLES: Final = 10_000
SEED: Final = 2023
INTERVAL: Final = (5, 95)
"""Percentiles: nine draws of ten lie between."""

WEIGHT_CLASSES: Final = 5
"""Drawn weights are counted in so many classes of equal size."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One economy: its score and rank by the choices made, and their intervals over all draws."""

    economy: str
    score: float
    score_low: float
    score_high: float
    rank: int
    rank_median: float
    rank_low: int
    rank_high: int
    rank_shares: tuple[float, ...]
    gap: float
    pillars: tuple[float, ...]
    gap_of_pillars: tuple[float, ...]


@dataclass(frozen=True)
class Divide:
    """The index of a year, and what it rests on."""

    framework: Framework
    matrix: Matrix
    resamples: int
    seed: int
    leader: str
    standings: tuple[Standing, ...]
    ahead: Mapping[tuple[str, str], float]
    spread_of_pillars: tuple[float, ...]
    ratio: float
    ratio_low: float
    ratio_high: float
    rank_shift: float
    owed: Mapping[str, float]

    @property
    def frame(self) -> pl.DataFrame:
        """The standings as a frame, a column for the gap that each pillar adds."""
        rows = [asdict(each) for each in self.standings]
        for row in rows:
            parts = zip(self.framework.pillars, row.pop("gap_of_pillars"), strict=True)
            row |= {f"gap_{pillar}": part for pillar, part in parts}
        return pl.DataFrame(rows)

    def plot(self) -> "altair.LayerChart":
        """The score of each economy, and where it lies in nine draws of ten."""
        # Loaded here alone: the library of charts takes as long to load as all else together.
        chart: altair.LayerChart = import_module("tumen.observatory.index.chart").chart(self)
        return chart


def divide(
    collection: Collection, framework: Framework, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Divide:
    """Build the index, and build it again with every choice drawn anew.

    Raises:
        IndicatorError: an indicator of the framework is not held, or its values have too many gaps.
    """
    matrix = matrix_of(collection, framework)
    made = _as_chosen(framework, matrix)
    draws = draw(framework, matrix, resamples, seed)
    ranks = ranks_of(draws.scores)
    ratios = draws.scores.min(axis=1) / draws.scores.max(axis=1)
    shifts = numpy.abs(ranks - made.ranks).mean(axis=1)
    low, high = numpy.percentile(ratios, INTERVAL)
    standings = [_standing(framework, at, made, draws, ranks) for at in range(len(made.scores))]
    return Divide(
        framework, matrix, resamples, seed, framework.economies[made.lead],
        tuple(sorted(standings, key=lambda each: (each.rank, each.economy))),
        _ahead(framework, draws.scores),
        tuple(spread_by_pillar(made.pillars, base_weights(framework))),
        float(made.scores.min() / made.scores.max()), float(low), float(high),
        float(shifts.mean()), _owed(framework, draws, shifts),
    )  # fmt: skip


@dataclass(frozen=True)
class _Made:
    """The index by the choices made: no draw."""

    pillars: Array
    scores: Array
    ranks: Numbers
    gaps: Array
    lead: int


def _as_chosen(framework: Framework, matrix: Matrix) -> _Made:
    weights = base_weights(framework)
    pillars = pillar_scores(framework, matrix, framework.choices)[0]
    scores = aggregated(pillars, weights, framework.choices["aggregation"])
    ranks = ranks_of(scores[None, :])[0]
    lead = int(numpy.argmin(ranks))
    return _Made(pillars, scores, ranks, gap_by_pillar(pillars, weights, scores, lead), lead)


def ranks_of(scores: Array) -> Numbers:
    """Ranks by row: 1 is the largest, equal scores share the better rank."""
    found: Numbers = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    return found


def gap_by_pillar(pillars: Array, weights: Array, scores: Array, lead: int) -> Array:
    """The gap of each economy (row) to the leader, as what each pillar (column) adds to it.

    Of a mean the parts add up by themselves; of a geometric mean they are scaled so that they do.
    """
    parts = weights * (pillars[lead] - pillars)
    total, gap = parts.sum(axis=1), scores[lead] - scores
    scale = numpy.divide(gap, total, out=numpy.ones_like(gap), where=total != 0)
    found: Array = parts * scale[:, None]
    return found


def spread_by_pillar(pillars: Array, weights: Array) -> list[float]:
    """The share of each pillar in the variance of the mean score; together they are one."""
    mean = pillars @ weights
    centred = mean - mean.mean()
    parts = weights * ((pillars - pillars.mean(axis=0)) * centred[:, None]).mean(axis=0)
    total = float((centred**2).mean())
    return [float(part) / total if total else 0.0 for part in parts]


def _standing(
    framework: Framework, at: int, made: _Made, draws: Draws, ranks: Numbers
) -> Standing:  # fmt: skip
    low, high = numpy.percentile(draws.scores[:, at], INTERVAL)
    mine = ranks[:, at]
    rank_low, rank_high = numpy.percentile(mine, INTERVAL, method="inverted_cdf")
    return Standing(
        economy=framework.economies[at],
        score=float(made.scores[at]), score_low=float(low), score_high=float(high),
        rank=int(made.ranks[at]), rank_median=float(numpy.median(mine)),
        rank_low=int(rank_low), rank_high=int(rank_high),
        rank_shares=tuple(float((mine == place + 1).mean()) for place in range(ranks.shape[1])),
        gap=float(made.gaps[at].sum()),
        pillars=tuple(map(float, made.pillars[at])),
        gap_of_pillars=tuple(map(float, made.gaps[at])),
    )  # fmt: skip


def _ahead(framework: Framework, scores: Array) -> dict[tuple[str, str], float]:
    """In which share of the draws one economy is ahead of another."""
    return {
        (one, other): float((scores[:, a] > scores[:, b]).mean())
        for a, one in enumerate(framework.economies)
        for b, other in enumerate(framework.economies)
        if one != other
    }


def _owed(framework: Framework, draws: Draws, shifts: Array) -> dict[str, float]:
    """What share of the variance of the rank shifts each choice explains by itself."""
    found = {
        name: explained(choice, shifts)
        for name, choice in draws.choices.items()
        if len(numpy.unique(choice)) > 1
    }
    for at, pillar in enumerate(framework.pillars):
        edges = numpy.quantile(draws.weights[:, at], numpy.linspace(0, 1, WEIGHT_CLASSES + 1)[1:-1])
        found[f"weight of {pillar}"] = explained(
            numpy.digitize(draws.weights[:, at], edges), shifts
        )
    return found


def explained(choice: Numbers, outcome: Array) -> float:
    """The variance of the means of an outcome by choice over its whole variance."""
    whole = outcome.var()
    if whole == 0:
        return 0.0
    kinds, where, counts = numpy.unique(choice, return_inverse=True, return_counts=True)
    means = numpy.bincount(where, weights=outcome, minlength=len(kinds)) / counts
    return float((counts * (means - outcome.mean()) ** 2).sum() / len(outcome) / whole)
