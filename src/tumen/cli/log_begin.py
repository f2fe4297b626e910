"""`tumen log begin`: a log of a new origin, after a restore that lost what was shown."""

from pathlib import Path
from typing import Annotated

import typer

from tumen.bootstrap import open_node, succeed_log
from tumen.cli.erasure_list import erase_again
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.imported_file import bytes_of
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import NOTE_BYTES_MAX, TEXT_LENGTH_MAX
from tumen.settings import key_ring
from tumen.trust.bundle_model import Role
from tumen.trust.key_ring import NamedSecret, public_text
from tumen.window.ledger.beginning import FILE, Succeeded


def begin(
    reason: Annotated[
        str, typer.Option(help="Why, in your words. It is published: no name of a person.")
    ],
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option("--against", help="A checkpoint that a witness or a holder kept."),
    ] = None,
    database: HeldDatabaseOption = None,
) -> None:
    """Begin a log of a new origin, where a restored database is older than what was shown.

    Restore a newer copy instead if there is one. The old log's files stay as they are; the first
    leaf of the new one tells what the old one last showed, and why it ends.
    """
    _need_plain(reason)
    kept = {str(file): bytes_of(file, NOTE_BYTES_MAX) for file in checkpoints or ()}
    done = succeed_log(database, reason, kept)
    node = open_node(database)
    node.publish_log()
    _tell(done, node.log_folder, key_ring(database).held(Role.LOG))
    erase_again(node, database)


def _need_plain(reason: str) -> None:
    if not reason.strip() or not reason.isprintable() or len(reason) > TEXT_LENGTH_MAX:
        raise UsageError(
            "The reason is empty, too long, or has unseen signs.",
            next_step="Write one plain line, such as: disk lost, backup of 3 May restored.",
        )


def _tell(done: Succeeded, files: Path, key: NamedSecret) -> None:
    name = done.new.origin.name
    typer.echo(f"ended      {done.old.name}")
    typer.echo(f"  it showed {done.lost.size:,} leaves, root {done.lost.root.hex()}")
    typer.echo(f"  the database has {done.held:,} leaves of it")
    typer.echo(f"begun      {name}")
    typer.echo(f"public key {public_text(Role.LOG, NamedSecret(name, key.secret))}")
    typer.echo(f"files      {files}  ({FILE} tells why, with its proof)")
    typer.echo(
        "\nNow tell the others: they must witness the new key (`tumen witness add KEY`), and the"
        " trust bundle must list it.\nProcesses that were running must be started again. What was"
        " lodged after the backup is gone from here: ask its senders to lodge it again."
    )
