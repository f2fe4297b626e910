"""The signature block of a message, read strictly: what it names and what it states.

``Signature`` holds ``SignedInfo``, ``SignatureValue`` and ``KeyInfo``, and each of them what the
official samples hold, in that order. Anything else that the standard would allow is refused by
name: transforms, XPath, references to elsewhere, more than one reference, objects, key values.
A leaf has one text and nothing else: a comment within a value would let two readers read two.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tumen.kernel.errors import VerificationError
from tumen.trust.xmldsig.algorithms import Algorithm, Key, by_method
from tumen.trust.xmldsig.canonical import DS, ENVELOPED, METHOD

_BLANK: Final = " \t\r\n"
_BLANK_OUT: Final = str.maketrans("", "", _BLANK)
_ID: Final = frozenset({"Id"})


@dataclass(frozen=True, slots=True)
class Block:
    """What a signature says of itself.

    Attributes:
        signed_info: the element that is signed.
        method: the identifier of the signature's algorithm.
        digest_method: the identifier of the digest's algorithm.
        digest: the digest that it states.
        value: the signature itself.
        key_name: the name of the key; nothing is decided by it.
        certificate: the certificate as DER; None where the block has none.
        refused: codes of what it asks for and is not done here, with what was found.
    """

    signed_info: Any
    method: str
    digest_method: str
    digest: bytes
    value: bytes
    key_name: str | None
    certificate: bytes | None
    refused: tuple[tuple[str, str], ...] = field(default=())

    @property
    def algorithm(self) -> Algorithm | None:
        """The algorithm that it names; None where it is not accepted."""
        return by_method(self.method)

    @property
    def is_placeholder(self) -> bool:
        """Whether neither value can be one of its algorithm: nobody ever signed this.

        The blocks of the official samples are so, and those of made-up messages.
        """
        named = self.algorithm
        if named is None or named.key is not Key.SM2 or len(self.digest) == named.digest_bytes:
            return False
        return not named.could_sign(len(self.value))

    @classmethod
    def read(cls, signature: Any) -> "Block":
        """Read a ``Signature`` element.

        Raises:
            VerificationError: its form is another than that of the samples.
        """
        info, value, key = _children(signature, "SignedInfo", "SignatureValue", "KeyInfo?")
        method, algorithm, reference = _children(
            info, "CanonicalizationMethod", "SignatureMethod", "Reference"
        )
        transforms, digest_method, digest = _children(
            reference, "Transforms?", "DigestMethod", "DigestValue", known={"Id", "URI", "Type"}
        )
        name, certificate = (None, None) if key is None else _key(key)
        return cls(
            signed_info=info,
            method=_named(algorithm),
            digest_method=_named(digest_method),
            digest=_bytes(digest),
            value=_bytes(value),
            key_name=name,
            certificate=certificate,
            refused=tuple(_refused(method, reference, transforms)),
        )


def _refused(method: Any, reference: Any, transforms: Any) -> Iterator[tuple[str, str]]:
    """What the block asks for beyond the one canonical form of the whole message."""
    if (named := _named(method)) != METHOD:
        yield "CANONICAL_METHOD_REFUSED", named
    if reference.get("URI") != "" or reference.get("Type") is not None:
        yield "REFERENCE_REFUSED", (reference.get("URI") or "none")[:100]
    asked = [] if transforms is None else [_transform(each) for each in transforms]
    if asked != [ENVELOPED]:
        yield "TRANSFORM_REFUSED", ", ".join(asked)[:300] or "none"


def _transform(element: Any) -> str:
    if element.tag != f"{DS}Transform":
        raise _faulty(element)
    if len(element):
        return f"{element.get('Algorithm')} with parameters"
    return _named(element)


def _key(key: Any) -> tuple[str | None, bytes | None]:
    name, data = _children(key, "KeyName?", "X509Data?")
    certificate = None if data is None else _bytes(*_children(data, "X509Certificate"))
    return None if name is None else _text(name), certificate


def _children(element: Any, *names: str, known: frozenset[str] | set[str] = _ID) -> list[Any]:
    """The children of an element, which must be these in this order; None for an absent one."""
    if set(element.keys()) - known or _is_stray(element):
        raise _faulty(element)
    rest = list(element)
    found = []
    for name in names:
        tag = DS + name.removesuffix("?")
        if rest and rest[0].tag == tag:
            found.append(rest.pop(0))
        elif name.endswith("?"):
            found.append(None)
        else:
            raise VerificationError("SIGNATURE_BLOCK", f"{name} is missing")
    if rest:
        raise _faulty(rest[0])
    return found


def _is_stray(element: Any) -> bool:
    """Whether there is text where only elements may be."""
    texts = (element.text, *(child.tail for child in element))
    return any(text is not None and text.strip(_BLANK) for text in texts)


def _faulty(element: Any) -> VerificationError:
    """The refusal of an element, by its name where it is one of the standard's."""
    tag = element.tag
    name = tag.removeprefix(DS) if isinstance(tag, str) and tag.startswith(DS) else "unknown"
    return VerificationError("SIGNATURE_BLOCK", f"{name[:60]} has no place there")


def _named(element: Any) -> str:
    """The algorithm that an element names, and nothing else."""
    if element.keys() != ["Algorithm"] or len(element) or (element.text or "").strip(_BLANK):
        raise _faulty(element)
    named: str = element.get("Algorithm")
    return named[:200]


def _text(element: Any) -> str:
    if element.keys() or len(element):
        raise _faulty(element)
    return element.text or ""


def _bytes(element: Any) -> bytes:
    """The bytes of a value in the one base64 form that they have; white space may divide it."""
    packed = _text(element).translate(_BLANK_OUT)
    try:
        value = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise _not_base64(element) from None
    if not value or base64.b64encode(value).decode() != packed:
        raise _not_base64(element)
    return value


def _not_base64(element: Any) -> VerificationError:
    return VerificationError("SIGNATURE_BLOCK", f"{element.tag.removeprefix(DS)} is no base64")
