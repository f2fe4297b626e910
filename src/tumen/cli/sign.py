"""`tumen sign`: signs a message with a key of one's own, and makes trial keys."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tumen.kernel.errors import PathAbsent, UsageError
from tumen.trust.xmldsig.algorithms import Algorithm, Key, by_name
from tumen.trust.xmldsig.certificate import Certificate
from tumen.trust.xmldsig.certificate_files import certificate as certificate_in
from tumen.trust.xmldsig.sign import sign as sign_message
from tumen.trust.xmldsig.signing_key import SigningKey, make_trial_key

_DEFAULTS = {Key.SM2: "sm2", Key.RSA: "rsa-sha256"}
_KEY_NAME, _CERTIFICATE_NAME = "test-key.pem", "test-certificate.pem"


def sign(
    path: Annotated[Path, typer.Argument(help="The message; with --make-key a folder.")],
    key: Annotated[Path | None, typer.Option(help="The private key, PEM without password.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Its certificate, PEM or DER.")] = None,
    algorithm: Annotated[
        str | None, typer.Option(help="sm2, rsa-sha256 or rsa-sha1; told from the key if left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the signed message goes.")] = None,
    make_key: Annotated[
        str | None, typer.Option(help="Make a trial key of this kind: sm2 or rsa.")
    ] = None,
) -> None:
    """Sign a message, or make a trial key with a certificate that vouches for nobody.

    A signature that the message has is replaced. No certified cryptography is used.
    """
    if make_key is not None:
        _make(make_key, path)
        return
    if key is None or certificate is None or out is None:
        raise UsageError("Signing needs --key, --certificate and --out.")
    signer = SigningKey.read(_read(key))
    der = Certificate.read(certificate_in(_there(certificate)))
    named = _algorithm(algorithm or _DEFAULTS[signer.kind])
    out.write_bytes(sign_message(_read(path), named, signer, der))
    typer.echo(f"Signed with {named.name}: {out}")


def _algorithm(name: str) -> Algorithm:
    found = by_name(name)
    if found is None or found.key not in _DEFAULTS:
        raise UsageError(f"{name} is no algorithm to sign with: sm2, rsa-sha256 or rsa-sha1.")
    return found


def _there(path: Path) -> Path:
    if not path.is_file():
        raise PathAbsent(f"There is no file {path}.")
    return path


def _read(path: Path) -> bytes:
    return _there(path).read_bytes()


def _make(kind: str, folder: Path) -> None:
    """Write a trial key, readable by its owner alone, and its certificate; never over others."""
    key, certificate = make_trial_key(kind)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content, mode in ((_KEY_NAME, key, 0o600), (_CERTIFICATE_NAME, certificate, 0o644)):
        try:
            opened = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError as error:
            raise UsageError(
                f"{folder / name} is there already.", next_step="Name another folder."
            ) from error
        with os.fdopen(opened, "wb") as target:
            target.write(content)
    typer.echo(
        f"A TEST KEY is in {folder}: {_KEY_NAME}, {_CERTIFICATE_NAME}.\n"
        "It is self-signed and vouches for nobody; no customs office knows it."
    )
