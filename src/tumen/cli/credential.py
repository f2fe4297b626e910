"""`tumen credential`: electronic certificates of origin, issued, verified, revoked, shown."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.cli.artefacts import log_if_at_hand
from tumen.cli.credential_files import bundle_in, read, situation
from tumen.cli.credential_page import card, plain, verdict_lines
from tumen.cli.groups import command_group
from tumen.cli.held_database import NamedDatabaseOption
from tumen.codelist.spoken import messages
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError, VerificationError
from tumen.kernel.limits import CREDENTIAL_BYTES_MAX, PRESENTATION_SECONDS_MAX, STATUS_AGE_DAYS_MAX
from tumen.trust.credential import register
from tumen.trust.credential.artefact import artefact_of
from tumen.trust.credential.check import Answer, check
from tumen.trust.credential.encoding import from_json, to_json
from tumen.trust.credential.envelope import credential_of
from tumen.trust.credential.holder import KEY_OF, holder_id, holder_key
from tumen.trust.credential.jose import PRESENTATION_TYPE
from tumen.trust.credential.origin import CertificateInvalid, Finding, certificate_of
from tumen.trust.credential.presentation import (
    Request,
    check_presentation,
    claims_of,
    is_presentation,
)
from tumen.trust.credential.secure import KINDS, load_key, made_key, write_key

app = command_group("Issue, verify, revoke and show electronic certificates of origin.")

FolderOption = Annotated[
    Path,
    typer.Option("--issuer", envvar="TUMEN_ISSUER", help="The issuing body's folder; see `init`."),
]
KeyOption = Annotated[
    Path | None, typer.Option("--key", help="The secret key; default: issuer.key in the folder.")
]
ISSUER: Final = Path("issuer")
STATUS: Final = Path(register.STATUS)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new folder for the issuing body.")],
    address: Annotated[str, typer.Option(help="Its identifier: a plain https address.")],
    name: Annotated[str, typer.Option(help="Its name, as the trust bundle lists it.")],
    economy: Annotated[str, typer.Option(help="Its economy: CN, JP, KR …")],
    kind: Annotated[str, typer.Option(help="The kind of key: Ed25519 or P-256.")] = KINDS[0],
) -> None:
    """Make an issuing body's folder with a new key, and print the key for the trust bundle."""
    if kind not in KINDS:
        raise UsageError(f"{kind} is no kind of key; take {' or '.join(KINDS)}.")
    register.set_up(folder, address, name, economy)
    key = made_key(kind)
    write_key(key, folder / register.KEY)
    public = key.public
    told = {"kty": public.kty, "crv": public.crv, "x": public.x}
    typer.echo(json.dumps(told if public.y is None else told | {"y": public.y}))
    typer.echo(
        f"This public key belongs into the trust bundle, under the member {name} ({economy}), with "
        f"the role issuer. The secret key lies in {folder / register.KEY}: keep a copy.",
        err=True,
    )


@app.command()
def issue(
    file: Annotated[Path, typer.Argument(help="The certificate as JSON.")],
    out: Annotated[Path, typer.Option(help="Where the credential is written.")],
    issuer: FolderOption = ISSUER,
    key: KeyOption = None,
    holder: Annotated[str, typer.Option(help="The holder as did:jwk; default: none.")] = "",
    database: NamedDatabaseOption = None,
) -> None:
    """Issue a certificate of origin as a verifiable credential, and a new status list.

    Issued again, the same certificate gives the same credential; another one under its number is
    refused. Both enter the log of the node at hand by their hash.
    """
    signer = load_key(key or issuer / register.KEY)
    if holder:
        _need_holder(holder)
    with _told_findings():
        certificate = certificate_of(from_json(read(file), CREDENTIAL_BYTES_MAX, str(file)))
        issued = register.issue(issuer, certificate, holder, signer, SystemClock().now())
    out.write_bytes(issued.token + b"\n")
    credential = issued.credential
    typer.echo(f"{out}: {credential.id}, valid until {credential.valid_until:%Y-%m-%d}.")
    typer.echo(f"{issuer / STATUS}: the new status list; give it to whoever verifies.")
    log_if_at_hand(database, [out, issuer / STATUS])


@app.command()
def revoke(
    number: Annotated[str, typer.Argument(help="The certificate's number.")],
    issuer: FolderOption = ISSUER,
    key: KeyOption = None,
    database: NamedDatabaseOption = None,
) -> None:
    """Revoke a certificate of origin for ever, and issue a new status list."""
    signer = load_key(key or issuer / register.KEY)
    register.revoke(issuer, number, signer, SystemClock().now())
    typer.echo(f"{number} is revoked. Give the new status list to whoever verifies:")
    typer.echo(str(issuer / STATUS))
    log_if_at_hand(database, [issuer / STATUS])


