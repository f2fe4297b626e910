"""Stored lists: the newest day is in force, nothing is overwritten, and bad files leave nothing."""

import gzip
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tumen.cli.lists import app
from tumen.kernel.errors import PathAbsent, SourceUnreadable, UsageError
from tumen.store.database import Database
from tumen.window.lists import (
    ALL_LISTS,
    ALL_LISTS_SCHEMA,
    PARTIES_IN_FORCE,
    PARTIES_IN_FORCE_SCHEMA,
    PRICES_IN_FORCE,
)
from tumen.window.parties import PartyIndex
from tumen.window.screening import REFERENCE_PRICE_SCHEMA


def run(database: Database, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--database", database.url])
    if done.exception is not None:
        raise done.exception
    return done.output


def import_list(database: Database, file: Path, kind: str, name: str, day: str) -> str:
    return run(database, "import", str(file), "--kind", kind, "--list", name, "--day", day)


def parties(database: Database) -> pl.DataFrame:
    with database.session() as session:
        return session.read(PARTIES_IN_FORCE, None, PARTIES_IN_FORCE_SCHEMA)


def test_the_newest_day_of_a_list_is_in_force_and_the_older_stays(
    database: Database, tmp_path: Path
) -> None:
    old, new, other = (tmp_path / f"{number}.csv" for number in range(3))
    old.write_text("id,name\n1,Demov Aleksandr\n2,Demo Works\n", encoding="utf-8")
    new.write_text("id,name\n1,Demov Alexandr\n", encoding="utf-8")
    other.write_text("id,name\n1,Demov Aleksandr\n", encoding="utf-8")
    import_list(database, new, "parties", "Demo", "2026-11-02")
    import_list(database, old, "parties", "Demo", "2026-11-01")
    import_list(database, other, "parties", "Other", "2020-01-01")
    in_force = parties(database)
    assert sorted(in_force.rows()) == [
        ("Demov Aleksandr", "Other", "1"),
        ("Demov Alexandr", "Demo", "1"),
    ]
    hits = PartyIndex.build(in_force).hits(pl.Series(["Демов Александр", "Demo Works"]))
    assert hits.to_list() == [["Demo", "Other"], None]
    with database.session() as session:
        shown = session.read(ALL_LISTS, None, ALL_LISTS_SCHEMA)
    assert shown.select("name", "rows", "is_in_force").rows() == [
        ("Demo", 2, False),
        ("Demo", 1, True),
        ("Other", 1, True),
    ]


def test_of_two_imports_of_one_day_the_later_is_in_force(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "demo.csv"
    for name in ("Demo One", "Demo Two"):
        file.write_text(f"name\n{name}\n", encoding="utf-8")
        import_list(database, file, "parties", "Demo", "2026-11-01")
    assert parties(database)["name"].to_list() == ["Demo Two"]


def test_prices_are_imported_from_a_compressed_file(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "reference_prices.csv.gz"
    text = "hs_code,unit,low_fen,high_fen\n1901101090,122,10000,30000\n"
    file.write_bytes(gzip.compress(text.encode("utf-8-sig")))
    told = import_list(database, file, "prices", "Demo", "2026-11-01")
    assert "1 rows imported as 1, 0 refused" in told
    with database.session() as session:
        prices = session.read(PRICES_IN_FORCE, None, REFERENCE_PRICE_SCHEMA)
    assert prices.rows() == [("1901101090", "122", 10_000, 30_000)]
    assert "Demo" in run(database, "show")


def test_refused_rows_are_told(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "demo.csv"
    file.write_text("id,name\n1,Demo Works\n2,\n", encoding="utf-8")
    told = import_list(database, file, "parties", "Demo", "2026-11-01")
    assert "line 3: no name" in told


def test_a_file_that_cannot_be_read_leaves_nothing(database: Database, tmp_path: Path) -> None:
    broken, latin, empty = (tmp_path / name for name in ("cut.csv.gz", "latin.csv", "empty.csv"))
    broken.write_bytes(gzip.compress(b"name\nDemo Works\n" * 9)[:-9])
    latin.write_bytes("name\nDemö\n".encode("latin-1"))
    empty.write_bytes(b"")
    for file in (broken, latin, tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(PathAbsent if not file.exists() else SourceUnreadable):
            import_list(database, file, "parties", "Demo", "2026-11-01")
    with pytest.raises(UsageError):
        import_list(database, empty, "parties", "Demo", "2026-11-01")
    assert "No list" in run(database, "show")
