"""Finds the sentences with which requests are refused, where they are raised.

A sentence that is put together by an f-string is a template with a place for each value, numbered
from 0, so that a language may put them into another order. `tumen.web.speaking` fills them in.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tumen.web.problem import REFUSALS

RAISED: Final = frozenset({"Refusal", "UsageError", "NotPermitted", "CallerUnknown", "PathAbsent"})
"""Errors whose own words a caller reads; of those of the outside only the title is told."""

_SPOKEN: Final = frozenset({"detail", "next_step"})
_FAULT: Final = "message"
"""Under this key a fault of a request says what is wrong."""


def raised_in(file: Path) -> Iterator[str]:
    """Every sentence of a file that a refused caller may read."""
    for node in ast.walk(ast.parse(file.read_text())):
        for spoken in _spoken(node):
            template = template_of(spoken)
            if template is not None and " " in template and any(map(str.isalpha, template)):
                yield template


def _spoken(node: ast.AST) -> list[ast.expr]:
    """What a node says to a caller."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
        return [*node.args, *(each.value for each in node.keywords if each.arg in _SPOKEN)]
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and _is_code(node.elts[0]):
        return node.elts[1:]
    if isinstance(node, ast.Dict):
        return [
            value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value == _FAULT
        ]
    return []


def _is_code(first: ast.expr) -> bool:
    """Whether a pair begins with a code of a refusal, and so holds what is said under it."""
    return isinstance(first, ast.Constant) and first.value in REFUSALS


def template_of(spoken: ast.expr) -> str | None:
    """A text with a numbered place for each value; None of what is no text of the source."""
    if isinstance(spoken, ast.Constant) and isinstance(spoken.value, str):
        return spoken.value
    if not isinstance(spoken, ast.JoinedStr):
        return None
    parts, places = [], 0
    for part in spoken.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{places}}}")
            places += 1
    return "".join(parts)
