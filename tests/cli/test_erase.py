"""`tumen erase` destroys a person's keys, and gives the person a proof that it was done."""

import json
import subprocess
from pathlib import Path

from running import COMMAND, environment, tumen
from tumen.cli.erasure_list import keep
from tumen.simulation import one_bundle
from tumen.store.database import Database

DOCUMENTS = one_bundle("clean", 5).documents
NUMBER = str(DOCUMENTS[0]["order_number"])


def test_a_person_is_erased_by_a_number_that_stands_on_no_command_line(
    database: Database, tmp_path: Path
) -> None:
    file, out = tmp_path / "day.ndjson", tmp_path / "erased"
    file.write_text("".join(json.dumps(each) + "\n" for each in DOCUMENTS), encoding="utf-8")
    where = ("--database", database.url)
    assert tumen(tmp_path, "clear", file, *where).returncode == 0
    told = ("erase", "-", "--yes", "--reason", "request 1", "--out", str(out), *where)
    done = subprocess.run(
        [*COMMAND, *told],
        env=environment(tmp_path),
        input=f"{DOCUMENTS[0]['buyer_id_number']}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(DOCUMENTS[0]["buyer_id_number"]) not in done.stdout
    verified = tumen(tmp_path, "verify", out)
    assert "byte for byte" in verified.stdout
    again = tumen(tmp_path, "erase", NUMBER, "--yes", "--reason", "request 2", *where)
    assert again.returncode == 2
    assert "no key of this person" in again.stderr


def test_nobody_is_erased_unasked_or_without_a_plain_reason(
    shared_database: Database, tmp_path: Path
) -> None:
    where = ("--database", shared_database.url)
    unasked = tumen(tmp_path, "erase", "-", "--reason", "request 1", *where)
    assert unasked.returncode == 2
    assert "needs --yes" in unasked.stderr
    blank = tumen(tmp_path, "erase", NUMBER, "--reason", " ", *where)
    assert blank.returncode == 2
    assert "The reason is empty" in blank.stderr


def test_what_a_crash_left_of_a_line_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "node.erasures"
    keep(file, b"first")
    with file.open("ab") as opened:
        opened.write(b"half")
    keep(file, b"second")
    assert file.read_bytes() == b"first\nhalf\nsecond\n"
