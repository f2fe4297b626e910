"""Certificates of signers: whose key it is, from when to when, and who vouches for it.

What is found out here: the form, the kind and length of the key, what the key is for, the days of
validity, and whether another certificate's key signed it. Who is trusted is :mod:`.chain`.
"""

import base64
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning

from tumen.kernel.errors import UsageError, VerificationError
from tumen.kernel.limits import CERTIFICATE_BYTES_MAX, CERTIFICATES_TRUSTED_MAX
from tumen.trust.xmldsig import gost, sm2
from tumen.trust.xmldsig.algorithms import Algorithm, Key

_SM2_ISSUED: Final = "1.2.156.10197.1.501"
"""The name of SM2 with SM3 as the signature of an issuer (GM/T 0006)."""

_ISSUED_WITH: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})
_CURVE_BITS: Final = 256
HASHES: Final = {"rsa-sha1": hashes.SHA1(), "rsa-sha256": hashes.SHA256()}  # noqa: S303 - the specification
_SEQUENCE: Final = 0x30
_VERSION: Final = 0xA0
_BEFORE_KEY: Final = 5
"""Parts of a certificate from its serial number to its subject; the key stands next (RFC 5280)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that could be read.

    Attributes:
        der: as it stood.
        parsed: what the library makes of it.
        key: the kind of its key.
        bits: how long the key is.
        public_key: the key as DER (SubjectPublicKeyInfo).
        is_signer: whether its key may sign documents.
        is_issuer: whether its key may sign certificates.
        is_lister: whether its key may sign lists of revoked certificates.
        path_length_max: how many issuers may stand between it and a signer; None if any number.
    """

    der: bytes
    parsed: x509.Certificate = field(repr=False, compare=False)
    key: Key
    bits: int
    public_key: bytes = field(repr=False)
    is_signer: bool
    is_issuer: bool
    is_lister: bool
    path_length_max: int | None

    @classmethod
    def read(cls, der: bytes) -> "Certificate":
        """Read a certificate.

        Raises:
            VerificationError: it cannot be read, or has a critical part that is unknown.
        """
        if len(der) > CERTIFICATE_BYTES_MAX:
            raise VerificationError("CERTIFICATE_UNREADABLE", f"over {CERTIFICATE_BYTES_MAX} bytes")
        return _read(der)

    @property
    def subject(self) -> str:
        """Whose it is, as the certificate says; a person's name may stand there."""
        return self.parsed.subject.rfc4514_string()

    @property
    def issuer(self) -> str:
        """Who issued it, as the certificate says."""
        return self.parsed.issuer.rfc4514_string()

    @property
    def serial_number(self) -> str:
        """Its number with its issuer, in hexadecimal digits."""
        return f"{self.parsed.serial_number:X}"

    @property
    def not_before(self) -> datetime:
        """From when it is valid."""
        return self.parsed.not_valid_before_utc

    @property
    def not_after(self) -> datetime:
        """Until when it is valid."""
        return self.parsed.not_valid_after_utc

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether a moment lies within its validity."""
        return self.not_before <= moment <= self.not_after

    def verifies(self, algorithm: Algorithm, message: bytes, signature: bytes) -> bool:
        """Whether a signature over a message is that of its key.

        Raises:
            VerificationError: the algorithm cannot be computed here.
        """
        if self.key is not algorithm.key:
            return False
        if self.key is Key.SM2:
            return sm2.verify(self.public_key, message, signature)
        if self.key is Key.GOST:
            return gost.verify(self.der, message, signature)
        key = self.parsed.public_key()
        assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 - the kind was told from it
        try:
            key.verify(signature, message, padding.PKCS1v15(), HASHES[algorithm.name])
        except InvalidSignature:
            return False
        return True

    def is_issued_by(self, issuer: "Certificate") -> bool:
        """Whether another certificate's key signed this one.

        Raises:
            VerificationError: it cannot be computed here.
        """
        if self.parsed.issuer != issuer.parsed.subject:
            return False
        tbs = self.parsed.tbs_certificate_bytes
        return issuer.signed(
            self.parsed, tbs, lambda: self.parsed.verify_directly_issued_by(issuer.parsed)
        )

    def signed(
        self,
        parsed: x509.Certificate | x509.CertificateRevocationList,
        tbs: bytes,
        by_library: Callable[[], bool | None],
    ) -> bool:
        """Whether its key signed a certificate or a list.

        Args:
            parsed: what is said to be signed.
            tbs: the bytes of it that are signed.
            by_library: checks by the library, which knows neither SM2 nor GOST.

        Raises:
            VerificationError: it cannot be computed here.
        """
        if parsed.signature_algorithm_oid.dotted_string == _SM2_ISSUED:
            return self.key is Key.SM2 and sm2.verify(self.public_key, tbs, parsed.signature)
        if self.key is Key.GOST:
            return gost.verify(self.der, tbs, parsed.signature)
        try:
            named = parsed.signature_hash_algorithm
            if named is not None and named.name not in _ISSUED_WITH:
                return False
            return by_library() is not False
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            return False


_UNREADABLE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What reading a broken certificate ends in."""


