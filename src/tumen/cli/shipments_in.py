"""Reads native shipments from a file of NDJSON: each row a shipment, or why it is none."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from tumen.documents.formats.sources import Broken, Source, lines_of, opened
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import DOCUMENT_BYTES_MAX, NESTING_DEPTH_MAX
from tumen.law.native.reading import read
from tumen.law.native.shipment import Shipment
from tumen.law.ruling import Notice

REFERENCE: Final = "shipment"
"""The filer's own reference, which a line may carry besides the fields of the shipment."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file.

    Attributes:
        line: its number, 1-based.
        shipment: what it tells; None where it cannot be read.
        faults: why it cannot.
    """

    line: int
    shipment: Shipment | None
    faults: tuple[Notice, ...] = ()


def rows_of(path: Path, today: date) -> Iterator[Row]:
    """The rows of a file, also compressed; blank lines are none.

    Args:
        path: a file of NDJSON.
        today: the legal date of shipments that name none.

    Raises:
        UsageError: the file's name does not end as NDJSON does.
        SourceUnreadable: it cannot be opened.
    """
    source = Source.of(path)
    if source.format != "ndjson":
        raise UsageError(f"{path} is no .ndjson, .jsonl, .ndjson.gz or .jsonl.gz.")
    with opened(source) as stream:
        number = 0
        try:
            for number, line in enumerate(lines_of(stream), start=1):
                if line.strip():
                    yield _row(number, line, today)
        except Broken as broken:
            expected = {"expected": broken.expected or ""}
            yield Row(number + 1, None, (Notice(broken.code, "", expected),))


def _row(number: int, line: bytes, today: date) -> Row:
    native = _object(line)
    if isinstance(native, Notice):
        return Row(number, None, (native,))
    native.pop(REFERENCE, None)
    shipment, faults = read(native, today)
    return Row(number, shipment, faults)


def _object(line: bytes) -> dict[str, Any] | Notice:
    """The JSON object of a line, or what is wrong with it."""
    if len(line) > DOCUMENT_BYTES_MAX:
        return Notice("DOCUMENT_TOO_LARGE", "", {"expected": f"{DOCUMENT_BYTES_MAX}"})
    try:
        found = json.loads(
            line.decode(), object_pairs_hook=_once, parse_float=str, parse_constant=str
        )
    except UnicodeDecodeError:
        return Notice("TEXT_NOT_UTF8", "", {"expected": "UTF-8"})
    except _Twice as twice:
        return Notice("KEY_TWICE", f"{twice}")
    except RecursionError:
        return Notice("NESTING_TOO_DEEP", "", {"expected": f"{NESTING_DEPTH_MAX}"})
    except ValueError as error:
        return Notice("JSON_MALFORMED", "", {"expected": f"{error}"[:80]})
    return found if isinstance(found, dict) else Notice("JSON_NOT_OBJECT", "The line")


class _Twice(Exception):
    """A key stands twice in one object."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1)[:40])
    return found
