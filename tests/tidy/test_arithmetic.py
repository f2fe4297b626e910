"""Money never overflows and never floats: the law multiplies and divides by one function."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.tidy.sources import module_of, name_of, python_files, tree_of

EXACT_PACKAGES: Final = ("kernel", "law", "documents", "window", "zone")
FLOAT_TYPES: Final = frozenset({"Float32", "Float64"})
PRODUCTS: Final = (ast.Mult, ast.FloorDiv, ast.Pow)  # a remainder cannot overflow
TIMES: Final = frozenset({"seconds", "timeout"})


def vectorised_law() -> list[Path]:
    """The modules of the law that compute on columns, known by what they import."""
    return [path for path in python_files("src/tumen/law") if _imports_narwhals(tree_of(path))]


def _imports_narwhals(tree: ast.Module) -> bool:
    return any(
        alias.name == "narwhals"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    )


def test_the_vectorised_law_is_found_by_this_test() -> None:
    assert "tumen.law.cn.cbec" in {module_of(path) for path in vectorised_law()}


def test_the_vectorised_law_has_no_bare_product_or_quotient() -> None:
    bare = [
        f"{name_of(path)}:{node.lineno}"
        for path in vectorised_law()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.BinOp | ast.AugAssign)
        and isinstance(node.op, PRODUCTS)
        and not _is_of_constants(node)
    ]
    assert not bare


def _is_of_constants(node: ast.AST) -> bool:
    """Whether all names in it are numbers or named constants: no column can overflow there."""
    return all(
        name.id.isupper() for name in ast.walk(node) if isinstance(name, ast.Name)
    ) and not any(isinstance(part, ast.Call) for part in ast.walk(node))


@pytest.mark.parametrize("package", EXACT_PACKAGES)
def test_there_is_no_float_where_amounts_are(package: str) -> None:
    floats = [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        for path in python_files(f"src/tumen/{package}")
        for node in _outside_times(tree_of(path))
        if _is_float(node)
    ]
    assert not floats


def _outside_times(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but what is said of seconds and timeouts, which are no amounts."""
    if getattr(tree, "arg", None) in TIMES:
        return
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _outside_times(child)


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.Attribute):
        return node.attr in FLOAT_TYPES
    return isinstance(node, ast.Name) and node.id == "float"
