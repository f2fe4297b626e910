"""`tumen signature`: explains the signature of a message, each step with what was found."""

from base64 import b64encode
from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.cli.groups import command_group
from tumen.cli.signature_words import FORMS, OUTCOMES, PARTS, WORDS
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.kernel.limits import MESSAGE_BYTES_MAX
from tumen.trust.xmldsig.certificate_files import trust_anchors
from tumen.trust.xmldsig.chain import TrustAnchors
from tumen.trust.xmldsig.verify import Outcome, Part, Result, State, Step
from tumen.window.signatures import explain

app = command_group()

_MARKS: Final = {State.RIGHT: "ok     ", State.WRONG: "FAILED ", State.OPEN: "not checked "}
EXIT_NOT_PROVEN: Final = 1


@app.callback()
def root() -> None:
    """Explain the signature of a message, step by step."""


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="The signed message.")],
    certificates: Annotated[
        Path | None,
        typer.Option(
            help="The folder of the certificates that you trust; in its folder intermediate the "
            "issuers that lead to them, and lists of the revoked as .crl."
        ),
    ] = None,
    canonical: Annotated[
        Path | None, typer.Option(help="Where the bytes that the digest is over go.")
    ] = None,
    signed: Annotated[
        Path | None, typer.Option(help="Where the bytes that the signature is over go.")
    ] = None,
) -> None:
    """Say of each step whether it is right, and show the digests and the canonical bytes.

    The exit code is 0 only if everything is right and a certificate of yours vouches for it.
    """
    if not path.is_file():
        raise PathAbsent(f"There is no file {path}.")
    if path.stat().st_size > MESSAGE_BYTES_MAX:
        raise UsageError(f"{path} has more than {MESSAGE_BYTES_MAX} bytes.")
    trusted = None if certificates is None else trust_anchors(certificates)
    result = explain(path.read_bytes(), trusted)
    for part in Part:
        for step in result.steps:
            if step.part is part:
                _print_step(step)
    _print_found(result, trusted)
    _write(canonical, result.canonical, "The bytes that the digest is over")
    _write(signed, result.signed, "The bytes that the signature is over")
    typer.echo(f"\n{OUTCOMES[result.outcome]}")
    if result.outcome is not Outcome.VALID:
        raise typer.Exit(EXIT_NOT_PROVEN)


def _print_step(step: Step) -> None:
    typer.echo(f"{_MARKS[step.state]:12} {PARTS[step.part]}")
    if step.code:
        detail = FORMS.get(step.detail, step.detail)
        typer.echo(f"{'':13}{WORDS.get(step.code, step.code)}")
        if detail:
            typer.echo(f"{'':13}Found: {detail}")


def _print_found(result: Result, trusted: TrustAnchors | None) -> None:
    block, certificate = result.block, result.certificate
    if block is not None and result.digest is not None:
        typer.echo(f"\nDigest stated in the message:  {b64encode(block.digest).decode()}")
        typer.echo(f"Digest of the canonical bytes: {b64encode(result.digest).decode()}")
    if certificate is not None:
        validity = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
        typer.echo(f"Certificate of: {certificate.subject}")
        lists = 0 if trusted is None else len(trusted.lists)
        told = f"lists of the revoked: {lists}" if lists else "revocation not checked"
        typer.echo(f"  issued by {certificate.issuer}, valid {validity}; {told}")


def _write(path: Path | None, content: bytes | None, what: str) -> None:
    if path is None:
        return
    if content is None:
        typer.echo(f"{what} could not be made.")
        return
    path.write_bytes(content)
    typer.echo(f"{what} are in {path} ({len(content)} bytes).")
