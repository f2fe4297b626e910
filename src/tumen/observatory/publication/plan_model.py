"""The parts of a plan: tables, pictures and pages, and what each may say."""

from typing import Annotated, Literal

import msgspec

Name = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,60}$")]
"""A name that becomes an address."""

Dimension = Literal["economy", "series", "period"]
Kind = Literal["scale", "lines", "bars", "dots", "correction", "timeline"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the plan: a key that means nothing is refused."""


class TablePlan(_Part, frozen=True):
    """How the cells of a dataset are laid out: what a row is, what a column, outer first."""

    dataset: str
    number: str = ""
    rows: Dimension = "economy"
    columns: tuple[Dimension, ...] = ()
    source: str = ""
    note: str = ""


class FigurePlan(_Part, frozen=True):
    """A picture: its kind, the series that it draws, and of whom and when."""

    id: Name
    title: str
    kind: Kind
    number: str = ""
    series: tuple[str, ...] = ()
    share: str = ""
    economies: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    unit: str = ""
    reversed: bool = False
    world: str = ""
    by: tuple[str, ...] = ()
    file: str = ""
    about: str = ""
    recovered: str = ""
    lost: str = ""


class PagePlan(_Part, frozen=True):
    """A page of conclusions: text with expressions in it, and what belongs to it."""

    id: Name
    title: str
    text: tuple[str, ...]
    sections: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    divide_index: bool = False


class Plan(_Part, frozen=True):
    """Everything that a publication needs beside the study itself."""

    names: dict[str, str] = {}
    series: dict[str, str] = {}
    tables: tuple[TablePlan, ...] = ()
    figures: tuple[FigurePlan, ...] = ()
    pages: tuple[PagePlan, ...] = ()
