"""Private keys that sign messages, and trial keys with a certificate that vouches for nobody."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)

from tumen.kernel.errors import OutsideError, UsageError
from tumen.kernel.limits import ENGINE_SECONDS_MAX
from tumen.trust.xmldsig import libcrypto, sm2_signing
from tumen.trust.xmldsig.algorithms import Algorithm, Key
from tumen.trust.xmldsig.certificate import HASHES, from_pem

TRIAL_SUBJECT: Final = "/O=Tumen trial, vouches for nobody/CN=TEST KEY - NOT FOR FILING"
TRIAL_DAYS: Final = "365"
_TRIAL_KEYS: Final = {
    "sm2": ("-algorithm", "SM2"),
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
}
_TRIAL_DIGESTS: Final = {
    "sm2": ("-sm3", "-sigopt", f"distid:{libcrypto.IDENTIFIER.decode()}"),
    "rsa": ("-sha256",),
}
TRIAL_KINDS: Final = tuple(_TRIAL_KEYS)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key.

    Attributes:
        kind: what it is.
        public_key: its public half as DER, as a certificate holds it.
        secret: the key as DER (PKCS 8); never shown.
    """

    kind: Key
    public_key: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, pem: bytes) -> "SigningKey":
        """Read a key from PEM, without a password.

        Raises:
            UsageError: it is no SM2 or RSA key.
            VerificationError: SM2 keys cannot be used here.
        """
        secret = from_pem(pem, "PRIVATE KEY")
        try:
            key = load_der_private_key(secret, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            public_key = sm2_signing.public_key_of(secret)
        else:
            if isinstance(key, rsa.RSAPrivateKey):
                public = key.public_key()
                form = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
                return cls(Key.RSA, form, secret)
            public_key = None
        if public_key is None:
            raise UsageError("The key is neither an SM2 key nor an RSA key.")
        return cls(Key.SM2, public_key, secret)

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        """The signature over some bytes; one of SM2 is 64 bytes, r and s."""
        if self.kind is not algorithm.key:
            raise UsageError(f"A key of {self.kind} cannot make a signature of {algorithm.name}.")
        if self.kind is Key.SM2:
            return sm2_signing.raw_of(sm2_signing.sign(self.secret, data))
        key = load_der_private_key(self.secret, None)
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - it was one when it was read
        return key.sign(data, padding.PKCS1v15(), HASHES[algorithm.name])


def make_trial_key(kind: str) -> tuple[bytes, bytes]:
    """A new key and its self-signed certificate, both as PEM, by the system's openssl command.

    Raises:
        UsageError: there is no such kind.
        OutsideError: the command is not there or refused.
    """
    if kind not in _TRIAL_KEYS:
        raise UsageError(f"There is no trial key of {kind}, only of {', '.join(TRIAL_KINDS)}.")
    with TemporaryDirectory(prefix="tumen-") as name:
        key = Path(name, "key")  # the folder is its owner's alone
        _openssl("genpkey", *_TRIAL_KEYS[kind], "-out", str(key))
        certificate = _openssl(
            *("req", "-x509", "-new", "-key", str(key), *_TRIAL_DIGESTS[kind]),
            *("-days", TRIAL_DAYS, "-subj", TRIAL_SUBJECT),
            *("-addext", "keyUsage=critical,digitalSignature"),
        )
        return key.read_bytes(), certificate


def _openssl(*arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are ours
            ("openssl", *arguments),  # noqa: S607 - where the system keeps it
            capture_output=True,
            check=False,
            timeout=ENGINE_SECONDS_MAX,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutsideError("The openssl command did not answer.") from error
    if done.returncode != 0:
        raise OutsideError("The openssl command cannot make such a key on this system.")
    return done.stdout
