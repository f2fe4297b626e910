"""Lines over years with a name at the end of each; ranks run downwards, the first on top."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import altair as alt

from tumen.observatory.publication.canvas import Canvas
from tumen.observatory.publication.layout import SILENT_UNITS
from tumen.observatory.publication.material import Row, Series, reach

WIDTH: Final = 480
HEIGHT: Final = 270
LABEL_HEIGHT: Final = 15
"""Pixels between two names at the ends of lines, at least."""

RANK_TICKS_MAX: Final = 8


def lines(canvas: Canvas) -> Any:
    """A panel for each series; a band where values are recovered only within bounds."""
    return alt.vconcat(*(_panel(canvas, series) for series in canvas.series), spacing=26)


def _panel(canvas: Canvas, series: Series) -> Any:
    rows = [row | {"year": int(row["period"])} for row in series.held]
    line = [row | {"year": int(row["period"])} for row in series.unbroken]
    is_reversed = canvas.plan.reversed
    domain = _domain(rows, is_reversed=is_reversed)
    x = _years(canvas)
    y = alt.Y("value:Q", title=_title(series), axis=_axis(domain, is_reversed=is_reversed),
              scale=alt.Scale(domain=domain, reverse=is_reversed, nice=False,
                              zero=False))  # fmt: skip
    colour = canvas.colour(None)
    chart = canvas.chart(rows)
    ends = canvas.chart(_ends(rows, domain, is_reversed=is_reversed))
    layers = [
        canvas.chart(line).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour),
        chart.mark_point(filled=True, size=70, opacity=1).encode(
            x=x, y=y, color=colour, shape=canvas.shape(None)
        ),
        ends.mark_text(align="left", fontSize=12).encode(
            x=alt.X("place:Q", scale=None), y=alt.Y("height:Q", scale=None, axis=None),
            text="economy:N", color=colour,
        ),
    ]  # fmt: skip
    if banded := [row for row in rows if "low" in row]:
        band = canvas.chart(banded).mark_area(opacity=0.22)
        layers.insert(0, band.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _title(series: Series) -> str:
    is_silent = series.unit in SILENT_UNITS
    return series.measures if is_silent else f"{series.measures}, {series.unit}"


def _years(canvas: Canvas) -> alt.X:
    years = [int(period) for period in canvas.plan.periods]
    axis = alt.Axis(values=years, format="d", title=None, grid=False)
    scale = alt.Scale(domain=[years[0], years[-1]], nice=False, padding=12)
    return alt.X("year:Q", axis=axis, scale=scale)


def _axis(domain: Sequence[float], *, is_reversed: bool) -> alt.Axis:
    """Ranks have a tick at the first; other values where they fall."""
    if not is_reversed:
        return alt.Axis(format=",~r", tickCount=6)
    step = next(each for each in (5, 10, 20, 50, 100) if domain[1] / each <= RANK_TICKS_MAX)
    return alt.Axis(format="d", values=[1, *range(step, int(domain[1]) + 1, step)])


def _domain(rows: Sequence[Row], *, is_reversed: bool) -> list[float]:
    """From the first rank, or from nought, to a little beyond the last value."""
    top = max(map(reach, rows), default=1.0)
    return [1, round(top * 1.04 + 1)] if is_reversed else [0, float(f"{top * 1.08:.3g}")]


def _ends(rows: Sequence[Row], domain: Sequence[float], *, is_reversed: bool) -> list[Row]:
    """Where the name of each line stands, in pixels: at its last point, none upon another."""
    last = {row["economy"]: row for row in rows}
    found = []
    for row in last.values():
        part = (row["value"] - domain[0]) / (domain[1] - domain[0])
        height = HEIGHT * (part if is_reversed else 1 - part)
        found.append({"economy": row["economy"], "place": WIDTH + 6, "height": height})
    return spread(sorted(found, key=lambda end: end["height"]))


def spread(ends: list[Row]) -> list[Row]:
    """Names from top to bottom, moved apart where they would touch.

    >>> [end["height"] for end in spread([{"height": 10.0}, {"height": 12.0}, {"height": 99.0}])]
    [3.5, 18.5, 99.0]
    """
    for _ in ends:
        for upper, lower in pairwise(ends):
            if (short := LABEL_HEIGHT - (lower["height"] - upper["height"])) > 0:
                upper["height"] -= short / 2
                lower["height"] += short / 2
    return [end | {"height": round(end["height"], 1)} for end in ends]
