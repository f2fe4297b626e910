"""`tumen observe` prints an audit that can be read, says what is wrong, and shows the cells."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from studying import written

from running import tumen

PRACTICE = Path(__file__).parents[2] / "examples/study/study.toml"
ROWS = "a,CN,2019,10.0,billion USD,A,,,here,\na,CN,2020,20.0,billion USD,A,,,here,\n"
CLAIM = """
[[claims]]
id = "C1"
section = "2"
line = 7
says = "It grew by half."
expression = "growth(t.a[CN, 2019], t.a[CN, 2020])"
claimed = "50.0"
unit = "percent"
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return written(tmp_path, CLAIM, {"t": ROWS})


def test_an_audit_tells_what_is_printed_what_comes_out_and_why(study: Path) -> None:
    done = tumen(study.parent, "observe", "audit", study)
    assert done.returncode == 0, done.stderr
    assert "C1  inconsistent  It grew by half.  (2, line 7)" in done.stdout
    assert "growth was taken over the end year" in done.stdout
    assert "100.0 percent" in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 100


def test_an_audit_as_json_names_slip_evidence_and_correction(study: Path) -> None:
    (claim,) = json.loads(tumen(study.parent, "observe", "audit", study, "--json").stdout)["claims"]
    assert claim["verdict"] == "inconsistent"
    assert claim["recomputed"] == "100.000 percent"
    (diagnosis,) = claim["diagnosis"]
    assert diagnosis["slip"] == "growth_over_end_year"
    assert diagnosis["corrected"] == "100.0 percent"
    assert claim["cells"] == ["t.a[CN, 2019]", "t.a[CN, 2020]"]


def test_a_study_that_cannot_be_read_is_told_with_its_line(study: Path) -> None:
    study.write_text(study.read_text(encoding="utf-8") + 'verdict = "true"\n', encoding="utf-8")
    done = tumen(study.parent, "observe", "audit", study)
    assert done.returncode == 2
    assert done.stderr.startswith("KEY_UNKNOWN: study.toml:")


def test_a_study_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "audit", tmp_path / "absent.toml")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "PATH_ABSENT")


def test_the_cells_of_a_series_are_shown_with_their_place(study: Path) -> None:
    done = tumen(study.parent, "observe", "show", "t.a", study, "--economy", "CN")
    assert done.returncode == 0, done.stderr
    assert "20.0" in done.stdout
    assert "here" in done.stdout


def test_a_series_that_is_not_held_is_told_with_those_that_are(study: Path) -> None:
    done = tumen(study.parent, "observe", "show", "t.b", study)
    assert done.returncode == 2
    assert "There are: t.a." in done.stderr


def test_a_build_tells_what_it_did_and_where_to_look(study: Path) -> None:
    done = tumen(study.parent, "observe", "build", study, "--out", study.parent / "site")
    assert done.returncode == 0, done.stderr
    assert "0 pictures drawn, 0 files removed." in done.stdout
    assert f"Open {study.parent / 'site/index.html'}" in done.stdout
    page = (study.parent / "site/audit/findings.html").read_text(encoding="utf-8")
    assert "It grew by half." in page
    again = tumen(study.parent, "observe", "build", study, "--out", study.parent / "site")
    assert " 0 of them written" in again.stdout


def test_a_build_into_a_folder_of_something_else_is_refused(study: Path) -> None:
    done = tumen(study.parent, "observe", "build", study, "--out", study.parent)
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "FOLDER_FOREIGN")


def test_a_plan_that_is_wrong_is_told_with_its_line(study: Path) -> None:
    (study.parent / "publication.toml").write_text("[[pages]]\nid = 7\n", encoding="utf-8")
    done = tumen(study.parent, "observe", "build", study, "--out", study.parent / "site")
    assert done.returncode == 2
    assert done.stderr.startswith("PLAN_WRONG: publication.toml:1: ")


def test_the_practice_study_says_what_its_page_says(tmp_path: Path) -> None:
    told = json.loads(tumen(tmp_path, "observe", "audit", PRACTICE, "--json").stdout)
    verdicts = {claim["id"]: claim["verdict"] for claim in told["claims"]}
    assert verdicts == {
        "A1": "consistent", "A2": "inconsistent", "A3": "inconsistent", "A4": "unit_error",
        "A5": "consistent", "A6": "not_checkable",
    }  # fmt: skip
    assert [claim["diagnosis"][0]["slip"] for claim in told["claims"][1:4]] == [
        "growth_over_end_year", "another_year", "percent_for_points",
    ]  # fmt: skip


def test_the_practice_study_is_published_with_its_pictures(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "build", PRACTICE, "--out", tmp_path / "site")
    assert done.returncode == 0, done.stderr
    assert "2 pictures drawn" in done.stdout
    assert "37.5\u00a0%" in (tmp_path / "site/pages/growth.html").read_text(encoding="utf-8")