@lru_cache(maxsize=2 * CERTIFICATES_TRUSTED_MAX + 256)
def _read(der: bytes) -> Certificate:
    """A filer signs all messages with one certificate, and all ask for the issuers: read once."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            parsed = x509.load_der_x509_certificate(der)
            key, bits, public_key = _key_of(parsed)
            uses = _uses(parsed)
            _ = (parsed.subject, parsed.issuer, parsed.serial_number)
            _ = (parsed.not_valid_before_utc, parsed.not_valid_after_utc)
    except _UNREADABLE as error:
        raise VerificationError("CERTIFICATE_UNREADABLE") from error
    return Certificate(der, parsed, key, bits, public_key, *uses)


def _key_of(parsed: x509.Certificate) -> tuple[Key, int, bytes]:
    """The kind, the length and the bytes of a certificate's key."""
    stated = _stated_key(parsed.tbs_certificate_bytes)
    if sm2.KEY_PREFIX in stated:
        return Key.SM2, _CURVE_BITS, stated
    if parsed.public_key_algorithm_oid.dotted_string.startswith(gost.KEY_OID_PREFIX):
        return Key.GOST, _CURVE_BITS, stated
    key = parsed.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return (
            Key.RSA,
            key.key_size,
            key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        )
    return Key.OTHER, 0, stated


def _stated_key(tbs: bytes) -> bytes:
    """The key of a certificate as its bytes stand in it.

    The library has read the certificate before; only the places are looked for again.
    """
    _, at, _ = _part(tbs, 0)
    tag, _, end = _part(tbs, at)
    if tag == _VERSION:
        at = end
    for _ in range(_BEFORE_KEY):
        at = _part(tbs, at)[2]
    tag, _, end = _part(tbs, at)
    if tag != _SEQUENCE:
        raise ValueError("no key where one must stand")
    return tbs[at:end]


def _part(der: bytes, at: int) -> tuple[int, int, int]:
    """The tag of a part of DER, where its content begins, and where it ends."""
    if at + 2 > len(der):
        raise ValueError("cut off")
    tag, length, start = der[at], der[at + 1], at + 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(der[at + 2 : start])
    if start + length > len(der):
        raise ValueError("cut off")
    return tag, start, start + length


class _Uses(NamedTuple):
    """What the key of a certificate may do; the last four fields of :class:`Certificate`."""

    is_signer: bool
    is_issuer: bool
    is_lister: bool
    path_length_max: int | None


def _uses(parsed: x509.Certificate) -> _Uses:
    """What a key may sign.

    RFC 5280 §4.2: what is critical and unknown makes a certificate unusable.
    """
    is_signer, is_authority, may_issue, may_list, length = True, False, True, True, None
    for extension in parsed.extensions:
        value = extension.value
        if isinstance(value, x509.KeyUsage):
            is_signer = value.digital_signature or value.content_commitment
            may_issue, may_list = value.key_cert_sign, value.crl_sign
        elif isinstance(value, x509.BasicConstraints):
            is_authority, length = value.ca, value.path_length
        elif extension.critical and not isinstance(value, _BEARABLE):
            raise ValueError(f"critical and unknown: {extension.oid.dotted_string}")
    return _Uses(is_signer, is_authority and may_issue, is_authority and may_list, length)


_BEARABLE: Final = (
    x509.ExtendedKeyUsage,
    x509.SubjectAlternativeName,
    x509.CertificatePolicies,
    x509.SubjectKeyIdentifier,
    x509.AuthorityKeyIdentifier,
)
"""What may be critical in a certificate without changing what is checked here."""


def from_pem(pem: bytes, label: str) -> bytes:
    """The bytes between the marks of PEM.

    Raises:
        UsageError: there is nothing of that label.
    """
    begin, end = f"-----BEGIN {label}-----".encode(), f"-----END {label}-----".encode()
    _, mark, rest = pem.partition(begin)
    packed, closing, _ = rest.partition(end)
    try:
        if mark and closing:
            return base64.b64decode(b"".join(packed.split()), validate=True)
    except ValueError:
        pass
    raise UsageError(f"The file holds no {label} in PEM.")
