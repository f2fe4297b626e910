"""`tumen trust`: make the node's keys, and keep the bundle that says who is believed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console

from tumen.cli.artefacts import log_if_at_hand
from tumen.cli.groups import command_group
from tumen.cli.imported_file import bytes_of, text_of
from tumen.cli.location import DatabaseOption, trust_bundle_file
from tumen.cli.trust_page import as_json, print_bundle, print_fingerprints, print_waiting
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError, VerificationError
from tumen.kernel.limits import TRUST_BUNDLE_BYTES_MAX
from tumen.settings import key_ring
from tumen.trust import bundle_files, bundle_issue
from tumen.trust.bundle import INSTANT, chained, parse, succeeding
from tumen.trust.bundle_issue import Dates
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Policy, Role, TrustBundle
from tumen.trust.key_ring import KeyRing, NamedSecret, public_text
from tumen.trust.signer import KeySigner

DAYS: Final = 365
TIMES: Final = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"]

app = command_group()

Days = Annotated[int, typer.Option(help="For how many days the version is good.", min=1, max=3650)]
BundleFile = Annotated[
    Path | None, typer.Argument(help="A trust bundle; the one in use where none is named.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Economy = Annotated[str, typer.Option(help="CN, JP, KR, MN or RU.")]


@app.callback()
def trust() -> None:
    """Make the node's keys, and keep the bundle that says who is believed for what."""


@app.command()
def init(
    name: Annotated[str, typer.Option(help="The node's address, such as customs.example.mn.")],
    economy: Economy,
    member: Annotated[str, typer.Option(help="Who runs the node, such as Customs of Mongolia.")],
    database: DatabaseOption = None,
    days: Days = DAYS,
) -> None:
    """Make the keys of this node and a first trust bundle of its own."""
    file, ring = trust_bundle_file(), key_ring(database)
    if file.exists():
        raise UsageError(
            f"There is a trust bundle already: {file}",
            next_step="Look at it with `tumen trust show`; change it with add, rotate, distrust.",
        )
    made = take_own(file, ring, name, Member(economy, member, ()), days)
    kept = bundle_files.version_file(file, made.version)
    console = Console()
    print_bundle(console, bundle_files.read(file), SystemClock().now())
    print_fingerprints(console, made)
    for role in Role:
        typer.echo(f"{role} key: {ring.place(role)}")
    typer.echo("Keep a copy of the key files where nobody else can read it.")
    log_if_at_hand(database, [kept])


def take_own(file: Path, ring: KeyRing, name: str, owner: Member, days: int) -> TrustBundle:
    """Make the keys of a node and a first bundle that believes them alone.

    Args:
        file: where the bundle goes.
        ring: the node's keys; the key of a log that began is kept.
        name: the node's address, which the names of the keys begin with.
        owner: who runs the node, without keys.
        days: for how many days the bundle is good.
    """
    held = {
        role: ring.held(role)
        if role is Role.LOG and ring.has(role)  # a log that began keeps its name
        else ring.make(role, f"{name}/{role}")
        for role in Role
    }
    keys = tuple(_fresh(role, public_text(role, each)) for role, each in held.items())
    policy = Policy("any", (owner.economy,), 1, 0)
    made = bundle_issue.first(
        _dates(None, days), Member(owner.economy, owner.name, keys), (policy,)
    )
    bundle_files.take(file, bundle_issue.issued(made, [_signer(held[Role.BUNDLE])]))
    return made


@app.command("bundle")
def write_bundle(
    description: Annotated[Path, typer.Argument(help="Members, keys and policies in TOML.")],
    database: DatabaseOption = None,
) -> None:
    """Make the next version from a description in TOML."""
    previous = _held() if trust_bundle_file().exists() else None
    text = text_of(description, bytes_of(description, TRUST_BUNDLE_BYTES_MAX))
    issued_on = _dates(previous, DAYS).issued_on
    made = bundle_issue.described(text, issued_on, previous)
    _publish(database, previous, made, [key_ring(database).signer(Role.BUNDLE)])


@app.command()
def show(file: BundleFile = None, as_json_text: JsonOption = False) -> None:
    """Show members, keys with their validity, and policies with their arithmetic."""
    signed, now = bundle_files.read(file or trust_bundle_file()), SystemClock().now()
    if as_json_text:
        typer.echo(as_json(signed, now))
        return
    print_bundle(Console(), signed, now)
    print_fingerprints(Console(), signed.bundle)


@app.command()
def add(
    economy: Economy,
    member: Annotated[str, typer.Option(help="The member, known or new.")],
    role: Annotated[Role, typer.Option(help="What the key is for.")],
    key: Annotated[str, typer.Option(help="name+id+key; for an issuer its JWK.")],
    database: DatabaseOption = None,
    days: Days = DAYS,
) -> None:
    """Add a key of a member, and the member where it is new."""
    previous = _held()
    owner = Member(economy, member, (_fresh(role, _public(role, key)),))
    made = bundle_issue.with_key(previous, _dates(previous, days), owner)
    _publish(database, previous, made, [key_ring(database).signer(Role.BUNDLE)])


