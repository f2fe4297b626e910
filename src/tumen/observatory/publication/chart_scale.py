"""Columns by period, and a share below them: the form of the study's own figures."""

from typing import Any, Final

import altair as alt

from tumen.observatory.publication.canvas import Canvas
from tumen.observatory.publication.edition import period_text
from tumen.observatory.publication.material import Row, Series, reach
from tumen.observatory.publication.points import PRINTED, RECOVERED
from tumen.observatory.publication.style import ACCENT, INK, NEUTRAL, WARNING

WIDTH: Final = 560
HEIGHT: Final = 230
SHARE_HEIGHT: Final = 120
AXIS_WIDTH: Final = 52
"""Room for the numbers of the axis, alike in both panels, so that their columns stand in line."""

PALE: Final = 0.55


def scale(canvas: Canvas) -> Any:
    """Levels as columns; the share, where the figure has one, as a line below."""
    panels = [_columns(canvas)]
    if canvas.material.share is not None:
        panels.append(_share(canvas, canvas.material.share))
    return alt.vconcat(*panels, spacing=18)


def _columns(canvas: Canvas) -> Any:
    measures = [series.measures for series in canvas.series]
    held = [row for series in canvas.series for row in series.held]
    lost = [row for series in canvas.series for row in series.lost]
    x = _periods(canvas, is_labelled=canvas.material.share is None)
    y = _values(canvas.series[0].unit, held)
    where: dict[str, Any] = {"x": x, "y": y}
    if len(measures) > 1:
        where["xOffset"] = alt.XOffset("measures:N", sort=measures)
    layers = _bars(canvas, held, measures, where) if held else [_none_held(canvas)]
    layers.append(_lost(canvas, lost).encode(**where))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _bars(canvas: Canvas, held: list[Row], measures: list[str], where: dict[str, Any]) -> list[Any]:
    is_several = len(measures) > 1
    colours = [NEUTRAL, ACCENT] if is_several else [ACCENT]
    colour = alt.Color("measures:N", scale=alt.Scale(domain=measures, range=colours),
                       legend=alt.Legend() if is_several else None)  # fmt: skip
    bounds = where | {"y": alt.Y("low:Q"), "y2": alt.Y2("high:Q")}
    return [
        canvas.chart(held).mark_bar(cornerRadiusEnd=1).encode(
            color=colour, opacity=alt.Opacity("kind:N", scale=_paleness(), legend=None), **where
        ),
        canvas.chart(_bounded(held)).mark_rule(color=INK, strokeWidth=1.4).encode(**bounds),
    ]  # fmt: skip


def _share(canvas: Canvas, share: Series) -> Any:
    held = [row | {"top": reach(row)} for row in share.held]
    x = _periods(canvas, is_labelled=True)
    top = max((row["top"] for row in held), default=1) * 1.25
    y = alt.Y("value:Q", title=f"{share.measures}, %",
              scale=alt.Scale(domain=[0, top], nice=False),
              axis=alt.Axis(minExtent=AXIS_WIDTH, tickCount=4, format=",~r"))  # fmt: skip
    opacity = alt.FillOpacity("kind:N", scale=_paleness(), legend=None)
    chart = canvas.chart(held)
    layers = [
        canvas.chart(share.unbroken).mark_line(color=ACCENT, strokeWidth=1.5, opacity=0.5).encode(
            x=x, y=y
        ),
        canvas.chart(_bounded(held)).mark_rule(color=INK, strokeWidth=1.4).encode(
            x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
        ),
        chart.mark_point(color=ACCENT, size=55, filled=True, opacity=1).encode(
            x=x, y=y, fillOpacity=opacity
        ),
        chart.mark_text(dy=-11).encode(x=x, y=alt.Y("top:Q"), text="text:N"),
        _lost(canvas, share.lost).encode(x=x, y=y),
    ]  # fmt: skip
    return alt.layer(*layers).properties(width=WIDTH, height=SHARE_HEIGHT)


def _lost(canvas: Canvas, rows: list[Row]) -> Any:
    return canvas.chart(rows).mark_text(text="×", fontSize=17, dy=-9, color=WARNING)


def _bounded(rows: list[Row]) -> list[Row]:
    return [row for row in rows if "low" in row]


def _periods(canvas: Canvas, *, is_labelled: bool) -> alt.X:
    axis = alt.Axis(labelAngle=0, title=None, labels=is_labelled, ticks=is_labelled)
    names = [period_text(period) for period in canvas.plan.periods]
    return alt.X("period:N", sort=names, scale=alt.Scale(domain=names), axis=axis)


def _values(unit: str, held: list[Row]) -> alt.Y:
    axis = alt.Axis(minExtent=AXIS_WIDTH, format=",~r", tickCount=5)
    if not held:
        axis = alt.Axis(minExtent=AXIS_WIDTH, labels=False, ticks=False, grid=False)
    top = max(map(reach, held), default=1.0)
    return alt.Y("value:Q", title=unit, axis=axis,
                 scale=alt.Scale(domain=[0, top * 1.06], nice=False))  # fmt: skip


def _paleness() -> alt.Scale:
    return alt.Scale(domain=[PRINTED, RECOVERED], range=[1, PALE])


def _none_held(canvas: Canvas) -> Any:
    """The words of an empty panel."""
    return canvas.words("No value of this panel could be recovered.", WIDTH, HEIGHT)
