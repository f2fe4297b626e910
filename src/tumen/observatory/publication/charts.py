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


def specification(material: Material) -> dict[str, Any]:
    """The picture as a Vega-Lite specification, checked against its schema."""
    plan, canvas = material.plan, Canvas(material)
    number = f"Figure {plan.number}. " if plan.number else ""
    title = alt.TitleParams(number + plan.title, subtitle=material.legend or alt.Undefined)
    chart = KINDS[plan.kind](canvas).properties(title=title, padding=14)
    found: dict[str, Any] = chart.configure(**CONFIG).to_dict()
    return found | {"datasets": canvas.datasets}
