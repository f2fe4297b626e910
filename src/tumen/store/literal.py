"""Values as SQL literals, for statements that are sent whole.

A statement with its values inside needs one round trip and no plan per parameter type, and
several can travel together. Strings are doubled-quote literals: every connection of the store
runs with ``standard_conforming_strings``, so that a backslash is a letter.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import polars as pl

from tumen.kernel.errors import UsageError

Value = (
    str | int | bool | bytes | date | datetime | None | Sequence[str] | Sequence[int] | pl.Series
)


def bind(sql: str, parameters: Mapping[str, Value] | None) -> str:
    """The statement with every ``%(name)s`` replaced by its value; ``%%`` stands for a percent.

    Without parameters the text is left as it is. An array is hidden from the planner in a
    subquery: to plan ``= ANY`` it would weigh each element of a constant, which takes longer
    than the query itself (10,000 keys: twice the time).
    """
    if not parameters:
        return sql
    return sql % {name: _parameter(value) for name, value in parameters.items()}


def _parameter(value: Value) -> str:
    text = literal(value)
    if text.endswith("[]"):
        return f"(SELECT {text})::{text[text.rindex(':') + 1 :]}"
    return text


def literal(value: Value) -> str:
    r"""One value as SQL; a list or a series becomes a typed array.

    Raises:
        UsageError: text with U+0000, which PostgreSQL cannot hold.

    >>> print(literal("it's"), literal(None), literal(True), literal([1, 2]), literal(["a"]))
    'it''s' NULL TRUE '{1,2}'::bigint[] '{"a"}'::text[]
    """
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, date):  # a datetime is a date
        kind = "timestamptz" if isinstance(value, datetime) else "date"
        return f"'{value.isoformat()}'::{kind}"
    return _array(value)


def identifier(name: str) -> str:
    """A table's or column's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    if "\0" in text:
        raise UsageError("A text holds U+0000.", next_step="Take that character out.")
    return "'" + text.replace("'", "''") + "'"


def _array(values: Sequence[str] | Sequence[int] | pl.Series) -> str:
    if isinstance(values, pl.Series):
        integers = values.dtype.is_integer()
        values = values.to_list()
    else:
        integers = bool(values) and isinstance(values[0], int)
    if not values:
        return "'{}'::bigint[]" if integers else "'{}'::text[]"
    if integers:
        return "'{" + ",".join(map(str, values)) + "}'::bigint[]"
    return _quoted(_text_array([str(value) for value in values])) + "::text[]"


def _text_array(values: list[str]) -> str:
    joined = '","'.join(values)
    if "\\" in joined or joined.count('"') != 2 * (len(values) - 1):
        joined = '","'.join(value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + joined + '"}'
