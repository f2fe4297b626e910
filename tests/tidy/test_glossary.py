"""The glossary knows every public class of the window and of the documents, and no other."""

import ast
import re

from tests.tidy.sources import ROOT, name_of, python_files, text_of, tree_of

FOLDERS = ("src/tumen/window", "src/tumen/documents")
PAGE = ROOT / "docs/glossary.md"
COLUMNS = 9


def public_classes() -> set[str]:
    return {
        node.name
        for path in python_files(*FOLDERS)
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


def named_classes() -> list[str]:
    """The class names that stand in the glossary, with or without a member."""
    return re.findall(r"`([A-Z][a-z]\w+)(?:\.[A-Z]+)?`", text_of(PAGE))


def test_every_public_class_has_a_row_or_is_listed_as_internal() -> None:
    assert public_classes() - set(named_classes()) == set()


def test_the_glossary_names_no_class_that_is_gone() -> None:
    assert set(named_classes()) - public_classes() == set()


def test_an_internal_class_has_no_row() -> None:
    rows, internal = text_of(PAGE).split("## Internal classes")
    named = set(re.findall(r"`([A-Z]\w+)`", rows))
    assert named.isdisjoint(re.findall(r"`([A-Z]\w+)`", internal)), name_of(PAGE)


def test_every_row_has_every_language_or_a_dash() -> None:
    lines = [line for line in text_of(PAGE).splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert all(len(row) == COLUMNS and all(row) for row in cells)
