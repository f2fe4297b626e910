"""The official CEB samples end to end: dirty on purpose, every document ends in a right receipt."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from lxml import etree

from clearing import Clearing
from running import summary
from tumen.store.database import Database

SHARED = Path(__file__).parents[2] / "../shared/conformance/ceb"
SAMPLES = SHARED / "samples_import"
SERVED = {
    "CEB311Message": ("order", "CEB312"),
    "CEB411Message": ("payment", "CEB412"),
    "CEB511Message": ("waybill", "CEB512"),
    "CEB621Message": ("declaration", "CEB622"),
    "CEB623Message": ("revocation", "CEB624"),
    "CEB625Message": ("return", "CEB626"),
}

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the official samples lie in a folder beside the repository"
)


def documents_in(file: Path) -> int:
    """How many business documents a sample holds."""
    skipped = {"BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature"}
    return sum(etree.QName(child).localname not in skipped for child in etree.parse(file).getroot())


@pytest.fixture
def cleared(database: Database) -> Clearing:
    clearing = Clearing(database)
    clearing.files(SAMPLES)
    return clearing


def test_every_document_of_the_samples_has_one_answer_and_none_is_clean(cleared: Clearing) -> None:
    answers = defaultdict(list)
    for row in cleared.rows():
        answers[Path(row["source"]).stem].append(row)
    for name, (kind, _) in SERVED.items():
        rows = answers[name]
        assert len(rows) == documents_in(SAMPLES / f"{name}.xml")
        assert {row["kind"] for row in rows} == {kind}
        assert {row["answer"] for row in rows} <= {"rejected", "duplicate"}
        assert {row["original_answer"] for row in rows} == {"rejected"}
        assert all(row["status"] < 0 for row in rows if row["answer"] == "rejected")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CEB311Message", "LINE_TOTAL_MISMATCH"),
        ("CEB311Message", "IDENTITY_NUMBER_INVALID"),
        ("CEB411Message", "IDENTITY_NUMBER_INVALID"),
        ("CEB511Message", "PACKAGE_COUNT_NOT_ONE"),
        ("CEB621Message", "PACKAGE_COUNT_NOT_ONE"),
        ("CEB621Message", "GUARANTOR_NOT_A_PARTY"),
        ("CEB623Message", "IDENTITY_NUMBER_INVALID"),
        ("CEB625Message", "HS_CODE_UNKNOWN"),
    ],
)
def test_what_is_wrong_with_a_sample_is_told(name: str, code: str, cleared: Clearing) -> None:
    found = {
        row["code"]
        for outcome in cleared.outcomes
        for row in outcome.violations.iter_rows(named=True)
        if row["source"] and Path(row["source"]).stem == name
    }
    assert code in found


def test_messages_that_are_not_served_say_so(cleared: Clearing) -> None:
    others = {file.stem for file in SAMPLES.glob("*.xml")} - set(SERVED)
    assert others
    codes = defaultdict(set)
    for outcome in cleared.outcomes:
        for row in outcome.violations.iter_rows(named=True):
            codes[Path(row["source"]).stem].add(row["code"])
    assert {name: codes[name] for name in others} == {n: {"MESSAGE_NOT_SERVED"} for n in others}


def test_the_receipt_messages_of_the_samples_are_valid_by_the_schema(
    database: Database, tmp_path: Path
) -> None:
    samples = tmp_path / "samples"
    shutil.copytree(SAMPLES, samples)
    out = tmp_path / "out"
    summary(tmp_path, "clear", samples, "--database", database.url, "--out", out)
    (schema_file,) = (file for file in (SHARED / "xsd").glob("*.xsd") if "进口" in file.name)
    schema = etree.XMLSchema(etree.parse(schema_file))
    written = sorted((out / "ceb").glob("*.xml"))
    names = {receipt for _, receipt in SERVED.values()}
    assert {name for name in names if any(name in file.name for file in written)} == names
    for file in written:
        schema.assertValid(etree.parse(file))
