"""The envelope of a CEB 202205 message: what stands around its documents, and in which order.

import messages: 1..100 documents, ``BaseTransfer``, 0..5 ``BaseSubscribe``, ``ExtendMessage``?,
``ds:Signature`` (demanded on 621, 623 and 625). What a signature holds is judged elsewhere
(``signed.py``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from tumen.documents.fields import Kind, Part, fields
from tumen.documents.formats.gathering import Fault
from tumen.kernel.limits import DOCUMENTS_PER_MESSAGE_MAX

NAMESPACE: Final = "http://www.chinaport.gov.cn/ceb"
CEB: Final = f"{{{NAMESPACE}}}"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"
XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
BLANK: Final = " \t\r\n"

_HINTS: Final = {f"{XSI}schemaLocation", f"{XSI}noNamespaceSchemaLocation"}
"""Attributes that may stand on any element."""

_ATTRIBUTES: Final = {
    "guid": "guid",
    "version": "version",
    f"{XSI}type": "type",
    f"{XSI}nil": "nil",
}
UNKNOWN: Final = "unknown"
"""What is shown in the place of a name that is not the schema's."""


@dataclass(frozen=True)
class Message:
    """How one kind of document is wrapped in its message.

    Attributes:
        kind: the document kind.
        document: the element of one document.
        head: the element of its head; None where the document is its own head.
        line: the element of a goods item; None where the kind has none.
        is_signed: whether the schema demands a signature.
    """

    kind: Kind
    document: str
    head: str | None = None
    line: str | None = None
    is_signed: bool = False

    @property
    def elements(self) -> tuple[str, ...]:
        """The names of the elements that wrap the fields."""
        return tuple(filter(None, (self.document, self.head, self.line)))

    @cached_property
    def document_tag(self) -> str:
        """The document's element with its namespace."""
        return CEB + self.document

    @cached_property
    def head_tag(self) -> str | None:
        """The head's element with its namespace."""
        return self.head and CEB + self.head

    @cached_property
    def line_tag(self) -> str | None:
        """The goods item's element with its namespace."""
        return self.line and CEB + self.line


MESSAGES: Final = {
    "CEB311Message": Message(Kind.ORDER, "Order", "OrderHead", "OrderList"),
    "CEB411Message": Message(Kind.PAYMENT, "Payment", "PaymentHead"),
    "CEB511Message": Message(Kind.WAYBILL, "Logistics", "LogisticsHead"),
    "CEB621Message": Message(
        Kind.DECLARATION, "Inventory", "InventoryHead", "InventoryList", is_signed=True
    ),
    "CEB623Message": Message(Kind.REVOCATION, "InvtCancel", is_signed=True),
    "CEB625Message": Message(
        Kind.RETURN, "InvtRefund", "InvtRefundHead", "InvtRefundList", is_signed=True
    ),
}
"""The messages that are served, by their root."""

_Fields = tuple[tuple[str, int, int | None, bool], ...]

_PARTS: Final[dict[str, _Fields]] = {
    "BaseTransfer": (
        ("copCode", 1, 18, True),
        ("copName", 0, 100, True),
        ("dxpMode", 3, 3, True),
        ("dxpId", 0, 30, True),
        ("note", 0, 1000, False),
    ),
    "BaseSubscribe": (
        ("status", 0, 100, True),
        ("dxpMode", 3, 3, True),
        ("dxpAddress", 0, 100, True),
        ("note", 0, 1000, False),
    ),
    "ExtendMessage": (
        ("name", 0, 30, True),
        ("version", 0, 30, True),
        ("Message", 0, None, True),
    ),
}
"""The envelope's elements: name, fewest and most characters (None: any one element), needed."""

_LETTERS: Final = {
    f"{CEB}BaseTransfer": "T",
    f"{CEB}BaseSubscribe": "S",
    f"{CEB}ExtendMessage": "E",
    SIGNATURE: "G",
}
SUBSCRIBERS_MAX: Final = 5
_ORDER: Final = re.compile(f"D+TS{{0,{SUBSCRIBERS_MAX}}}E?G?")


ORDER: Final = "documents, BaseTransfer, BaseSubscribe (at most 5), ExtendMessage, Signature"


