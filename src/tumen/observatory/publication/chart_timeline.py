"""Plans by date: a line for each, so that no name lies upon another."""

from typing import Any, Final

import altair as alt

from tumen.observatory.publication.canvas import Canvas
from tumen.observatory.publication.style import colour_of, shape_of

WIDTH: Final = 720
ROW_HEIGHT: Final = 19
TICK_YEARS: Final = 4
LEFT_FROM: Final = 2009
"""From this year on a name stands to the left of its mark: to the right the picture ends."""


def timeline(canvas: Canvas) -> Any:
    """A mark at the year of each plan, its name beside it."""
    rows = list(canvas.series[0].rows)
    codes = {row["economies"]: row["code"] for row in rows}
    years = [row["year"] for row in rows]
    colours = alt.Scale(domain=list(codes), range=[colour_of(each, 0) for each in codes.values()])
    shapes = alt.Scale(domain=list(codes), range=[shape_of(each, 0) for each in codes.values()])
    ticks = list(range(min(years), max(years) + 1, TICK_YEARS))
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", orient="top", values=ticks),
              scale=alt.Scale(domain=[min(years) - 1, max(years) + 1], nice=False))  # fmt: skip
    where: dict[str, Any] = {"x": x, "y": alt.Y("place:O", axis=None)}
    early = canvas.chart([row for row in rows if row["year"] < LEFT_FROM])
    late = canvas.chart([row for row in rows if row["year"] >= LEFT_FROM])
    return alt.layer(
        canvas.chart(rows).mark_point(filled=True, size=70, opacity=1).encode(
            color=alt.Color("economies:N", scale=colours),
            shape=alt.Shape("economies:N", scale=shapes), **where,
        ),
        early.mark_text(align="left", dx=9).encode(text="name:N", **where),
        late.mark_text(align="right", dx=-9).encode(text="name:N", **where),
    ).properties(width=WIDTH, height=ROW_HEIGHT * len(rows))  # fmt: skip
