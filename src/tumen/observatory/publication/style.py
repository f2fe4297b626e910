"""How pictures look: colours that the colour-blind tell apart, with a shape each; one font."""

from typing import Any, Final

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
INK: Final = "#222222"
QUIET: Final = "#666666"
GRID: Final = "#e4e4e4"

ACCENT: Final = "#0072B2"
NEUTRAL: Final = "#A9B4BE"
WARNING: Final = "#B03A00"

COLOURS: Final = ("#C35200", "#0447CA", "#009854", "#BF4CB0", "#1A1A1A", "#767676")
"""For CN, JP, KR, RU, MN and the world: apart for the colour-blind too, and readable as text."""

SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")

STEPS: Final = ("#9CC9E3", "#4C9BC9", "#0B4F7D")
"""One hue, light to dark, for periods in their order."""

OF_CODES: Final = {
    "CN": 0, "JP": 1, "KR": 2, "RU": 3, "MN": 4, "WLD": 5,
    "CNBJS": 0, "JPTYO": 1, "KRSEL": 2, "RUMOW": 3, "CNSHA": 4,
}  # fmt: skip
"""The place in the palette of each economy, and of each city by its country."""

CONFIG: Final[dict[str, Any]] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "titleColor": QUIET, "labelColor": INK, "gridColor": GRID, "domainColor": QUIET,
        "tickColor": QUIET, "titlePadding": 8,
    },
    "title": {
        "anchor": "start", "fontSize": 15, "fontWeight": "bold", "color": INK,
        "subtitleFontSize": 12, "subtitleColor": QUIET, "offset": 12, "subtitlePadding": 5,
    },
    "legend": {
        "labelFontSize": 12, "titleFontSize": 12, "orient": "top", "title": None,
        "symbolSize": 90, "labelColor": INK, "columnPadding": 36,
    },
    "text": {"fontSize": 11, "color": INK},
    "header": {"labelFontSize": 12, "labelFontWeight": "bold", "labelColor": INK},
}  # fmt: skip


def colour_of(code: str, place: int) -> str:
    """The colour of an economy, or of the so-and-so-many-th of others."""
    return COLOURS[OF_CODES.get(code, place) % len(COLOURS)]


def shape_of(code: str, place: int) -> str:
    """The shape that goes with the colour."""
    return SHAPES[OF_CODES.get(code, place) % len(SHAPES)]
