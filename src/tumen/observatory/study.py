"""A study file: its document, its data, its relations and its claims, as written in TOML."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from tumen.kernel.limits import CLAIMS_MAX
from tumen.observatory.claim import TRUE, WORDS, Claim
from tumen.observatory.dataset import Catalogue, Cell, read_cells, text_of
from tumen.observatory.errors import ExpressionError, StudyError
from tumen.observatory.expression import parse
from tumen.observatory.quantity import number_of
from tumen.observatory.units import Unit, unit_of

STUDY_KEYS: Final = frozenset(
    {"id", "title", "author", "year", "licence", "source", "received", "accepted", "aggregates"}
)
DATASET_KEYS: Final = frozenset({"name", "file", "title"})
CLAIM_KEYS: Final = frozenset(
    {"id", "section", "line", "says", "expression", "claimed", "unit", "word"}
)
CLAIM_NEEDED: Final = frozenset({"id", "section", "line", "says", "expression", "claimed"})
RELATION_KEYS: Final = frozenset(
    {"kind", "of", "by", "total", "part", "whole", "parts", "period", "minuend", "subtrahend"}
)
TOP_KEYS: Final = frozenset({"study", "datasets", "relations", "claims"})

_HEADER: Final = re.compile(r"^\s*\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class Relation:
    """What must hold within the tables; ``relations.py`` makes claims of it."""

    kind: str
    settings: Mapping[str, str]
    file_line: int


@dataclass(frozen=True, slots=True)
class Study:
    """A study, read; nothing in it says what came of its claims."""

    file: Path
    facts: Mapping[str, Any]
    document: Mapping[str, date]
    catalogue: Catalogue
    titles: Mapping[str, str]
    relations: tuple[Relation, ...]
    claims: tuple[Claim, ...]


def read_study(path: Path) -> Study:
    """Read a study file and its data.

    Raises:
        StudyError: the file, its form or one of its data files is wrong; a single claim whose
            expression is wrong raises nothing, it is told with the claim.
    """
    text = text_of(path)
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError("STUDY_SYNTAX", f"It is no TOML: {error}.", file=path.name) from error
    reader = _Reader(path.name, text)
    reader.known(told, TOP_KEYS, "the study file", 1)
    facts = reader.table(told.get("study"), STUDY_KEYS, frozenset({"title"}), "[study]", 1)
    aggregates = facts.get("aggregates", [])
    if not isinstance(aggregates, list):
        raise StudyError("VALUE_WRONG", "aggregates must be a list.", file=path.name)
    cells, titles = _data(reader, told, path.parent)
    return Study(
        file=path,
        facts=facts,
        document={name: day for name, day in facts.items() if type(day) is date},
        catalogue=Catalogue(cells, frozenset(map(str, aggregates))),
        titles=titles,
        relations=tuple(_relations(reader, told)),
        claims=tuple(_claims(reader, told)),
    )


class _Reader:
    """Checks the tables of the file, and knows on which line each begins."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if (header := _HEADER.match(line)) is not None:
                self.lines.setdefault(header[1], []).append(number)

    def known(self, table: Mapping[str, Any], keys: frozenset[str], what: str, line: int) -> None:
        """Refuse a key that means nothing here: a verdict, above all, is never written down."""
        if strange := sorted(table.keys() - keys):
            message = f"{what} has no {strange[0]!r}; it has {', '.join(sorted(keys))}."
            raise StudyError("KEY_UNKNOWN", message, file=self.file, line=line)

    def table(
        self, table: object, keys: frozenset[str], needed: frozenset[str], what: str, line: int
    ) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise StudyError("VALUE_WRONG", f"{what} must be a table.", file=self.file, line=line)
        self.known(table, keys, what, line)
        if absent := sorted(needed - table.keys()):
            message = f"{what} needs {absent[0]!r}."
            raise StudyError("KEY_ABSENT", message, file=self.file, line=line)
        return table

    def tables(
        self, told: Mapping[str, Any], name: str, keys: frozenset[str], needed: frozenset[str]
    ) -> Iterator[tuple[dict[str, Any], int]]:
        """Every table of an array, with its line."""
        entries = told.get(name, [])
        if not isinstance(entries, list) or len(entries) > CLAIMS_MAX:
            message = f"{name} must be written as [[{name}]], at most {CLAIMS_MAX} times."
            raise StudyError("VALUE_WRONG", message, file=self.file)
        lines = self.lines.get(name, [])
        for index, entry in enumerate(entries):
            line = lines[index] if index < len(lines) else 0
            yield self.table(entry, keys, needed, f"[[{name}]]", line), line


def _data(
    reader: _Reader, told: Mapping[str, Any], folder: Path
) -> tuple[list[Cell], dict[str, str]]:
    cells: list[Cell] = []
    titles: dict[str, str] = {}
    needed = frozenset({"name", "file"})
    for entry, line in reader.tables(told, "datasets", DATASET_KEYS, needed):
        name, file = str(entry["name"]), str(entry["file"])
        if name in titles or ".." in Path(file).parts or Path(file).is_absolute():
            message = f"{name!r} stands twice, or its file is outside the study's folder."
            raise StudyError("VALUE_WRONG", message, file=reader.file, line=line)
        titles[name] = str(entry.get("title", name))
        cells += read_cells(folder / file, name)
    return cells, titles


def _relations(reader: _Reader, told: Mapping[str, Any]) -> Iterator[Relation]:
    for entry, line in reader.tables(told, "relations", RELATION_KEYS, frozenset({"kind"})):
        settings = {key: str(value) for key, value in entry.items() if key != "kind"}
        yield Relation(str(entry["kind"]), settings, line)


def _claims(reader: _Reader, told: Mapping[str, Any]) -> Iterator[Claim]:
    seen: set[str] = set()
    for entry, line in reader.tables(told, "claims", CLAIM_KEYS, CLAIM_NEEDED):
        if entry["id"] in seen:
            message = f"The claim {entry['id']} stands twice."
            raise StudyError("CLAIM_TWICE", message, file=reader.file, line=line)
        seen.add(entry["id"])
        yield _claim(reader, entry, line)


def _claim(reader: _Reader, entry: Mapping[str, Any], line: int) -> Claim:
    claimed, word = str(entry["claimed"]), str(entry.get("word", "exactly"))
    if word not in WORDS:
        message = f"word is one of {', '.join(sorted(WORDS))}."
        raise StudyError("VALUE_WRONG", message, file=reader.file, line=line)
    try:
        unit = Unit("", "", number_of("1")) if claimed == TRUE else unit_of(str(entry["unit"]))
        if claimed != TRUE:
            number_of(claimed)
    except KeyError as error:
        message = "A claimed number needs its unit."
        raise StudyError("KEY_ABSENT", message, file=reader.file, line=line) from error
    except ExpressionError as error:
        raise StudyError(error.code, str(error), file=reader.file, line=line) from error
    expression = str(entry["expression"])
    node, fault = None, None
    try:
        node = parse(expression)
    except ExpressionError as error:
        fault = error
    return Claim(
        id=str(entry["id"]),
        says=str(entry["says"]),
        section=str(entry["section"]),
        line=int(entry["line"]) if str(entry["line"]).isdigit() else 0,
        expression=expression,
        claimed=claimed,
        unit=unit,
        word=word,
        node=node,
        fault=fault,
        file_line=line,
    )
