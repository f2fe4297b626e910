"""Which names of the law the code names: what no code names is dead, and no answer turns on it.

The code's own syntax trees are read. A name is alive where a text of the code, docstrings apart, is

1. the name itself, such as ``"jp.deminimis.duty_limit"``; or
2. a text with holes that the name fills, such as ``f"ru.gsp.{origin}"``. Names of texts inside
   are followed (``TABLE = "jp.simplified"``, ``f"{TABLE}.limit"``), also where another module
   keeps them. A hole is filled only by what the code or the data knows: a word that stands in
   some text of the code, a class of goods, or a value of a rule. Where the text begins with a hole
   (``f"{tax}.rate"``), what fills it must be named by another text of the code.

So a parameter that the code asks for is never called dead, as long as texts are put together by
f-strings and ``+``. One whose words all stand somewhere else may be called alive although it is
not.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import Final

HOLE: Final = "\0"
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*|[A-Z]{2}|[0-9]+")
_HOLES: Final = re.compile(f"{HOLE}+")
_NAME: Final = re.compile(rf"[A-Za-z0-9_.{HOLE}]+")
READINGS_MAX: Final = 256
"""Ways in which one text with holes may read; no text of the code has nearly as many."""


@dataclass(slots=True)
class _Module:
    """One file.

    Attributes:
        nodes: all nodes of its syntax tree, which is walked once.
        named: what its names are given, wherever in it.
        open: names that stand for something else too, such as what a function is called with.
        imported: names of other modules' texts: the module and the name there.
    """

    nodes: tuple[ast.AST, ...]
    named: dict[str, list[ast.expr]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the texts of the code name.

    Attributes:
        texts: whole texts, and texts with holes (each a NUL).
        words: words that can fill a hole.
    """

    texts: frozenset[str]
    words: frozenset[str]

    def names(self, name: str) -> bool:
        """Whether the code names a parameter or a tax."""
        return name in self.texts or any(
            self._fits(name, text) for text in self.texts if HOLE in text
        )

    def _fits(self, name: str, text: str) -> bool:
        found = re.fullmatch(re.escape(text).replace(re.escape(HOLE), "(.+)"), name)
        if found is None:
            return False
        first, *others = found.groups()
        if text.startswith(HOLE):
            return self._is_named_before(first) and all(map(self._is_known, others))
        return all(map(self._is_known, found.groups()))

    def _is_named_before(self, start: str) -> bool:
        """Whether a text that begins with no hole names the first part of a name.

        An economy is named by its code in capitals, of which ``f"{economy.lower()}…"`` is made.
        """
        return (
            start in self.texts
            or start.upper() in self.texts
            or any(
                self._fits(start, text)
                for text in self.texts
                if HOLE in text and not text.startswith(HOLE)
            )
        )

    def _is_known(self, filling: str) -> bool:
        words = (word.strip("_") for word in filling.lower().split("."))
        return all(not word or word in self.words for word in words)


def usage(package: Path, classes: Iterable[str] = ()) -> Usage:
    """What the Python files below a folder name.

    Args:
        package: the folder of the package, such as that of ``tumen``.
        classes: names of classes of goods and values of rules, which fill holes too.
    """
    texts, words = _told(package)
    return Usage(texts, words | {each.lower() for each in classes})


@cache
def _told(package: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The texts of a package that may name something, and the words of all its texts."""
    modules = {
        _module_name(path, package): _read(path.read_text("utf-8"))
        for path in sorted(package.rglob("*.py"))
    }
    texts = {text for module in modules.values() for text in _texts(module, modules)}
    words = {word.lower().strip("_") for text in texts for word in _WORD.findall(text)}
    return frozenset(filter(_NAME.fullmatch, texts)), frozenset(words)


def _module_name(path: Path, package: Path) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read(text: str) -> _Module:
    module = _Module(tuple(ast.walk(ast.parse(text))))
    given: set[ast.expr] = set()
    for node in module.nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    module.named.setdefault(target.id, []).append(node.value)
                    given.add(target)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module.imported[alias.asname or alias.name] = (node.module, alias.name)
        elif isinstance(node, ast.arg):
            module.open.add(node.arg)
    module.open |= {
        node.id
        for node in module.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in given
    }
    return module


def _texts(module: _Module, modules: Mapping[str, _Module]) -> Iterator[str]:
    """Every text of a module as it may read, docstrings apart."""
    silent = _docstrings(module)
    for node in module.nodes:
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and node not in silent:
            yield from _readings(node, module, modules, ())


def _docstrings(module: _Module) -> set[ast.AST]:
    """The texts that stand alone as a statement: they say something and do nothing."""
    return {node.value for node in module.nodes if isinstance(node, ast.Expr)}


def _readings(
    node: ast.expr, module: _Module, modules: Mapping[str, _Module], seen: tuple[str, ...]
) -> list[str]:
    """How an expression of text may read; a hole for what cannot be told; nothing for no text."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp | ast.BoolOp):
        cases = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        told = [_readings(each, module, modules, seen) for each in cases]
        return [text for side in told for text in side or [HOLE]] if any(told) else []
    if isinstance(node, ast.JoinedStr):
        parts = [_part(each, module, modules, seen) for each in node.values]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_readings(each, module, modules, seen) for each in (node.left, node.right)]
        parts = [side or [HOLE] for side in sides] if any(sides) else [[]]
    elif isinstance(node, ast.Name) and node.id not in seen:
        return _of_name(node.id, module, modules, seen)
    else:
        return []
    return _joined(parts)


def _joined(parts: list[list[str]]) -> list[str]:
    """The ways in which parts read together; a hole for each that varies, if there are too many."""
    if prod(map(len, parts)) > READINGS_MAX:
        parts = [part if len(part) == 1 else [HOLE] for part in parts]
    return [_HOLES.sub(HOLE, "".join(each)) for each in product(*parts)]


def _part(
    node: ast.expr, module: _Module, modules: Mapping[str, _Module], seen: tuple[str, ...]
) -> list[str]:
    """How one part of a text with holes may read."""
    value = node.value if isinstance(node, ast.FormattedValue) else node
    return _readings(value, module, modules, seen) or [HOLE]


def _of_name(
    name: str, module: _Module, modules: Mapping[str, _Module], seen: tuple[str, ...]
) -> list[str]:
    """What a name stands for, wherever it was given a text; a hole where something else may."""
    if name in module.imported:
        home, original = module.imported[name]
        return [] if home not in modules else _of_name(original, modules[home], modules, seen)
    given = module.named.get(name, ())
    found = [_readings(each, module, modules, (*seen, name)) or [HOLE] for each in given]
    return [text for texts in found for text in texts] + [HOLE] * (name in module.open)
