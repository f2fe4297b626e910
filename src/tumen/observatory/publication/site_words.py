"""What the templates call: names, links and words of an edition."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from tumen.observatory.dataset import Cell
from tumen.observatory.finding import Finding
from tumen.observatory.publication.edition import Edition, anchor, fails, period_text, slug
from tumen.observatory.publication.points import Point
from tumen.observatory.publication.words import (
    RELATION_WORDS,
    VERDICT_NAMES,
    VERDICT_WORDS,
    claimed_text,
    slip_text,
    value_text,
)
from tumen.observatory.quantity import decimal_text

VERDICT_SIGNS: Final = {
    "consistent": "✓",
    "inconsistent": "✗",
    "unit_error": "≠",
    "not_checkable": "–",
}
"""A sign beside the word and its colour, for those who see no colours."""

PERCENT_DIGITS: Final = 2


def words_of(edition: Edition) -> dict[str, Callable[..., Any]]:
    """The functions of the templates."""
    return {
        "anchor": anchor,
        "slug": slug,
        "fails": fails,
        "period_text": period_text,
        "claimed_text": claimed_text,
        "value_text": value_text,
        "slip_text": slip_text,
        "verdict_name": VERDICT_NAMES.__getitem__,
        "verdict_words": VERDICT_WORDS.__getitem__,
        "verdict_sign": VERDICT_SIGNS.__getitem__,
        "economy_name": edition.economy,
        "series_name": lambda cell: edition.series(cell.dataset, cell.series),
        "cell_address": edition.address,
        "finding_address": edition.finding_address,
        "doubts": lambda cell: edition.doubts.get(cell.key, ()),
        "uses": lambda cell: edition.uses.get(cell.key, ()),
        "says": says,
        "corrected": corrected_values,
        "percent": percent,
        "bounds": bounds,
    }


def says(finding: Finding) -> str:
    """What is claimed, in words: a check of the tables is told by its kind."""
    relation = RELATION_WORDS.get(finding.claim.says)
    return f"It agrees with: {relation}." if relation else finding.claim.says


def corrected_values(finding: Finding) -> list[str]:
    """What should have been printed, each once."""
    found = (each.corrected for each in finding.diagnosis if each.corrected)
    return [value_text(text) for text in dict.fromkeys(found)]


def percent(rate: Fraction | None) -> str:
    """A rate in percent, or a dash where there is none."""
    return "–" if rate is None else decimal_text(rate * 100, PERCENT_DIGITS)


def bounds(point: Point) -> str:
    """Between which values a recovered one lies, where its table says so."""
    cell: Cell | None = point.cell
    if cell is None or cell.quantity is None or point.kind != "recovered":
        return ""
    scale, places = cell.unit.scale, len(cell.text.partition(".")[2])
    low, high = (
        decimal_text(end / scale, places) for end in (cell.quantity.low, cell.quantity.high)
    )
    return f"{low} to {high}" if low != high else ""
