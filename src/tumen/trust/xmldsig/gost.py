"""GOST R 34.10-2012 signatures and the digest of 34.11-2012, by the system's openssl command.

It needs OpenSSL's engine for them (Debian: ``libengine-gost-openssl``). Where that is not
installed ``ALGORITHM_UNAVAILABLE`` is raised. The command gets files and an environment of its
own and needs no network. The byte order of the signature is the engine's; no message signed by
Russian customs software was at hand to compare it with.
"""

import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import ENGINE_SECONDS_MAX

KEY_OID_PREFIX: Final = "1.2.643.7.1.1.1."
"""The names of public keys of GOST R 34.10-2012 begin so (RFC 9215)."""

_ENGINE: Final = ("-engine", "gost")
_KEPT: Final = ("PATH", "OPENSSL_ENGINES")


@cache
def is_available() -> bool:
    """Whether this system has the command and its engine."""
    try:
        return b"md_gost12_256" in _openssl("engine", "gost", "-c").stdout
    except VerificationError:
        return False


def digest(data: bytes) -> bytes:
    """The digest of some bytes, 256 bits.

    Raises:
        VerificationError: it cannot be computed here.
    """
    _needed()
    return _openssl("dgst", *_ENGINE, "-md_gost12_256", "-binary", input=data).stdout


def verify(certificate: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message is that of a certificate's key.

    Args:
        certificate: as DER.
        message: what was signed, not its digest.
        signature: 64 bytes.

    Raises:
        VerificationError: it cannot be computed here.
    """
    _needed()
    with TemporaryDirectory(prefix="tumen-") as name:
        key, stated = Path(name, "key"), Path(name, "signature")
        read = _openssl("x509", *_ENGINE, "-inform", "DER", "-pubkey", "-noout", input=certificate)
        key.write_bytes(read.stdout)
        stated.write_bytes(signature)
        files = ("-verify", str(key), "-signature", str(stated))
        return _openssl("dgst", *_ENGINE, "-md_gost12_256", *files, input=message).returncode == 0


def _needed() -> None:
    if not is_available():
        raise VerificationError(
            "ALGORITHM_UNAVAILABLE", "This system's openssl has no engine for GOST."
        )


def _openssl(*arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:  # noqa: A002
    """Run the command; a failure is its exit code."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.run(  # noqa: S603 - no text of a message is an argument
            ("openssl", *arguments),  # noqa: S607 - where the system keeps it
            input=input,
            capture_output=True,
            check=False,
            env=environment,
            timeout=ENGINE_SECONDS_MAX,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VerificationError("ALGORITHM_UNAVAILABLE", "openssl did not answer.") from error
