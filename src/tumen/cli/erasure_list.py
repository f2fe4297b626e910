"""The list of erasures: a file outside the database, by which a restored backup is erased again.

A backup that is older than an erasure holds the keys that it destroyed. So each erasure is told,
before it is committed, in a line of a file beside the node's keys, for its owner alone. A line is
the text that the log holds the hash of; it names marks and hashes of keys, and no person.
"""

import os
from pathlib import Path

import typer

from tumen.bootstrap import Node
from tumen.kernel.errors import OutsideError
from tumen.settings import erasures_file
from tumen.trust.key_files import need_alone
from tumen.window.ledger import erasure


def keep(file: Path, text: bytes) -> None:
    """Add an erasure to the list, durably.

    Raises:
        OutsideError: the list cannot be written; then nothing must be destroyed.
        UsageError: others can use it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "r+b") as target:
            need_alone(file)
            target.write(_ending(file) + text + b"\n")
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        raise OutsideError(
            f"The list of erasures {file} cannot be written: {error.strerror}",
            next_step="Mend that and erase again: nothing was destroyed.",
        ) from error


def _ending(file: Path) -> bytes:
    """The end of a line that a crash left half written."""
    with file.open("rb") as opened:
        if not opened.seek(0, os.SEEK_END):
            return b""
        opened.seek(-1, os.SEEK_END)
        return b"" if opened.read(1) == b"\n" else b"\n"


def erase_again(node: Node, location: str | None) -> None:
    """Destroy once more what the list tells of and the database holds, and say so.

    Raises:
        OutsideError: the list cannot be read.
        UsageError: others can use it.
    """
    file = erasures_file(location)
    if not file.exists():
        typer.echo(f"erasures   there is no list of them at {file}")
        return
    need_alone(file)
    keys, unread = 0, 0
    for line in file.read_bytes().splitlines():
        try:
            with node.database.session() as session:
                done = erasure.again(session, node.log, line, node.clock.now())
        except ValueError:
            unread += 1
            continue
        keys += done.keys if done is not None else 0
    if keys:
        node.publish_log()
    typer.echo(f"erasures   {keys:,} keys destroyed again, by the list {file}")
    if unread:
        typer.echo(
            f"WARNING: {unread:,} lines of it are not understood; nothing was erased by them"
        )
