"""Values of different units made comparable, so that 100 is best and all are above nothing."""

import numpy

from tumen.observatory.index.matrix import Array

FLOOR = 1.0
"""The lowest value: a geometric mean needs one above nothing."""

MIDDLE, STEP = 50.0, 15.0
"""A z-score of nothing, and of one; among ten economies no score is farther off than 2.85."""


def normalised(values: Array, signs: Array, how: str) -> Array:
    """Economies (rows) by indicators (columns), each column by itself; larger is better.

    `min_max` stretches between the worst and the best, `z_score` counts standard deviations,
    `rank` places, and `distance` takes the share of the best (of lower values: the best's share).
    """
    if how == "rank":
        return _ranks(values * signs)
    if how == "distance":
        return _distances(values, signs)
    return _stretched(values * signs) if how == "min_max" else _scores(values * signs)


def _stretched(directed: Array) -> Array:
    low, high = directed.min(axis=0), directed.max(axis=0)
    span = numpy.where(high > low, high - low, 1)
    found: Array = FLOOR + (100 - FLOOR) * (directed - low) / span
    return found


def _scores(directed: Array) -> Array:
    spread = directed.std(axis=0)
    score = (directed - directed.mean(axis=0)) / numpy.where(spread > 0, spread, 1)
    found: Array = numpy.clip(MIDDLE + STEP * score, FLOOR, 100)
    return found


def _ranks(directed: Array) -> Array:
    """100 for the first and 100/n for the last; equal values share the mean of their places."""
    count = len(directed)
    below = (directed[:, None, :] > directed[None, :, :]).sum(axis=1)
    equal = (directed[:, None, :] == directed[None, :, :]).sum(axis=1)
    found: Array = 100 * (below + (equal + 1) / 2) / count
    return found


def _distances(values: Array, signs: Array) -> Array:
    best = numpy.where(signs > 0, values.max(axis=0), values.min(axis=0))
    with numpy.errstate(divide="ignore", invalid="ignore"):
        shares = numpy.where(signs > 0, values / best, best / values)
    found: Array = numpy.clip(100 * numpy.nan_to_num(shares, nan=0.0, posinf=1.0), FLOOR, 100)
    return found
