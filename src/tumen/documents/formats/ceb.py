"""Reads CEB 202205 messages: hardened, streaming, one row for every document.

1. The prolog is looked at as bytes: only UTF-8, no document type.
2. The bytes are fed in blocks to a parser without entities, network or large nodes. A message
   ends early above its limits: bytes without a completed element, documents, bytes in all.
3. Each document's elements are placed by the field table as soon as it is complete; the element
   is then emptied.
4. The envelope is judged at the end. What is wrong with it refuses every document.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice, pairwise
from operator import itemgetter
from typing import Any, Final

from lxml import etree

from tumen.documents.batch import Texts
from tumen.documents.fields import Kind, Part, fields
from tumen.documents.formats.envelope import (
    CEB,
    MESSAGES,
    ORDER,
    SIGNATURE,
    SUBSCRIBERS_MAX,
    Message,
    attribute_faults,
    local,
    part_faults,
    root_faults,
    sequence_fault,
    stray,
    told,
)
from tumen.documents.formats.gathering import Fault, Gathering, Value
from tumen.documents.formats.signed import SignatureReading, Signatures
from tumen.documents.formats.sources import Broken, Source, Stream, opened
from tumen.kernel.limits import (
    DOCUMENT_BYTES_MAX,
    DOCUMENTS_PER_MESSAGE_MAX,
    ITEMS_PER_DOCUMENT_MAX,
    MESSAGE_BYTES_MAX,
    NESTING_DEPTH_MAX,
)

BLOCK_BYTES: Final = 1 << 16
PROLOG_BYTES_MAX: Final = 1 << 16
"""Bytes that may stand before the root."""

FAULTS_PER_DOCUMENT_MAX: Final = 100

_PROLOG: Final = re.compile(
    rb"\s*+(?:<\?xml(?P<declaration>[^>]*?)\?>)?+(?:\s++|<!--.*?-->|<\?.*?\?>)*+<(?P<next>!DOCTYPE|[^?!])",
    re.DOTALL,
)
_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS: Final = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_MESSAGE_NAME: Final = re.compile(r"CEB\d{3}Message", re.ASCII)
_TOP: Final = tuple(
    {CEB + message.document for message in MESSAGES.values()}
    | {f"{CEB}{name}" for name in ("BaseTransfer", "BaseSubscribe", "ExtendMessage")}
    | {SIGNATURE}
)
_STRAY_IN_PARTS: Final = etree.XPath(
    "boolean(@* | .//@* | */*/* | text()[normalize-space()] | */text()[normalize-space()])"
)
_STRAY_IN_HEAD: Final = etree.XPath("boolean(@* | .//@* | */* | text()[normalize-space()])")
_TOO_DEEP: Final = etree.XPath("boolean(" + "/".join("*" * NESTING_DEPTH_MAX) + ")")
_LAYOUT_FIELDS_MAX: Final = 100
"""Children up to which a layout is remembered."""

_XML_ERRORS: Final = {
    number: name.removeprefix("ERR_").replace("_", " ").lower()
    for name, number in vars(etree.ErrorTypes).items()
    if name.startswith("ERR_")
}
"""What the parser found, in words of its own: its messages repeat what stands in the document."""

_PARTS_MAX: Final = SUBSCRIBERS_MAX + 3
_TOPS_OPEN: Final = 1
_PROBE_BYTES: Final = 1 << 10
_HARDENED: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class _Refused(Exception):
    """The message cannot be read further."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.code)


@dataclass(slots=True)
class _Document:
    head: Sequence[Value]
    items: list[Sequence[Value]]
    faults: list[Fault]


