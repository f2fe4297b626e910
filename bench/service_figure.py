"""The figure of the service's bench: what it answers a second, and how long each answer takes.

    bench/service_figure.py RESULTS.json docs/performance-service.svg

A column for each kind of request, from the JSON that ``bench/service.py --json`` prints. Clients
and times go by powers of two and of ten, so that few and many can be read alike.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert

Arm = Mapping[str, Any]

WIDTH: Final = 210
HEIGHT: Final = 130
ARMS_IN_A_ROW: Final = 3
INK: Final = "#1b2a38"
PERCENTILES: Final = {"p50": "#2f6f4f", "p90": "#8a5a1c", "p99": "#9b2d3a"}
TITLE: Final = "The service under more clients: how much a second, and how long one waits"


def drawn(found: Mapping[str, Any]) -> str:
    """The figure of a run, as SVG."""
    arms: dict[str, list[Arm]] = {}
    for each in found["arms"]:
        arms.setdefault(each["arm"], []).append(each)
    columns = (_column(name, measured) for name, measured in arms.items())
    chart = (
        alt.concat(*columns, columns=ARMS_IN_A_ROW, spacing=30, title=TITLE)
        .configure(font="Georgia, serif", background="#ffffff")
        .configure_title(fontSize=14, color=INK, anchor="start", offset=14)
        .configure_axis(titleFontWeight="normal", labelColor=INK, titleColor=INK)
    )
    return str(vl_convert.vegalite_to_svg(chart.to_json())) + "\n"


def _column(name: str, measured: Sequence[Arm]) -> Any:
    """What was measured of one kind of request: the rate above, the times below it."""
    clients = alt.X(
        "clients:Q",
        title="clients",
        scale=alt.Scale(type="log", base=2, nice=False, padding=10),
        axis=alt.Axis(values=[each["clients"] for each in measured], format="d", grid=False),
    )
    title = alt.TitleParams(name, fontSize=12, offset=4)
    return alt.vconcat(_rates(measured, clients), _times(measured, clients), title=title)


def _rates(measured: Sequence[Arm], clients: alt.X) -> Any:
    unit = "documents" if any(each["documents"] for each in measured) else "answers"
    rows = [
        {"clients": each["clients"], "rate": each["documents"] or each["requests"]}
        for each in measured
    ]
    top = alt.Scale(domain=[0, max(row["rate"] for row in rows) * 1.15], nice=False)
    axis = alt.Axis(format=",d", tickCount=4)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=clients, y=alt.Y("rate:Q", title=f"{unit} a second", scale=top, axis=axis)
    )
    numbers = base.mark_text(dy=-9, fontSize=10, color=INK).encode(
        text=alt.Text("rate:Q", format=",.0f")
    )
    marks = base.mark_line(point={"color": INK}, color=INK)
    return alt.layer(marks, numbers).properties(width=WIDTH, height=HEIGHT)


def _times(measured: Sequence[Arm], clients: alt.X) -> Any:
    rows = [
        {"clients": each["clients"], "percentile": name, "milliseconds": each[name]}
        for each in measured
        for name in PERCENTILES
    ]
    scale = alt.Scale(domain=[*PERCENTILES], range=[*PERCENTILES.values()])
    legend = alt.Legend(title=None, orient="bottom")
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=clients,
        y=alt.Y("milliseconds:Q", title="milliseconds", scale=alt.Scale(type="log"),
                axis=alt.Axis(format=",~r", tickCount=4)),
        color=alt.Color("percentile:N", scale=scale, legend=legend),
    )  # fmt: skip
    shape = alt.Shape("percentile:N", scale=alt.Scale(domain=[*PERCENTILES]), legend=legend)
    points = base.mark_point(filled=True, size=45, opacity=1).encode(shape=shape)
    return alt.layer(base.mark_line(), points).properties(width=WIDTH, height=HEIGHT)


if __name__ == "__main__":
    results, figure = map(Path, sys.argv[1:])
    figure.write_text(drawn(json.loads(results.read_text(encoding="utf-8"))), encoding="utf-8")
