"""A slip in a name is told: no command makes a database to look into, or writes over a file."""

from pathlib import Path

import pytest

from running import tumen
from tumen.store.database import Database

EXAMPLE = Path(__file__).parents[2] / "examples/consignment.ndjson"


@pytest.mark.parametrize(
    "command",
    [
        ["orphans"], ["queue"], ["show", "X-1"], ["resend", "X-1"], ["log", "audit"],
        ["log", "prove", "X-1"], ["bills", "list"], ["track", "X-1"],
    ],
)  # fmt: skip
def test_who_looks_into_a_database_that_is_not_there_is_told_so(
    command: list[str], tmp_path: Path
) -> None:
    finished = tumen(tmp_path, *command, "--database", tmp_path / "slip")
    assert finished.returncode == 2
    assert "PATH_ABSENT" in finished.stderr
    assert not (tmp_path / "slip").exists()


KEY = "customs.example.mn/log+873a7fb7+ATpV9oCscnJSJsDMlMPIw+tYA2GK8tiklf/9qZe1qltl"


@pytest.mark.parametrize(
    "command",
    [
        ["admin", "organisation", "add", "x", "--name", "X", "--role", "trader"],
        ["admin", "person", "add", "x", "y", "--make"], ["admin", "key", "make", "x"],
        ["admin", "role", "give", "x", "trader"], ["admin", "demo"], ["log", "add", EXAMPLE],
        ["witness", "add", KEY], ["witness", "feed"],
        ["credential", "revoke", "X-1"], ["credential", "status"],
    ],
)  # fmt: skip
def test_who_enters_something_into_a_database_that_is_not_there_is_told_so(
    command: list[str], tmp_path: Path
) -> None:
    finished = tumen(tmp_path, *command, "--database", tmp_path / "slip")
    assert (finished.returncode, finished.stderr.partition(":")[0]) == (2, "PATH_ABSENT")
    assert not list(tmp_path.glob("slip*"))


@pytest.mark.parametrize("sender", ["", " shop", "*", "x" * 41, "a\nb"])
def test_what_names_no_sender_lodges_nothing(sender: str, tmp_path: Path) -> None:
    finished = tumen(tmp_path, "clear", EXAMPLE, "--sender", sender)
    assert finished.returncode == 2
    assert "names no sender" in finished.stderr


def test_receipts_are_not_written_where_a_file_lies_and_an_empty_folder_is_told(
    tmp_path: Path, shared_database: Database
) -> None:
    place = ["--database", shared_database.url]
    tumen(tmp_path, "clear", EXAMPLE, *place)
    file, inbox = tmp_path / "file", tmp_path / "inbox"
    file.write_text("mine")
    inbox.mkdir()
    finished = tumen(tmp_path, "resend", "DEMO-0001", *place, "--out", file)
    assert (finished.returncode, file.read_text()) == (2, "mine")
    assert "is a file" in finished.stderr
    assert "No file was found" in tumen(tmp_path, "clear", inbox, *place).stdout


def test_a_shipment_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    finished = tumen(tmp_path, "quote", tmp_path / "none.json")
    assert (finished.returncode, finished.stderr.partition(":")[0]) == (2, "PATH_ABSENT")


def test_a_port_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    assert tumen(tmp_path, "log", "serve", "--port", "99999").returncode == 2
