"""The strict JSON parser: slow, exact, and sent only what the fast path refuses or suspects.

Numbers keep their literal text, duplicate keys are found at every level, and what cannot be
read becomes a fault with its path. Nothing here raises for any bytes.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from tumen.documents.fields import Kind, Part, field_names, has_items
from tumen.documents.formats.canonical import CONTROL
from tumen.documents.formats.gathering import Fault, Value
from tumen.kernel.limits import (
    ITEMS_PER_DOCUMENT_MAX,
    NESTING_DEPTH_MAX,
    SHIPMENT_REFERENCE_LENGTH_MAX,
)

NAME_COMPARED_MAX: Final = 60
"""Characters of an unknown name that are compared with the known ones."""

FAULTS_PER_DOCUMENT_MAX: Final = 100
"""Faults of form that are told of one document; the rest would only repeat them."""

REFERENCE: Final = "shipment"
"""The field of a native shipment that is not the law's: the sender's own reference."""

_KIND: Final = re.compile(rb'"kind"\s*:\s*"([a-z]+)"')
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_KINDS: Final = {kind.value: kind for kind in Kind}


class _Constant(str):
    """NaN, Infinity or -Infinity: no number that JSON or customs knows."""

    __slots__ = ()


class _Object(dict[str, object]):
    """A JSON object that remembers the places of its keys, and which of them came twice."""

    __slots__ = ("places", "twice")

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.places: dict[str, int] = {}
        self.twice: set[str] = set()
        for place, (key, _) in enumerate(pairs, start=1):
            if self.places.setdefault(key, place) != place:
                self.twice.add(key)


@dataclass(slots=True)
class Parsed:
    """What the strict parser made of one line.

    Attributes:
        kind: the document's kind, or None where it could not be told.
        head: the head's values in the order of the field table; None where nothing was read.
        items: the goods items' values.
        shipment: of a native shipment its reference and its JSON; None for any other document.
        faults: what the form broke.
    """

    kind: Kind | None = None
    head: Sequence[Value] | None = None
    items: list[Sequence[Value]] = field(default_factory=list)
    shipment: tuple[Value, str] | None = None
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, path: str = "", **told: str | None) -> None:
        """Records a fault, up to the most that are told."""
        if len(self.faults) < FAULTS_PER_DOCUMENT_MAX:
            self.faults.append(Fault(code, path, **told))


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Object,
    parse_float=str,
    parse_int=str,
    parse_constant=_Constant,
    strict=False,  # control characters are found by the format check, with their path
)


def parse(line: bytes) -> Parsed:
    """Reads one JSON line exactly."""
    parsed = Parsed()
    value = _decoded(line, parsed)
    if isinstance(value, _Object):
        _read(value, parsed)
    else:
        found = _KIND.search(line)
        parsed.kind = _KINDS.get(found[1].decode()) if found else None
        if not parsed.faults:
            parsed.fault("JSON_NOT_OBJECT")
    return parsed


def _decoded(line: bytes, parsed: Parsed) -> object:
    if _depth(line) > NESTING_DEPTH_MAX:
        parsed.fault("NESTING_TOO_DEEP", expected=str(NESTING_DEPTH_MAX))
        return None
    try:
        value: object = _DECODER.decode(line.decode())
    except UnicodeDecodeError:
        parsed.fault("TEXT_NOT_UTF8", expected="UTF-8")
    except json.JSONDecodeError as error:
        parsed.fault("JSON_MALFORMED", expected=f"{error.msg} (column {error.colno})")
    else:
        return value
    return None


def _depth(line: bytes) -> int:
    """The deepest nesting of a line, counted without recursion."""
    if line.count(b"{") + line.count(b"[") <= NESTING_DEPTH_MAX:
        return 0
    depth = deepest = 0
    for byte in _STRING.sub(b"", line):
        if byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest


def _read(document: _Object, parsed: Parsed) -> None:
    if is_shipment(document):
        _read_shipment(document, parsed)
        return
    parsed.kind = _kind(document.pop("kind", None), parsed)
    if parsed.kind is None:
        return
    if "kind" in document.twice:
        parsed.fault("KEY_TWICE", "kind")
    items = document.pop("items", None) if has_items(parsed.kind) else None
    parsed.head = _values(document, field_names(parsed.kind, Part.HEAD), "", parsed)
    _read_items(items, parsed.kind, parsed)


def _kind(value: object, parsed: Parsed) -> Kind | None:
    if value is None:
        parsed.fault("KIND_MISSING", "kind", expected=", ".join(_KINDS))
        return None
    name = value if isinstance(value, str) else ""
    if name in _KINDS:
        return _KINDS[name]
    parsed.fault("KIND_UNKNOWN", "kind", expected=nearest(name, tuple(_KINDS)))
    return None


def is_shipment(document: Mapping[str, object]) -> bool:
    """Whether an object is a native shipment: it says so, or says no kind but a destination.

    >>> is_shipment({"destination": "JP"}), is_shipment({"kind": "order", "destination": "JP"})
    (True, False)
    """
    kind = document.get("kind")
    return kind == Kind.SHIPMENT or (kind is None and "destination" in document)


def _read_shipment(document: _Object, parsed: Parsed) -> None:
    """Read the envelope of a native shipment; what is in it the law reads."""
    parsed.kind = Kind.SHIPMENT
    _keys_once(document, "", parsed)
    reference = _reference(document.get(REFERENCE), parsed)
    parsed.shipment = reference, json.dumps(document, separators=(",", ":"))


def _keys_once(value: object, path: str, parsed: Parsed) -> None:
    """Find keys that stand twice, at any depth; a name that may be a person's is not shown."""
    if isinstance(value, _Object):
        for name in sorted(value.twice, key=value.places.__getitem__):
            parsed.fault("KEY_TWICE", f"{path}key {value.places[name]}")
        for name, each in value.items():
            _keys_once(each, f"{path}key {value.places[name]}.", parsed)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            _keys_once(each, f"{path[:-1]}[{place}].", parsed)


