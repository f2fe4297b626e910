"""What a plan of the right form can still have wrong: names of nothing, units that do not go."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tumen.observatory.errors import ExpressionError
from tumen.observatory.publication.plan_model import FigurePlan, PagePlan, Plan
from tumen.observatory.publication.style import COLOURS, STEPS
from tumen.observatory.study import Study
from tumen.observatory.units import unit_of

PLAIN: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
YEAR: Final = re.compile(r"[0-9]{4}")

Fault = tuple[str, str, str]
"""Where in the plan, by which code, what is wrong."""


def faults(plan: Plan, study: Study) -> Iterator[Fault]:
    """Everything wrong with a plan, in its order."""
    yield from _tables(plan, study)
    for number, figure in enumerate(plan.figures):
        for code, message in _figure(figure, study):
            yield f"$.figures[{number}]", code, f"The figure {figure.id}: {message}"
    for kind, ids in (("figures", plan.figures), ("pages", plan.pages)):
        names = [each.id for each in ids]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield f"$.{kind}[{number}]", "PLAN_TWICE", f"{name!r} stands twice."
    for number, page in enumerate(plan.pages):
        for message in _page(page, plan, study):
            yield f"$.pages[{number}]", "PLAN_UNKNOWN", f"The page {page.id}: {message}"


def _tables(plan: Plan, study: Study) -> Iterator[Fault]:
    for number, table in enumerate(plan.tables):
        place = f"$.tables[{number}]"
        if table.dataset not in study.titles:
            yield place, "PLAN_UNKNOWN", f"The study has no dataset {table.dataset!r}."
        if table.dataset in [each.dataset for each in plan.tables[:number]]:
            yield place, "PLAN_TWICE", f"{table.dataset!r} stands twice."


def _figure(figure: FigurePlan, study: Study) -> Iterator[tuple[str, str]]:
    if figure.kind == "timeline":
        if not figure.file or ".." in Path(figure.file).parts or Path(figure.file).is_absolute():
            yield "PLAN_WRONG", "a timeline needs a file within the study's folder."
        return
    if not (figure.series and figure.economies and figure.periods):
        yield "PLAN_WRONG", "it needs series, economies and periods."
    for name in (*figure.series, *([figure.share] if figure.share else [])):
        if name.partition(".")[0] not in study.titles:
            yield "PLAN_UNKNOWN", f"the study has no dataset for {name!r}."
    for message in _too_many(figure):
        yield "PLAN_WRONG", message
    if figure.kind in ("lines", "correction"):
        for period in figure.periods:
            if YEAR.fullmatch(period) is None:
                yield "PLAN_WRONG", f"{period!r} is no year, and lines run over years."
    yield from _units(figure, study)


def _too_many(figure: FigurePlan) -> Iterator[str]:
    """What a picture of this kind cannot show apart."""
    economies, periods = len(figure.economies), len(figure.periods)
    if figure.kind == "scale" and economies > 1:
        yield "columns by period are of one economy."
    if figure.kind in ("lines", "dots") and economies > len(COLOURS):
        yield f"there are colours for {len(COLOURS)} economies."
    if figure.kind == "dots" and periods > 1:
        yield "dots are of one period."
    if figure.kind == "bars" and periods > len(STEPS):
        yield f"bars are of at most {len(STEPS)} periods."


def _units(figure: FigurePlan, study: Study) -> Iterator[tuple[str, str]]:
    """One axis bears one measure; a unit of the plan must be a unit."""
    try:
        planned = unit_of(figure.unit).measure if figure.unit else None
    except ExpressionError as error:
        yield "UNIT_UNKNOWN", str(error)
        return
    cells = study.catalogue.cells.values()
    units = {f"{each.dataset}.{each.series}": each.unit for each in cells}
    held = [units[name] for name in figure.series if name in units]
    if planned is not None and any(unit.measure != planned for unit in held):
        yield "UNIT_MISMATCH", f"its series cannot be drawn in {figure.unit!r}."
    if figure.kind in ("scale", "dots") and len({unit.measure for unit in held}) > 1:
        yield "UNIT_MISMATCH", "series of several measures cannot stand on one axis."


def _page(page: PagePlan, plan: Plan, study: Study) -> Iterator[str]:
    known = {figure.id for figure in plan.figures}
    for name in page.tables:
        if name not in study.titles:
            yield f"the study has no dataset {name!r}."
    for name in (*page.figures, *page.corrections):
        if name not in known:
            yield f"the plan has no figure {name!r}."
    corrections = {figure.id for figure in plan.figures if figure.kind == "correction"}
    for name in page.corrections:
        if name in known - corrections:
            yield f"the figure {name!r} is no correction."
