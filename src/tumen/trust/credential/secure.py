"""Signs payloads as compact JWS with an issuer's or a holder's secret key; reads such keys.

A secret key is a JWK in a file of its own that its owner alone may read (RFC 7517). It is never
printed. Hardware that never lets a key out can take the place of :class:`SecretKey`.
"""

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from tumen.kernel.errors import OutsideError, PathAbsent, UsageError, VerificationError
from tumen.kernel.limits import KEY_FILE_BYTES_MAX
from tumen.trust.bundle_model import Jwk
from tumen.trust.credential.encoding import from_json, to_json
from tumen.trust.credential.jose import CONTENT_TYPES, CREDENTIAL_TYPE, algorithm_of

KINDS: Final = ("Ed25519", "P-256")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Signer(Protocol):
    """The port: who signs a token, whatever holds the key."""

    @property
    def public(self) -> Jwk:
        """The public key."""
        ...

    def token(self, payload: bytes, kind: str = CREDENTIAL_TYPE, key_id: str = "") -> bytes:
        """A payload as a compact JWS of a type."""
        ...


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A secret key in this process's memory; its text form shows nothing of it."""

    public: Jwk
    _key: OKPKey | ECKey = field(repr=False, compare=False)

    def token(self, payload: bytes, kind: str = CREDENTIAL_TYPE, key_id: str = "") -> bytes:
        """A payload as a compact JWS of a type (VC-JOSE-COSE §3.1).

        Args:
            payload: what is signed.
            kind: its ``typ``.
            key_id: how the key is named; by its thumbprint where nothing is told.
        """
        algorithm = algorithm_of(self.public)
        header = {
            "alg": algorithm,
            "typ": kind,
            "cty": CONTENT_TYPES[kind],
            "kid": key_id or self.public.thumbprint,
        }
        return jws.serialize_compact(header, payload, self._key, algorithms=[algorithm]).encode()


def made_key(kind: str = KINDS[0]) -> SecretKey:
    """A new secret key: ``Ed25519``, or ``P-256`` for those whose hardware has nothing else."""
    key = OKPKey.generate_key("Ed25519") if kind == KINDS[0] else ECKey.generate_key("P-256")
    return _secret(key)


def write_key(key: SecretKey, file: Path) -> None:
    """Write a secret key into a file that did not exist, readable by its owner alone.

    Raises:
        UsageError: the file exists; a key is never overwritten.
        OutsideError: it cannot be written.
    """
    aside = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(to_json(dict(sorted(key._key.as_dict(private=True).items()))) + b"\n")
            target.flush()
            os.fsync(target.fileno())
        file.hardlink_to(aside)
    except FileExistsError as error:
        raise UsageError(f"{file} exists; a key file is never overwritten") from error
    except OSError as error:
        raise OutsideError(f"The key file {file} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            aside.unlink()


def load_key(file: Path) -> SecretKey:
    """Read a secret key.

    Raises:
        PathAbsent: there is no such file.
        UsageError: others can read it, or it holds no secret key of a kind that we take.
        OutsideError: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_mode & _OTHERS:
                raise UsageError(
                    f"The key file {file} can be used by others than its owner, so it is not read.",
                    next_step=f"Close it with `chmod 600 {file}`; if others may have read it, make "
                    "a new key and distrust this one in the trust bundle.",
                )
            data = opened.read(KEY_FILE_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise PathAbsent(f"There is no key file {file}") from error
    except OSError as error:
        raise OutsideError(f"The key file {file} cannot be read: {error.strerror}") from error
    try:
        return secret_of(from_json(data, KEY_FILE_BYTES_MAX, "key file"))
    except (VerificationError, JoseError, ValueError) as error:
        raise UsageError(
            f"{file} holds no secret key in the form of a JWK",
            next_step="Name another file; `tumen credential init` makes a key.",
        ) from error


def secret_of(fields: dict[str, Any]) -> SecretKey:
    """The secret key of a JWK.

    Raises:
        JoseError: its numbers are no key.
        ValueError: it is of a kind that we do not take, or has no secret half.
    """
    key: OKPKey | ECKey
    if fields.get("kty") == "OKP" and fields.get("crv") == "Ed25519":
        key = OKPKey.import_key(fields)
    elif fields.get("kty") == "EC" and fields.get("crv") == "P-256":
        key = ECKey.import_key(fields)
    else:
        raise ValueError("neither Ed25519 nor P-256")
    if not key.is_private:
        raise ValueError("only the public half")
    return _secret(key)


def _secret(key: OKPKey | ECKey) -> SecretKey:
    public = {str(name): str(value) for name, value in key.as_dict(private=False).items()}
    jwk = Jwk(public["kty"], public["crv"], public["x"], public.get("y"))
    return SecretKey(jwk, key)
