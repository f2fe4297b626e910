"""The choices of an index drawn again and again: scores of every draw, and what was drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from tumen.observatory.index.framework import Framework
from tumen.observatory.index.matrix import Array, Matrix, imputed
from tumen.observatory.index.normalisation import normalised

Numbers = NDArray[numpy.integer[Any]]


@dataclass(frozen=True)
class Draws:
    """Scores by draw and compared economy, and the choices of each draw."""

    scores: Array
    weights: Array
    choices: Mapping[str, Numbers]


def pillar_scores(framework: Framework, matrix: Matrix, how: Mapping[str, str]) -> Array:
    """Scores of the compared economies by indicator left out (first: none), economy and pillar."""
    values = normalised(imputed(matrix, how["imputation"]), matrix.signs, how["normalisation"])
    rows = [framework.reference.index(economy) for economy in framework.economies]
    return numpy.stack([_means(values[rows], shares) for shares in _shares(framework)])


def _means(values: Array, shares: Array) -> Array:
    found: Array = values @ shares
    return found


def _shares(framework: Framework) -> list[Array]:
    """The weight of each indicator (row) in its pillar (column); with none, then each left out."""
    of = numpy.array([each.pillar for each in framework.measures])
    within = (of[:, None] == numpy.arange(len(framework.pillars))[None, :]).astype(float)
    left_out = range(len(of)) if framework.leave_one_out else ()
    trials = [within]
    for at in left_out:
        trial = within.copy()
        trial[at] = 0
        # The only indicator of a pillar stays: without it there is nothing to measure.
        trials.append(trial if trial[:, of[at]].any() else within)
    return [trial / trial.sum(axis=0) for trial in trials]


def aggregated(pillars: Array, weights: Array, how: str) -> Array:
    """Pillars (last axis) made one score: a mean, or a geometric mean that forgives less."""
    if how == "geometric":
        found: Array = numpy.exp((numpy.log(pillars) * weights).sum(axis=-1))
    else:
        found = (pillars * weights).sum(axis=-1)
    return found


def base_weights(framework: Framework) -> Array:
    """Every pillar weighs the same."""
    count = len(framework.pillars)
    return numpy.full(count, 1 / count)


def draw(framework: Framework, matrix: Matrix, resamples: int, seed: int) -> Draws:
    """Draw all choices so many times; the same seed gives the same draws."""
    random = numpy.random.default_rng(seed)
    trials = framework.trials
    every = numpy.stack([
        pillar_scores(framework, matrix, {"imputation": imputation, "normalisation": normalisation})
        for imputation in trials["imputation"]
        for normalisation in trials["normalisation"]
    ])  # fmt: skip
    counts = {name: len(options) for name, options in trials.items()}
    counts["left out"] = every.shape[1]
    choices = {name: random.integers(0, count, resamples) for name, count in counts.items()}
    combined = choices["imputation"] * counts["normalisation"] + choices["normalisation"]
    pillars = every[combined, choices["left out"]]
    weights = random.uniform(
        framework.weight_low, framework.weight_high, (resamples, len(framework.pillars))
    )
    weights /= weights.sum(axis=1, keepdims=True)
    return Draws(_scores(framework, pillars, weights, choices["aggregation"]), weights, choices)


def _scores(framework: Framework, pillars: Array, weights: Array, choice: Numbers) -> Array:
    found = numpy.empty(pillars.shape[:2])
    for at, how in enumerate(framework.trials["aggregation"]):
        mine = choice == at
        found[mine] = aggregated(pillars[mine], weights[mine][:, None, :], how)
    return found
