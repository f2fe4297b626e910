"""Reads NDJSON: one JSON object a line, with ``kind``, our field names, and ``items``.

The fast path decodes a line straight into a struct made from the field table. It keeps the
last of duplicate keys silently, so the keys of each line are counted: a line whose count of
``":`` differs from the values that came out goes to the strict parser, as does every line that
the fast path refuses. A native shipment, whose fields are nested and read by the law, is one of
those: reading it strictly costs little beside assessing it.
"""

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec

from tumen.documents.batch import Texts
from tumen.documents.fields import TABLED, Kind, Part, field_names, has_items
from tumen.documents.formats.gathering import Fault, Gathering, Value
from tumen.documents.formats.sources import Broken, Source, lines_of, opened
from tumen.documents.formats.strict import parse
from tumen.kernel.limits import DOCUMENT_BYTES_MAX

_LOOSE_COLON: Final = re.compile(rb"[ \t\r]:")
"""A colon after white space: keys are then not counted by ``":`` alone."""


def _struct(kind: Kind) -> type[msgspec.Struct]:
    head: list[tuple[str, Any, Any]] = [
        (name, str | None, None) for name in field_names(kind, Part.HEAD)
    ]
    if has_items(kind):
        fields = [(name, str | None, None) for name in field_names(kind, Part.ITEM)]
        item = msgspec.defstruct(f"{kind}_item", fields, forbid_unknown_fields=True, gc=False)
        head.append(("items", list[item] | None, None))  # type: ignore[valid-type]
    return msgspec.defstruct(
        kind.value, head, tag_field="kind", tag=kind.value, forbid_unknown_fields=True, gc=False
    )


_STRUCTS: Final = {_struct(kind): (kind, has_items(kind)) for kind in TABLED}
_decode: Final = msgspec.json.Decoder(reduce(or_, _STRUCTS)).decode
_astuple: Final = msgspec.structs.astuple


def read(source: Source) -> Iterator[Texts]:
    """The documents of an NDJSON source, in batches."""
    gathering = Gathering("ndjson")
    yield from fill(source, gathering)
    if len(gathering):
        yield gathering.texts()


def fill(source: Source, gathering: Gathering) -> Iterator[Texts]:
    """Puts the documents of a source into a gathering; yields each batch that becomes full.

    A blank line is no row. A source without any row gets one, which says that it is empty.
    """
    rows = place = 0
    try:
        with opened(source) as stream:
            for place, line in enumerate(lines_of(stream), start=1):
                if line.isspace() or not line:
                    continue
                rows += 1
                gathering.bytes += len(line)
                _put(line, gathering, source.name, place)
                if gathering.full:
                    yield gathering.texts()
    except Broken as broken:
        rows += 1
        row = gathering.row(source.name, place + 1, content=source.digest())
        gathering.fault(row, Fault(broken.code, expected=broken.expected))
    if not rows:
        row = gathering.row(source.name, 1, content=source.digest())
        gathering.fault(row, Fault("SOURCE_EMPTY"))


def _put(line: bytes, gathering: Gathering, source: str, place: int) -> None:
    if len(line) > DOCUMENT_BYTES_MAX:
        row = gathering.row(source, place, content=line)
        gathering.fault(row, Fault("DOCUMENT_TOO_LARGE", expected=str(DOCUMENT_BYTES_MAX)))
        return
    try:
        document = _decode(line)
    except (ValueError, RecursionError):
        _put_strictly(line, gathering, source, place)
        return
    kind, can_have_items = _STRUCTS[type(document)]
    values = _astuple(document)
    items: list[tuple[Value, ...]] = []
    keys = 1 + len([*filter(None, values)])
    if can_have_items:
        for item in values[-1] or ():
            item_values = _astuple(item)
            items.append(item_values)
            keys += len([*filter(None, item_values)])
        values = values[:-1]
    if _has_keys(line, keys):
        gathering.document(gathering.row(source, place, kind), kind, values, items)
    else:
        _put_strictly(line, gathering, source, place)


def _has_keys(line: bytes, keys: int) -> bool:
    """Whether a line surely has no more keys than the values that came out of it."""
    if line.count(b":") == keys:
        return True
    return line.count(b'":') == keys and not _LOOSE_COLON.search(line)


def _put_strictly(line: bytes, gathering: Gathering, source: str, place: int) -> None:
    parsed = parse(line)
    if parsed.shipment is not None:
        row = gathering.row(source, place, parsed.kind)
        gathering.shipment(row, *parsed.shipment)
    elif parsed.kind is not None and parsed.head is not None:
        row = gathering.row(source, place, parsed.kind)
        gathering.document(row, parsed.kind, parsed.head, parsed.items)
    else:
        row = gathering.row(source, place, parsed.kind, content=line)
    for fault in parsed.faults:
        gathering.fault(row, fault)
