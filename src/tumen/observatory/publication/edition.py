"""One edition of a study: its data, the audit's findings, and how all is named and linked."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from tumen.codelist.iso_countries import countries
from tumen.observatory.audit import Audit, audit
from tumen.observatory.dataset import Cell, Key
from tumen.observatory.finding import CONSISTENT, NOT_CHECKABLE, Finding
from tumen.observatory.publication.plan import PLAN_FILE, read_plan
from tumen.observatory.publication.plan_model import Plan, TablePlan
from tumen.observatory.study import Study, read_study

TABLE_CHECKS: Final = "audit/tables.html"
"""The page of what must hold within the tables."""

T = TypeVar("T")

MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SPAN_OF_MONTHS: Final = re.compile(r"(\d{4})-(\d\d)/\1-(\d\d)")
DIGEST_DIGITS: Final = 8
SEVERAL: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Edition:
    """A study read and audited, with its plan."""

    study: Study
    audit: Audit
    plan: Plan
    folder: Path
    labels: Mapping[str, str] = field(default_factory=countries)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """The findings of claims, by the claim's name."""
        return {finding.claim.id: finding for finding in self.audit.claims}

    @cached_property
    def doubts(self) -> dict[Key, tuple[Finding, ...]]:
        """The failing findings that accuse a cell: by a diagnosis, or as a check of the cell."""
        found: dict[Key, dict[str, Finding]] = {}
        names = {cell.name: cell.key for cell in self.study.catalogue.cells.values()}
        for finding in filter(fails, (*self.audit.claims, *self.audit.tables)):
            keys = [key for each in finding.diagnosis for key in each.instead]
            own = names.get(finding.claim.id.rpartition(" ")[0])
            for key in (*keys, *([own] if own else [])):
                found.setdefault(key, {})[finding.claim.id] = finding
        return {key: tuple(each.values()) for key, each in found.items()}

    @cached_property
    def uses(self) -> dict[Key, tuple[Finding, ...]]:
        """The claims that rest on each cell."""
        found: dict[Key, list[Finding]] = {}
        for finding in self.audit.claims:
            for cell in finding.used:
                found.setdefault(cell.key, []).append(finding)
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def tables(self) -> tuple[TablePlan, ...]:
        """The layout of every dataset: as planned, or as a list of its cells."""
        planned = {table.dataset: table for table in self.plan.tables}
        return tuple(planned.get(name, TablePlan(dataset=name)) for name in self.study.titles)

    def economy(self, code: str) -> str:
        """The name of an economy, a city or a province."""
        return self.plan.names.get(code) or self.labels.get(code, code)

    def series(self, dataset: str, series: str) -> str:
        """What a series measures."""
        names = self.plan.series
        return names.get(f"{dataset}.{series}") or names.get(series, series.replace("_", " "))

    def of_series(self, name: str) -> list[Cell]:
        """The cells of a series that may not be held, in their order."""
        dataset, _, series = name.partition(".")
        return [cell for cell in self.study.catalogue.of_dataset(dataset) if cell.series == series]

    def address(self, cell: Cell) -> str:
        """Where the site shows a cell with its source."""
        return f"tables/{cell.dataset}.html#{anchor(cell)}"

    def finding_address(self, finding: Finding) -> str:
        """Where the site shows what was found of a claim."""
        claim = finding.claim
        page = section_page(claim.section) if claim.id in self.findings else TABLE_CHECKS
        return f"{page}#{slug(claim.id)}"


def edition_of(path: Path) -> Edition:
    """Read a study and its plan, and audit it.

    Raises:
        StudyError: a file is not of its form.
    """
    study = read_study(path)
    plan = read_plan(path.parent / PLAN_FILE, study)
    return Edition(study, audit(study), plan, path.parent)


def section_page(section: str) -> str:
    """The page of a section's claims."""
    return f"audit/section-{slug(section)}.html"


def fails(finding: Finding) -> bool:
    """Whether what is printed does not stand."""
    return finding.verdict not in (CONSISTENT, NOT_CHECKABLE)


def anchor(cell: Cell) -> str:
    """The place of a cell on the page of its table."""
    return slug(" ".join(cell.key[1:]))


def slug(text: str) -> str:
    """A text as a part of an address.

    Whatever is not written in Latin letters is told apart by a digest.

    >>> slug("table10.sales[CN, 2019] rank"), slug("III.2.1"), slug("第一章")
    ('table10-sales-cn-2019-rank', 'iii-2-1', '9134b008')
    """
    plain = SEVERAL.sub("-", text.lower()).strip("-")
    if text.isascii() and plain:
        return plain
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGEST_DIGITS]
    return f"{plain}-{digest}".strip("-")


def in_order(values: Iterable[T]) -> list[T]:
    """Each value once, in the order of its first place."""
    return list(dict.fromkeys(values))


def period_text(period: str) -> str:
    """A period as a reader writes it.

    >>> period_text("2023-01/2023-07"), period_text("2000/2004"), period_text("2022-Q4")
    ('Jan–Jul 2023', '2000–2004', '2022-Q4')
    """
    months = SPAN_OF_MONTHS.fullmatch(period)
    if months is None:
        return period.replace("/", "–")
    year, first, last = months.groups()
    return f"{MONTHS[int(first) - 1]}–{MONTHS[int(last) - 1]} {year}"
