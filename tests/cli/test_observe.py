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


def test_an_indicator_is_shown_by_year_and_economy_with_its_source(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "show", "fixed_broadband", "--years", "2022..2023")
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines() if line.startswith("2022")] == [
        ["2022", "41.4", "36.8", "45.5", "12.9", "24.6", "17.7"]
    ]
    assert "wdi-2026-07: World Bank" in done.stdout


def test_a_value_of_another_source_is_marked(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "show", "egdi_rank", "--economy", "CN", "--years", "2018..")
    assert "45*" in done.stdout
    assert "* from song-2023" in done.stdout


def test_every_vintage_is_shown_with_its_remark(tmp_path: Path) -> None:
    options = ("--vintages", "--economy", "JP", "--years", "2020", "--json")
    told = json.loads(tumen(tmp_path, "observe", "show", "internet_users", *options).stdout)
    assert {(each["source"], each["value"]) for each in told} == {
        ("gapminder-2026-11", 90.2195),
        ("song-2023", 90.2),
    }


def test_a_chart_has_a_line_for_each_economy(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "show", "egdi", "--chart", "--economy", "KR")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("South Korea")]
    assert line.split()[3].count("·") == 7
    assert "█" in line


def test_what_is_held_is_listed_without_a_name(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "show")
    assert "fixed_broadband" in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 100


def test_a_comparison_tells_leader_world_and_whether_the_gap_closes(tmp_path: Path) -> None:
    options = ("--year", "2023", "--since", "2015")
    done = tumen(tmp_path, "observe", "compare", "fixed_broadband", *options)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [
        "5",
        "Mongolia",
        "14.6",
        "2023",
        "-32.0",
        "31%",
        "-4.0",
        "78%",
        "18%",
        "closing",
    ] in rows
    assert "The world: 18.6 (the world in 2023)." in done.stdout


def test_an_unknown_indicator_is_told_with_those_that_are_near(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "compare", "mobile")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "INDICATOR_UNKNOWN")
    assert "mobile_cellular" in done.stderr


def test_the_divide_is_told_with_intervals_and_by_pillar(tmp_path: Path) -> None:
    done = tumen(tmp_path, "observe", "divide", "--resamples", "500")
    assert done.returncode == 0, done.stderr
    assert "The gap to South Korea by pillar" in done.stdout
    assert "500 draws with seed 2023" in done.stdout
    assert "cybersecurity (2020)" in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 100


def test_the_divide_as_json_is_the_same_bytes_again(tmp_path: Path) -> None:
    one, other = (
        tumen(tmp_path, "observe", "divide", "--json", "--resamples", "200") for _ in range(2)
    )
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["leader"] == "KR"


@pytest.mark.parametrize("what", ["fixed_broadband", "study", "divide"])
def test_a_dataset_is_exported_with_its_structure(tmp_path: Path, what: str) -> None:
    done = tumen(
        tmp_path, "observe", "export", what, "--out", tmp_path / "sx", "--format", "sdmx-csv"
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "sx").iterdir()} == {"structure.xml", "data.csv"}
    assert "observations in" in done.stdout


def test_what_was_imported_is_shown_beside_what_was_held(tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_text(
        "Country Name,Country Code,Indicator Name,Indicator Code,2023\n"
        "China,CHN,Fixed broadband,IT.NET.BBND.P2,44.9\nArab World,ARB,Fixed broadband,IT,1\n",
        encoding="utf-8",
    )
    options = ("--source", "wdi", "--edition", "2026-09", "--title", "Indicators", "--publisher",
               "A bank", "--licence", "CC BY 4.0", "--retrieved", "2026-09-02")  # fmt: skip
    told = ("observe", "import", file, "--indicator", "fixed_broadband", *options)
    done = tumen(tmp_path, *told, "--unit", "per 100 inhabitants")
    assert done.returncode == 0, done.stderr
    assert "Left out: 1 rows of no economy: ARB" in done.stdout
    shown = tumen(tmp_path, "observe", "show", "fixed_broadband", "--years", "2023").stdout
    assert "44.9*" in shown
    assert "A bank, Indicators, edition 2026-09; retrieved 2026-09-02" in shown
    again = tumen(tmp_path, *told, "--unit", "per 100 inhabitants")
    assert (again.returncode, again.stderr.split(":")[0]) == (2, "VINTAGE_EXISTS")


@pytest.mark.parametrize(
    "options",
    [
        ("show", "table10.sales", "--chart"),
        ("show", "table10.sales", "--json"),
        ("export", "study", "--economy", "CN"),
        ("export", "divide", "--years", "2022"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = tumen(tmp_path, "observe", *options)
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "USAGE")