@app.command()
def status(
    issuer: FolderOption = ISSUER,
    key: KeyOption = None,
    database: NamedDatabaseOption = None,
) -> None:
    """Issue the status list anew, so that it is not called old."""
    register.publish(issuer, load_key(key or issuer / register.KEY), SystemClock().now())
    typer.echo(str(issuer / STATUS))
    log_if_at_hand(database, [issuer / STATUS])


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The credential.")],
    trust: Annotated[
        Path, typer.Option(envvar="TUMEN_TRUST", help="The trust bundle: who is believed.")
    ],
    lists: Annotated[
        list[Path] | None, typer.Option("--status", help="A status list of the issuer.")
    ] = None,
    days: Annotated[
        int, typer.Option("--max-status-age", min=0, help="Days until a status list is old.")
    ] = STATUS_AGE_DAYS_MAX,
    asked: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--asked",
            metavar="AUDIENCE NONCE",
            help="Of a presentation: who asked, and what was to be repeated. Choose a new nonce "
            "for each request.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Verify a certificate of origin, or its holder's presentation of it, offline.

    It is valid, invalid, or valid with an old status; exits with 0 only where it is valid.
    """
    now = SystemClock().now()
    believed = bundle_in(trust, now.date())
    where = situation(believed, now, lists or [], timedelta(days=days))
    token = read(file)
    if asked is None and is_presentation(token):
        raise UsageError(
            f"{file} is a presentation: it was made for one request.",
            next_step="Tell whom it was asked for and the nonce: --asked AUDIENCE NONCE.",
        )
    verdict = (
        check(token, where) if asked is None else check_presentation(token, Request(*asked), where)
    )
    if as_json:
        typer.echo(json.dumps(plain(verdict), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(verdict_lines(str(file), verdict)))
    raise typer.Exit(0 if verdict.answer is Answer.VALID else 1)


@app.command("holder")
def make_holder(
    key: Annotated[Path, typer.Argument(help="A new file for the holder's secret key.")],
    kind: Annotated[str, typer.Option(help="The kind of key: Ed25519 or P-256.")] = KINDS[0],
) -> None:
    """Make a holder's key, and print the did:jwk that `issue --holder` binds a credential to."""
    if kind not in KINDS:
        raise UsageError(f"{kind} is no kind of key; take {' or '.join(KINDS)}.")
    made = made_key(kind)
    write_key(made, key)
    typer.echo(holder_id(made.public))
    typer.echo(f"The secret key lies in {key}: keep a copy.", err=True)


@app.command()
def present(
    file: Annotated[Path, typer.Argument(help="The credential, bound to the holder.")],
    key: Annotated[Path, typer.Option(help="The holder's secret key; see `holder`.")],
    audience: Annotated[str, typer.Option(help="Who asks, as it calls itself.")],
    nonce: Annotated[str, typer.Option(help="What it asks to be repeated.")],
    out: Annotated[Path, typer.Option(help="Where the presentation is written.")],
) -> None:
    """Show a credential to one verifier, once: it is good for five minutes."""
    token, signer = read(file), load_key(key)
    credential = credential_of(from_json(artefact_of(token).payload, CREDENTIAL_BYTES_MAX))
    holder = holder_id(signer.public)
    if credential.holder != holder:
        raise UsageError(
            f"{file} is bound to {'another holder' if credential.holder else 'no holder'}.",
            next_step="The issuing body binds it by `tumen credential issue --holder`.",
        )
    claims = claims_of(token, holder, Request(audience, nonce), SystemClock().now())
    out.write_bytes(signer.token(to_json(claims), PRESENTATION_TYPE, holder + KEY_OF) + b"\n")
    typer.echo(f"{out}: for {audience}, to be shown within {PRESENTATION_SECONDS_MAX} seconds.")


@app.command()
def show(file: Annotated[Path, typer.Argument(help="The credential.")]) -> None:
    """Show what a credential says; nothing is verified."""
    found = artefact_of(read(file))
    credential = credential_of(from_json(found.payload, CREDENTIAL_BYTES_MAX, "payload"))
    typer.echo("NOT VERIFIED: this is what the file says of itself.")
    typer.echo("\n".join(card(credential)))
    typer.echo(f"  SHA-256 of what is signed: {found.content}")


def _need_holder(identifier: str) -> None:
    try:
        holder_key(identifier)
    except VerificationError as error:
        raise UsageError(
            f"--holder: {error}", next_step="`tumen credential holder` makes a key with its did:jwk"
        ) from error


@contextmanager
def _told_findings() -> Iterator[None]:
    """Tell what is wrong with a certificate, finding by finding; wrong use, so exit 2."""
    try:
        yield
    except CertificateInvalid as error:
        told = "\n".join(map(_finding_line, error.findings))
        raise UsageError(f"{error.title}\n{told}", next_step=error.next_step) from error


def _finding_line(finding: Finding) -> str:
    told = {"value": finding.value, "expected": finding.expected}
    remark = {"code": finding.code, "path": finding.path, "parameters": told}
    return f"  {finding.code}: {messages(remark)['message']}"
