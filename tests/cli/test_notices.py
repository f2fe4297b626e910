"""Notices of a declaration's new status can be fetched again, as receipts can."""

from pathlib import Path

import pytest

from running import summary, tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database


@pytest.fixture
def days(tmp_path: Path) -> list[Path]:
    """The documents of one consignment; the payment comes a day after the others."""
    made = simulate(Plan(1, 3, share=0.0), tmp_path / "made").documents
    lines = [
        line
        for file in sorted(made.rglob("*.ndjson"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    files = [tmp_path / "first.ndjson", tmp_path / "second.ndjson"]
    for file, is_payment in zip(files, (False, True), strict=True):
        chosen = [line for line in lines if ('"kind":"payment"' in line) is is_payment]
        file.write_text("\n".join(chosen) + "\n", encoding="utf-8")
    return files


def notices(folder: Path, database: Database, name: str, *files: Path) -> str:
    """What a run tells of declarations answered before."""
    out = folder / name
    summary(folder, "clear", *files, "--database", database.url, "--out", out)
    told = out / "notices.ndjson"
    return told.read_text(encoding="utf-8") if told.exists() else ""


def test_the_same_command_again_gives_the_same_notices(
    days: list[Path], tmp_path: Path, database: Database
) -> None:
    first, second = days
    assert notices(tmp_path, database, "one", first) == ""
    told = notices(tmp_path, database, "two", second)
    assert '"status":800' in told
    assert notices(tmp_path, database, "again", second) == told
    assert notices(tmp_path, database, "early", first) == told
    assert notices(tmp_path, database, "both", first, second) == told


def test_the_notices_of_a_consignment_are_sent_again_with_its_receipts(
    days: list[Path], tmp_path: Path, database: Database
) -> None:
    notices(tmp_path, database, "one", days[0])
    told = notices(tmp_path, database, "two", days[1])
    number = told.partition('"order_number":"')[2].partition('"')[0]
    done = tumen(tmp_path, "resend", number, "--database", database.url)
    assert done.stdout.splitlines().count(told.strip()) == 1
    folder = tmp_path / "sent"
    tumen(tmp_path, "resend", number, "--database", database.url, "--out", folder)
    assert [file.read_text("utf-8") for file in folder.glob("notice-*.json")] == [told.strip()]
    assert len([*folder.iterdir()]) == 5
