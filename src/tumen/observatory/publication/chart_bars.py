"""Bars and dots side by side, each with its value: whose is more, at a glance."""

from typing import Any, Final

import altair as alt

from tumen.observatory.indicators.model import REGION
from tumen.observatory.publication.canvas import Canvas
from tumen.observatory.publication.edition import period_text
from tumen.observatory.publication.material import Series
from tumen.observatory.publication.style import ACCENT, GRID, NEUTRAL, QUIET, STEPS

WIDTH: Final = 440
BAR_HEIGHT: Final = 20
DOT_HEIGHT: Final = 15
LETTER_WIDTH: Final = 7
"""Pixels of room for a letter of a label, in whatever font a reader has."""
GAP: Final = 14


def bars(canvas: Canvas) -> Any:
    """A panel for each series: a bar for each economy and period."""
    return alt.vconcat(*(_bar_panel(canvas, series) for series in canvas.series), spacing=24)


def _bar_panel(canvas: Canvas, series: Series) -> Any:
    rows = [row | {"region": row["code"] in REGION} for row in series.held]
    names = list(canvas.material.names)
    periods = [period_text(period) for period in canvas.plan.periods]
    where: dict[str, Any] = {
        "x": alt.X("value:Q", title=f"{series.measures}, {series.unit}",
                   axis=alt.Axis(format=",~r", tickCount=5)),
        "y": alt.Y("economy:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False),
                   scale=alt.Scale(paddingInner=0.2)),
    }  # fmt: skip
    height = BAR_HEIGHT * len(names)
    if len(periods) > 1:
        where["yOffset"] = alt.YOffset("period:N", sort=periods)
        height = (BAR_HEIGHT * len(periods) + GAP) * len(names)
    chart = canvas.chart(rows)
    return alt.layer(
        chart.mark_bar().encode(color=_bar_colour(periods), **where),
        chart.mark_text(align="left", dx=4).encode(text="text:N", **where),
    ).properties(width=WIDTH, height=height)


def _bar_colour(periods: list[str]) -> alt.Color:
    """By period, the later the darker; with one period, the region apart from the others."""
    if len(periods) > 1:
        scale = alt.Scale(domain=periods, range=list(STEPS[-len(periods):]))  # fmt: skip
        return alt.Color("period:N", sort=periods, scale=scale)
    scale = alt.Scale(domain=[True, False], range=[ACCENT, NEUTRAL])
    return alt.Color("region:N", scale=scale, legend=None)


def dots(canvas: Canvas) -> Any:
    """A row of its own for each economy within each series, with its value."""
    measures = [series.measures for series in canvas.series]
    where: dict[str, Any] = {
        "x": alt.X("value:Q", title=canvas.series[0].unit,
                   axis=alt.Axis(format=",~r", tickCount=6)),
        "y": alt.Y("measures:N", sort=measures, title=None,
                   axis=alt.Axis(ticks=False, domain=False, labelLimit=240,
                                 minExtent=LETTER_WIDTH * max(map(len, measures))),
                   scale=alt.Scale(paddingInner=0.25)),
        "yOffset": alt.YOffset("economy:N", sort=list(canvas.material.names)),
    }  # fmt: skip
    chart = canvas.chart([row for series in canvas.series for row in series.held])
    gaps = canvas.chart(
        [
            row | {"text": f"{row['economy']}: no value"}
            for series in canvas.series
            for row in series.lost
        ]
    )
    layers = [
        chart.mark_rule(color=GRID, strokeWidth=2).encode(x2=alt.datum(0), **where),
        chart.mark_point(filled=True, size=75, opacity=1).encode(
            color=canvas.colour(alt.Legend()), shape=canvas.shape(alt.Legend()), **where
        ),
        chart.mark_text(align="left", dx=8).encode(text="text:N", **where),
        gaps.mark_text(align="left", dx=4, color=QUIET, fontStyle="italic").encode(
            text="text:N", **where
        ),
    ]
    height = (DOT_HEIGHT * len(canvas.plan.economies) + GAP) * len(measures)
    return alt.layer(*layers).properties(width=WIDTH, height=height)
