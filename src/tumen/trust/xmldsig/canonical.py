"""Canonical bytes: exactly what of a message a signature is made over (C14N 1.0, no comments).

1. The message is parsed without entities, network or large nodes; a document type is refused.
2. The one ``Signature``, a child of the root, is taken out (enveloped signature); the texts before
   and after it stay.
3. What is left is written in the canonical form: the digest is that of these bytes.
4. ``SignedInfo`` is written in the same form, with the namespaces that it inherits: the
   signature is over these bytes.

There is no other transform, and nothing is looked up by an identifier: the digest always covers
the whole message that is processed.
"""

from copy import deepcopy
from typing import Any, Final

from lxml import etree

from tumen.kernel.errors import VerificationError

NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"
DS: Final = f"{{{NAMESPACE}}}"
SIGNATURE: Final = f"{DS}Signature"
METHOD: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED: Final = f"{NAMESPACE}enveloped-signature"

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_ENCODINGS: Final = frozenset({"UTF-8", "UTF8", "US-ASCII", "ASCII"})
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\0")
_HARDENED: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}


def parse(message: bytes) -> Any:
    """The root of a message.

    Raises:
        VerificationError: it is no XML in UTF-8, or it has a document type.
    """
    if message.startswith(_WIDE):
        raise VerificationError("MESSAGE_NOT_UTF8")
    try:
        root = etree.fromstring(message, etree.XMLParser(**_HARDENED))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise VerificationError("XML_MALFORMED", _where(error)) from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise VerificationError("XML_DTD")
    if (info.encoding or "UTF-8").upper() not in _ENCODINGS:
        raise VerificationError("MESSAGE_NOT_UTF8")
    return root


def _where(error: Exception) -> str:
    """Where the parser stopped; its own words may repeat what stands there."""
    line = getattr(error, "lineno", None)
    return "" if line is None else f"line {line}"


def signature_of(root: Any) -> Any:
    """The signature of a message: the only one in it, directly below its root.

    Raises:
        VerificationError: there is none, there are more, or it stands elsewhere.
    """
    found = list(root.iter(SIGNATURE))
    if not found:
        raise VerificationError("SIGNATURE_ABSENT")
    if len(found) > 1:
        raise VerificationError("SIGNATURE_TWICE")
    if found[0].getparent() is not root:
        raise VerificationError("SIGNATURE_PLACE")
    return found[0]


def message_bytes(root: Any, *, comments: bool = False, exclusive: bool = False) -> bytes:
    """The canonical bytes of a message without its signature; the digest is over these."""
    return canonical(unsigned(root), comments=comments, exclusive=exclusive)


def unsigned(root: Any) -> Any:
    """A copy of a message without the signatures below its root; the texts around them stay."""
    copy = deepcopy(root.getroottree()).getroot()
    for signature in copy.findall(SIGNATURE):
        _take_out(signature)
    return copy


def _take_out(element: Any) -> None:
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)


def canonical(root: Any, *, comments: bool = False, exclusive: bool = False) -> bytes:
    """The canonical bytes of a whole document.

    Raises:
        VerificationError: it has none, because a namespace is a relative address.
    """
    try:
        written: bytes = etree.tostring(
            root.getroottree(), method="c14n", with_comments=comments, exclusive=exclusive
        )
    except (etree.C14NError, ValueError):
        raise VerificationError("CANONICAL_FORM_ABSENT") from None
    return written


def part_bytes(element: Any, *, exclusive: bool = False) -> bytes:
    """The canonical bytes of one element of a document: ``SignedInfo`` is signed as these.

    C14N 1.0 §2.4: an element keeps the namespaces that are in scope where it stands, used or
    not, and the ``xml:`` attributes of those around it.
    """
    alone = etree.fromstring(etree.tostring(element, with_tail=False), etree.XMLParser(**_HARDENED))
    if not exclusive:
        for outer in element.iterancestors():
            for name, value in outer.attrib.items():
                if name.startswith(_XML) and alone.get(name) is None:
                    alone.set(name, value)
    return canonical(alone, exclusive=exclusive)
