"""The chart of a series: a line for each economy, in colours that nearly everybody tells apart."""

from collections.abc import Sequence
from typing import Final, cast

import altair
import polars as pl

from tumen.kernel.limits import CHART_SERIES_MAX
from tumen.observatory.indicators.collection import name_of
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import RANK
from tumen.observatory.indicators.periods import year_of
from tumen.observatory.indicators.series import Series
from tumen.observatory.publication.style import COLOURS, CONFIG, OF_CODES

WIDTH: Final = 560
HEIGHT: Final = 320
LABELS_MAX: Final = 22
"""Names that stand above each other without touching."""


def chart(series: Series) -> altair.LayerChart:
    """Lines with the economy's name at the end of each, and the sources beneath.

    Raises:
        IndicatorError: there are more economies than colours.
    """
    codes = sorted(set(series.frame["economy"]))
    if len(codes) > CHART_SERIES_MAX:
        raise IndicatorError(
            "TOO_MANY_SERIES", f"{len(codes)} lines cannot be told apart; {CHART_SERIES_MAX} can."
        )
    rows = series.frame.drop_nulls("value").with_columns(
        year_of("period").alias("year"),
        pl.col("economy").replace({code: name_of(code) for code in codes}).alias("name"),
    )
    names = [name_of(code) for code in codes]
    color = altair.Color(
        "name:N", legend=None, scale=altair.Scale(domain=names, range=colours_of(codes))
    )
    layers = altair.layer(
        _lines(rows, series.indicator.unit, color), _labels(rows, color),
        width=WIDTH, height=HEIGHT, title=_title(series), config=CONFIG,
    )  # fmt: skip
    return cast("altair.LayerChart", layers)


def colours_of(codes: Sequence[str]) -> list[str]:
    """The colour of each economy of the region is its own; others get what is left.

    >>> colours_of(["CN", "US"]) == [COLOURS[0], COLOURS[1]]
    True
    """
    own = [OF_CODES.get(code) for code in codes]
    left = iter(sorted(set(range(len(COLOURS))) - set(own)))
    return [COLOURS[next(left) if place is None else place] for place in own]


def _lines(rows: pl.DataFrame, unit: str, color: altair.Color) -> altair.Chart:
    shown = rows.select("name", "year", "period", "value", "source", "status")
    points = altair.OverlayMarkDef(size=18)
    lines: altair.Chart = altair.Chart(shown).mark_line(point=points)
    return lines.encode(
        x=altair.X(
            "year:Q",
            title=None,
            axis=altair.Axis(format="d", tickMinStep=1),
            scale=altair.Scale(nice=False),
        ),
        y=altair.Y("value:Q", title=unit, scale=_scale(unit)),
        color=color,
        tooltip=["name:N", "period:N", "value:Q", "source:N", "status:N"],
    )


def _scale(unit: str) -> altair.Scale:
    """The first place is at the top; everything else begins at nothing."""
    return altair.Scale(reverse=True, zero=False) if unit == RANK else altair.Scale(zero=True)


def _labels(rows: pl.DataFrame, color: altair.Color) -> altair.Chart:
    """The names at the right, moved apart where lines end close to each other."""
    last = rows.sort("year").group_by("name", maintain_order=True).last().sort("value")
    room = (_number(rows["value"].max()) - min(0.0, _number(rows["value"].min()))) / LABELS_MAX
    heights = apart([_number(value) for value in last["value"]], room)
    year = rows["year"].max()
    shown = pl.DataFrame({"name": last["name"], "year": year, "value": heights})
    labels: altair.Chart = altair.Chart(shown).mark_text(align="left", dx=8)
    return labels.encode(x="year:Q", y="value:Q", color=color, text="name:N")


def apart(heights: Sequence[float], room: float) -> list[float]:
    """Rising heights moved so that each is at least ``room`` above the one before.

    >>> apart([1.0, 1.2, 5.0], 1.0)
    [0.6, 1.6, 5.0]
    """
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _low(groups[-1], room) - _high(groups[-2], room) < room:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [
        round(_low(group, room) + place * room, 9)
        for group in groups
        for place in range(len(group))
    ]


def _low(group: Sequence[float], room: float) -> float:
    return sum(group) / len(group) - room * (len(group) - 1) / 2


def _high(group: Sequence[float], room: float) -> float:
    return sum(group) / len(group) + room * (len(group) - 1) / 2


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _title(series: Series) -> altair.TitleParams:
    cited = [each.citation for each in series.sources]
    return altair.TitleParams(series.indicator.name, subtitle=cited, anchor="start")