@dataclass(slots=True)
class _Reading:
    """What has been read of one message."""

    name: str | None = None
    message: Message | None = None
    root: Any = None
    tops: int = 0
    documents: list[_Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    signature: SignatureReading = field(default_factory=SignatureReading)


def read(source: Source) -> Iterator[Texts]:
    """The documents of a CEB message, in one batch."""
    gathering = Gathering("ceb")
    yield from fill(source, gathering)
    if len(gathering):
        yield gathering.texts()


def fill(
    source: Source, gathering: Gathering, signatures: Signatures | None = None
) -> Iterator[Texts]:
    """Puts the documents of a message into a gathering; yields the batch when it is full."""
    reading = _Reading(signature=SignatureReading(signatures))
    faults = reading.faults
    try:
        with opened(source) as stream:
            gathering.bytes += _feed(stream, reading)
    except Broken as broken:
        faults.append(Fault(broken.code, expected=broken.expected))
    except _Refused as refused:
        faults.append(refused.fault)
    except etree.XMLSyntaxError as error:
        faults.append(_syntax_fault(error))
    _put(reading, source, gathering)
    if gathering.full:
        yield gathering.texts()


def _put(reading: _Reading, source: Source, gathering: Gathering) -> None:
    kind = reading.message.kind if reading.message else None
    faults = reading.faults
    place = 0
    for place, document in enumerate(reading.documents, start=1):
        row = gathering.row(source.name, place, kind, reading.name)
        if kind is not None:
            gathering.document(row, kind, document.head, document.items)
        if reading.signature.signed is not None:
            gathering.signed(row, reading.signature.signed.state)
        for fault in (*faults, *document.faults[:FAULTS_PER_DOCUMENT_MAX]):
            gathering.fault(row, fault)
    if place == 0 or any(fault.code == "DOCUMENTS_TOO_MANY" for fault in faults):
        row = gathering.row(source.name, place + 1, kind, reading.name, source.digest())
        for fault in faults:
            gathering.fault(row, fault)


# --- the bytes ---------------------------------------------------------------------------------


def _feed(stream: Stream, reading: _Reading) -> int:
    """Feeds a message to the parser, block by block; returns its bytes."""
    parser = etree.XMLPullParser(("end",), tag=_TOP, **_HARDENED)
    block = stream.read(BLOCK_BYTES)
    block += b"" if block.strip() else stream.read(BLOCK_BYTES)  # it may be damaged, not empty
    _check_prolog(block)
    _open(block, reading)
    total = quiet = 0
    while block:
        total += len(block)
        quiet += len(block)
        reading.signature.take(block)
        try:
            parser.feed(block)
        except etree.XMLSyntaxError:
            _take(parser, reading)  # the documents before the fault are answered, too
            raise
        if _take(parser, reading):
            quiet = 0
        _bound(total, quiet)
        block = stream.read(BLOCK_BYTES)
    root = parser.close()
    _take(parser, reading)
    if reading.message is None:
        raise _Refused(Fault("ROOT_UNKNOWN", expected=", ".join(MESSAGES)))
    reading.faults += (*_envelope(root, reading.message), *reading.signature.end())
    return total


def _check_prolog(block: bytes) -> None:
    if not block.strip():
        raise _Refused(Fault("SOURCE_EMPTY"))
    if b"\0" in block[:4]:
        raise _Refused(Fault("TEXT_NOT_UTF8", expected="UTF-8"))
    prolog = _PROLOG.match(block[:PROLOG_BYTES_MAX])
    if prolog is None:
        return  # the parser says what is wrong; a document type is refused at the root, too
    if prolog["next"] == b"!DOCTYPE":
        raise _Refused(Fault("XML_DTD"))
    encoding = _ENCODING.search(prolog["declaration"] or b"")
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise _Refused(Fault("TEXT_NOT_UTF8", expected="UTF-8"))


def _bound(total: int, quiet: int) -> None:
    if total > MESSAGE_BYTES_MAX:
        raise _Refused(Fault("MESSAGE_TOO_LARGE", expected=str(MESSAGE_BYTES_MAX)))
    if quiet > DOCUMENT_BYTES_MAX:
        raise _Refused(Fault("DOCUMENT_TOO_LARGE", expected=str(DOCUMENT_BYTES_MAX)))


def _syntax_fault(error: etree.XMLSyntaxError) -> Fault:
    where = f"line {error.lineno}, column {error.offset}"
    if error.code == etree.ErrorTypes.ERR_INVALID_CHAR:
        return Fault("CONTROL_CHARACTER", expected=where)
    if error.code in (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_UNKNOWN_ENCODING):
        return Fault("TEXT_NOT_UTF8", expected="UTF-8")
    if error.msg and "depth" in error.msg:
        return Fault("NESTING_TOO_DEEP", expected=str(NESTING_DEPTH_MAX))
    words = _XML_ERRORS.get(error.code, "it cannot be read")
    return Fault("XML_MALFORMED", expected=f"{words} ({where})")


# --- the elements ------------------------------------------------------------------------------


def _open(block: bytes, reading: _Reading) -> None:
    """Tells the kind from the root's name, and judges the root, before anything is kept."""
    probe = etree.XMLPullParser(("start",), **_HARDENED)
    prolog = _PROLOG.match(block)
    end = block.find(b">", prolog.start("next") if prolog else 0) + 1
    for start, stop in pairwise((0, *range(end, len(block), _PROBE_BYTES), len(block))):
        probe.feed(block[start:stop])
        for _, root in probe.read_events():
            _open_root(root, reading)
            return


def _open_root(root: Any, reading: _Reading) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise _Refused(Fault("XML_DTD"))
    name = local(root.tag)
    if root.tag != CEB + name or not _MESSAGE_NAME.fullmatch(name):
        raise _Refused(Fault("ROOT_UNKNOWN", expected=", ".join(MESSAGES)))
    reading.name = name
    reading.message = MESSAGES.get(name)
    if reading.message is None:
        raise _Refused(Fault("MESSAGE_NOT_SERVED", name, expected=", ".join(MESSAGES)))
    reading.faults += root_faults(root)


def _take(parser: etree.XMLPullParser, reading: _Reading) -> bool:
    """Takes the elements that are complete; tells whether any stood directly under the root."""
    is_any = False
    for _, element in parser.read_events():
        parent = element.getparent()
        if parent is not None and parent.getparent() is None:
            reading.root = parent
            reading.tops += 1
            is_any = True
            _close(element, reading)
    if reading.root is not None and len(reading.root) > reading.tops + _TOPS_OPEN:
        raise _Refused(Fault("ENVELOPE_ELEMENT_UNKNOWN", told(reading.root[-1].tag)))
    return is_any


def _close(element: Any, reading: _Reading) -> None:
    """Takes one complete element under the root and empties it."""
    message = reading.message
    if message is not None and element.tag == message.document_tag:
        if len(reading.documents) == DOCUMENTS_PER_MESSAGE_MAX:
            expected = str(DOCUMENTS_PER_MESSAGE_MAX)
            raise _Refused(Fault("DOCUMENTS_TOO_MANY", message.document, expected=expected))
        reading.documents.append(_document(element, message))
    else:
        if element.tag == SIGNATURE:
            reading.signature.close(element)
        reading.faults += part_faults(element)
        if reading.tops - len(reading.documents) > _PARTS_MAX:
            raise _Refused(Fault("ENVELOPE_ORDER", told(element.tag), expected=ORDER))
    element.clear(keep_tail=True)


def _envelope(root: Any, message: Message) -> Iterator[Fault]:
    """What is wrong with the children of the root, once all are there."""
    tags = [child.tag for child in root]
    fault = sequence_fault(tags, message)
    if fault is not None:
        yield fault
    if stray(root.text, *(child.tail for child in root)):
        yield Fault("TEXT_MISPLACED", local(root.tag))


def _document(element: Any, message: Message) -> _Document:
    """The values of one document element, and what its form broke."""
    faults: list[Fault] = []
    if message.head is None:
        if _STRAY_IN_HEAD(element):
            faults += _stray_faults(element, [element])
        return _Document(_values(element, message.kind, Part.HEAD, "", faults), [], faults)
    children = list(element)
    if _STRAY_IN_PARTS(element):
        faults += _stray_faults(element, children)
    tags = [child.tag for child in children]
    heads = [child for child, tag in zip(children, tags, strict=True) if tag == message.head_tag]
    lines = [child for child, tag in zip(children, tags, strict=True) if tag == message.line_tag]
    if [*heads[:1], *lines] != children:
        faults += _order_faults(children, message)
    head = heads[0] if heads else ()
    items = [
        _values(line, message.kind, Part.ITEM, f"items[{index}].", faults)
        for index, line in enumerate(lines[: ITEMS_PER_DOCUMENT_MAX + 1])
    ]
    return _Document(_values(head, message.kind, Part.HEAD, "", faults), items, faults)


def _order_faults(children: list[Any], message: Message) -> Iterator[Fault]:
    """Why the children of a document are not one head and then goods items."""
    known = [CEB + name for name in (message.head, message.line) if name]
    unknown = [child for child in children if child.tag not in known]
    for child in unknown[:FAULTS_PER_DOCUMENT_MAX]:
        yield Fault("FIELD_UNKNOWN", told(child.tag), expected=_nearest(child.tag, known))
    if not unknown and [child.tag for child in children].count(known[0]) > 1:
        yield Fault("FIELD_TWICE", message.head or "")
    elif not unknown:
        yield Fault("FIELD_ORDER", message.document, expected=", ".join(map(local, known)))


def _stray_faults(element: Any, holders: list[Any]) -> Iterator[Fault]:
    """Attributes, nested elements and texts where none may be."""
    if _TOO_DEEP(element):
        yield Fault("NESTING_TOO_DEEP", local(element.tag), expected=str(NESTING_DEPTH_MAX))
    for node in islice(element.iter(), FAULTS_PER_DOCUMENT_MAX * 100):
        yield from attribute_faults(node, told(node.tag))
    for holder in {element, *holders}:
        if stray(holder.text, *(child.tail for child in holder)):
            yield Fault("TEXT_MISPLACED", told(holder.tag))
    for holder in holders:
        for leaf in holder:
            if len(leaf):
                yield Fault("FIELD_UNKNOWN", f"{told(leaf.tag)}.{told(leaf[0].tag)}")


def _values(
    element: Any, kind: Kind, part: Part, path: str, faults: list[Fault]
) -> Sequence[Value]:
    """The texts of an element's children in the order of the field table."""
    children = list(element)
    texts: list[Value] = [child.text or "" for child in children]
    tags = tuple([child.tag for child in children])
    texts.append(None)
    layout = _layout if len(tags) <= _LAYOUT_FIELDS_MAX else _layout.__wrapped__
    pick, broken = layout(kind, part, tags)
    if broken:
        faults += [Fault(code, path + name, expected=expected) for code, name, expected in broken]
    return pick(texts)


@lru_cache(maxsize=1024)
def _layout(
    kind: Kind, part: Part, tags: tuple[str, ...]
) -> tuple[Callable[[Sequence[Value]], Sequence[Value]], tuple[tuple[str, str, str | None], ...]]:
    """How the children of an element are to be placed, and what is wrong with their order.

    Almost all documents of a filer have one of a few layouts, so this is worked out once for each.
    """
    known = {CEB + field.ceb: (at, field.name) for at, field in enumerate(fields(kind, part))}
    places: dict[int, int] = {}
    broken: list[tuple[str, str, str | None]] = []
    last = -1
    for index, tag in enumerate(tags):
        at, name = known.get(tag, (-1, ""))
        if at < 0:
            if len(broken) < FAULTS_PER_DOCUMENT_MAX:  # what a name may mean takes long to find
                broken.append(("FIELD_UNKNOWN", f"element {index + 1}", _nearest(tag, list(known))))
        elif at in places:
            broken.append(("FIELD_TWICE", name, None))
        else:
            if at < last:
                broken.append(("FIELD_ORDER", name, None))
            places[at] = index
            last = max(at, last)
    pick = itemgetter(*(places.get(at, -1) for at in range(len(known))))
    return pick, tuple(broken[:FAULTS_PER_DOCUMENT_MAX])


def _nearest(tag: str, known: list[str]) -> str | None:
    return next(iter(get_close_matches(local(tag), [*map(local, known)], n=1)), None)
