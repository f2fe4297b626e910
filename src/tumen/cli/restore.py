"""`tumen restore`: a backup into an empty database, and what the log's rule says of it then."""

from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.bootstrap import load_keys, open_node, published_at
from tumen.cli.backup import KEYS
from tumen.cli.erasure_list import erase_again
from tumen.cli.location import DatabaseOption
from tumen.kernel.errors import LogDamaged, LogNotExtended, UsageError
from tumen.settings import key_ring, keys_file, log_folder
from tumen.store.database import Database
from tumen.store.migration import Migration
from tumen.trust.bundle_model import Role
from tumen.trust.continuity import COSIGNED
from tumen.trust.folder import DiskFolder
from tumen.trust.key_files import write_once
from tumen.trust.key_ring import NODE_KEYS, KeyRing
from tumen.trust.tiles import CHECKPOINT
from tumen.window.ledger import backup as backups
from tumen.window.ledger.backup import Manifest

BEHIND: Final = """
This node is behind what its log has shown, and refuses to sign: {error}
Restore a newer backup if there is one. If there is none, begin another log, and say why:
    tumen log begin --reason "…"
What was lodged after the backup is gone from here; its receipts still prove that it was there."""

UNSHOWN: Final = """
WARNING: no checkpoint of the log lies in {place}.
Without it this node cannot know what was shown after the backup, and would sign another history.
Put the newest copy of the log's folder there (or name it in TUMEN_LOG) before the first use. If
it is lost, take a checkpoint that a witness or a holder keeps:
    tumen log begin --reason "…" --against FILE"""

WITNESS: Final = """\
As a witness it has gone back too, and cannot know it by itself. Tell the operators of the logs that
it witnesses: a feed of theirs brings it up again (docs/witnesses.md)."""

UNDONE: Final = """
What was ended after that moment is in force again: keys and sessions of organisations. End it
again: tumen admin. Persons that were erased after it can be opened until their keys are destroyed
again: as soon as the node signs, by its list of erasures (tumen erase --again)."""


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that `tumen backup` made.")],
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put the backup's key files in their places, too.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Restore a backup into an empty database: all of it or nothing.

    Every file is checked by its hash first, the tree of the log by its signed root after. Then
    newer migrations are run.
    """
    manifest = backups.manifest_of(folder)
    migrations = backups.migrations_of(manifest)
    backups.need_files(manifest, folder)
    ring = key_ring(database)
    keys = _keys_to_put(manifest, folder, ring) if with_keys else {}
    _need_own_keys(manifest, keys_file(database))
    store = _made(database, migrations)
    backups.load(store, manifest, folder)
    for place, text in keys.items():
        write_once(place, text)
    store.prepare()
    _tell(manifest, store, [*keys])
    _tell_log(manifest, ring, database)


def _keys_to_put(manifest: Manifest, folder: Path, ring: KeyRing) -> dict[Path, str]:
    """The key files of a backup by where they belong; those that lie there already are left out."""
    if not manifest.keys:
        raise UsageError(
            "The backup has no keys in it.", next_step="Put your own copies in their places."
        )
    found = {ring.file_for(each): (folder / KEYS / each).read_text() for each in manifest.keys}
    for place, text in found.items():
        if place.exists() and place.read_text() != text:
            raise UsageError(
                f"Another key lies at {place}; a key file is never overwritten.",
                next_step="Name another place (TUMEN_KEYS), or restore without --with-keys.",
            )
    return {place: text.removesuffix("\n") for place, text in found.items() if not place.exists()}


def _need_own_keys(manifest: Manifest, file: Path) -> None:
    if manifest.node is None or not file.exists():
        return
    if load_keys(file).fingerprint() != manifest.node:
        raise UsageError(
            f"The keys at {file} are those of another node than the backup is of.",
            next_step="Name the keys of that node in TUMEN_KEYS.",
        )


def _made(location: str | None, migrations: tuple[Migration, ...]) -> Database:
    """The database, made if it is missing, as it was when the backup was taken."""
    try:
        return Database.from_location(location, migrations)
    except UsageError as error:
        raise UsageError(
            f"The backup does not fit into this database: {error}",
            next_step="Name a new directory, or an address with a new database.",
        ) from error


def _tell(manifest: Manifest, store: Database, put: list[Path]) -> None:
    typer.echo(
        f"restored   {manifest.rows:,} rows of {len(manifest.tables)} tables, every hash right"
    )
    typer.echo(f"as of      {manifest.taken_at.isoformat(timespec='seconds')}")
    newer = store.migrations()[len(manifest.migrations) :]
    typer.echo(f"migrations {', '.join(newer) or 'none newer'}")
    for log in manifest.logs:
        typer.echo(f"log        {log.origin}: {log.size:,} leaves, root as signed")
    for place in put:
        typer.echo(f"key        {place}")
    typer.echo(UNDONE)
    if any(each.name == "witness_checkpoint" and each.rows for each in manifest.tables):
        typer.echo(WITNESS)


def _tell_log(manifest: Manifest, ring: KeyRing, location: str | None) -> None:
    """What the rule of the log says: whether the node may go on, and what it cannot know."""
    if not manifest.logs:
        return
    place = published_at(log_folder(location), manifest.logs[-1].number)
    files = DiskFolder(place)
    if files.read(CHECKPOINT) is None and files.read(COSIGNED) is None:
        typer.echo(UNSHOWN.format(place=place))
        _tell_missing(ring)
        return
    if _tell_missing(ring):
        return
    try:
        node = open_node(location)
    except LogNotExtended as error:
        typer.echo(BEHIND.format(error=error))
        return
    except LogDamaged as error:
        typer.echo(f"This node refuses to sign: {error}\n{error.next_step}")
        return
    erase_again(node, location)
    typer.echo(f"\nThe log goes on from all that {place} shows. See that it does: tumen log audit")


def _tell_missing(ring: KeyRing) -> bool:
    """Tell which keys must be put in their places before the first use; whether one is missing."""
    missing = [Path(ring.place(Role.LOG))] if not ring.has(Role.LOG) else []
    if NODE_KEYS not in ring.files():
        missing.append(ring.node_keys)
    for each in missing:
        typer.echo(f"Put your copy of the key file in its place before the first use: {each}")
    return bool(missing)