@app.command()
def rotate(
    role: Annotated[Role, typer.Argument(help="Which key of this node is replaced.")],
    database: DatabaseOption = None,
    days: Days = DAYS,
) -> None:
    """Replace a key of this node by a new one; the old one ends now and is kept aside."""
    previous, ring = _held(), key_ring(database)
    old = ring.held(role)
    new = ring.make_next(role, old.name)
    old_id = _fresh(role, public_text(role, old)).key_id
    _outlive(bundle_issue.begun(previous, old_id))
    fresh = _fresh(role, public_text(role, new))
    listed = {key.key_id for _, key in previous.all_keys()}
    if fresh.key_id not in listed:
        made = bundle_issue.rotated(previous, _dates(previous, days), old_id, fresh)
        signers = [ring.signer(Role.BUNDLE)]
        if role is Role.BUNDLE:  # the new key signs as well: it is what others are told from now on
            signers.append(_signer(new))
        if not _publish(database, previous, made, signers):
            typer.echo(f"Then run `tumen trust rotate {role}` again: it puts the new key in place.")
            return
    typer.echo(f"The old key is kept at {ring.turn(role, old_id)}")


@app.command()
def distrust(
    key: Annotated[str, typer.Argument(help="The key as name+id, or its fingerprint.")],
    after: Annotated[
        datetime | None, typer.Option(formats=TIMES, help="The last moment it counts for, in UTC.")
    ] = None,
    database: DatabaseOption = None,
    days: Days = DAYS,
) -> None:
    """Let nothing count that a key signed after a moment; that is now where none is told."""
    previous = _held()
    moment = after.replace(tzinfo=UTC) if after else _now()
    made = bundle_issue.distrusted(previous, _dates(previous, days), key, moment)
    _publish(database, previous, made, [key_ring(database).signer(Role.BUNDLE)])


@app.command()
def sign(
    file: Annotated[Path, typer.Argument(help="A version that waits for signatures.")],
    database: DatabaseOption = None,
) -> None:
    """Add this node's signature to a version that was looked at."""
    data = bundle_files.read_bytes(file)
    signed = bundle_issue.cosigned(data, key_ring(database).signer(Role.BUNDLE))
    file.write_bytes(signed)
    typer.echo(f"Signed: {file}. Send it back, or take it with `tumen trust check {file} --take`.")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Versions, the oldest first.")],
    trust_key: Annotated[
        list[str] | None,
        typer.Option(help="A fingerprint told by another way; else the bundle in use vouches."),
    ] = None,
    take: Annotated[bool, typer.Option("--take", help="Use the last one from now on.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Check that versions follow one another and are signed by who is trusted; offline."""
    current, data = trust_bundle_file(), [bundle_files.read_bytes(each) for each in files]
    held = _held() if current.exists() else None
    if trust_key:
        found = chained(data, trust_key)
    elif held is not None:
        found = held
        for each in data:
            found = succeeding(parse(each), found)
    else:
        raise UsageError(
            "Nothing says whom to believe",
            next_step="Give --trust-key with a fingerprint that came by another way than the file.",
        )
    found.need_current(SystemClock().now().date())
    typer.echo(f"Version {found.version} is good until {found.expires_on}: {len(data)} checked.")
    if take:
        _need_newer(found, held)
        for each in data:
            bundle_files.keep(current, each)
        bundle_files.take(current, data[-1])
        typer.echo(f"It is in use now: {current}")
        taken = [bundle_files.version_file(current, parse(each).bundle.version) for each in data]
        log_if_at_hand(database, taken)


def _outlive(begun: datetime) -> None:
    """Wait for the second after the one in which a key began: a key that ends in it never was one.

    It is never longer than that second; a key that begins later is refused with the version.
    """
    rest = begun + INSTANT - SystemClock().now()
    if timedelta(0) < rest <= INSTANT:
        sleep(rest.total_seconds())


def _need_newer(found: TrustBundle, held: TrustBundle | None) -> None:
    if held is not None and found.version < held.version:
        raise VerificationError(
            "BUNDLE_DOWNGRADE", f"version {held.version} is in use, which is newer; it is kept"
        )


def _publish(
    database: str | None,
    previous: TrustBundle | None,
    made: TrustBundle,
    signers: list[KeySigner],
) -> bool:
    """Write a version and use it where enough signed it; whether it is in use.

    In use, it enters the log of the node at hand, whose business it is to show every version.
    """
    file, data = trust_bundle_file(), bundle_issue.issued(made, signers)
    console = Console()
    try:
        if previous is not None:
            succeeding(parse(data), previous)
    except VerificationError as error:
        if error.code != "BUNDLE_STRANGER":
            raise
        waiting = bundle_files.keep(file, data)
        print_waiting(console, previous or made, str(waiting), made)
        return False
    bundle_files.take(file, data)
    print_bundle(console, parse(data), SystemClock().now())
    log_if_at_hand(database, [bundle_files.version_file(file, made.version)])
    return True


def _held() -> TrustBundle:
    return bundle_files.read(trust_bundle_file()).bundle


def _signer(held: NamedSecret) -> KeySigner:
    return KeySigner(held.name, held.secret)


def _now() -> datetime:
    return SystemClock().now().replace(microsecond=0)


def _dates(previous: TrustBundle | None, days: int) -> Dates:
    today = _now().date()
    issued_on = max(today, previous.issued_on) if previous else today
    return Dates(issued_on, issued_on + timedelta(days=days))


def _fresh(role: Role, key: str | Jwk) -> MemberKey:
    return MemberKey(role, key, _now(), None, None)


def _public(role: Role, text: str) -> str | Jwk:
    """A public key as it is given on the command line."""
    if role is not Role.ISSUER:
        return text
    try:
        return msgspec.convert(json.loads(text), type=Jwk)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            "The key of an issuer is a JWK without its secret half",
            next_step='Write --key \'{"kty":"OKP","crv":"Ed25519","x":"…"}\'.',
        ) from error
