"""The chart of the index: a score for each economy, with the interval of its draws."""

from typing import Final, cast

import altair
import polars as pl

from tumen.observatory.index.divide import Divide
from tumen.observatory.indicators.collection import name_of
from tumen.observatory.publication.style import ACCENT, CONFIG

WIDTH: Final = 480
STEP: Final = 44
SUBTITLE: Final = "Dot: by the choices made. Bar: nine of ten of {:,} draws of the choices."


def chart(found: Divide) -> altair.LayerChart:
    """Points with bars, the first economy at the top; the rank interval stands beside the name."""
    rows = pl.DataFrame([
        {
            "name": name_of(each.economy),
            "ranks": f"{each.rank_low}" if each.rank_low == each.rank_high
            else f"{each.rank_low} to {each.rank_high}",
            "score": each.score, "low": each.score_low, "high": each.score_high,
        }
        for each in found.standings
    ]).with_columns(
        pl.concat_str("name", pl.lit(", rank "), "ranks").alias("label")
    )  # fmt: skip
    order = rows["label"].to_list()
    y = altair.Y("label:N", sort=order, title=None, axis=altair.Axis(labelLimit=220))
    x_axis = altair.Scale(domain=[0, 100])
    bars = altair.Chart(rows).mark_rule(size=6, opacity=0.35, color=ACCENT).encode(
        y=y, x=altair.X("low:Q", scale=x_axis, title="score"), x2="high:Q"
    )  # fmt: skip
    points = altair.Chart(rows).mark_point(filled=True, size=90, color=ACCENT, opacity=1).encode(
        y=y, x=altair.X("score:Q", scale=x_axis)
    )  # fmt: skip
    layers = altair.layer(
        bars, points, width=WIDTH, height=STEP * len(order), config=CONFIG,
        title=altair.TitleParams(
            f"{found.framework.title}, {found.framework.year}", anchor="start",
            subtitle=[SUBTITLE.format(found.resamples)],
        ),
    )  # fmt: skip
    return cast("altair.LayerChart", layers)
