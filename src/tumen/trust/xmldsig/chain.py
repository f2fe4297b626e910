"""Who vouches for a signer: issuer by issuer up to a certificate that is trusted (RFC 5280 §6).

1. A path leads from the signer's certificate over certificates in between to one that is trusted;
   each was signed by the key of the next, which may issue.
2. Each issuer was valid when the message was written, and has no more issuers below it than it
   allows.
3. Where lists of revoked certificates are kept, each certificate below the trusted one must have a
   list of its issuer, signed by it, not older than the message, that does not name it.

One path without a fault is enough. Where every path has one, that of the first is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from tumen.kernel.limits import CERTIFICATE_CHAIN_LENGTH_MAX
from tumen.trust.xmldsig.certificate import Certificate
from tumen.trust.xmldsig.revocation import RevocationList, Revoked

Path = tuple[Certificate, ...]
"""From the signer's certificate to a trusted one."""


class Fault(NamedTuple):
    """Why a certificate cannot be relied on.

    Attributes:
        code: the reason.
        detail: what was found.
        is_open: whether it only could not be found out.
    """

    code: str
    detail: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """What a node knows of who vouches for signers, as DER.

    Attributes:
        trusted: certificates that are trusted, of signers or of issuers.
        between: certificates of issuers that lead to them, and are not trusted by themselves.
        lists: lists of revoked certificates.
    """

    trusted: tuple[bytes, ...]
    between: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()

    def fault(self, certificate: Certificate, moments: Sequence[datetime]) -> Fault | None:
        """Why a certificate is not one that somebody trusted vouches for; None if it is.

        Args:
            certificate: the signer's.
            moments: when the message was written, as it says.

        Raises:
            VerificationError: it cannot be computed here.
        """
        lists = [RevocationList.read(each) for each in self.lists]
        first: Fault | None = None
        for path in self._paths((certificate,)):
            fault = _path_fault(path, moments) or _revocation_fault(path, lists, moments)
            if fault is None:
                return None
            first = first or fault
        return first or self._missing(certificate)

    def _paths(self, below: Path) -> Iterator[Path]:
        """Every path that begins so and ends in what is trusted."""
        last = below[-1]
        if last.der in self.trusted:
            yield below
        elif len(below) < CERTIFICATE_CHAIN_LENGTH_MAX:
            for issuer in self._issuers(last):
                if issuer not in below:
                    yield from self._paths((*below, issuer))

    def _issuers(self, certificate: Certificate) -> list[Certificate]:
        named = self._named(certificate)
        return [each for each in named if each.is_issuer and certificate.is_issued_by(each)]

    def _named(self, certificate: Certificate) -> list[Certificate]:
        known = map(Certificate.read, (*self.trusted, *self.between))
        return [each for each in known if each.parsed.subject == certificate.parsed.issuer]

    def _missing(self, certificate: Certificate) -> Fault:
        """Where the way to somebody trusted ends."""
        if not self._named(certificate):
            return Fault("CERTIFICATE_NOT_TRUSTED")
        issuers = self._issuers(certificate)
        if not issuers:
            return Fault("CERTIFICATE_NOT_ISSUED", certificate.issuer)
        return Fault("CERTIFICATE_CHAIN_INCOMPLETE", issuers[0].issuer)


def _path_fault(path: Path, moments: Sequence[datetime]) -> Fault | None:
    for at, issuer in enumerate(path[1:]):
        if not all(map(issuer.is_valid_at, moments)):
            validity = f"{issuer.not_before:%Y-%m-%d} to {issuer.not_after:%Y-%m-%d}"
            return Fault("CERTIFICATE_ISSUER_EXPIRED", f"{issuer.subject}, {validity}")
        if issuer.path_length_max is not None and at > issuer.path_length_max:
            return Fault("CERTIFICATE_CHAIN_TOO_LONG", issuer.subject)
    return None


def _revocation_fault(
    path: Path, lists: Sequence[RevocationList], moments: Sequence[datetime]
) -> Fault | None:
    if not lists:
        return None
    faults = [_listed(each, issuer, lists, moments) for each, issuer in pairwise(path)]
    told = [each for each in faults if each is not None]
    return min(told, key=lambda each: each.is_open, default=None)


def _listed(
    certificate: Certificate,
    issuer: Certificate,
    lists: Sequence[RevocationList],
    moments: Sequence[datetime],
) -> Fault | None:
    """What the lists of an issuer say of one of its certificates."""
    named = [each for each in lists if each.is_of(issuer)]
    signed = [each for each in named if each.is_signed_by(issuer)]
    for each in signed:
        revoked = each.entry(certificate)
        if revoked is not None and _counts(revoked, moments):
            # A filer is told this: the subject may be a person.
            detail = f"{certificate.serial_number} on {revoked.on:%Y-%m-%d}: {revoked.reason}"
            return Fault("CERTIFICATE_REVOKED", detail)
    if not signed:
        code = "REVOCATION_LIST_BROKEN" if named else "REVOCATION_LIST_ABSENT"
        return Fault(code, issuer.subject, is_open=True)
    newest = max(each.next_update for each in signed)
    if any(moment > newest for moment in moments):
        return Fault("REVOCATION_LIST_OLD", f"{newest:%Y-%m-%d}, {issuer.subject}", is_open=True)
    return None


def _counts(revoked: Revoked, moments: Sequence[datetime]) -> bool:
    """Whether a revocation touches what was written at these moments.

    The message's time is told by whoever holds the key. So where the key may be somebody
    else's by now, or it is not said, the revocation counts whatever day is written.
    """
    is_before = all(moment < revoked.on for moment in moments)
    return not (revoked.is_from_then_only and is_before)
