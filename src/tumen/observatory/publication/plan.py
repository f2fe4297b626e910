"""The plan of a publication: how tables are laid out, what is drawn, and which pages there are.

It stands beside the study file as ``publication.toml`` and holds no result: a number in a page's
text is an expression, a finding is named by its claim. A study without a plan is published, too:
every dataset as a list of its cells, the audit, and no picture.
"""

import re
import tomllib
from pathlib import Path
from typing import Final, Literal

import msgspec

from tumen.observatory.dataset import text_of
from tumen.observatory.errors import StudyError

PLAN_FILE: Final = "publication.toml"

_PLACE: Final = re.compile(r"\$\.(\w+)(?:\[(\d+)\])?")
_HEADER: Final = re.compile(r"^\s*\[\[?(\w+)\]\]?", re.MULTILINE)

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

    id: str
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

    id: str
    title: str
    text: tuple[str, ...]
    sections: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()


class Plan(_Part, frozen=True):
    """Everything that a publication needs beside the study itself."""

    names: dict[str, str] = {}
    series: dict[str, str] = {}
    tables: tuple[TablePlan, ...] = ()
    figures: tuple[FigurePlan, ...] = ()
    pages: tuple[PagePlan, ...] = ()


def read_plan(path: Path) -> Plan:
    """Read a plan; a study without one gets an empty plan.

    Raises:
        StudyError: it is no TOML, or not of this form; the error names the line of its table.
    """
    if not path.is_file():
        return Plan()
    text = text_of(path)
    try:
        return msgspec.convert(tomllib.loads(text), Plan)
    except tomllib.TOMLDecodeError as error:
        raise StudyError("PLAN_SYNTAX", f"It is no TOML: {error}.", file=path.name) from error
    except msgspec.ValidationError as error:
        message = f"{error}."
        raise StudyError("PLAN_WRONG", message, file=path.name, line=_line(text, message)) from None


def _line(text: str, message: str) -> int:
    """The line on which the table begins that an error speaks of."""
    place = _PLACE.search(message)
    if place is None:
        return 1
    index = int(place[2] or 0)
    starts = [found.start(1) for found in _HEADER.finditer(text) if found[1] == place[1]]
    return text.count("\n", 0, starts[index]) + 1 if index < len(starts) else 1
