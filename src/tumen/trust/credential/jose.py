"""A compact JWS, opened strictly: what it says of itself decides nothing (RFC 7515, RFC 8725).

1. Three parts of base64url in its one form; a header that is a JSON object.
2. The header has ``alg``, ``kid``, ``typ`` and perhaps ``cty``, and nothing else: a key or an
   address of a key in it (``jwk``, ``jku``, ``x5u``, ``x5c``), ``crit`` or ``b64`` is refused.
3. The key is found by ``kid`` among those that the trust bundle lists for issuers.
4. The algorithm is that of the key: Ed25519 (RFC 9864; by its older name ``EdDSA`` too) for an
   Ed25519 key, ES256 for a key on P-256. The header must name it; it never chooses it.
5. The signature holds over the bytes as they stand.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import CREDENTIAL_BYTES_MAX
from tumen.trust.bundle_model import Jwk
from tumen.trust.credential.encoding import from_base64url, from_json

CREDENTIAL_TYPE: Final = "vc+jwt"
PRESENTATION_TYPE: Final = "vp+jwt"
CONTENT_TYPES: Final[Mapping[str, str]] = {CREDENTIAL_TYPE: "vc", PRESENTATION_TYPE: "vp"}
"""``typ`` and the ``cty`` that goes with it (VC-JOSE-COSE §3.1.1 and §3.1.2)."""

ALGORITHMS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("OKP", "Ed25519"): ("Ed25519", "EdDSA"),
    ("EC", "P-256"): ("ES256",),
}
"""What a kind of key signs with; the first name is the one that we write."""

_NAMES: Final = frozenset({"alg", "kid", "typ", "cty"})
_SIGNATURE_BYTES: Final = 64
_DOTS: Final = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """A compact JWS, taken apart and not yet believed.

    Attributes:
        header: the protected header.
        payload: the bytes that are signed.
        signed: what the signature is over.
        signature: its bytes.
    """

    header: Mapping[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes

    @property
    def key_id(self) -> str:
        """The thumbprint by which the key is to be found."""
        return str(self.header["kid"])

    @property
    def content_hash(self) -> str:
        """SHA-256 of the payload: what is known, revoked and logged is this, never the token."""
        return hashlib.sha256(self.payload).hexdigest()


def opened(token: bytes, kind: str = CREDENTIAL_TYPE) -> Opened:
    """Take a compact JWS apart (steps 1 and 2).

    Args:
        token: its bytes; one newline at the end is no part of it.
        kind: the ``typ`` that it must have.

    Raises:
        VerificationError: it is none, or its header has or lacks what it must not.
    """
    if len(token) > CREDENTIAL_BYTES_MAX:
        most = f"more than {CREDENTIAL_BYTES_MAX:,} bytes"
        raise VerificationError("TOO_LARGE", f"the credential has {most}")
    text = token.removesuffix(b"\n")
    if not text.isascii() or text.count(b".") != _DOTS:
        raise VerificationError("TOKEN_MALFORMED", "the file is no compact JWS of three parts")
    head, body, end = text.decode().split(".")
    header = from_json(from_base64url(head, "header"), CREDENTIAL_BYTES_MAX, "header")
    _check_header(header, kind)
    return Opened(
        header=header,
        payload=from_base64url(body, "payload"),
        signed=f"{head}.{body}".encode(),
        signature=from_base64url(end, "signature"),
    )


def _check_header(header: Mapping[str, Any], kind: str) -> None:
    strangers = sorted(header.keys() - _NAMES)
    if strangers:
        told = ", ".join(strangers)[:80]
        raise VerificationError("HEADER_REFUSED", f"the header has {told}, which is not accepted")
    if not all(isinstance(header.get(name), str) for name in ("alg", "kid", "typ")):
        raise VerificationError("HEADER_REFUSED", "the header lacks alg, kid or typ")
    if header["typ"] != kind or header.get("cty", CONTENT_TYPES[kind]) != CONTENT_TYPES[kind]:
        told = f"{header['typ']} {header.get('cty', '')}"[:60]
        raise VerificationError("TOKEN_TYPE", f"the token is a {told}, not a {kind}")


def algorithm_of(key: Jwk) -> str:
    """The algorithm that a key signs with, by the name that we write.

    Raises:
        VerificationError: it is a key of another kind.
    """
    return _algorithms(key)[0]


def verify_signature(token: Opened, key: Jwk) -> None:
    """Check that a key signed a token (steps 4 and 5).

    Raises:
        VerificationError: the algorithm is not the key's, or the signature does not hold.
    """
    names = _algorithms(key)
    if token.header["alg"] not in names:
        told = str(token.header["alg"])[:20]
        raise VerificationError(
            "ALGORITHM_REFUSED", f"the header names {told}; the key signs with {' or '.join(names)}"
        )
    try:
        if len(token.signature) != _SIGNATURE_BYTES:
            raise ValueError("another length")
        _verify(key, token.signed, token.signature)
    except (InvalidSignature, ValueError) as error:
        raise VerificationError("SIGNATURE_INVALID", "the signature does not hold") from error


def _algorithms(key: Jwk) -> tuple[str, ...]:
    names = ALGORITHMS.get((key.kty, key.crv))
    if names is None:
        raise VerificationError("ALGORITHM_REFUSED", "the key is neither Ed25519 nor on P-256")
    return names


def _verify(key: Jwk, signed: bytes, signature: bytes) -> None:
    """Ed25519 (RFC 8037), or ES256: ECDSA whose two numbers stand side by side (RFC 7518 §3.4)."""
    if key.y is None:
        Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(signature, signed)
        return
    x, y = (int.from_bytes(half, "big") for half in _halves(key.public_bytes))
    r, s = (int.from_bytes(half, "big") for half in _halves(signature))
    public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    public.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))


def _halves(data: bytes) -> tuple[bytes, bytes]:
    return data[: len(data) // 2], data[len(data) // 2 :]
