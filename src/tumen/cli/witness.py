"""`tumen witness`: cosign the logs of others, and have this node's log cosigned."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.bootstrap import open_node, open_register
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption, WitnessDatabaseOption
from tumen.cli.imported_file import bytes_of
from tumen.cli.listening import saying
from tumen.cli.location import DatabaseOption, PortOption
from tumen.cli.witness_feed import feed_all, peers_of, print_fed
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import EQUIVOCATION_BYTES_MAX
from tumen.settings import key_ring
from tumen.trust import bundle_files
from tumen.trust.accusation import accusation
from tumen.trust.bundle_model import Role
from tumen.trust.equivocation import Equivocation
from tumen.trust.folder import DiskFolder
from tumen.trust.note import VerifierKey
from tumen.trust.published import PublishedLog
from tumen.web.service import Served
from tumen.web.service import serve as serve_http

DEFAULT_PORT: Final = 8700

app = command_group()

KeysArgument = Annotated[
    list[str] | None, typer.Argument(help="Public keys of logs, name+id+key.", show_default=False)
]
BundleOption = Annotated[
    Path | None, typer.Option("--bundle", help="All logs of this trust bundle.")
]


@app.callback()
def witness() -> None:
    """Cosign what other nodes' logs show, and have this node's log cosigned."""


@app.command("init")
def init(
    name: Annotated[str, typer.Option(help="The name of the key, such as customs.mn/witness.")],
    database: DatabaseOption = None,
) -> None:
    """Make the key that this node cosigns with, or show the one that it has."""
    key_ring(database).make(Role.WITNESS, name)
    typer.echo(f"key file   {key_ring(database).place(Role.WITNESS)}")
    typer.echo(f"public key {key_ring(database).cosigner().verifier_key}")


@app.command("serve")
def serve(
    database: WitnessDatabaseOption = None,
    port: PortOption = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
    log: Annotated[Path | None, typer.Option(help="Serve the files of this log too.")] = None,
) -> None:
    """Answer `add-checkpoint` requests of the logs that this node witnesses, until stopped."""
    cosigner = key_ring(database).cosigner()
    found = open_register(database).logs()
    listens = saying(
        f"witness    {cosigner.verifier_key}",
        f"listens on http://{address}:{port}/add-checkpoint",
        f"witnesses  {', '.join(found) or 'no log yet: see `tumen witness add`'}",
    )
    serve_http(Served(address, port, workers, database, is_witness=True, log=log), listens)


@app.command("add")
def add(
    keys: KeysArgument = None, bundle: BundleOption = None, database: WitnessDatabaseOption = None
) -> None:
    """Witness these logs from now on."""
    _set(keys, bundle, database, wanted=True)


@app.command("remove")
def remove(
    keys: KeysArgument = None, bundle: BundleOption = None, database: WitnessDatabaseOption = None
) -> None:
    """Witness these logs no longer; what was cosigned is kept."""
    _set(keys, bundle, database, wanted=False)


@app.command("list")
def list_logs(database: WitnessDatabaseOption = None) -> None:
    """List the logs that this node witnesses, and what it cosigned last of each."""
    found = open_register(database).logs()
    for origin, log in found.items():
        latest = log.latest
        if latest is None:
            typer.echo(f"{origin}  nothing cosigned yet")
        else:
            at = datetime.fromtimestamp(latest.seconds, UTC)
            typer.echo(f"{origin}  {log.size} leaves, {log.root.hex()}, {at:%Y-%m-%d %H:%M:%S} UTC")
        for key in log.keys:
            typer.echo(f"  {key.vkey}")
    if not found:
        typer.echo("This node witnesses no log yet: see `tumen witness add`.")


@app.command("feed")
def feed(
    database: HeldDatabaseOption = None,
    witnesses: Annotated[
        list[str] | None,
        typer.Option("--witness", help="The address of a witness; --key or --trust has its key."),
    ] = None,
    keys: Annotated[
        list[str] | None, typer.Option("--key", help="Its public key; one for each --witness.")
    ] = None,
    trust: Annotated[
        Path | None, typer.Option(help="A trust bundle: its witnesses, at https://NAME.")
    ] = None,
    at: Annotated[
        list[str] | None, typer.Option("--at", help="NAME=URL: where a witness of --trust is.")
    ] = None,
) -> None:
    """Bring this node's newest checkpoint to witnesses, and publish it with their cosignatures.

    Exits with 1 while the quorum is pending, or where a witness or the log went back.
    """
    held = None if trust is None else bundle_files.read(trust).bundle
    peers = peers_of(witnesses or (), keys or (), held, at or ())
    node = open_node(database)
    if not print_fed(feed_all(node, peers), held, node.clock):
        raise typer.Exit(1)


@app.command("show")
def show(
    origin: Annotated[str, typer.Argument(help="The name of a log that this node witnesses.")],
    database: WitnessDatabaseOption = None,
) -> None:
    """Print the checkpoint that this node cosigned last of a log, as the log signed it.

    With the one that the log shows to others, it may prove that it told two stories.
    """
    log = open_register(database).log(origin)
    if log is None or log.latest is None:
        raise UsageError(
            f"This node has cosigned nothing of {origin}.", next_step="See `tumen witness list`."
        )
    typer.echo(log.latest.note.decode(), nl=False)


@app.command("equivocation")
def equivocation(
    files: Annotated[list[Path], typer.Argument(help="A proof, or two checkpoints of one log.")],
    keys: Annotated[list[str], typer.Option("--key", help="The public key of the log.")],
    tiles: Annotated[
        Path | None,
        typer.Option("--files", help="A copy of the log's files, as the larger checkpoint has it."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the proof to this file.")] = None,
) -> None:
    """Prove that a log told two stories: two signed checkpoints that cannot both be true.

    Two of one size prove it by themselves; for two of different sizes name a copy of the log's
    files. Exits with 1 where nothing is proven.
    """
    held = [bytes_of(file, EQUIVOCATION_BYTES_MAX) for file in files]
    if len(held) > 2:
        raise UsageError("Name one proof, or two checkpoints.")
    read_tile = None if tiles is None else PublishedLog(DiskFolder(tiles)).tile
    proof = Equivocation.parse(held[0]) if len(held) == 1 else accusation(held, read_tile)
    older, newer = proof.verify([VerifierKey.parse(each) for each in keys])
    typer.echo(f"PROVEN: the log {older.origin} signed two histories")
    for head in (older, newer):
        typer.echo(f"  {head.size} leaves, {head.root.hex()}")
    if out is not None:
        out.write_bytes(proof.to_bytes())


def _set(
    keys: list[str] | None, bundle: Path | None, database: str | None, *, wanted: bool
) -> None:
    named = [VerifierKey.parse(each) for each in keys or ()]
    if bundle is not None:
        held = bundle_files.read(bundle).bundle
        named += [key.verifier_key for _, key in held.keys(Role.LOG)]
    if not named:
        raise UsageError(
            "No log is named.", next_step="Name its public key, or a trust bundle by --bundle."
        )
    changed = open_register(database).set_witnessed(named, SystemClock().now(), wanted=wanted)
    said = "witnessed from now on" if wanted else "no longer witnessed"
    typer.echo(f"{changed} {said}, {len(named) - changed} as before")
