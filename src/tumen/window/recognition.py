"""The table of recognition: whose results stand for whose, in which matter, by which agreement."""

import tomllib
from typing import Any, Final

from tumen.codelist.matters import Matter
from tumen.kernel.errors import UsageError
from tumen.window.acts import ZONES
from tumen.window.examinations import Recognition

_COLUMNS: Final = frozenset({"by", "of", "matter", "agreement"})


def recognitions(text: str) -> tuple[Recognition, ...]:
    """The lines of a table.

    Raises:
        UsageError: it is none; which line, and why.
    """
    try:
        lines: Any = tomllib.loads(text).get("recognised", [])
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The table of recognition is no TOML: {error}") from error
    return tuple(_recognition(line, number) for number, line in enumerate(lines, 1))


def _recognition(line: Any, number: int) -> Recognition:
    is_whole = isinstance(line, dict) and set(line) == _COLUMNS
    if not is_whole or not all(isinstance(value, str) and value for value in line.values()):
        raise UsageError(f"Line {number} of the table of recognition must have exactly the texts"
                         f" {', '.join(sorted(_COLUMNS))}.")  # fmt: skip
    found = Recognition(**line)
    if {found.by, found.of} - {*ZONES} or found.by == found.of or found.matter not in {*Matter}:
        raise UsageError(
            f"Line {number} of the table of recognition names an economy or a matter that is none:"
            f" two of {', '.join(ZONES)}, and one of {', '.join(Matter)}."
        )
    return found
