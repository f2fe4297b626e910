"""`tumen backup`: the facts of a node as files, of one moment, with a manifest of what they are."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.bootstrap import is_at_hand
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import OutsideError, UsageError
from tumen.settings import erasures_file, key_ring, log_folder
from tumen.store.database import Database
from tumen.trust.key_files import need_alone, write_once
from tumen.trust.key_ring import KeyRing
from tumen.window.ledger import backup as backups
from tumen.window.ledger.backup import MANIFEST, Manifest

KEYS: Final = "keys"
"""The folder of a backup in which key files lie, if it has any."""

BYTES_PER_MEBIBYTE: Final = 1 << 20
_FOLDER_MODE: Final = 0o700


def backup(
    out: Annotated[Path, typer.Option(help="A new or empty folder for the backup.")],
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Copy the node's key files into it, too.")
    ] = False,
    database: HeldDatabaseOption = None,
) -> None:
    """Copy every fact of the node into a folder, as of one moment between two batches.

    Others go on recording meanwhile. The keys are not in it unless asked for, and the published
    log never is: keep both apart.
    """
    if not is_at_hand(database):
        raise UsageError(
            "There is no node here to back up.", next_step="Name its database: --database …"
        )
    _make(out)
    ring = key_ring(database)
    keys = _copy_keys(ring, out / KEYS) if with_keys else []
    store = Database.from_location(database)
    made = backups.write(store, out, version("tumen"), SystemClock().now(), keys)
    _tell(made, out)
    _tell_keys(made, ring, out)
    typer.echo(f"erasures   not in it; keep a copy apart, the newest: {erasures_file(database)}")
    typer.echo(
        f"\nThe published log is not in it: {log_folder(database)}\nCopy that folder apart, its"
        " tiles first and `checkpoint` last, and as often as you can: a restored node knows from"
        "\nit what was shown. Never put an older `checkpoint` back over a newer one."
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written to: {error.strerror}") from error
    if not is_empty:
        raise UsageError(
            f"{folder} is not empty.",
            next_step="Name a new folder: a backup is never written over.",
        )
    folder.chmod(_FOLDER_MODE)


def _copy_keys(ring: KeyRing, folder: Path) -> list[str]:
    found = ring.files()
    folder.mkdir(mode=_FOLDER_MODE)
    for name, file in found.items():
        need_alone(file)
        write_once(folder / name, file.read_text().removesuffix("\n"))
    return [*found]


def _tell(made: Manifest, folder: Path) -> None:
    last = made.migrations[-1]
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    typer.echo(f"backup     {folder}")
    typer.echo(f"taken      {made.taken_at.isoformat(timespec='seconds')}")
    size = f"{made.size / BYTES_PER_MEBIBYTE:,.1f} MiB"
    typer.echo(f"facts      {made.rows:,} rows of {len(made.tables)} tables, {size}")
    typer.echo(f"migration  {last.number:04}_{last.name}")
    for log in made.logs:
        typer.echo(f"log        {log.origin}: {log.size:,} leaves, root {log.root or '-'}")
    typer.echo(f"manifest   SHA-256 {digest}: keep this line apart from the backup")


def _tell_keys(made: Manifest, ring: KeyRing, folder: Path) -> None:
    if made.keys:
        typer.echo(f"keys       IN IT, readable by you alone: {folder / KEYS}")
        typer.echo("Whoever has this folder can sign as this node and open its personal data.")
        return
    typer.echo("keys       not in it; without them it opens no personal data and cannot sign:")
    for file in ring.files().values():
        typer.echo(f"           {file}")
