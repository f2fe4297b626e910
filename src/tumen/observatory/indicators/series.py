"""An indicator for a notebook: its observations as a frame, and a chart of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import polars as pl

from tumen.observatory.indicators.collection import Collection, narrowed
from tumen.observatory.indicators.model import REGION, Indicator, Source
from tumen.observatory.indicators.periods import span_of

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True)
class Series:
    """The observations of one indicator, one for each economy and period."""

    indicator: Indicator
    frame: pl.DataFrame
    sources: tuple[Source, ...]

    def plot(self) -> "altair.LayerChart":
        """A line for each economy, its name at its end.

        Raises:
            IndicatorError: there are more economies than colours that can be told apart.
        """
        # Loaded here alone: the library of charts takes as long to load as all else together.
        chart: altair.LayerChart = import_module("tumen.observatory.indicators.chart").chart(self)
        return chart

    def __repr__(self) -> str:
        head = f"{self.indicator.name} ({self.indicator.unit})"
        cited = "\n".join(f"  {each.citation}. {each.licence}" for each in self.sources)
        return f"{head}\n{self.frame}\nSources:\n{cited}"


def series_of(
    collection: Collection,
    code: str,
    wanted: Sequence[str] = REGION,
    *,
    years: str | None = None,
    source: str | None = None,
) -> Series:
    """The observations of an indicator for economies and a span of years such as 2015..2022.

    Raises:
        IndicatorError: something asked for is not known, or nothing is held.
    """
    rows = narrowed(collection.best(code, source), wanted, span_of(years) if years else None)
    used = tuple(collection.sources[name] for name in sorted(set(rows["source"])))
    return Series(collection.indicator(code), rows, used)
