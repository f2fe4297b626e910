"""Certificates as files: the folder of those that a node trusts."""

from pathlib import Path
from typing import Final

from tumen.kernel.errors import PathAbsent, UsageError, VerificationError
from tumen.kernel.limits import CERTIFICATES_TRUSTED_MAX
from tumen.trust.xmldsig.certificate import Certificate, from_pem

_CERTIFICATES: Final = frozenset({".pem", ".crt", ".cer", ".der"})
"""Endings of the files that are looked at."""


def certificates(folder: Path) -> tuple[bytes, ...]:
    """The certificates of a folder as DER: files .pem, .crt, .cer and .der, each with one.

    Raises:
        PathAbsent: there is no such folder.
        UsageError: a file holds no certificate that can be read, or there are too many.
    """
    if not folder.is_dir():
        raise PathAbsent(f"There is no folder {folder}.")
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _CERTIFICATES)
    if len(files) > CERTIFICATES_TRUSTED_MAX:
        raise UsageError(f"{folder} holds more than {CERTIFICATES_TRUSTED_MAX} certificates.")
    return tuple(certificate(file) for file in files)


def certificate(file: Path) -> bytes:
    """The certificate in a file, PEM or DER, as DER.

    Raises:
        UsageError: there is none that can be read.
    """
    content = file.read_bytes()
    der = from_pem(content, "CERTIFICATE") if b"-----BEGIN" in content else content
    try:
        return Certificate.read(der).der
    except VerificationError as error:
        raise UsageError(f"{file} holds no certificate that can be read.") from error
