"""A list that is imported while the service runs is in force soon after."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl

from clearing import CLOCK
from offices import node
from tumen.cli.lists import record
from tumen.store.database import Database
from tumen.web.lists_in_force import ListsInForce
from tumen.window.lists import ListKind, read_list

LISTED = "Northern Star Trading House"
NAMES = pl.Series("name", [LISTED])


def import_parties(database: Database, folder: Path) -> None:
    text = f"name\n{LISTED}\n"
    found = read_list(text, ListKind.PARTIES)
    head = pl.DataFrame(
        {
            "kind": ["parties"],
            "name": ["tests"],
            "source": ["tests"],
            "day": [CLOCK.now().date()],
            "rows": [found.rows],
            "rows_refused": [0],
            "sha256": [hashlib.sha256(text.encode()).digest()],
            "imported_at": [CLOCK.now()],
        }
    )
    opened = node(database, folder)
    with database.session() as session:
        record(session, ListKind.PARTIES, head, found.frame, opened.log)


def test_a_list_is_in_force_once_it_is_looked_for(database: Database, tmp_path: Path) -> None:
    lists = ListsInForce(node(database, tmp_path), asked_seconds=0)
    before = lists.look()
    assert before.parties.hits(NAMES).to_list() == [None]
    assert lists.look() is before
    import_parties(database, tmp_path)
    after = lists.look()
    assert after.parties.hits(NAMES).to_list() != [None]
    assert after.preparation("tests").parties is after.parties
    assert after.log is before.log


def test_within_its_seconds_the_store_is_not_asked(database: Database, tmp_path: Path) -> None:
    lists = ListsInForce(node(database, tmp_path), asked_seconds=3_600)
    before = lists.look()
    import_parties(database, tmp_path)
    assert lists.look() is before


def test_a_store_that_is_away_leaves_the_lists_as_they_are(
    database: Database, tmp_path: Path
) -> None:
    away = replace(node(database, tmp_path), database=Database("postgresql://x@127.0.0.1:1/x"))
    lists = ListsInForce(away, asked_seconds=0)
    assert lists.look() is away
