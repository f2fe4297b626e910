"""`tumen law cases` says what was expected, what is computed, and ends with 1 where they differ."""

from pathlib import Path

import msgspec
import pytest
import typer
from rich.console import Console

from running import tumen
from tumen.cli.law_cases import print_cases
from tumen.law.cases import cases


def test_the_cases_of_one_economy_are_told_with_their_traps(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "cases", "--economy", "JP")
    assert (done.returncode, done.stderr) == (0, "")
    assert "KR-02" not in done.stdout
    assert "The page prints 960" in done.stdout
    assert "3 of 3 cases are as expected; 3 of all are traps, 1 cannot be computed." in done.stdout


def test_a_case_that_is_computed_otherwise_is_told_and_ends_with_one() -> None:
    right = next(each for each in cases() if each.id == "KR-02")
    wrong = msgspec.structs.replace(right, expected=right.expected | {"vat": "33901"})
    console = Console(record=True, width=120)
    with pytest.raises(typer.Exit) as ended:
        print_cases(console, [right, wrong])
    assert ended.value.exit_code == 1
    told = console.export_text()
    assert "DIFFERS: duty 39000, vat 33900, total 72900" in told
    assert "1 of 2 cases are as expected" in told
