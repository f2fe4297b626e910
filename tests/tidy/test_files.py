"""Every file is of a known kind, says where its facts come from, and holds nothing foreign."""

import hashlib
import re
from pathlib import Path
from typing import Final

import pytest
from tests.tidy.exceptions import exceptions
from tests.tidy.sources import PACKAGE, ROOT, name_of, project_files, text_of

EXTENSIONS: Final = frozenset(
    {".py", ".md", ".toml", ".csv", ".gz", ".sql", ".xml", ".ndjson", ".json", ".lock", ".typed",
     ".txt", ".svg", ".vc", ".bundle", ".html", ".css", ".po", ".png", ".service",
     ".timer", ".conf"}
)  # fmt: skip
NAMES: Final = frozenset({"Makefile", "Containerfile", "LICENSE", "NOTICE", "run", ".gitignore"})
BINARY: Final = frozenset({".gz", ".png"})

LEFTOVERS: Final = re.compile(r"\b(?:FI[X]ME|TO[D]O|XX[X])\b")
MACHINE_PATHS: Final = re.compile(r"(?<![\w.~])/(?:root|work|home/[a-z]+)/")

FOREIGN_WORDS: Final = frozenset(
    {
        "00a7dc5a0cc38858",
        "053ea4804ef1bb33",
        "0dc11026ac75c015",
        "386ebc0efd04339a",
        "3ca29e55be4befa4",
        "3ea125d0bff386e6",
        "487b91042c7cf27a",
        "4bae6fa05458912f",
        "51c6b9f69c48a75b",
        "57de4cf40144bdf7",
        "5d72436256ada538",
        "60965168ce762e94",
        "7d3194f79e645c42",
        "9495278a74715c7e",
        "a4aa2ac280bb8d1a",
        "c70eca6b0f88f44d",
        "c857d09db23e6822",
        "c899567ee9068517",
        "d6d7019ca9fcbf07",
        "de2187af3fb01170",
    }
)
"""Hosts of package registries, and names of programs that write text: first 16 digits of SHA-256.

Kept as digests, so that this file does not hold what it forbids."""


def texts() -> list[tuple[str, str]]:
    return [(name_of(path), text_of(path)) for path in project_files() if path.suffix not in BINARY]


def test_every_file_has_a_known_extension() -> None:
    unknown = [
        name_of(path)
        for path in project_files()
        if path.suffix not in EXTENSIONS and path.name not in NAMES
    ]
    assert not unknown


def test_no_leftover_waits_for_somebody() -> None:
    assert not [name for name, text in texts() if LEFTOVERS.search(text)]


def test_no_path_of_a_machine_is_in_any_file() -> None:
    found = [
        (name, match[0])
        for name, text in texts()
        if (match := MACHINE_PATHS.search(text)) is not None
    ]
    assert not found


def test_no_foreign_word_is_in_any_file() -> None:
    where: dict[str, str] = {}
    for name, text in texts():
        for word in set(re.findall(r"[a-z][a-z0-9]+(?:[.-][a-z0-9]+)*", text.lower())):
            where.setdefault(word, name)
    digests = {hashlib.sha256(word.encode()).hexdigest()[:16]: word for word in where}
    found = [(where[digests[digest]], digests[digest]) for digest in digests.keys() & FOREIGN_WORDS]
    assert not found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-service.lock"])
def test_a_lock_names_no_address(name: str) -> None:
    lock = text_of(ROOT / name)
    assert "://" not in lock
    assert not re.findall(r"^--(?!hash)\S*", lock, re.MULTILINE)


def test_a_service_installs_what_was_tested_and_no_tool_of_the_tests() -> None:
    tested, served = (
        set(re.findall(r"^[a-z][\w.\[\],-]*==\S+", text_of(ROOT / name), re.MULTILINE))
        for name in ("requirements.lock", "requirements-service.lock")
    )
    assert served < tested
    assert not {each.partition("==")[0] for each in served} & {"pytest", "mypy", "schemathesis"}


def test_every_page_has_one_title_at_its_top() -> None:
    wrong = []
    for path in project_files():
        if path.suffix == ".md":
            prose = re.sub(r"^```.*?^```", "", text_of(path), flags=re.DOTALL | re.MULTILINE)
            titles = re.findall(r"^# .+", prose, re.MULTILINE)
            if len(titles) != 1 or not text_of(path).startswith("# "):
                wrong.append(name_of(path))
    assert not wrong


def test_every_folder_of_data_names_its_sources() -> None:
    folders = {
        path.parent
        for path in project_files()
        if path.is_relative_to(PACKAGE) and "data" in path.relative_to(PACKAGE).parts[:-1]
    }
    unsourced = {name_of(folder) for folder in folders if not _has_sources(folder)}
    assert unsourced == set(exceptions("unsourced_data"))


def _has_sources(folder: Path) -> bool:
    """Whether it, or a folder of data above it, has a table of sources."""
    if (folder / "sources.toml").is_file():
        return True
    return folder.name != "data" and _has_sources(folder.parent)
