"""Printed growth beside growth over the start year, and public growth as a tick."""

from typing import Any, Final

import altair as alt

from tumen.observatory.publication.canvas import Canvas
from tumen.observatory.publication.material import Row, Series
from tumen.observatory.publication.style import ACCENT, INK, QUIET

WIDTH: Final = 150
HEIGHT: Final = 170
ROOM: Final = 3
"""Points of percent left free above and below."""

RATES: Final = ("printed", "over_start", "public")


def correction(canvas: Canvas) -> Any:
    """A row of panels for each series, a panel for each economy."""
    return alt.vconcat(*(_row(canvas, series) for series in canvas.series), spacing=22)


def _row(canvas: Canvas, series: Series) -> Any:
    values = [row[key] for row in series.rows for key in RATES if key in row]
    domain = [min(values, default=0) - ROOM, max(values, default=0) + ROOM]
    panels = []
    for place, name in enumerate(canvas.material.names):
        rows = [row for row in series.rows if row["economy"] == name]
        title = f"{series.measures}, %" if place == 0 else None
        heading = alt.TitleParams(name, fontSize=12, offset=4, anchor="middle")
        panel = alt.layer(*_layers(canvas, rows, domain, title))
        panels.append(panel.properties(width=WIDTH, height=HEIGHT, title=heading))
    return alt.hconcat(*panels, spacing=14)


def _layers(canvas: Canvas, rows: list[Row], domain: list[float], title: str | None) -> list[Any]:
    short = "'\u2019' + slice(datum.label, 2)"
    x = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, labelExpr=short))
    is_first = title is not None
    axis = alt.Axis(format="~r", labels=is_first, ticks=is_first, tickCount=6)
    scale = alt.Scale(domain=domain, nice=False)
    y = {name: alt.Y(f"{name}:Q", title=title, axis=axis, scale=scale) for name in ("zero", *RATES)}
    moved = canvas.chart([row for row in rows if "over_start" in row])
    public = canvas.chart([row for row in rows if "public" in row])
    return [
        canvas.chart([{"zero": 0}]).mark_rule(color=QUIET, strokeWidth=0.8).encode(y=y["zero"]),
        moved.mark_rule(color=ACCENT, strokeWidth=1.5).encode(
            x=x, y=y["printed"], y2=alt.Y2("over_start")
        ),
        public.mark_tick(color=INK, thickness=2, size=20).encode(x=x, y=y["public"]),
        moved.mark_point(filled=True, color=ACCENT, size=60, opacity=1).encode(
            x=x, y=y["over_start"]
        ),
        canvas.chart(rows).mark_point(
            filled=True, fill="white", stroke=ACCENT, size=50, opacity=1
        ).encode(x=x, y=y["printed"]),
    ]  # fmt: skip
