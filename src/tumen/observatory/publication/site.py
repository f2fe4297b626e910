"""The site: pages of plain HTML that need no script, read on a telephone, and print.

Every number leads to its cell, every cell to its source and to the claims that rest on it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tumen.observatory.finding import NOT_CHECKABLE, VERDICTS, Finding
from tumen.observatory.publication.correction import corrected
from tumen.observatory.publication.edition import (
    TABLE_CHECKS,
    Edition,
    fails,
    in_order,
    section_page,
)
from tumen.observatory.publication.layout import Layout
from tumen.observatory.publication.pictures import Picture
from tumen.observatory.publication.plan_model import FigurePlan, PagePlan, TablePlan
from tumen.observatory.publication.points import Point, points
from tumen.observatory.publication.policies import plans
from tumen.observatory.publication.site_words import words_of
from tumen.observatory.publication.statements import Statements
from tumen.observatory.publication.words import SLIP_TITLES

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = "style.css"
INDEX: Final = "tumen.observatory.publication.index_section"
"""Loaded where a page has the index: its frames cost every other study's build a second."""


@dataclass(frozen=True)
class Site:
    """What the pages are made of: an edition, its tables laid out, its pictures drawn."""

    edition: Edition
    layouts: Mapping[str, Layout]
    pictures: Mapping[str, Picture]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page with its address."""
        environment = self._environment()
        for path, template, values in self._contexts():
            depth = path.count("/")
            values |= {"path": path, "root": "../" * depth}
            yield path, environment.get_template(template).render(values)
        yield STYLE, (TEMPLATES / STYLE).read_text(encoding="utf-8")

    def _environment(self) -> Environment:
        found = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        edition = self.edition
        found.globals |= words_of(edition) | {
            "facts": {"author": "", "year": "", "licence": "", "source": ""}
            | dict(edition.study.facts),
            "claims": edition.audit.claims,
            "checks": edition.audit.tables,
            "verdicts": VERDICTS,
            "menu": self._menu(),
        }
        return found

    def _menu(self) -> list[tuple[str, str]]:
        first = [("index.html", "Overview"), ("audit/findings.html", "Findings")]
        pages = [(f"pages/{page.id}.html", page.title) for page in self.edition.plan.pages]
        return [*first, *pages, ("audit/index.html", "Every claim"), ("sources.html", "Sources")]

    def _contexts(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        plan = self.edition.plan
        yield "index.html", "index.html", {
            "title": "Overview", "pages": plan.pages, "figures": plan.figures,
            "captions": [(table.dataset, self._caption(table)) for table in self.edition.tables],
        }  # fmt: skip
        for table in self.edition.tables:
            yield f"tables/{table.dataset}.html", "table.html", self._table(table)
        for figure in plan.figures:
            yield f"figures/{figure.id}.html", "figure.html", self._figure(figure)
        for page in plan.pages:
            yield f"pages/{page.id}.html", "conclusion.html", self._conclusion(page)
        yield from self._audit()
        yield "sources.html", "sources.html", self._sources()

    # --- tables and figures -----------------------------------------------------------------------

    def _caption(self, table: TablePlan) -> str:
        layout = self.layouts.get(table.dataset)
        return layout.caption if layout else self.edition.study.titles[table.dataset]

    def _table(self, table: TablePlan) -> dict[str, Any]:
        return {
            "title": self._caption(table),
            "name": table.dataset,
            "plan": table,
            "layout": self.layouts.get(table.dataset),
            "cells": list(self.edition.study.catalogue.of_dataset(table.dataset)),
        }

    def _figure(self, plan: FigurePlan) -> dict[str, Any]:
        found = figure_points(self.edition, plan)
        kinds = Counter(point.kind for point in found)
        return {
            "title": f"Figure {plan.number}. {plan.title}" if plan.number else plan.title,
            "plan": plan,
            "picture": self.pictures[plan.id],
            "points": found,
            "kinds": sorted(kinds.items()),
            "policies": plans(self.edition, plan.file) if plan.file else [],
        }

    # --- pages of conclusions ---------------------------------------------------------------------

    def _conclusion(self, page: PagePlan) -> dict[str, Any]:
        figures = {plan.id: plan for plan in self.edition.plan.figures}
        return {
            "title": page.title,
            "statements": Statements(self.edition, page.text),
            "figures": [(figures[name], self.pictures[name]) for name in page.figures],
            "corrections": [
                (figures[name], [row for series in figures[name].series
                                 for row in corrected(self.edition, figures[name], series)])
                for name in page.corrections
            ],
            "layouts": [self.layouts[name] for name in page.tables if name in self.layouts],
            "index": import_module(INDEX).index_section() if page.divide_index else None,
            "findings": [each for each in self.edition.audit.claims
                         if each.claim.section in page.sections],
        }  # fmt: skip

    # --- the audit --------------------------------------------------------------------------------

    def _audit(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        claims = self.edition.audit.claims
        pages = in_order(section_page(each.claim.section) for each in claims)
        sections = [
            (page, [each for each in claims if section_page(each.claim.section) == page])
            for page in pages
        ]
        yield "audit/index.html", "audit.html", {"title": "Every claim", "sections": sections}
        for page, findings in sections:
            title = f"Claims: {findings[0].claim.section}"
            yield page, "section.html", {
                "title": title, "note": "", "findings": findings, "passed": [],
            }  # fmt: skip
        yield TABLE_CHECKS, "section.html", self._checks()
        yield "audit/findings.html", "findings.html", self._findings()

    def _checks(self) -> dict[str, Any]:
        checks = self.edition.audit.tables
        return {
            "title": "Checks of the tables",
            "note": "Totals, shares, ranks and growth within the tables, and whatever two of them"
            " both print, are checked like claims.",
            "findings": [each for each in checks if fails(each)],
            "passed": [each for each in checks if not fails(each)],
        }

    def _findings(self) -> dict[str, Any]:
        failing = [each for each in self.edition.audit.claims if fails(each)]
        order = sorted(failing, key=_kind)
        return {
            "title": "What the audit finds",
            "failing": failing,
            "groups": [(kind, list(group)) for kind, group in groupby(order, key=_kind)],
            "missing": [each for each in self.edition.audit.claims
                        if each.verdict == NOT_CHECKABLE],
            "failing_checks": [each for each in self.edition.audit.tables if fails(each)],
        }  # fmt: skip

    def _sources(self) -> dict[str, Any]:
        edition = self.edition
        cells = edition.study.catalogue.cells.values()
        methods = Counter((cell.method, cell.confidence) for cell in cells if cell.method)
        return {
            "title": "Sources and method",
            "every_fact": [(name, edition.study.facts[name]) for name in sorted(edition.study.facts)
                      if name != "aggregates"],
            "datasets": [(table.dataset, self._caption(table), table.source)
                         for table in edition.tables],
            "methods": [(*key, count) for key, count in sorted(methods.items())],
        }  # fmt: skip


def figure_points(edition: Edition, plan: FigurePlan) -> list[Point]:
    """Every point of a figure, also of its share."""
    return points(edition, plan, [*plan.series, *([plan.share] if plan.share else [])])


def _kind(finding: Finding) -> str:
    """The slip by which findings stand together; those that none explains come last."""
    return SLIP_TITLES[finding.diagnosis[0].slip] if finding.diagnosis else SLIP_TITLES[""]