def _reference(value: object, parsed: Parsed) -> Value:
    """The sender's reference, by which a shipment is known; None and a fault where it is none."""
    before = len(parsed.faults)
    text = (_text(value, REFERENCE, parsed) or "").strip()
    if len(parsed.faults) > before:
        return None
    if not text:
        parsed.fault("FIELD_MISSING", REFERENCE)
    elif len(text) > SHIPMENT_REFERENCE_LENGTH_MAX:
        parsed.fault("TEXT_TOO_LONG", REFERENCE, expected=str(SHIPMENT_REFERENCE_LENGTH_MAX))
    elif re.search(CONTROL, text):
        parsed.fault("CONTROL_CHARACTER", REFERENCE)
    else:
        return text
    return None


def _read_items(items: object, kind: Kind, parsed: Parsed) -> None:
    if items is None:
        return
    if not isinstance(items, list):
        parsed.fault("ITEMS_NOT_LIST", "items")
        return
    names = field_names(kind, Part.ITEM)
    for index, item in enumerate(items[: ITEMS_PER_DOCUMENT_MAX + 1]):
        path = f"items[{index}]"
        if isinstance(item, _Object):
            parsed.items.append(_values(item, names, f"{path}.", parsed))
        else:
            parsed.fault("JSON_NOT_OBJECT", path)
            parsed.items.append((None,) * len(names))


def _values(read: _Object, names: tuple[str, ...], path: str, parsed: Parsed) -> Sequence[Value]:
    for name in sorted(read.twice - {"kind"}):
        told = name if name in names else f"key {read.places[name]}"
        parsed.fault("KEY_TWICE", path + told)
    values = [_text(read.pop(name, None), path + name, parsed) for name in names]
    for name in read:
        if len(parsed.faults) >= FAULTS_PER_DOCUMENT_MAX:
            break  # no more is told, and what a name may mean takes long to find
        told = f"{path}key {read.places[name]}"
        parsed.fault("FIELD_UNKNOWN", told, expected=nearest(name, names))
    return values


def _text(value: object, path: str, parsed: Parsed) -> Value:
    """A value as text; an empty text is an absent one in the native forms."""
    if value is None or value == "":
        return None
    if isinstance(value, _Constant):
        parsed.fault("NUMBER_MALFORMED", path, value=value, expected="a decimal number")
    elif not isinstance(value, str):
        parsed.fault("VALUE_NOT_TEXT", path, expected="a text or a number")
    elif not encodable(value):
        parsed.fault("TEXT_NOT_UNICODE", path, expected="no lone surrogates")
    else:
        return value
    return None


def encodable(text: str) -> bool:
    """Whether a text is free of lone surrogates, which no encoding can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def nearest(name: str, names: tuple[str, ...]) -> str | None:
    """The known name that an unknown one was probably meant to be.

    It is shown in place of the unknown one: what a filer writes there may be a person's.
    """
    plain = {known.casefold(): known for known in names}
    close = get_close_matches(name[:NAME_COMPARED_MAX].casefold(), plain, n=1)
    return plain[close[0]] if close else None
