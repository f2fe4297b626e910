"""The worked study: our tables are its cells, our text its figures, and known slips are found."""

import csv
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tumen.observatory.audit import Audit, audit
from tumen.observatory.finding import Finding
from tumen.observatory.study import read_study
from tumen.observatory.worked import WORKED_STUDY

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "../shared/paper"
needs_paper = pytest.mark.skipif(
    not PAPER.is_dir(), reason="needs ../shared/paper, which is not in the repository"
)


@cache
def worked() -> Audit:
    return audit(read_study(WORKED_STUDY))


def finding(identifier: str) -> Finding:
    return next(each for each in worked().claims if each.claim.id == identifier)


@pytest.mark.parametrize(
    ("identifier", "slip", "corrected"),
    [
        ("C005", "growth_over_end_year", "16.9 percent"),
        ("C010", "growth_over_end_year", "107.5 percent"),
        ("C030", "growth_over_end_year", "31.8 percent"),
        ("C034", "lost_minus", "-0.79 percent"),
        ("C044", "times_for_percent", "275 percent"),
        ("C125", "truncated_not_rounded", "25.3 percent"),
        ("C129", "factor_of_ten", "table13.trade[CN-JL, 2023-01/2023-07] = 16.377 billion CNY"),
        ("C137", "date_after_document", ""),
    ],
)
def test_the_audit_names_a_known_slip(identifier: str, slip: str, corrected: str) -> None:
    (diagnosis,) = finding(identifier).diagnosis
    assert (diagnosis.slip, diagnosis.corrected) == (slip, corrected)


def test_the_swapped_header_of_table_2_is_found_and_both_tables_are_named() -> None:
    explanations = finding("C046").diagnosis
    assert {each.slip for each in explanations} == {"swapped_header"}
    assert {each.evidence["cell"].partition(".")[0] for each in explanations} == {
        "table02", "table07",
    }  # fmt: skip


def test_a_share_that_rests_on_a_doubted_cell_says_so() -> None:
    remarks = {remark.code: remark.text for remark in finding("C119").remarks}
    assert "17.586 percent" in remarks["DOUBTED"]
    assert "2023-05-09" in remarks["AFTER_DOCUMENT"]


def test_there_are_146_claims_each_with_its_place() -> None:
    claims = worked().study.claims
    assert [claim.id for claim in claims] == [f"C{number:03d}" for number in range(1, 147)]
    assert all(claim.section and claim.line and claim.says for claim in claims)
    assert all(claim.fault is None for claim in claims)


@needs_paper
def test_the_tables_are_those_that_the_tool_builds(tmp_path: Path) -> None:
    tool = ROOT / "tools/build_study_song_2023.py"
    subprocess.run([sys.executable, tool, PAPER, tmp_path], check=True)
    built = sorted(path.name for path in tmp_path.iterdir())
    assert len(built) == 15
    for name in built:
        assert (tmp_path / name).read_bytes() == (WORKED_STUDY.parent / name).read_bytes(), name


@needs_paper
def test_every_claim_and_figure_of_the_text_stands_on_its_line() -> None:
    lines = (PAPER / "source.txt").read_text(encoding="utf-8").splitlines()
    with (WORKED_STUDY.parent / "text.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            near = "".join(lines[int(row["place"].rpartition(" ")[2]) - 1 :][:12])
            assert row["value"] in near, row
    with (PAPER / "claims_open.csv").open(encoding="utf-8") as file:
        told = {row["id"]: int(row["source_line"]) for row in csv.DictReader(file)}
    assert {claim.id: claim.line for claim in worked().study.claims} == told


@needs_paper
def test_no_sentence_of_the_study_is_carried_over() -> None:
    source = (PAPER / "source.txt").read_text(encoding="utf-8").lower()
    words = source.split()
    runs = {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}
    for claim in worked().study.claims:
        said = claim.says.lower().split()
        ours = {" ".join(said[at : at + 8]) for at in range(len(said) - 7)}
        assert not ours & runs, claim.id


def test_the_audit_printed_twice_has_the_same_bytes() -> None:
    command = [sys.executable, "-m", "tumen", "observe", "audit", "--json"]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in "12")
    assert first == second
    assert sum(json.loads(first)["counts"]["claims"].values()) == 146
