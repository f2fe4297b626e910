"""Things have whole names, and every module says what it is."""

import ast
from typing import Final

import pytest
from tests.tidy.sources import functions, name_of, python_files, tree_of

BANNED_MODULES: Final = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "stuff", "tools"}
)
TEST_WORDS_MIN: Final = 4


def test_no_module_is_named_for_nothing() -> None:
    named = [
        name_of(path)
        for path in python_files("src", "tests", "tools", "bench")
        if BANNED_MODULES & set(path.stem.split("_")) or BANNED_MODULES & set(_packages(path))
    ]
    assert not named


def _packages(path: object) -> list[str]:
    parts = str(path).partition("/src/tumen/")[2].split("/")
    return parts[:-1]


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "bench"])
def test_every_module_says_what_it_is(folder: str) -> None:
    silent = [
        name_of(path) for path in python_files(folder) if not ast.get_docstring(tree_of(path))
    ]
    assert not silent


def test_every_test_is_named_as_a_sentence() -> None:
    short = [
        f"{name_of(path)}::{function.name}"
        for path in python_files("tests")
        for function in functions(tree_of(path))
        if function.name.startswith("test_") and len(function.name.split("_")[1:]) < TEST_WORDS_MIN
    ]
    assert not short
