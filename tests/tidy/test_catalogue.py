"""The catalogue of violations and the code agree: no code unknown, none unused."""

import ast
import re
import tomllib
from functools import cache
from typing import Final

from tests.tidy.sources import PACKAGE, name_of, project_files, python_files, text_of, tree_of

CATALOGUE: Final = PACKAGE / "codelist/data/violations.d"
CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
RAISING_PACKAGES: Final = ("src/tumen/documents", "src/tumen/window", "src/tumen/law")


@cache
def catalogue() -> frozenset[str]:
    codes: list[str] = []
    for path in sorted(CATALOGUE.glob("*.toml")):
        codes += tomllib.loads(text_of(path))
    assert len(codes) == len(set(codes)), "a code is listed twice"
    return frozenset(codes)


def raised() -> dict[str, str]:
    """Codes given by name to ``violations(where, code, …)`` or as ``code=…``, and where."""
    found: dict[str, str] = {}
    for path in python_files(*RAISING_PACKAGES):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                for value in _codes(node):
                    found[value] = f"{name_of(path)}:{node.lineno}"
    return found


def _codes(call: ast.Call) -> list[str]:
    function = call.func
    name = function.id if isinstance(function, ast.Name) else ""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if name == "violations":
        given += call.args[1:2]
    return [
        node.value
        for value in given
        for node in ast.walk(value)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    ]


def mentioned() -> set[str]:
    """Every word in the form of a code, in code and data other than the catalogue."""
    words: set[str] = set()
    for path in project_files():
        if not path.is_relative_to(PACKAGE) or path.is_relative_to(CATALOGUE):
            continue
        if path.suffix == ".py":
            words |= {
                word
                for node in ast.walk(tree_of(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                for word in CODE.findall(node.value)
            }
        elif path.suffix in {".toml", ".csv"}:
            words |= set(CODE.findall(text_of(path)))
    return words


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    assert not {code: at for code, at in raised().items() if code not in catalogue()}


def test_every_code_of_the_catalogue_is_used() -> None:
    assert not sorted(catalogue() - mentioned())


def test_the_codes_that_are_raised_are_found_by_this_test() -> None:
    assert "IDENTITY_NUMBER_INVALID" in raised()
