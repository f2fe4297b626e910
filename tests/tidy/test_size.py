"""Files and functions stay small; what is over budget is listed with a reason and a day."""

import ast
from typing import Final

from tests.tidy.exceptions import exceptions, listed, over_budget
from tests.tidy.sources import (
    functions,
    line_count,
    name_of,
    project_files,
    python_files,
    tree_of,
)

FILE_LINES_MAX: Final = 400
FUNCTION_LINES_MAX: Final = 70
FUNCTION_STATEMENTS_MAX: Final = 40
BLOB_BYTES_MAX: Final = 1 << 20

FOLDERS: Final = ("src", "tests", "tools", "bench")


def test_no_python_file_is_longer_than_its_budget() -> None:
    sizes = {name_of(path): line_count(path) for path in python_files(*FOLDERS)}
    assert not over_budget("file_lines", sizes, FILE_LINES_MAX)


def test_no_function_is_longer_than_its_budget() -> None:
    sizes = {
        f"{name_of(path)}::{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in python_files(*FOLDERS)
        for function in functions(tree_of(path))
    }
    assert not over_budget("function_lines", sizes, FUNCTION_LINES_MAX)


def test_no_function_has_more_statements_than_its_budget() -> None:
    sizes = {
        f"{name_of(path)}::{function.name}": _statements(function)
        for path in python_files(*FOLDERS)
        for function in functions(tree_of(path))
    }
    assert not over_budget("function_statements", sizes, FUNCTION_STATEMENTS_MAX)


def _statements(function: ast.AST) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


def test_every_exception_is_of_a_known_kind() -> None:
    known = {"file_lines", "function_lines", "function_statements", "unsourced_data"}
    assert set(listed()) <= known
    assert all(exceptions(kind) is not None for kind in known)


def test_no_large_blob_is_committed() -> None:
    large = [name_of(path) for path in project_files() if path.stat().st_size > BLOB_BYTES_MAX]
    assert not large
