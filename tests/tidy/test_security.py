"""Every test that SECURITY.md names is there, and every threat has a row."""

import re

from tests.tidy.sources import ROOT, functions, text_of, tree_of

PAGE = ROOT / "SECURITY.md"
THREATS = 22


def rows() -> list[list[str]]:
    lines = [line for line in text_of(PAGE).splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text_of(PAGE))
    assert named
    gone = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file()
        or name not in {each.name for each in functions(tree_of(ROOT / "tests" / file))}
    ]
    assert not gone


def test_every_threat_has_a_promise_and_a_test_or_says_that_none_holds_it() -> None:
    assert {int(row[0]) for row in rows()} == set(range(1, THREATS + 1))
    unheld = [row for row in rows() if "::" not in row[3] and not row[3].startswith("not held yet")]
    assert not unheld
    assert all(len(row) == 4 and all(row) for row in rows())
