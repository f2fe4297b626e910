"""The files of the project and their syntax trees, read once for all tidy tests."""

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "src/tumen"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def name_of(path: Path) -> str:
    """A path as the exceptions and messages name it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files under folders of the project, such as ``src`` and ``tests/law``."""
    under = tuple(f"{folder}/" for folder in folders)
    return tuple(
        path for path in project_files() if path.suffix == ".py" and name_of(path).startswith(under)
    )


def module_of(path: Path) -> str:
    """The dotted name of a module under ``src``."""
    parts = list(path.relative_to(ROOT / "src").with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def line_count(path: Path) -> int:
    return text_of(path).count("\n")