def root_faults(root: Any) -> Iterator[Fault]:
    """What is wrong with the attributes of a message's root."""
    for name, low, high in (("guid", 36, 36), ("version", 1, 10)):
        value = root.get(name)
        if value is None:
            yield Fault("ENVELOPE_FIELD_MISSING", f"@{name}")
        elif not low <= len(value) <= high:
            yield Fault("ENVELOPE_FIELD_LENGTH", f"@{name}", value[:100], _span(low, high))
    yield from attribute_faults(root, "", {"guid", "version"})


def attribute_faults(
    element: Any, path: str, known: frozenset[str] | set[str] = frozenset()
) -> Iterator[Fault]:
    """The attributes of an element that the schema does not know."""
    for name in element.keys():  # noqa: SIM118 - an element's iterator gives its children
        if name not in known and name not in _HINTS:
            yield Fault("ATTRIBUTE_UNKNOWN", f"{path}@{_ATTRIBUTES.get(name, UNKNOWN)}")


def sequence_fault(tags: list[str], message: Message) -> Fault | None:
    """What is wrong with the order of a root's children, given their tags."""
    document = message.document_tag
    letters = "".join("D" if tag == document else _LETTERS.get(tag, "?") for tag in tags)
    if "D" not in letters:
        return Fault("DOCUMENTS_MISSING", message.document)
    if letters.count("D") > DOCUMENTS_PER_MESSAGE_MAX:
        return Fault(
            "DOCUMENTS_TOO_MANY", message.document, expected=str(DOCUMENTS_PER_MESSAGE_MAX)
        )
    if "?" in letters:
        return Fault("ENVELOPE_ELEMENT_UNKNOWN", told(tags[letters.index("?")]))
    if "T" not in letters:
        return Fault("ENVELOPE_FIELD_MISSING", "BaseTransfer")
    if message.is_signed and "G" not in letters:
        return Fault("SIGNATURE_MISSING", "Signature")
    if not _ORDER.fullmatch(letters):
        return Fault("ENVELOPE_ORDER", expected=ORDER)
    return None


def part_faults(element: Any) -> Iterator[Fault]:
    """What is wrong inside BaseTransfer, BaseSubscribe or ExtendMessage."""
    name = local(element.tag)
    known = _PARTS.get(name)
    if known is None:
        return
    children = list(element)
    yield from attribute_faults(element, name)
    if stray(element.text, *(child.tail for child in children)):
        yield Fault("TEXT_MISPLACED", name)
    at = 0
    for field, low, high, is_needed in known:
        if at < len(children) and children[at].tag == CEB + field:
            yield from _value_faults(children[at], f"{name}.{field}", low, high)
            at += 1
        elif is_needed:
            yield Fault("ENVELOPE_FIELD_MISSING", f"{name}.{field}")
    for child in children[at:]:
        yield Fault("ENVELOPE_ELEMENT_UNKNOWN", f"{name}.{told(child.tag)}")


def _value_faults(element: Any, path: str, low: int, high: int | None) -> Iterator[Fault]:
    yield from attribute_faults(element, path)
    if high is None:
        tails = (child.tail for child in element)
        if len(element) > 1 or stray(element.text, *tails):
            yield Fault("ENVELOPE_ELEMENT_UNKNOWN", path, expected="one element")
    elif len(element):
        yield Fault("ENVELOPE_ELEMENT_UNKNOWN", f"{path}.{told(element[0].tag)}")
    elif not low <= len(element.text or "") <= high:
        yield Fault("ENVELOPE_FIELD_LENGTH", path, (element.text or "")[:100], _span(low, high))


def stray(*texts: str | None) -> bool:
    """Whether there is text where only elements may be."""
    return any(text is not None and text.strip(BLANK) for text in texts)


def local(tag: str) -> str:
    """An element's name without its namespace, cut to be shown."""
    return tag.rpartition("}")[2][:60]


def told(tag: str) -> str:
    """An element's name where the schema knows it; any other may be a person's and is not shown.

    >>> told(CEB + "BaseTransfer"), told("{urn:x}BaseTransfer"), told("张三")
    ('BaseTransfer', 'unknown', 'unknown')
    """
    return local(tag) if tag in _known_tags() else UNKNOWN


@cache
def _known_tags() -> frozenset[str]:
    named = {name for message in MESSAGES.values() for name in message.elements}
    named |= {field.ceb for kind in Kind for part in Part for field in fields(kind, part)}
    named |= {field for part in _PARTS.values() for field, *_ in part}
    return frozenset({SIGNATURE, *(CEB + name for name in named | set(MESSAGES) | set(_PARTS))})


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
