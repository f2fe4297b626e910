"""No verdict is written down by hand: a study holds data and claims, the engine finds the rest."""

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.tidy.sources import PACKAGE, name_of, project_files, text_of

STUDIES: Final = PACKAGE / "observatory/data"
FOUND_WORDS: Final = frozenset(
    {"verdict", "verdicts", "consistent", "inconsistent", "unit_error", "not_checkable",
     "recomputed", "diagnosis", "slip", "corrected", "finding", "judgement"}
)  # fmt: skip


def studies(suffix: str) -> list[Path]:
    return [
        path
        for path in project_files()
        if path.is_relative_to(STUDIES) and path.suffix == suffix and path.name != "sources.toml"
    ]


def keys_and_values(told: Any) -> Iterator[str]:
    """Every key of a file, and every value that is a word by itself."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield key
            yield from keys_and_values(value)
    elif isinstance(told, list):
        for value in told:
            yield from keys_and_values(value)
    elif isinstance(told, str):
        yield told


def test_the_worked_study_is_found_by_this_test() -> None:
    assert "song-2023" in {path.parent.name for path in studies(".toml")}


def test_no_study_file_holds_a_verdict() -> None:
    written = [
        (name_of(path), word)
        for path in studies(".toml")
        for word in keys_and_values(tomllib.loads(text_of(path)))
        if word.lower() in FOUND_WORDS
    ]
    assert not written


def test_no_table_of_a_study_holds_a_verdict() -> None:
    written = [
        (name_of(path), cell)
        for path in studies(".csv")
        for row in csv.reader(text_of(path).splitlines())
        for cell in row
        if FOUND_WORDS & set(cell.lower().replace(",", " ").split())
    ]
    assert not written
