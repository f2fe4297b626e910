"""A shipment as a file tells it, and where: what is still to be read, or why it cannot be.

NDJSON tells one native shipment a line, with two fields besides: ``shipment``, the filer's own
reference, which is given back, and ``kind``, which names a shipment among other documents. Flat
rows are read by :mod:`tumen.law.native.flat`.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tumen.kernel.limits import DOCUMENT_BYTES_MAX, NESTING_DEPTH_MAX
from tumen.law.ruling import Notice

REFERENCE: Final = "shipment"
"""The filer's reference: a field of an NDJSON line, a column of flat rows."""

KIND: Final = ("kind", "shipment")
"""The field of an NDJSON line that says what it is, as `tumen clear` takes it; may be left out."""


@dataclass(frozen=True, slots=True)
class Told:
    """A shipment that was told.

    Attributes:
        row: where it begins: the line of a text, the row of a table; 1-based.
        native: the fields of the native shipment; None where they cannot be read.
        reference: the filer's own; None where there is none.
        faults: why it cannot be read; nothing is computed then.
        source: the file's name; None for a frame.
    """

    row: int
    native: object
    reference: str | None = None
    faults: tuple[Notice, ...] = ()
    source: str | None = None

    @property
    def items(self) -> int:
        """How many goods items were told; one where that cannot be read."""
        told = self.native.get("items") if isinstance(self.native, dict) else None
        return max(1, len(told)) if isinstance(told, list) else 1


class KeyTwice(ValueError):
    """A field stands twice in one JSON object; carries its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the field {name!r} stands twice")


def decoded(text: str) -> Any:
    """The JSON value of a text; a number with a point is kept as its digits.

    Raises:
        KeyTwice: an object has a field twice.
        ValueError: the text is no JSON.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_once, parse_float=str, parse_constant=str)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise KeyTwice(next(name for name, count in counts.items() if count > 1)[:40])
    return found


def of_line(line: bytes, row: int, source: str | None = None) -> Told:
    """The shipment of a line of NDJSON."""
    found, fault = _object(line)
    if fault is not None:
        return Told(row, None, None, (fault,), source)
    if KIND in found.items():
        del found[KIND[0]]
    reference = found.pop(REFERENCE, None)
    if isinstance(reference, int):
        reference = str(reference)
    if reference is None or isinstance(reference, str):
        return Told(row, found, reference, (), source)
    return Told(row, found, None, (notice("VALUE_NOT_TEXT", REFERENCE, expected="text"),), source)


def notice(code: str, path: str = "", **parameters: str) -> Notice:
    """A remark that can be sent to another process."""
    return Notice(code, path, parameters)


def _object(line: bytes) -> tuple[dict[str, Any], Notice | None]:
    """The object of a line, or what is wrong with it."""
    if len(line) > DOCUMENT_BYTES_MAX:
        return {}, notice("DOCUMENT_TOO_LARGE", expected=str(DOCUMENT_BYTES_MAX))
    try:
        found = decoded(line.decode())
    except UnicodeDecodeError:
        return {}, notice("TEXT_NOT_UTF8", expected="UTF-8")
    except KeyTwice as twice:
        return {}, notice("KEY_TWICE", twice.name)
    except ValueError as error:
        return {}, notice("JSON_MALFORMED", expected=str(error)[:80])
    except RecursionError:
        return {}, notice("NESTING_TOO_DEEP", expected=str(NESTING_DEPTH_MAX))
    return (found, None) if isinstance(found, dict) else ({}, notice("JSON_NOT_OBJECT"))
