"""The expression of a claim: a small language, read by recursive descent into a typed tree.

    comparison = sum [ ("<" | "<=" | ">" | ">=" | "=") sum ]
    sum        = product { ("+" | "-") product }
    product    = factor { ("*" | "/") factor }
    factor     = "-" factor | "(" comparison ")" | day | number | call | cell | field
    call       = name "(" [ comparison { "," comparison } ] ")"
    cell       = name "." name "[" keys "," periods "]"
    field      = name "." name
    keys       = "*" | key | "{" key { "," key } "}"
    periods    = period [ ".." period ] | "{" period { "," period } "}"

Any text gives a tree or an ``ExpressionError`` with its place. Nothing is ever executed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from tumen.kernel.limits import EXPRESSION_DEPTH_MAX, EXPRESSION_LENGTH_MAX, NUMBER_DIGITS_MAX
from tumen.observatory.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number of the expression itself."""

    text: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    day: date
    position: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of the document, such as ``document.accepted``."""

    owner: str
    name: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of a series: of some economies or of all, in some periods or a range of them."""

    dataset: str
    series: str
    economies: tuple[str, ...] | None
    periods: tuple[str, ...]
    is_range: bool = False
    position: int = 0

    @property
    def is_one(self) -> bool:
        """Whether it names a single cell."""
        return self.economies is not None and len(self.economies) == len(self.periods) == 1


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: "tuple[Node, ...]"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands: ``+ - * /`` or a comparison."""

    operator: str
    left: "Node"
    right: "Node"
    position: int = 0


Node = Number | Day | Field | Cells | Call | Operation

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "="})

_SPACE: Final = re.compile(r"[ \t\n]*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_KEY: Final = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)?")
_PERIOD: Final = re.compile(
    r"[0-9]{4}(?:-Q[1-4]|-[0-9]{2}(?:/[0-9]{4}-[0-9]{2})?|/[0-9]{4})?(?![0-9])"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_COMPARISON: Final = re.compile(r"<=|>=|<|>|=")
_SUM: Final = re.compile(r"[+-]")
_PRODUCT: Final = re.compile(r"[*/]")


class _Reader:
    """The text of an expression and how far it was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """What the pattern matches here, after blanks; the reader then stands behind it."""
        self.skip()
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def skip(self) -> None:
        blanks = _SPACE.match(self.text, self.at)
        self.at = blanks.end() if blanks else self.at

    def has(self, mark: str) -> bool:
        """Whether a mark stands here; if so the reader goes behind it."""
        self.skip()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def need(self, mark: str) -> None:
        if not self.has(mark):
            raise self.wrong(f"{mark!r}")

    def wanted(self, pattern: re.Pattern[str], what: str) -> str:
        found = self.take(pattern)
        if found is None:
            raise self.wrong(what)
        return found

    def wrong(self, expected: str) -> ExpressionError:
        self.skip()
        rest = self.text[self.at : self.at + 12]
        found = repr(rest) if rest else "its end"
        message = f"Expected {expected}, found {found} at character {self.at + 1}."
        return ExpressionError("EXPRESSION_SYNTAX", message, self.at)


def parse(text: str) -> Node:
    """Read an expression.

    >>> parse("1 + 2").operator
    '+'

    Raises:
        ExpressionError: it does not follow the grammar, or is too long or too deep.
    """
    if len(text) > EXPRESSION_LENGTH_MAX:
        message = f"It has {len(text)} characters, at most {EXPRESSION_LENGTH_MAX} are read."
        raise ExpressionError("EXPRESSION_TOO_LONG", message, EXPRESSION_LENGTH_MAX)
    reader = _Reader(text)
    node = _comparison(reader)
    reader.skip()
    if reader.at < len(text):
        raise reader.wrong("the end")
    return node


def _comparison(reader: _Reader) -> Node:
    reader.depth += 1
    if reader.depth > EXPRESSION_DEPTH_MAX:
        raise ExpressionError("EXPRESSION_TOO_DEEP", "It nests too deep.", reader.at)
    left = _sum(reader)
    operator = reader.take(_COMPARISON)
    node = left if operator is None else Operation(operator, left, _sum(reader), reader.at)
    reader.depth -= 1
    return node


def _sum(reader: _Reader) -> Node:
    return _series(reader, _SUM, _product)


def _product(reader: _Reader) -> Node:
    return _series(reader, _PRODUCT, _factor)


def _series(
    reader: _Reader, operators: re.Pattern[str], operand: Callable[[_Reader], Node]
) -> Node:
    """Operands joined from left to right; a long sum is a deep tree and counts as one."""
    node = operand(reader)
    joined = 0
    while (operator := reader.take(operators)) is not None:
        joined += 1
        if joined > EXPRESSION_DEPTH_MAX:
            raise ExpressionError("EXPRESSION_TOO_DEEP", "It joins too much.", reader.at)
        node = Operation(operator, node, operand(reader), reader.at)
    return node


def _factor(reader: _Reader) -> Node:
    if reader.has("-"):
        return _negative(reader)
    if reader.has("("):
        inner = _comparison(reader)
        reader.need(")")
        return inner
    reader.skip()
    start = reader.at
    if (day := reader.take(_DAY)) is not None:
        return Day(_day(day, start), start)
    if (number := reader.take(_NUMBER)) is not None:
        if len(number) > NUMBER_DIGITS_MAX:
            raise ExpressionError("NUMBER_WRONG", "The number has too many digits.", start)
        return Number(number, start)
    name = reader.wanted(_NAME, "a number, a name or '('")
    if reader.has("("):
        return Call(name, _arguments(reader), start)
    reader.need(".")
    member = reader.wanted(_NAME, "the name of a series")
    return _cells(reader, name, member, start) if reader.has("[") else Field(name, member, start)


def _negative(reader: _Reader) -> Node:
    reader.depth += 1
    if reader.depth > EXPRESSION_DEPTH_MAX:
        raise ExpressionError("EXPRESSION_TOO_DEEP", "It nests too deep.", reader.at)
    start = reader.at
    node = Call("negative", (_factor(reader),), start)
    reader.depth -= 1
    return node


def _day(text: str, start: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ExpressionError("EXPRESSION_SYNTAX", f"{text} is no day.", start) from error


def _arguments(reader: _Reader) -> tuple[Node, ...]:
    if reader.has(")"):
        return ()
    found = [_comparison(reader)]
    while reader.has(","):
        found.append(_comparison(reader))
    reader.need(")")
    return tuple(found)


def _cells(reader: _Reader, dataset: str, series: str, start: int) -> Cells:
    economies = None if reader.has("*") else _some(reader, _KEY, "an economy")
    reader.need(",")
    periods = _some(reader, _PERIOD, "a period")
    is_range = len(periods) == 1 and reader.has("..")
    if is_range:
        periods += (reader.wanted(_PERIOD, "the last period"),)
    reader.need("]")
    return Cells(dataset, series, economies, periods, is_range, start)


def _some(reader: _Reader, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    if not reader.has("{"):
        return (reader.wanted(pattern, what),)
    found = [reader.wanted(pattern, what)]
    while reader.has(","):
        found.append(reader.wanted(pattern, what))
    reader.need("}")
    return tuple(found)
