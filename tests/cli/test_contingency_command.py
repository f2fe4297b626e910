"""`tumen contingency`: begun and ended from the command line, and told to everybody meanwhile."""

import json
from pathlib import Path

from running import tumen
from tumen.simulation import one_bundle
from tumen.store.database import Database


def test_a_contingency_is_begun_shown_and_ended(database: Database, tmp_path: Path) -> None:
    documents = tmp_path / "day.ndjson"
    lines = [json.dumps(each) for each in one_bundle(seed=3).documents]
    documents.write_text("\n".join(lines), encoding="utf-8")
    at = ("--database", database.url)
    said = ("--officer", "A-17", *at)
    begun = tumen(tmp_path, "contingency", "begin", "CN", "--reason", "the hall is cut off", *said)
    assert begun.returncode == 0, begun.stderr
    again = tumen(tmp_path, "contingency", "begin", "CN", "--reason", "the hall is cut off", *said)
    assert (again.returncode, "suspended already" in again.stderr) == (2, True)
    cleared = tumen(tmp_path, "clear", documents, "--json", *at)
    assert json.loads(cleared.stdout)["declarations"]["awaiting"] == 1
    shown = json.loads(tumen(tmp_path, "contingency", "status", "--json", *at).stdout)
    assert (shown["economy"], shown["awaiting"]) == ("CN", 1)
    assert "the hall is cut off" in tumen(tmp_path, "contingency", "status", *at).stdout
    ended = tumen(tmp_path, "contingency", "end", "CN", "--reason", "it is back", *said)
    assert "1 released" in ended.stdout, ended.stderr
    over = tumen(tmp_path, "contingency", "status", *at).stdout
    assert over == "Every authority decides; no contingency is on.\n"
