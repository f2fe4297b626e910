"""The first use of a node by several processes at once, and beside one that never ends."""

import subprocess
import sys
from pathlib import Path

import psycopg

from running import started, tumen
from tumen.bootstrap import load_keys
from tumen.store.database import Database
from tumen.store.session import SEQUENCER_LOCK

PROCESSES = 4
SECONDS_MAX = 60
LOAD = """
import sys
from pathlib import Path
from tumen.bootstrap import load_keys
print("ready", flush=True)
sys.stdin.readline()
print(load_keys(Path(sys.argv[1])).fingerprint())
"""


def test_processes_that_make_the_keys_at_once_have_the_same(tmp_path: Path) -> None:
    file = tmp_path / "home/node.keys"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", LOAD, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = {process.communicate(timeout=SECONDS_MAX)[0].strip() for process in running}
    assert found == {load_keys(file).fingerprint()}
    assert [each.name for each in file.parent.iterdir()] == ["node.keys"]
    assert file.stat().st_mode & 0o077 == 0


def test_commands_that_meet_a_new_database_at_once_all_open_it(
    database: Database, tmp_path: Path
) -> None:
    running = [started(tmp_path, "orphans", "--database", database.url) for _ in range(2)]
    for process in running:
        _, told = process.communicate(timeout=SECONDS_MAX)
        assert process.returncode == 0, told


def test_other_keys_than_those_of_the_database_are_refused(
    database: Database, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    assert tumen(tmp_path / "first", "orphans", "--database", database.url).returncode == 0
    done = tumen(tmp_path / "second", "orphans", "--database", database.url)
    assert done.returncode == 2
    assert "keys are not those" in done.stderr


def test_who_only_asks_does_not_stand_in_line_with_who_records(
    database: Database, tmp_path: Path
) -> None:
    assert tumen(tmp_path, "orphans", "--database", database.url).returncode == 0
    with psycopg.connect(database.url) as connection:
        connection.execute(f"SELECT pg_advisory_xact_lock({SEQUENCER_LOCK})")
        asking = started(tmp_path, "orphans", "--database", database.url)
        _, told = asking.communicate(timeout=SECONDS_MAX)
    assert asking.returncode == 0, told
