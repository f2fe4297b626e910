"""Every link of a page leads somewhere, and every page of the docs is found from their index."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.tidy.sources import ROOT, name_of, project_files, python_files, text_of

INDEXES: Final = (ROOT / "docs/README.md", ROOT / "docs/guides/README.md")
CODE: Final = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def pages() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


@cache
def links(page: Path) -> tuple[tuple[Path, str], ...]:
    """Where a page leads within the project: a file, and a heading of it or nothing."""
    found = re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", text_of(page)))
    parts = [each.partition("#") for each in found if "://" not in each]
    return tuple((page.parent.joinpath(path).resolve() if path else page, heading)
                 for path, _, heading in parts)  # fmt: skip


@cache
def headings(page: Path) -> frozenset[str]:
    """The headings of a page as a browser addresses them."""
    written = re.findall(r"^#+ (.+)$", CODE.sub("", text_of(page)), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each).lower() for each in written)
    return frozenset(re.sub(r"[^\w\- ]", "", each).replace(" ", "-") for each in plain)


def _broken(page: Path) -> Iterator[str]:
    for target, heading in links(page):
        if not target.exists():
            yield f"{name_of(page)}: {target.name}"
        elif heading and heading not in headings(target):
            yield f"{name_of(page)}: {target.name}#{heading}"


def test_every_link_of_a_page_leads_to_a_file_and_to_a_heading_of_it() -> None:
    assert not [each for page in pages() for each in _broken(page)]


def test_every_page_of_the_docs_is_found_from_their_index() -> None:
    found = {target for index in INDEXES for target, _ in links(index)}
    docs = {page for page in pages() if page.is_relative_to(ROOT / "docs")}
    assert not sorted(name_of(page) for page in docs - found - {INDEXES[0]})


def test_every_page_that_the_code_names_is_there() -> None:
    named = {
        (name_of(path), page)
        for path in python_files("src", "tests", "tools", "bench")
        for page in re.findall(r"docs/[\w/-]+\.md|[(]design [^)]*", text_of(path))
    }
    assert not sorted(each for each in named if not (ROOT / each[1]).exists())
