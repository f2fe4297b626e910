"""All that a picture is drawn from, and nothing else: by it a build knows what to draw again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from tumen.observatory.publication.correction import Corrected, corrected, is_found
from tumen.observatory.publication.edition import Edition
from tumen.observatory.publication.plan_model import FigurePlan
from tumen.observatory.publication.points import LOST, PRINTED, RECOVERED, Point, points
from tumen.observatory.publication.policies import plans

Row = dict[str, Any]

CORRECTION_WORDS: Final = (
    "hollow: as printed · filled: over the start year · stroke: GDP by public data"
)
CORRECTION_WORDS_NONE: Final = "hollow: as printed · stroke: GDP by public data"
BOUND_WORDS: Final = {"scale": ", stroke: its bounds", "lines": ", band: its bounds"}

DRAWERS: Final = "chart*.py", "canvas.py", "material.py", "points.py", "style.py"
"""The modules that decide how a picture looks."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a picture: what it measures, in which unit, and its values."""

    measures: str
    unit: str
    rows: tuple[Row, ...]

    @property
    def held(self) -> list[Row]:
        """The rows with a value."""
        return [row for row in self.rows if row.get("kind") != LOST]

    @property
    def unbroken(self) -> list[Row]:
        """The rows for a line, which ends where a value is lost: nothing is interpolated."""
        return [row if row.get("kind") != LOST else row | {"value": None} for row in self.rows]

    @property
    def lost(self) -> list[Row]:
        """The rows without one, to be drawn at nought."""
        return [row | {"value": 0} for row in self.rows if row.get("kind") == LOST]


def reach(row: Row) -> float:
    """How far a value reaches: to its upper bound, where it has one."""
    return float(row.get("high") or row["value"])


@dataclass(frozen=True, slots=True)
class Material:
    """A picture's plan, its words and its values."""

    plan: FigurePlan
    names: tuple[str, ...]
    series: tuple[Series, ...]
    share: Series | None
    legend: str

    def key(self) -> str:
        """What the material is, in a few digits; it changes with the modules that draw."""
        told = asdict(self) | {"plan": msgspec.to_builtins(self.plan), "drawers": drawers()}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def material_of(edition: Edition, plan: FigurePlan) -> Material:
    """Gather the material of a planned picture.

    Raises:
        StudyError: its file of plans is not of its form.
    """
    names = tuple(map(edition.economy, plan.economies))
    if plan.kind == "timeline":
        return Material(plan, names, (_policies(edition, plan),), None, "")
    if plan.kind == "correction":
        words = CORRECTION_WORDS if is_found(edition, plan.by) else CORRECTION_WORDS_NONE
        series = tuple(_corrected(edition, plan, name) for name in plan.series)
        return Material(plan, names, series, None, words)
    found = [points(edition, plan, [name]) for name in plan.series]
    share = points(edition, plan, [plan.share]) if plan.share else []
    return Material(
        plan,
        names,
        tuple(_series(edition, each) for each in found),
        _series(edition, share) if share else None,
        _legend(edition, plan, [point for each in (*found, share) for point in each]),
    )


@cache
def drawers() -> str:
    """The digest of the modules that draw."""
    digest = hashlib.sha256()
    for pattern in DRAWERS:
        for path in sorted(Path(__file__).parent.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _series(edition: Edition, found: Sequence[Point]) -> Series:
    rows = tuple(point.row(edition) for point in found)
    return Series(found[0].measures if found else "", found[0].unit if found else "", rows)


def _policies(edition: Edition, plan: FigurePlan) -> Series:
    rows = tuple(
        {
            "economies": " and ".join(map(edition.economy, each.economies)),
            "code": each.economies[0] if len(each.economies) == 1 else "WLD",
            "year": each.year,
            "name": each.name,
            "place": place,
        }
        for place, each in enumerate(plans(edition, plan.file))
    )
    return Series("", "", rows)


def _corrected(edition: Edition, plan: FigurePlan, name: str) -> Series:
    dataset, _, series = name.partition(".")
    rows = tuple(_rates(edition, each) for each in corrected(edition, plan, name))
    return Series(edition.series(dataset, series), "percent", rows)


def _rates(edition: Edition, found: Corrected) -> Row:
    row: Row = {"economy": edition.economy(found.cell.economy), "year": found.cell.period}
    rates = {
        "printed": found.printed, "over_start": found.over_start, "public": found.public,
    }  # fmt: skip
    shown = {key: round(float(rate * 100), 2) for key, rate in rates.items() if rate is not None}
    return row | shown


def _legend(edition: Edition, plan: FigurePlan, found: Sequence[Point]) -> str:
    """What the marks mean, where a picture has more than printed values."""
    rows = [point.row(edition) for point in found]
    words = _kind_words(edition, plan, found, is_bounded=any("low" in row for row in rows))
    if any(row.get("text", "").endswith("?") for row in rows):
        words.append("?: in doubt by the audit")
    return " · ".join(words)


def _kind_words(
    edition: Edition, plan: FigurePlan, found: Sequence[Point], *, is_bounded: bool
) -> list[str]:
    kinds = {point.kind for point in found}
    bounds = BOUND_WORDS.get(plan.kind, "") if is_bounded else ""
    if plan.kind == "lines":
        gaps = [f"{edition.economy(each.economy)} {each.period}" for each in found
                if each.kind == LOST]  # fmt: skip
        words = [f"no value: {', '.join(gaps)}"] if gaps else []
        return [*words, *([f"recovered{bounds}"] if RECOVERED in kinds else [])]
    if plan.kind != "scale" or kinds == {PRINTED}:
        return []
    told = {
        PRINTED: "solid: printed or public",
        RECOVERED: f"pale: recovered{bounds}",
        LOST: "×: lost",
    }
    return [text for kind, text in told.items() if kind in kinds]
