"""`tumen aftercare`, as a filer and an officer use it."""

import json
from pathlib import Path
from typing import Any

import pytest
from lodging import one

from running import tumen
from tumen.cli.aftercare import stated_by
from tumen.kernel.errors import UsageError
from tumen.store.database import Database

WHY = ("--reason", "a slip of the pen")


@pytest.fixture
def folder(tmp_path: Path, database: Database) -> Path:
    file = tmp_path / "day.ndjson"
    file.write_text(json.dumps(one("S-1")) + "\n", encoding="utf-8")
    assert tumen(tmp_path, "clear", file, "--database", database.url).returncode == 0
    return tmp_path


def run(folder: Path, database: Database, *said: str) -> Any:
    return tumen(folder, "aftercare", *said, "--database", database.url)


def test_a_filer_asks_an_officer_grants_and_both_see_it(folder: Path, database: Database) -> None:
    less = ("ask", "correct", "#1", "--set", "1.quantity=2", "--reference", "C-1", *WHY)
    asked = run(folder, database, *less)
    assert asked.returncode == 0, asked.stderr
    assert "It waits for an officer" in asked.stdout
    (waiting,) = map(json.loads, run(folder, database, "list", "--json").stdout.splitlines())
    assert (waiting["number"], waiting["entry"]) == ("#1", "correction_asked")
    answer = ("ask", "grant", "#1", "--officer", "A-17", "--authority", "KR", *WHY)
    granted = run(folder, database, *answer, "--basis", "an example act")
    assert granted.returncode == 0, granted.stdout
    shown = tumen(folder, "show", "S-1", "--database", database.url).stdout
    assert "Corrected, event 3: simplified duty -" in shown
    assert "Due with all corrections and returns: simplified duty" in shown
    assert "the filer: a slip of the pen" in shown


@pytest.mark.parametrize("text", ["quantity=1", "1.buyer=X", "freight", "x.hs=1", "1.item=2"])
def test_what_states_nothing_is_told_what_can_be_stated(text: str) -> None:
    with pytest.raises(UsageError, match="states nothing"):
        stated_by([text])
