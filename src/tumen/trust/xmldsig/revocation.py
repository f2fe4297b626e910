"""Lists of revoked certificates (RFC 5280 §5), each given as a file and signed by an issuer.

A list that tells only a part (a delta, or one of some points or reasons) is refused when it is
read: what it leaves out would look unrevoked.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.x509 import ReasonFlags

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import REVOCATION_LIST_BYTES_MAX, REVOCATION_LISTS_MAX
from tumen.trust.xmldsig.certificate import Certificate

_LATER: Final = frozenset(
    {
        ReasonFlags.affiliation_changed,
        ReasonFlags.superseded,
        ReasonFlags.cessation_of_operation,
        ReasonFlags.privilege_withdrawn,
    }
)
"""Reasons for which nobody else holds the key: what was signed before stays signed."""

_KNOWN: Final = (x509.CRLNumber, x509.AuthorityKeyIdentifier, x509.IssuerAlternativeName)
_KNOWN_OF_ENTRY: Final = (x509.CRLReason, x509.InvalidityDate)


@dataclass(frozen=True, slots=True)
class Revoked:
    """That a certificate was revoked.

    Attributes:
        on: from when.
        reason: why, by the word of RFC 5280.
        is_from_then_only: whether what was signed before that still counts.
    """

    on: datetime
    reason: str
    is_from_then_only: bool


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list that could be read; nothing is said yet of who signed it.

    Attributes:
        der: as it stood.
        parsed: what the library makes of it.
        next_update: when its issuer will have told a newer one.
    """

    der: bytes = field(repr=False)
    parsed: x509.CertificateRevocationList = field(repr=False, compare=False)
    next_update: datetime

    @classmethod
    def read(cls, der: bytes) -> "RevocationList":
        """Read a list.

        Raises:
            VerificationError: it cannot be read, or tells only a part.
        """
        if len(der) > REVOCATION_LIST_BYTES_MAX:
            raise VerificationError(
                "REVOCATION_LIST_UNREADABLE", f"over {REVOCATION_LIST_BYTES_MAX} bytes"
            )
        return _read(der)

    def is_of(self, issuer: Certificate) -> bool:
        """Whether it names this issuer."""
        return self.parsed.issuer == issuer.parsed.subject

    def is_signed_by(self, issuer: Certificate) -> bool:
        """Whether the issuer's key signed it and may sign lists.

        Raises:
            VerificationError: it cannot be computed here.
        """
        return _is_signed(self.der, issuer)

    def entry(self, certificate: Certificate) -> Revoked | None:
        """What it says of a certificate of its issuer; None where it is not revoked."""
        number = certificate.parsed.serial_number
        found = self.parsed.get_revoked_certificate_by_serial_number(number)
        if found is None:
            return None
        reason = _reason(found)
        return Revoked(found.revocation_date_utc, reason.value, reason in _LATER)


@lru_cache(maxsize=REVOCATION_LISTS_MAX)
def _read(der: bytes) -> RevocationList:
    try:
        parsed = x509.load_der_x509_crl(der)
        is_whole = all(map(_is_whole, parsed.extensions)) and all(map(_is_plain, parsed))
        next_update = parsed.next_update_utc
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise VerificationError("REVOCATION_LIST_UNREADABLE") from error
    if not is_whole:
        raise VerificationError("REVOCATION_LIST_UNREADABLE", "it tells only a part")
    if next_update is None:
        raise VerificationError("REVOCATION_LIST_UNREADABLE", "it does not say until when it holds")
    return RevocationList(der, parsed, next_update)


def _is_whole(extension: x509.Extension[Any]) -> bool:
    """Whether an extension of a list leaves nothing out of it (RFC 5280 §5.2.4, §5.2.5)."""
    told = extension.value
    if isinstance(told, x509.IssuingDistributionPoint):
        limits = (told.only_contains_user_certs, told.only_contains_ca_certs, told.indirect_crl,
                  told.only_some_reasons, told.only_contains_attribute_certs)  # fmt: skip
        return not any(limits)
    is_known = isinstance(told, _KNOWN) or not extension.critical
    return is_known and not isinstance(told, x509.DeltaCRLIndicator)


def _is_plain(entry: x509.RevokedCertificate) -> bool:
    """Whether an entry has nothing critical that is unknown, such as another issuer."""
    return all(
        not each.critical or isinstance(each.value, _KNOWN_OF_ENTRY) for each in entry.extensions
    )


@lru_cache(maxsize=4 * REVOCATION_LISTS_MAX)
def _is_signed(der: bytes, issuer: Certificate) -> bool:
    """Computed once: a list may be long, and many messages ask for it."""
    parsed = _read(der).parsed
    if not issuer.is_lister:
        return False

    def by_library() -> bool:
        return parsed.is_signature_valid(issuer.parsed.public_key())  # type: ignore[arg-type]

    return issuer.signed(parsed, parsed.tbs_certlist_bytes, by_library)


def _reason(entry: x509.RevokedCertificate) -> ReasonFlags:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return ReasonFlags.unspecified
