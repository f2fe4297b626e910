"""`tumen db` and the embedded server, as a user meets them."""

import json
from pathlib import Path

import pytest

from running import summary, tumen
from tumen.simulation import Plan, simulate


@pytest.fixture
def location(server_folder: Path) -> Path:
    return server_folder / "server"


def test_the_server_outlives_the_commands_and_starts_again_on_first_use(
    location: Path, tmp_path: Path
) -> None:
    at = ("--database", location)
    status = tumen(tmp_path, "db", "status", *at)
    assert (status.returncode, "no server runs" in status.stdout) == (0, True)
    assert tumen(tmp_path, "db", "start", *at).returncode == 0
    first = json.loads(tumen(tmp_path, "db", "status", "--json", *at).stdout)
    written = simulate(Plan(5, 3, share=0.0), tmp_path / "made")
    summary(tmp_path, "clear", written.documents, *at)
    after = json.loads(tumen(tmp_path, "db", "status", "--json", *at).stdout)
    assert after["process_id"] == first["process_id"]
    assert tumen(tmp_path, "db", "stop", *at).stdout == "stopped\n"
    assert not json.loads(tumen(tmp_path, "db", "status", "--json", *at).stdout)["running"]
    found = summary(tmp_path, "clear", written.documents, *at)
    assert found["documents"]["declaration"]["duplicate"] == 5


def test_a_database_at_an_address_is_not_ours_to_stop(tmp_path: Path) -> None:
    done = tumen(tmp_path, "db", "stop", "--database", "postgresql://localhost:1/none")
    assert done.returncode == 2
    assert "not ours" in done.stderr


def test_a_folder_with_other_files_is_refused_as_a_database(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/holiday.txt").touch()
    empty = tmp_path / "empty.ndjson"
    empty.touch()
    done = tumen(tmp_path, "clear", empty, "--database", tmp_path / "photos")
    assert done.returncode == 2
    assert "other files" in done.stderr
    assert [each.name for each in (tmp_path / "photos").iterdir()] == ["holiday.txt"]
