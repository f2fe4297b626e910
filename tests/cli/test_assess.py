"""`tumen assess`: every row of every file is answered, in order, on any number of cores."""

import gzip
import json
import tracemalloc
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shipments
from rich.console import Console
from typer.testing import CliRunner

import running
from tumen import law
from tumen.cli import app, assess, assess_blocks, assess_in
from tumen.cli.assess_in import Intake
from tumen.documents.formats import records
from tumen.documents.formats.sources import Source
from tumen.kernel.errors import OutsideError, PathAbsent, UsageError
from tumen.law import rows as rows_module
from tumen.law.assessing import AMOUNT, ITEMS, SHIPMENTS, Assessor
from tumen.law.quoting import NO_BOOKS

NATIVE = [*shipments.shipments(40), *shipments.BROKEN]
LINE = b'{"destination":"FR"}\n'
READERS = {".csv": pl.read_csv, ".ndjson": pl.read_ndjson, ".parquet": pl.read_parquet}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path / "home"))


def run(*arguments: object) -> dict[str, Any]:
    told = [*map(str, arguments), "--json", "--processes", "1"]
    found = CliRunner().invoke(app.application, ["assess", *told], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    summary: dict[str, Any] = json.loads(found.stdout)
    return summary


def read(path: Path) -> pl.DataFrame:
    """What was written, with amounts as decimals whatever the form."""
    texts = {"schema_overrides": dict.fromkeys(SHIPMENTS, pl.String)}
    frame = READERS[path.suffix](path, **({} if path.suffix == ".parquet" else texts))
    if path.suffix != ".parquet":
        frame = frame.with_columns(pl.col("date").str.to_date())
    return frame.cast({name: kind for name, kind in SHIPMENTS.items() if name in frame.columns})


def codes(path: Path) -> list[str | None]:
    return read(path)["violations"].to_list()


def csv(folder: Path, native: Iterable[dict[str, Any]] = NATIVE) -> Path:
    return shipments.write_csv(folder / "in.csv", shipments.flat(native))


def test_every_shipment_of_a_file_has_the_answer_of_its_quote_in_order(tmp_path: Path) -> None:
    file = shipments.write_ndjson(tmp_path / "in.ndjson", NATIVE)
    summary = run(file, "--out", tmp_path / "out.csv", "--date", "2026-08-01")
    found = read(tmp_path / "out.csv")
    assert summary["shipments"] == found.height == len(NATIVE)
    assert found["row"].to_list() == [*range(1, len(NATIVE) + 1)]
    assert set(found["source"]) == {str(file)}
    for row, native in zip(found.rows(named=True), NATIVE, strict=True):
        answer = law.quote({"date": "2026-08-01", **native})
        total = None if row["total"] is None else f"{row['total']:.2f}"
        expected = None if answer.total is None else f"{float(answer.total):.2f}"
        assert (row["status"], row["regime"], total) == (answer.status, answer.regime, expected)


@pytest.mark.parametrize("form", [".csv", ".ndjson", ".parquet"])
def test_the_three_forms_of_output_say_the_same(form: str, tmp_path: Path) -> None:
    file, out = csv(tmp_path), tmp_path / f"out{form}"
    run(file, "--out", out)
    run(file, "--out", tmp_path / "other.parquet")
    assert read(out).equals(read(tmp_path / "other.parquet"))


def test_csv_parquet_and_ndjson_of_the_same_shipments_give_the_same(tmp_path: Path) -> None:
    rows = csv(tmp_path)
    table = tmp_path / "in.parquet"
    pl.read_csv(rows, infer_schema=False).write_parquet(table)
    lines = shipments.write_ndjson(tmp_path / "in.ndjson", NATIVE)
    found = []
    for file in (rows, table, lines):
        run(file, "--out", tmp_path / "out.parquet", "--date", "2026-08-01")
        frame = pl.read_parquet(tmp_path / "out.parquet")
        found.append(frame.drop("source", "row", "shipment", "items", "violations"))
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_parquet_holds_exact_decimals_and_goes_in_again(tmp_path: Path) -> None:
    table = tmp_path / "in.parquet"
    pl.DataFrame(shipments.flat(NATIVE)).write_parquet(table)
    run(table, "--out", tmp_path / "out.parquet", "--date", "2026-08-01")
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert dict(found.schema) == dict(SHIPMENTS)
    assert found.schema["total"] == AMOUNT
    expected = law.assess(pl.read_parquet(table), today=date(2026, 8, 1))
    assert found.drop("source").equals(expected.drop("source"))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_one_process_and_two_write_the_same_bytes(form: str, tmp_path: Path) -> None:
    file = shipments.write_ndjson(tmp_path / "in.ndjson", NATIVE * 40)
    written = []
    for processes in (1, 2):
        out = tmp_path / f"out{processes}.{form}"
        wanted = ("--out", out, "--processes", processes, "--date", "2026-08-01")
        summary = running.summary(tmp_path, "assess", file, *wanted)
        assert summary["items"] > assess.SMALL_TASKS * assess.TASK_ITEMS
        written.append(out.read_bytes())
    assert written[0] == written[1]
    rows = read(out)["row"].to_list()
    assert rows == [*range(1, len(NATIVE) * 40 + 1)]


def test_a_row_for_each_item_has_the_charges_of_the_item(tmp_path: Path) -> None:
    rows = shipments.flat(NATIVE)
    run(csv(tmp_path), "--out", tmp_path / "out.parquet", "--items")
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert dict(found.schema) == dict(ITEMS)
    assert found.height == len(rows)
    assert found["hs"].to_list() == [row["hs"] for row in rows]


def test_compressed_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.ndjson.gz").write_bytes(gzip.compress(LINE * 2))
    (folder / "a.csv.gz").write_bytes(gzip.compress(csv(tmp_path).read_bytes()))
    run(folder, "--out", tmp_path / "out.csv")
    found = read(tmp_path / "out.csv")
    assert found["source"].to_list() == (
        [str(folder / "a.csv.gz")] * len(NATIVE) + [str(folder / "b.ndjson.gz")] * 2
    )


BAD = {
    "an empty file": ("x.csv", b"", ["SOURCE_EMPTY"]),
    "a header alone": ("x.csv", b"hs,currency\n", ["SOURCE_EMPTY"]),
    "empty lines": ("x.ndjson", b"\n \n", ["SOURCE_EMPTY"]),
    "an empty table": ("x.parquet", b"", ["SOURCE_EMPTY"]),
    "no table": ("x.parquet", b"nothing", ["PARQUET_UNREADABLE"]),
    "an unknown ending": ("x.xlsx", b"nothing", ["SOURCE_FORMAT_UNKNOWN"]),
    "a header below empty lines": ("x.csv", b"\n\nhs,hs\n1,2\n", ["CSV_HEADER_TWICE hs"]),
    "a column twice": ("x.csv", b"hs,hs\n1,2\n3,4\n", ["CSV_HEADER_TWICE hs"] * 2),
    "a row that is too short": ("x.csv", b"hs,currency\n1\n", ["CSV_RAGGED"]),
    "a quote that is not closed": ("x.csv", b'hs,currency\n"1,2\n', ["CSV_QUOTES"]),
    "bytes that are no utf-8": ("x.csv", b"hs,currency\n\xff,2\n", ["TEXT_NOT_UTF8"]),
    "utf-16": ("x.ndjson", LINE.decode().encode("utf-16"), ["TEXT_NOT_UTF8"]),
    "no json": ("x.ndjson", b"{\n[]\n", ["JSON_MALFORMED", "JSON_NOT_OBJECT"]),
    "no gzip": ("x.csv.gz", b"nothing", ["GZIP_CORRUPT"]),
}  # fmt: skip


@pytest.mark.parametrize("case", [*BAD])
def test_a_file_that_cannot_be_read_is_a_row_that_says_why(case: str, tmp_path: Path) -> None:
    name, content, expected = BAD[case]
    (tmp_path / name).write_bytes(content)
    for items in ((), ("--items",)):
        summary = run(tmp_path / name, "--out", tmp_path / "out.csv", *items)
        assert codes(tmp_path / "out.csv") == expected
        assert summary["statuses"] == {"unknown": {"unknown": len(expected)}}


def test_what_was_read_before_a_file_breaks_off_is_kept(tmp_path: Path) -> None:
    whole = gzip.compress((LINE.strip() + b" " * 1_000 + b"\n") * 5_000)
    (tmp_path / "cut.ndjson.gz").write_bytes(whole[:-200])
    run(tmp_path / "cut.ndjson.gz", "--out", tmp_path / "out.csv")
    found = codes(tmp_path / "out.csv")
    assert len(found) > 1_000
    assert found[-1] == "GZIP_TRUNCATED"
    assert "GZIP_TRUNCATED" not in found[:-1]


def test_a_table_without_rows_is_told(tmp_path: Path) -> None:
    pl.DataFrame({"hs": []}, schema={"hs": pl.String}).write_parquet(tmp_path / "x.parquet")
    run(tmp_path / "x.parquet", "--out", tmp_path / "out.csv")
    assert codes(tmp_path / "out.csv") == ["SOURCE_EMPTY"]


@pytest.mark.parametrize("name", ["in.csv", "out.txt"])
def test_an_output_that_cannot_be_is_wrong_use_and_harms_nothing(name: str, tmp_path: Path) -> None:
    file = csv(tmp_path)
    before = file.read_bytes()
    with pytest.raises(UsageError):
        run(file, "--out", tmp_path / name)
    assert file.read_bytes() == before


def test_a_missing_file_is_wrong_use_and_a_missing_folder_is_outside(tmp_path: Path) -> None:
    with pytest.raises(PathAbsent):
        run(tmp_path / "none.csv", "--out", tmp_path / "out.csv")
    with pytest.raises(OutsideError):
        run(csv(tmp_path), "--out", tmp_path / "none" / "out.csv")


def test_a_run_that_fails_leaves_the_earlier_output_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.csv"
    run(csv(tmp_path), "--out", out)
    before = out.read_bytes()
    monkeypatch.setattr(Intake, "blocks", lambda self: iter([None]))
    with pytest.raises(AttributeError):
        run(tmp_path / "in.csv", "--out", out)
    assert out.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"in.csv", "out.csv"}


