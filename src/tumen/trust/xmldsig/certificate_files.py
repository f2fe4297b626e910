"""Certificates as files: the folder of those that a node trusts, and of what was revoked."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tumen.kernel.errors import PathAbsent, UsageError, VerificationError
from tumen.kernel.limits import CERTIFICATES_TRUSTED_MAX, REVOCATION_LISTS_MAX
from tumen.trust.xmldsig.certificate import Certificate, from_pem
from tumen.trust.xmldsig.chain import TrustAnchors
from tumen.trust.xmldsig.revocation import RevocationList

_CERTIFICATES: Final = frozenset({".pem", ".crt", ".cer", ".der"})
"""Endings of the files that are looked at."""

_LISTS: Final = frozenset({".crl"})
BETWEEN: Final = "intermediate"
"""The folder below for issuers that are not trusted by themselves."""


def trust_anchors(folder: Path) -> TrustAnchors:
    """What a folder says of who vouches for signers.

    Files .pem, .crt, .cer and .der hold a certificate each that is trusted, those in its folder
    ``intermediate`` one that leads to it, and files .crl a list of revoked certificates.

    Raises:
        PathAbsent: there is no such folder.
        UsageError: a file cannot be read, or there are too many.
    """
    if not folder.is_dir():
        raise PathAbsent(f"There is no folder {folder}.")
    lists = _files(folder, _LISTS, REVOCATION_LISTS_MAX)
    return TrustAnchors(
        tuple(map(certificate, _files(folder, _CERTIFICATES, CERTIFICATES_TRUSTED_MAX))),
        tuple(map(certificate, _files(folder / BETWEEN, _CERTIFICATES, CERTIFICATES_TRUSTED_MAX))),
        tuple(map(_revocation_list, lists)),
    )


def _files(folder: Path, endings: frozenset[str], count_max: int) -> list[Path]:
    if not folder.is_dir():
        return []
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in endings)
    if len(files) > count_max:
        raise UsageError(f"{folder} holds more than {count_max} files {', '.join(sorted(endings))}")
    return files


def certificate(file: Path) -> bytes:
    """The certificate in a file, PEM or DER, as DER.

    Raises:
        UsageError: there is none that can be read.
    """
    return _der(file, "CERTIFICATE", lambda der: Certificate.read(der).der)


def _revocation_list(file: Path) -> bytes:
    return _der(file, "X509 CRL", lambda der: RevocationList.read(der).der)


def _der(file: Path, label: str, read: Callable[[bytes], bytes]) -> bytes:
    content = file.read_bytes()
    der = from_pem(content, label) if b"-----BEGIN" in content else content
    try:
        return read(der)
    except VerificationError as error:
        what = "certificate" if label == "CERTIFICATE" else "list of revoked certificates"
        why = f": {error}" if str(error) != error.title else ""
        raise UsageError(f"{file} holds no {what} that can be read{why}.") from error
