"""The observatory for a notebook: what ``from tumen import observatory as obs`` gives.

>>> from tumen import observatory as obs
>>> obs.indicator("fixed_broadband", ["KR"], years="2024").frame["value"].round(1).to_list()
[47.8]
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tumen.observatory.index.divide import RESAMPLES, SEED, Divide
from tumen.observatory.index.divide import divide as divide_of
from tumen.observatory.index.framework import FRAMEWORK, read_framework
from tumen.observatory.indicators.collection import read_collection, shipped
from tumen.observatory.indicators.comparison import Comparison
from tumen.observatory.indicators.comparison import compare as compare_of
from tumen.observatory.indicators.model import REGION, Source
from tumen.observatory.indicators.registry import SHIPPED
from tumen.observatory.indicators.series import Series, series_of


def indicator(
    code: str,
    economies: Sequence[str] = REGION,
    *,
    years: str | None = None,
    source: str | None = None,
    folder: Path | None = None,
) -> Series:
    """The observations of an indicator; ``plot()`` of it is a chart, ``frame`` the data.

    Args:
        code: such as ``fixed_broadband``; ``catalogue()`` lists them.
        economies: ISO codes of two or three letters, or WLD; all that are held where empty.
        years: a year or a span, ``2015..2022``.
        source: the vintage; by default a primary source before a secondary one, then the latest.
        folder: indicators of one's own beside those that come along, such as what was imported.

    Raises:
        IndicatorError: something asked for is not known, or nothing is held.
    """
    held = shipped() if folder is None else read_collection(SHIPPED, folder)
    return series_of(held, code, economies, years=years, source=source)


def compare(
    code: str,
    economies: Sequence[str] = REGION,
    *,
    year: int | None = None,
    since: int | None = None,
) -> Comparison:
    """The gap of each economy to the leader and to the world, in one year.

    Raises:
        IndicatorError: something asked for is not known, or nothing is held.
    """
    return compare_of(shipped(), code, economies, year=year, since=since)


def vintages(code: str) -> pl.DataFrame:
    """Every observation of an indicator, of every source that is held.

    Raises:
        IndicatorError: there is no such indicator.
    """
    return shipped().vintages(code)


def catalogue() -> pl.DataFrame:
    """Every indicator that is held: code, name, unit, topic and definition."""
    columns = ["code", "name", "unit", "topic", "better", "definition"]
    rows = [[getattr(each, name) for name in columns] for each in shipped().indicators.values()]
    return pl.DataFrame(rows, schema=columns, orient="row")


def divide(framework: Path = FRAMEWORK, *, resamples: int = RESAMPLES, seed: int = SEED) -> Divide:
    """The digital-divide index; ``plot()`` of it is a chart, ``frame`` its standings.

    Raises:
        IndicatorError: the framework is not of the form, or its indicators are not held.
    """
    return divide_of(shipped(), read_framework(framework), resamples=resamples, seed=seed)


def sources() -> list[Source]:
    """Every source, with its licence and citation."""
    return [*shipped().sources.values()]
