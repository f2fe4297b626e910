"""A build makes again only what a change touches, gives the same bytes, tells what is wrong."""

import shutil
from pathlib import Path

import pytest
from studying import written

from tumen.kernel.errors import SourceUnreadable, UsageError
from tumen.observatory.errors import StudyError
from tumen.observatory.publication.build import build
from tumen.observatory.publication.folder import FolderForeign
from tumen.observatory.worked import WORKED_STUDY

ROWS = "a,CN,2019,10.0,billion USD,A,,,here,\na,CN,2020,20.0,billion USD,A,,,here,\n"
OTHER = "b,JP,2019,5.0,percent,A,,,there,\nb,JP,2020,6.0,percent,A,,,there,\n"
CLAIM = """
[[claims]]
id = "C1"
section = "第一章"
line = 7
says = "It grew by half."
expression = "growth(t.a[CN, 2019], t.a[CN, 2020])"
claimed = "50.0"
unit = "percent"
"""
PLAN = """
[[tables]]
dataset = "t"
columns = ["period"]

[[figures]]
id = "first"
title = "First"
kind = "lines"
series = ["t.a"]
economies = ["CN"]
periods = ["2019", "2020"]

[[figures]]
id = "second"
title = "Second"
kind = "bars"
series = ["u.b"]
economies = ["JP"]
periods = ["2019", "2020"]

[[pages]]
id = "page"
title = "A page"
text = ["It came to <<t.a[CN, 2020]; billion USD; 1>> (<<C1>>), printed <<C1 claimed>>."]
figures = ["first"]
tables = ["t"]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "publication.toml").write_text(PLAN, encoding="utf-8")
    return written(folder, CLAIM, {"t": ROWS, "u": OTHER})


def plan(study: Path, text: str) -> None:
    (study.parent / "publication.toml").write_text(text, encoding="utf-8")


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(study: Path, code: str) -> str:
    with pytest.raises(StudyError) as raised:
        build(study, study.parent / "site")
    assert raised.value.code == code
    return str(raised.value)


def test_two_builds_of_the_same_study_give_the_same_bytes(study: Path, tmp_path: Path) -> None:
    build(study, tmp_path / "one")
    build(study, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert "figures/first.png" in files(tmp_path / "one")


def test_a_changed_cell_redraws_the_picture_that_shows_it_and_no_other(
    study: Path, tmp_path: Path
) -> None:
    build(study, tmp_path / "site")
    change(study.parent / "t.csv", "20.0", "30.0")
    again = build(study, tmp_path / "site")
    assert {name.partition(".")[0] for name in again.drawn} == {"figures/first"}
    assert "pages/page.html" in again.written
    assert not [name for name in again.written if name.startswith(("tables/u", "figures/second"))]
    build(study, tmp_path / "anew")
    assert files(tmp_path / "site") == files(tmp_path / "anew")


def test_a_picture_that_somebody_changed_is_drawn_again(study: Path, tmp_path: Path) -> None:
    build(study, tmp_path / "site")
    before = files(tmp_path / "site")
    (tmp_path / "site/figures/second.png").write_bytes(b"another")
    build(study, tmp_path / "site")
    assert files(tmp_path / "site") == before


def test_what_is_no_longer_planned_is_removed_and_nothing_else(study: Path, tmp_path: Path) -> None:
    build(study, tmp_path / "site")
    (tmp_path / "site/mine.txt").write_text("mine", encoding="utf-8")
    plan(study, PLAN.replace('id = "second"', 'id = "other"'))
    again = build(study, tmp_path / "site")
    assert "figures/second.png" in again.removed
    assert not (tmp_path / "site/figures/second.png").exists()
    assert (tmp_path / "site/mine.txt").exists()


def test_a_folder_with_other_files_is_left_alone(study: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/paper.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderForeign):
        build(study, tmp_path / "mine")
    assert list(files(tmp_path / "mine")) == ["paper.txt"]


@pytest.mark.parametrize("name", ["../paper.txt", "/etc/paper.txt"])
def test_a_list_that_names_files_outside_its_folder_removes_none(
    study: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "paper.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "site").mkdir()
    told = f'{{"{name}": {{"key": "", "sha256": ""}}}}'
    (tmp_path / "site/build.json").write_text(told, encoding="utf-8")
    with pytest.raises(FolderForeign):
        build(study, tmp_path / "site")
    assert (tmp_path / "paper.txt").exists()


def test_a_list_that_cannot_be_read_is_told(study: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/build.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceUnreadable):
        build(study, tmp_path / "site")


def test_a_study_without_a_plan_is_published_with_its_cells_and_its_audit(
    study: Path, tmp_path: Path
) -> None:
    (study.parent / "publication.toml").unlink()
    built = build(study, tmp_path / "site")
    assert not built.drawn
    text = (tmp_path / "site/audit/findings.html").read_text(encoding="utf-8")
    assert "Growth was taken over the end year" in text
    assert "20.0 billion USD" in (tmp_path / "site/tables/t.html").read_text(encoding="utf-8")


def test_a_section_that_is_not_in_latin_letters_has_its_page(study: Path, tmp_path: Path) -> None:
    build(study, tmp_path / "site")
    (page,) = (tmp_path / "site/audit").glob("section-*.html")
    assert "第一章" in page.read_text(encoding="utf-8")


def test_a_number_that_cannot_be_computed_is_told_and_stops_nothing(
    study: Path, tmp_path: Path
) -> None:
    plan(study, PLAN.replace("<<t.a[CN, 2020]", "<<t.a[CN, 1999]"))
    built = build(study, tmp_path / "site")
    assert built.gaps == (("page", "CELL_UNKNOWN"),)
    text = (tmp_path / "site/pages/page.html").read_text(encoding="utf-8")
    assert "[not computed: CELL_UNKNOWN]" in text
    assert "C1: inconsistent" in text


def test_what_a_study_writes_is_text_and_never_markup(study: Path, tmp_path: Path) -> None:
    change(study, "It grew by half.", "<script>alert(1)</script>")
    build(study, tmp_path / "site")
    pages = [data for name, data in files(tmp_path / "site").items() if name.endswith(".html")]
    assert not [text for text in pages if b"<script>" in text]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('kind = "bars"', 'kind = "pie"', "PLAN_WRONG", 14),
        ('title = "Second"', 'titel = "Second"', "PLAN_WRONG", 14),
        ('id = "second"', 'id = "../second"', "PLAN_WRONG", 14),
        ('id = "second"', 'id = "first"', "PLAN_TWICE", 14),
        ('series = ["u.b"]', 'series = ["v.b"]', "PLAN_UNKNOWN", 14),
        ('dataset = "t"', 'dataset = "v"', "PLAN_UNKNOWN", 2),
        ('figures = ["first"]', 'figures = ["third"]', "PLAN_UNKNOWN", 22),
        ('kind = "lines"', 'kind = "lines"\nunit = "percent"', "UNIT_MISMATCH", 6),
        ('kind = "lines"', 'kind = "lines"\nunit = "7"', "UNIT_UNKNOWN", 6),
        ('"2019", "2020"]\n\n[[figures]]', '"2019-Q1"]\n\n[[figures]]', "PLAN_WRONG", 6),
        ('kind = "bars"', 'kind = "dots"', "PLAN_WRONG", 14),
        ('kind = "bars"\nseries = ["u.b"]\neconomies = ["JP"]',
         'kind = "scale"\nseries = ["u.b"]\neconomies = ["JP", "CN"]', "PLAN_WRONG", 14),
        ('economies = ["CN"]', 'economies = ["A", "B", "C", "D", "E", "F", "G"]', "PLAN_WRONG", 6),
        ('kind = "bars"', 'kind = "timeline"\nfile = "../plans.csv"', "PLAN_WRONG", 14),
    ],
)  # fmt: skip
def test_a_plan_that_is_wrong_is_refused_by_code_file_and_line(
    study: Path, old: str, new: str, code: str, line: int
) -> None:
    change(study.parent / "publication.toml", old, new)
    assert refused(study, code).startswith(f"publication.toml:{line}: ")


def test_a_plan_that_is_no_toml_is_refused(study: Path) -> None:
    plan(study, "[[tables")
    assert "publication.toml" in refused(study, "PLAN_SYNTAX")


def test_a_layout_that_leaves_a_dimension_out_is_refused(study: Path) -> None:
    change(study.parent / "publication.toml", 'columns = ["period"]', 'columns = ["series"]')
    assert "t lays two cells" in refused(study, "PLAN_OVERLAP")


def test_a_dataset_whose_name_leads_out_of_the_folder_is_refused(study: Path) -> None:
    change(study, 'name = "t"', 'name = "../t"')
    refused(study, "NAME_WRONG")


def test_a_file_of_plans_with_other_columns_is_refused_by_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "song"
    shutil.copytree(WORKED_STUDY.parent, folder)
    (folder / "policies.csv").write_text("when,what\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"policies\.csv:1: "):
        build(folder / WORKED_STUDY.name, tmp_path / "site")


@pytest.mark.parametrize("kind", ["lines", "bars", "dots", "correction"])
def test_a_picture_of_values_that_nobody_holds_says_so(
    study: Path, tmp_path: Path, kind: str
) -> None:
    figure = f'kind = "{kind}"\nseries = ["u.b"]\neconomies = ["MN"]\nperiods = ["2019"]'
    plan(study, f'[[figures]]\nid = "none"\ntitle = "None"\n{figure}\n')
    build(study, tmp_path / "site")
    svg = (tmp_path / "site/figures/none.svg").read_text(encoding="utf-8")
    assert "No value of this picture is held." in svg


def test_a_series_without_values_leaves_the_others_drawn(study: Path, tmp_path: Path) -> None:
    change(study.parent / "publication.toml", '["t.a"]', '["t.a", "t.c"]')
    build(study, tmp_path / "site")
    spec = (tmp_path / "site/figures/first.vl.json").read_text(encoding="utf-8")
    assert spec.count('"value": 20.0') == 2


def test_nothing_is_corrected_where_the_audit_finds_no_slip(study: Path, tmp_path: Path) -> None:
    figure = PLAN.replace('kind = "lines"', 'kind = "correction"\nby = ["C1"]')
    plan(study, figure)
    build(study, tmp_path / "site")
    spec = tmp_path / "site/figures/first.vl.json"
    assert "over_start" in spec.read_text(encoding="utf-8").partition('"datasets"')[2]
    change(study, 'claimed = "50.0"', 'claimed = "100.0"')
    build(study, tmp_path / "site")
    told = spec.read_text(encoding="utf-8")
    assert '"over_start": ' not in told
