"""The algorithms that a signature may name, and nothing else (ADR 7).

Each method goes with one digest and one kind of key: what is named in a message never chooses
how a key is used. The identifiers of SM2 and SM3 are those of the official samples of 202205.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tumen.trust.xmldsig import gost, sm2

CHINAPORT: Final = "http://www.chinaport.gov.cn/2022/04/xmldsig#"
GOST: Final = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"


class Key(StrEnum):
    """The kinds of keys."""

    SM2 = "sm2"
    RSA = "rsa"
    GOST = "gost"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One way to sign.

    Attributes:
        name: how it is called on the command line.
        method: its identifier in ``SignatureMethod``.
        digest_method: the identifier of its digest in ``DigestMethod``.
        digest: computes the digest.
        digest_bytes: how long it is.
        key: the kind of key it takes.
        bits_min: the shortest key that is accepted.
    """

    name: str
    method: str
    digest_method: str
    digest: Callable[[bytes], bytes]
    digest_bytes: int
    key: Key
    bits_min: int

    def could_sign(self, length: int) -> bool:
        """Whether a signature of this algorithm can have so many bytes."""
        if self.key is Key.RSA:
            return length * 8 >= self.bits_min
        is_der = self.key is Key.SM2 and length in _SM2_DER_BYTES
        return length == _CURVE_SIGNATURE_BYTES or is_der


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


_CURVE_SIGNATURE_BYTES: Final = 64
_SM2_DER_BYTES: Final = range(66, 73)

ALGORITHMS: Final = (
    Algorithm("sm2", f"{CHINAPORT}sm2-sm3", f"{CHINAPORT}sm3", sm2.sm3, 32, Key.SM2, 256),
    Algorithm(
        "rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#sha1",
        _sha1,
        20,
        Key.RSA,
        1024,
    ),
    Algorithm(
        "rsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        _sha256,
        32,
        Key.RSA,
        2048,
    ),
    Algorithm(
        "gost",
        f"{GOST}gostr34102012-gostr34112012-256",
        f"{GOST}gostr34112012-256",
        gost.digest,
        32,
        Key.GOST,
        256,
    ),
)
"""What is accepted. RSA with SHA-1 only because the Chinese specification still allows it."""


def by_method(identifier: str) -> Algorithm | None:
    """The algorithm of an identifier; None where it is not accepted."""
    return next((each for each in ALGORITHMS if each.method == identifier), None)


def by_name(name: str) -> Algorithm | None:
    """The algorithm of a name of ours; None where there is none."""
    return next((each for each in ALGORITHMS if each.name == name), None)