@pytest.mark.parametrize("form", [".csv", ".ndjson", ".csv.gz"])
def test_memory_does_not_grow_with_the_file(form: str, tmp_path: Path) -> None:
    peaks = []
    for rows in (2_048, 8_192):
        file = tmp_path / f"in{form}"
        line = b"FR\n" if ".csv" in form else LINE
        content = (b"destination\n" if ".csv" in form else b"") + line * rows
        file.write_bytes(gzip.compress(content) if form.endswith(".gz") else content)
        assessor = Assessor(None, NO_BOOKS)
        tracemalloc.start()
        summary = assess.run(
            Intake([Source.of(file)]), tmp_path / "out.csv", assessor, 1, Console(quiet=True)
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert summary["shipments"] == rows
    assert peaks[1] < peaks[0] + (2 << 20)


def test_a_single_shipment_of_a_million_rows_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "in.csv.gz"
    with gzip.open(file, "wb", compresslevel=1) as opened:
        opened.write(b"shipment,destination,hs\n")
        for _ in range(30):
            opened.write(b"A,JP,610910010\n" * 1_000)  # a real million only takes time
    tracemalloc.start()
    shipments_found = sum(told.items for told in Intake([Source.of(file)]).shipments())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert shipments_found == 30_000
    assert peak < 16 << 20


def test_a_person_reads_the_summary_and_where_the_rows_are(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = running.tumen(tmp_path, "assess", csv(tmp_path), "--out", out, "--date", "2026-08-01")
    assert done.returncode == 0, done.stderr
    for words in ("Shipments", "customs fee", "AMOUNT_TOO_LARGE", "45 shipments", "out.csv"):
        assert words in done.stdout


@pytest.mark.parametrize("form", [".csv", ".parquet"])
def test_blocks_of_a_table_end_where_shipments_do(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = pl.DataFrame(shipments.flat([*shipments.shipments(60)]), infer_schema_length=None)
    rows = rows.cast(pl.String)
    path = tmp_path / f"in{form}"
    rows.write_csv(path) if form == ".csv" else rows.write_parquet(path)
    run(path, "--out", tmp_path / "whole.parquet")
    monkeypatch.setattr(assess_blocks, "BLOCK_ROWS", 7)
    monkeypatch.setattr(assess_blocks, "TABLES_ROWS", 7)
    monkeypatch.setattr(assess_in, "BATCH_ROWS", 7)
    monkeypatch.setattr(records, "LINES_AT_ONCE", 5)
    monkeypatch.setattr(rows_module, "SLICE_ROWS", 4)
    monkeypatch.setattr(rows_module, "ROWS_MIN", 0)
    run(path, "--out", tmp_path / "cut.parquet")
    assert read(tmp_path / "cut.parquet").equals(read(tmp_path / "whole.parquet"))


def test_a_broken_line_is_told_in_its_place_and_blocks_go_on_behind_it(tmp_path: Path) -> None:
    path = csv(tmp_path, shipments.shipments(40))
    lines = path.read_text().splitlines()
    for place in (30, 31, 12, 5):
        lines.insert(place, "too,few")
    path.write_text("\n".join(lines) + "\n")
    run(path, "--out", tmp_path / "blocks.parquet")
    run(path, "--items", "--out", tmp_path / "items.parquet")
    blocks, items = (pl.read_parquet(tmp_path / f"{name}.parquet") for name in ("blocks", "items"))
    told = items.select("row", "shipment", "status", "violations").unique(maintain_order=True)
    assert blocks.select(told.columns).equals(told)
    assert sum("CSV_RAGGED" in (each or "") for each in blocks["violations"]) >= 4
