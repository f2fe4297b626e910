"""Imports stand at the top, and every module is used by another."""

import ast
import re
import tomllib
from typing import Final

from tests.tidy.sources import (
    PACKAGE,
    ROOT,
    functions,
    module_of,
    name_of,
    python_files,
    text_of,
    tree_of,
)

ENTRY_POINTS: Final = frozenset({"tumen.__main__", "tumen.cli.app"})


def test_no_first_party_import_hides_in_a_function() -> None:
    hidden = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("src", "tools", "tests")
        for function in functions(tree_of(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.split(".")[0] in {"tumen", "tests"} for name in _imported(node))
    ]
    assert not hidden


def test_no_module_is_dead() -> None:
    modules = {module_of(path): path for path in python_files("src") if path.stem != "__init__"}
    imported = {
        name
        for path in python_files("src", "tools")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _imported(node)
    }
    dead = set(modules) - imported - ENTRY_POINTS - _commands() - _loaded_by_name()
    assert not sorted(dead)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = node.module or ""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def _commands() -> set[str]:
    """The modules that the command line loads by name."""
    return _told("cli/app.py", "tumen.cli.") | _told("cli/observe.py", "tumen.cli.observe_")


def _told(file: str, prefix: str) -> set[str]:
    table = re.search(r"^COMMANDS.*?^}", text_of(PACKAGE / file), re.DOTALL | re.MULTILINE)
    assert table is not None
    return {f"{prefix}{name}" for name in re.findall(r'^    "(\w+)":', table[0], re.MULTILINE)}


def _loaded_by_name() -> set[str]:
    """Whole texts of the code: what ``import_module`` is given late, so that a command is quick."""
    return {
        node.value
        for path in python_files("src")
        if "import_module(" in text_of(path)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_vectorised_law_is_kept_blind_to_the_scalar_one_by_a_contract() -> None:
    """A module that is added to either twin must be named in its contract."""
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    blind = [each for each in contracts if each["name"].startswith("The vectorised law of ")]
    sources = {name for each in blind for name in each["source_modules"]}
    hidden = {name for each in blind for name in each["forbidden_modules"]}
    modules = {module_of(path) for path in (PACKAGE / "law").glob("*/*.py")}
    twins = {name for name in modules if re.search(r"law\.\w\w\.vector", name)}
    references = {name for name in modules if name.endswith("_reference")}
    assert twins <= sources
    assert references <= hidden
