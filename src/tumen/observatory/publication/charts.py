"""From a picture's material to a Vega-Lite specification; one function for each kind."""

from collections.abc import Callable
from typing import Any, Final

import altair as alt

from tumen.observatory.publication.canvas import Canvas
from tumen.observatory.publication.chart_bars import bars, dots
from tumen.observatory.publication.chart_correction import correction
from tumen.observatory.publication.chart_lines import lines
from tumen.observatory.publication.chart_scale import scale
from tumen.observatory.publication.chart_timeline import timeline
from tumen.observatory.publication.material import Material
from tumen.observatory.publication.style import CONFIG

KINDS: Final[dict[str, Callable[[Canvas], Any]]] = {
    "scale": scale,
    "lines": lines,
    "bars": bars,
    "dots": dots,
    "correction": correction,
    "timeline": timeline,
}


WIDTH: Final = 480
HEIGHT: Final = 160
"""Of a picture that has nothing to show."""


def specification(material: Material) -> dict[str, Any]:
    """The picture as a Vega-Lite specification, checked against its schema."""
    plan, canvas = material.plan, Canvas(material)
    number = f"Figure {plan.number}. " if plan.number else ""
    title = alt.TitleParams(number + plan.title, subtitle=material.legend or alt.Undefined)
    drawn = KINDS[plan.kind](canvas) if _has_values(material) else _empty(canvas)
    chart = drawn.properties(title=title, padding=14)
    found: dict[str, Any] = chart.configure(**CONFIG).to_dict()
    return found | {"datasets": canvas.datasets}


def _has_values(material: Material) -> bool:
    """Whether there is anything to draw; columns are drawn as lost where nothing is held."""
    return material.plan.kind == "scale" or any(series.held for series in material.series)


def _empty(canvas: Canvas) -> Any:
    words = canvas.words("No value of this picture is held.", WIDTH, HEIGHT)
    return words.properties(width=WIDTH, height=HEIGHT)
