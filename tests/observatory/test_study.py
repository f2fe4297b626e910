"""A study file that is wrong is refused with its place; a wrong claim never stops the rest."""

from pathlib import Path

import pytest
from studying import written

from tumen.observatory.audit import audit
from tumen.observatory.errors import StudyError
from tumen.observatory.study import read_study

ROWS = (
    "a,CN,2019,10.0,billion USD,A,,,here,\na,CN,2020,12.0,billion USD,A,,,here,\n"
    "a,JP,2020,,billion USD,M,,,here,\nz,CN,2019,0,billion USD,A,,,here,\n"
    "p,CN,2020,40,percent,A,,,here,\n"
)


def entry(identifier: str, expression: str, claimed: str = "20", more: str = "") -> str:
    return (
        f'[[claims]]\nid = "{identifier}"\nsection = "1"\nline = 3\nsays = "It grew."\n'
        f'expression = "{expression}"\nclaimed = "{claimed}"\nunit = "percent"\n{more}\n'
    )


GROWTH = "growth(t.a[CN, 2019], t.a[CN, 2020])"


def refused(file: Path) -> StudyError:
    with pytest.raises(StudyError) as error:
        audit(read_study(file))
    return error.value


@pytest.mark.parametrize("key", ["verdict", "recomputed", "diagnosis", "slip"])
def test_a_verdict_cannot_be_written_down(tmp_path: Path, key: str) -> None:
    error = refused(written(tmp_path, entry("C1", GROWTH, more=f'{key} = "x"'), {"t": ROWS}))
    assert error.code == "KEY_UNKNOWN"
    assert str(error).startswith("study.toml:8: ")


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        (ROWS + ROWS, "CELL_TWICE", 7),
        ("a,CN,2019,1e3,billion USD,A,,,,\n", "NUMBER_WRONG", 2),
        ("a,CN,2019,,billion USD,A,,,,\n", "STATUS_WRONG", 2),
        ("a,CN,2019,1,,A,,,,\n", "UNIT_UNKNOWN", 2),
        ("a,CN,19,1,rank,A,,,,\n", "PERIOD_WRONG", 2),
        ("a,CN,2019,1,rank,A\n", "ROW_WRONG", 2),
        ("a,CN,2019,1,rank,A,,,,,more\n", "ROW_WRONG", 2),
    ],
)
def test_a_wrong_row_is_told_with_its_file_and_line(
    tmp_path: Path, rows: str, code: str, line: int
) -> None:
    error = refused(written(tmp_path, "", {"t": rows}))
    assert error.code == code
    assert str(error).startswith(f"t.csv:{line}: ")


def test_a_table_with_other_columns_is_refused_at_its_first_line(tmp_path: Path) -> None:
    file = written(tmp_path, "", {"t": ROWS})
    (tmp_path / "t.csv").write_text("country,value\nCN,1\n", encoding="utf-8")
    error = refused(file)
    assert error.code == "COLUMNS_WRONG"
    assert str(error).startswith("t.csv:1: ")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        (entry("C1", GROWTH) * 2, "CLAIM_TWICE"),
        (entry("C1", GROWTH, claimed="many"), "NUMBER_WRONG"),
        (entry("C1", GROWTH, more='word = "roughly"'), "VALUE_WRONG"),
        ('[[claims]]\nid = "C1"\n', "KEY_ABSENT"),
        ("claims = 1\n", "VALUE_WRONG"),
        ('[[relations]]\nkind = "magic"\n', "VALUE_WRONG"),
        ('[[relations]]\nkind = "total"\n', "KEY_ABSENT"),
        ('[[relations]]\nkind = "total"\nof = "t.x"\ntotal = "WLD"\n', "SERIES_UNKNOWN"),
        ("[", "STUDY_SYNTAX"),
        ('[[datasets]]\nname = "u"\nfile = "../t.csv"\n', "VALUE_WRONG"),
        ('[[datasets]]\nname = "u"\nfile = "absent.csv"\n', "FILE_UNREADABLE"),
    ],
)
def test_a_study_file_of_another_form_is_refused(tmp_path: Path, claims: str, code: str) -> None:
    head = claims if claims == "claims = 1\n" else ""
    file = written(tmp_path, "" if head else claims, {"t": ROWS})
    if head:
        file.write_text(head + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert refused(file).code == code


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("growth(t.a[CN, 2019]", "EXPRESSION_SYNTAX"),
        ("inflate(t.a[CN, 2019])", "FUNCTION_UNKNOWN"),
        ("level(u.a[CN, 2019])", "DATASET_UNKNOWN"),
        ("level(t.b[CN, 2019])", "SERIES_UNKNOWN"),
        ("level(t.a[CN, 2018])", "CELL_UNKNOWN"),
        ("level(t.a[JP, 2020])", "CELL_MISSING"),
        ("t.a[CN, 2019] + t.p[CN, 2020]", "UNIT_MISMATCH"),
        ("growth(t.z[CN, 2019], t.a[CN, 2019])", "DENOMINATOR_ZERO"),
        ("growth(t.a[CN, 2019])", "ARGUMENTS_WRONG"),
        ("level(t.a[CN, 2019..2020])", "ARGUMENTS_WRONG"),
        ("compare(t.a[CN, 2019] > 1)", "ARGUMENTS_WRONG"),
        ("chain(t.a[CN, 2019], t.p[CN, {2020}])", "ARGUMENTS_WRONG"),
        ("level(document.published)", "SERIES_UNKNOWN"),
    ],
)
def test_one_broken_claim_never_stops_the_rest(tmp_path: Path, expression: str, code: str) -> None:
    claims = entry("C1", expression) + entry("C2", GROWTH)
    broken, sound = audit(read_study(written(tmp_path, claims, {"t": ROWS}))).claims
    assert broken.verdict == "not_checkable"
    assert broken.reason is not None
    assert (broken.reason.code, broken.reason.file_line) == (code, 8)
    assert sound.verdict == "consistent"


def test_a_value_derived_from_a_claim_does_not_check_it(tmp_path: Path) -> None:
    file = written(tmp_path, entry("C1", GROWTH) + entry("C2", GROWTH), {"t": ROWS})
    table = tmp_path / "t.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    lines = [f"{head},low,high,method,confidence,basis", *(f"{row},,,,,C1" for row in rows)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    first, second = audit(read_study(file)).claims
    assert first.reason is not None
    assert first.reason.code == "CIRCULAR"
    assert second.verdict == "consistent"


def test_the_same_thing_in_two_tables_must_agree(tmp_path: Path) -> None:
    unit = "billion USD,A,,sales,,\n"
    tables = {"t": f"a,CN,2020,12.0,{unit}", "u": f"b,CN,2020,13,{unit}b,JP,2020,1,{unit}"}
    (same,) = audit(read_study(written(tmp_path, "", tables))).tables
    assert same.verdict == "inconsistent"
    assert [one.slip for one in same.diagnosis] == ["tables_disagree"]


def test_a_period_after_the_documents_acceptance_is_found_unasked(tmp_path: Path) -> None:
    tables = {"t": "a,CN,2023-01/2023-07,1,rank,A,,,,\na,CN,2022,1,rank,A,,,,\n"}
    file = written(tmp_path, "", tables, head="accepted = 2023-05-09")
    (late,) = audit(read_study(file)).tables
    assert [one.slip for one in late.diagnosis] == ["date_after_document"]
