"""What a run leaves in its folder: no answer is lost, whatever a batch was cut into."""

import json
from collections import Counter
from pathlib import Path

from lxml import etree

from running import summary, tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database

BESIDE = {"BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature"}


def names_in(file: Path) -> list[str]:
    """The local names of the elements right below the root."""
    return [etree.QName(child).localname for child in etree.parse(file).getroot()]


def test_every_document_of_a_message_has_its_return_in_the_message_that_answers_it(
    tmp_path: Path, database: Database
) -> None:
    written = simulate(Plan(4, 5, fault="amended_order", format="ceb"), tmp_path / "made")
    out = tmp_path / "out"
    for _ in range(2):
        summary(tmp_path, "clear", written.documents, "--database", database.url, "--out", out)
        lodged = Counter(
            file.stem
            for file in written.documents.rglob("*.xml")
            for name in names_in(file)
            if name not in BESIDE
        )
        answered = Counter(
            stem
            for file in (out / "ceb").glob("*.CEB*.xml")
            for stem in lodged
            if f"{stem}.xml." in file.name
            for _ in names_in(file)
        )
        assert answered == lodged


def test_messages_whose_names_would_fall_together_are_answered_apart(
    tmp_path: Path, database: Database
) -> None:
    made = simulate(Plan(1, 5, share=0.0, format="ceb"), tmp_path / "made").documents
    (order,) = made.rglob("*-311-*.xml")
    (payment,) = made.rglob("*-411-*.xml")
    lodged = tmp_path / "in"
    (lodged / "a").mkdir(parents=True)
    order.rename(lodged / "a/b.xml")
    order_again = lodged / "a__b.xml"
    order_again.write_bytes((lodged / "a/b.xml").read_bytes())
    payment.rename(lodged / "c.xml")
    out = tmp_path / "out"
    summary(tmp_path, "clear", lodged, "--database", database.url, "--out", out)
    assert len([*(out / "ceb").glob("*.CEB312.xml")]) == 2
    assert len([*(out / "ceb").glob("*.CEB412.xml")]) == 1


def test_a_file_of_another_ending_is_answered_and_those_after_it_are_read(
    tmp_path: Path, database: Database
) -> None:
    written = simulate(Plan(2, 5, share=0.0), tmp_path / "made")
    (written.documents / "README.txt").write_text("Orders of Monday.", encoding="utf-8")
    out = tmp_path / "out"
    for answer in ("rejected", "duplicate"):
        found = summary(
            tmp_path, "clear", written.documents, "--database", database.url, "--out", out
        )
        assert found["documents"]["unreadable"][answer] == 1
        assert sum(found["documents"]["declaration"].values()) == 2
        receipts = (out / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
        assert sum("SOURCE_FORMAT_UNKNOWN" in line for line in receipts) == 1


def test_a_run_does_not_read_its_own_answers(tmp_path: Path, database: Database) -> None:
    lodged = simulate(Plan(2, 5, share=0.0), tmp_path / "made").documents
    for _ in range(2):
        found = summary(
            tmp_path, "clear", lodged, "--database", database.url, "--out", lodged / "out"
        )
        assert not any(found["documents"]["unreadable"].values())
        assert sum(found["documents"]["declaration"].values()) == 2


def test_answers_are_not_written_into_the_folder_that_is_read(
    tmp_path: Path, database: Database
) -> None:
    lodged = simulate(Plan(1, 5, share=0.0), tmp_path / "made").documents
    done = tumen(tmp_path, "clear", lodged, "--database", database.url, "--out", lodged)
    assert done.returncode == 2
    assert "--out" in done.stderr


def test_receipts_stand_in_the_order_of_files_and_lines(tmp_path: Path, database: Database) -> None:
    written = simulate(Plan(60, 3, share=0.6), tmp_path / "made")
    out = tmp_path / "out"
    summary(tmp_path, "clear", written.documents, "--database", database.url, "--out", out)
    receipts = [json.loads(line) for line in (out / "receipts.ndjson").open(encoding="utf-8")]
    places = [(each["file"], each["place"]) for each in receipts]
    firsts = [place for at, place in enumerate(places) if place not in places[:at]]
    assert firsts == sorted(firsts)
    assert len({file for file, _ in places}) > 1
