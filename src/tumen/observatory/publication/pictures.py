"""Pictures drawn from their specifications: SVG, and PNG from it."""

import json
import re
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Final

from tumen.observatory.publication.edition import Edition
from tumen.observatory.publication.material import Material
from tumen.observatory.publication.plan_model import FigurePlan
from tumen.observatory.publication.points import LOST, points

CHARTS: Final = "tumen.observatory.publication.charts"
PNG_SCALE: Final = 2
"""Pixels of the PNG for one of the SVG."""

DRAWN_BY: Final = (
    f"vl-convert {version('vl-convert-python')}, altair {version('altair')}, {PNG_SCALE}"
)
"""What else than the specification decides the bytes of a picture."""

_SIZE: Final = re.compile(r'<svg[^>]* width="([0-9.]+)" height="([0-9.]+)"')


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page needs to show a picture."""

    width: int
    height: int
    description: str


def draw(material: Material) -> tuple[str, str, bytes]:
    """Specification, SVG and PNG of a picture; the same material gives the same bytes.

    What draws is loaded here alone: it takes most of a second, and often nothing is drawn.
    """
    charts, converter = import_module(CHARTS), import_module("vl_convert")
    found = charts.specification(material)
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    svg: str = converter.vegalite_to_svg(text)
    return text, svg, converter.svg_to_png(svg, scale=PNG_SCALE)


def picture_of(edition: Edition, plan: FigurePlan, svg: str) -> Picture:
    """Size and description of a drawn picture."""
    size = _SIZE.search(svg)
    width, height = (round(float(part)) for part in size.groups()) if size else (0, 0)
    return Picture(width, height, description(edition, plan))


def description(edition: Edition, plan: FigurePlan) -> str:
    """What the picture shows, for those who do not see it."""
    number = f"Figure {plan.number}. " if plan.number else ""
    names = [*plan.series, *([plan.share] if plan.share else [])]
    found = points(edition, plan, names)
    lost = sum(point.kind == LOST for point in found)
    whose = ", ".join(map(edition.economy, plan.economies))
    told = f" {len(found) - lost} values of {whose}" if found else ""
    missing = f", {lost} missing" if lost else ""
    values = f"{told}{missing}." if told else ""
    return f"{number}{plan.title}.{values} The data stand below."
