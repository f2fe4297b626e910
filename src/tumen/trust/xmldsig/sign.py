"""Signing a message: an enveloped signature at the end of its root, in the form of the samples.

1. A signature that the message has already is taken out, with the white space around it left.
2. ``Signature`` is put in as the last child of the root.
3. The digest of the message's canonical bytes goes into ``SignedInfo``.
4. The signature over the canonical bytes of ``SignedInfo`` goes into ``SignatureValue``.
"""

import base64
from typing import Any, Final, Protocol

from lxml import etree

from tumen.kernel.errors import UsageError
from tumen.trust.xmldsig import canonical
from tumen.trust.xmldsig.algorithms import Algorithm, Key
from tumen.trust.xmldsig.canonical import DS, ENVELOPED, METHOD, NAMESPACE
from tumen.trust.xmldsig.certificate import Certificate


class Signer(Protocol):
    """Whoever holds a private key."""

    @property
    def kind(self) -> Key:
        """The kind of the key."""

    @property
    def public_key(self) -> bytes:
        """Its public half as DER."""

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        """The signature over some bytes."""


_FORM: Final = (
    '<ds:Signature xmlns:ds="{namespace}"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="{canonical}"/>'
    '<ds:SignatureMethod Algorithm="{method}"/>'
    '<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{enveloped}"/></ds:Transforms>'
    '<ds:DigestMethod Algorithm="{digest_method}"/><ds:DigestValue/></ds:Reference>'
    "</ds:SignedInfo><ds:SignatureValue/>"
    "<ds:KeyInfo><ds:KeyName/><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>"
    "</ds:Signature>"
)


def sign(message: bytes, algorithm: Algorithm, signer: Signer, certificate: Certificate) -> bytes:
    """A message with a signature of its own.

    Args:
        message: XML in UTF-8; a signature below its root is replaced.
        algorithm: how to sign.
        signer: who holds the private key.
        certificate: the signer's; it goes into the message.

    Raises:
        UsageError: key, certificate and algorithm do not belong together.
        VerificationError: the message cannot be read, or the algorithm cannot be computed here.
    """
    if signer.public_key != certificate.public_key:
        raise UsageError("The certificate is not that of the key.")
    if certificate.key is not algorithm.key:
        raise UsageError(f"A key of {certificate.key} makes no signature of {algorithm.name}.")
    root = canonical.unsigned(canonical.parse(message))
    digest = algorithm.digest(canonical.canonical(root))
    block = _block(algorithm)
    root.append(block)
    _put(block, "DigestValue", digest)
    signed = canonical.part_bytes(block.find(f"{DS}SignedInfo"))
    _put(block, "SignatureValue", signer.sign(algorithm, signed))
    _put(block, "X509Certificate", certificate.der)
    block.find(f".//{DS}KeyName").text = certificate.serial_number
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def _block(algorithm: Algorithm) -> Any:
    return etree.fromstring(
        _FORM.format(
            namespace=NAMESPACE,
            canonical=METHOD,
            enveloped=ENVELOPED,
            method=algorithm.method,
            digest_method=algorithm.digest_method,
        )
    )


def _put(block: Any, name: str, value: bytes) -> None:
    block.find(f".//{DS}{name}").text = base64.b64encode(value).decode()
