"""`tumen law` shows the law, checks it, and compares it; its page prints what it prints."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from running import tumen
from tumen.law.samples import FILE, sample

ROOT = Path(__file__).parents[2]
COLUMNS = 80
LOWER = """
[[parameter]]
name = "jp.deminimis.duty_limit"

[[parameter.value]]
from = 2026-01-01
value = 5_000
"""


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    file = tmp_path / "proposal.toml"
    file.write_text(LOWER, "utf-8")
    return file


def told(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def test_what_is_covered_is_listed_with_evidence_and_the_tariff(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "list")
    assert done.returncode == 0, done.stderr
    for economy in ("CN", "RU", "JP", "KR", "MN"):
        assert f"\n{economy}" in done.stdout
    assert "実行関税率表 2026-07-09, from 2026-07-09 (confirmed)" in done.stdout
    assert all(cell_len(line) <= COLUMNS for line in done.stdout.splitlines())


def test_one_economy_is_listed_alone_by_letters_of_any_case(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "list", "--economy", "jp")
    assert done.returncode == 0, done.stderr
    assert "deminimis" in done.stdout
    assert "liquor tax" not in done.stdout
    assert tumen(tmp_path, "law", "list", "--economy", "US").returncode == 2


def test_a_parameter_is_shown_with_days_citation_evidence_and_note(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "cn.cbec.single_limit")
    assert done.returncode == 0, done.stderr
    assert "2016-04-08 to 2018-12-31  2,000.00 CNY (200000 in the data)" in done.stdout
    assert "from 2019-01-01  5,000.00 CNY" in done.stdout
    assert "财关税〔2018〕49号, 1" in done.stdout
    assert "confirmed" in done.stdout


def test_what_is_only_proposed_is_shown_as_such(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "mn.minimum_wage")
    assert "proposed; it is shown, never computed with" in told(done.stdout)


def test_a_table_by_value_is_shown_as_a_table(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "ru.fee.brackets", "--at", "2020-06-01")
    assert "up to 200,000.00 RUB 500.00 RUB" in told(done.stdout)
    assert "above 30,000.00 RUB" in told(done.stdout)


def test_a_day_without_a_value_is_an_error_and_no_neighbours_value(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "cn.cbec.single_limit", "--at", "2016-04-07")
    assert done.returncode == 2
    assert "PARAMETER_NOT_IN_FORCE" in done.stderr
    assert done.stdout == ""


def test_the_beginning_of_names_lists_them_with_the_value_of_the_day(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "cn.cbec", "--at", "2016-04-08")
    assert "cn.cbec.single_limit: 2,000.00 CNY [confirmed]" in done.stdout
    assert "cn.cbec.return_apply_days: no value" in done.stdout


def test_a_tax_is_shown_with_its_classes_of_goods_and_their_codes(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "cn.vat", "--at", "2026-08-01")
    assert "cn.vat: 11 classes of goods" in done.stdout
    assert "HS 01 02 03" in done.stdout
    assert "cn.vat.standard: 13% [statute]" in done.stdout


@pytest.mark.parametrize("name", ["jp.deminimis.dutylimit", "deminimis.duty_limit", "duty_limit"])
def test_a_name_that_is_not_held_is_answered_with_near_ones(tmp_path: Path, name: str) -> None:
    done = tumen(tmp_path, "law", "show", name)
    assert done.returncode == 2
    assert "jp.deminimis.duty_limit" in done.stderr


def test_a_name_near_to_none_leads_to_the_list(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "show", "zzzz")
    assert done.returncode == 2
    assert "tumen law list" in done.stderr


def test_what_is_shown_fits_a_terminal(tmp_path: Path) -> None:
    for name in ("kr.", "ru.fee.brackets", "cn.vat", "jp.deminimis"):
        done = tumen(tmp_path, "law", "show", name)
        assert done.returncode == 0, done.stderr
        wide = [line for line in done.stdout.splitlines() if cell_len(line) > COLUMNS]
        assert not wide


def test_the_check_says_how_much_it_checked_and_fails_only_with_problems(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "check")
    assert "values of" in done.stdout + done.stderr
    problems = [line for line in done.stdout.splitlines() if ": is " in line]
    assert done.returncode == bool(problems)


def test_two_days_are_compared_and_it_is_told_for_whom(tmp_path: Path) -> None:
    """From 2026-07-01 what is bought on a platform is e-commerce goods (data/ru/ecommerce.toml)."""
    done = tumen(tmp_path, "law", "diff", "2026-06-30", "2026-07-01", "--economy", "RU")
    assert done.returncode == 0, done.stderr
    assert "ru.ecommerce.value_limit: no value → 200.00 EUR" in done.stdout
    assert "personal → ecommerce" in done.stdout
    # 450 EUR at 100: 15 % of 250 EUR and the fee of 500; then 5 % of 450 EUR.
    assert "4,250.00 RUB → 2,250.00 RUB" in done.stdout
    assert all(cell_len(line) <= COLUMNS for line in done.stdout.splitlines())


def test_a_table_that_changes_is_told_line_by_line(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "diff", "2020-08-31", "2020-09-01", "--economy", "RU")
    assert "ru.fee.brackets: a table of 7 lines → a table of 11 lines" in done.stdout
    assert "up to 200,000.00 RUB: 500.00 RUB → 775.00 RUB" in done.stdout


def test_between_equal_days_nothing_is_told_to_change(tmp_path: Path) -> None:
    done = tumen(tmp_path, "law", "diff", "2026-08-01", "2026-08-01")
    assert "0 values changed" in done.stdout
    assert f"0 of {len(sample())} made-up shipments" in done.stdout


def test_a_proposal_is_tried_on_the_shipments_that_come_along(
    tmp_path: Path, proposal: Path
) -> None:
    done = tumen(tmp_path, "law", "reform", proposal)
    assert done.returncode == 0, done.stderr
    assert "from 2026-01-01, in place of 10,000 JPY" in done.stdout
    assert "JP JPY" in done.stdout
    assert all(cell_len(line) <= COLUMNS for line in done.stdout.splitlines())


@pytest.mark.parametrize("name", ["day.ndjson", "day.jsonl", "day.ndjson.gz"])
def test_bad_rows_are_told_and_the_others_are_counted(
    tmp_path: Path, proposal: Path, name: str
) -> None:
    good = FILE.read_text("utf-8").splitlines()
    mine = json.dumps({**sample()[1], "shipment": "MINE-1"})
    bad = ["{", "[]", '{"destination": "JP"}', '{"a": 1, "a": 2}', "\udcff"]
    lines = [good[0], "", mine, *bad]
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    file = tmp_path / name
    file.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    done = tumen(tmp_path, "law", "reform", proposal, "--over", file, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["shipments"] == 2
    codes = {row["line"]: row["violations"][0]["code"] for row in result["unreadable"]}
    assert codes == {
        4: "JSON_MALFORMED",
        5: "JSON_NOT_OBJECT",
        6: "FIELD_MISSING",
        7: "KEY_TWICE",
        8: "TEXT_NOT_UTF8",
    }
    plain = tumen(tmp_path, "law", "reform", proposal, "--over", file)
    assert "5 rows could not be read" in plain.stdout
    assert "line 4: The line is not JSON" in plain.stderr


def test_sums_are_of_what_is_known_under_both_laws(tmp_path: Path, proposal: Path) -> None:
    """A code that does not exist is unknown; it is counted, and no part of a sum."""
    item = {**sample()[1]["items"][0], "hs": "999999999", "unit_price": "90000"}
    unknown = {**sample()[1], "items": [item]}
    file = tmp_path / "two.ndjson"
    file.write_text("\n".join(map(json.dumps, (sample()[1], unknown))), "utf-8")
    done = tumen(tmp_path, "law", "reform", proposal, "--over", file, "--json")
    result = json.loads(done.stdout)
    group = result["economy"]["JP"]
    # 9,000 x 60 % = 5,400, above 5,000: duty 5,000 x 10 % = 500; national tax on 5,400 + 500, cut
    # to 5,000, x 7.8 % = 390, cut to 300; local tax 300 x 22/78 = 84, cut to 0 (docs/law-jp.md, 4).
    assert (group["compared"], group["total_before"], group["total_after"]) == (1, "0", "800")
    assert group["statuses_before"]["exempt"] == 1
    assert group["statuses_before"]["unknown"] == group["statuses_after"]["unknown"] == 1
    assert result["chapter"]["JP 62"]["compared"] == 1


def test_a_proposal_that_does_not_fit_is_a_wrong_use(tmp_path: Path, proposal: Path) -> None:
    proposal.write_text(LOWER.replace("duty_limit", "duty_bound"), "utf-8")
    done = tumen(tmp_path, "law", "reform", proposal)
    assert done.returncode == 2
    assert "jp.deminimis.duty_limit" in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_not_there_or_of_another_form_is_told(
    tmp_path: Path, proposal: Path
) -> None:
    absent = tumen(tmp_path, "law", "reform", tmp_path / "none.toml")
    assert (absent.returncode, absent.stdout) == (2, "")
    assert "PATH_ABSENT" in absent.stderr
    missing = tumen(tmp_path, "law", "reform", proposal, "--over", tmp_path / "none.ndjson")
    assert missing.returncode == 1
    assert tumen(tmp_path, "law", "reform", proposal, "--over", proposal).returncode == 2


def test_the_pages_that_are_made_from_the_law_are_not_older_than_it() -> None:
    """To mend it: python tools/build_law_page.py."""
    done = subprocess.run(
        [sys.executable, "tools/build_law_page.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_an_imported_tariff_does_not_change_the_made_up_comparison(tmp_path: Path) -> None:
    """The sample is quoted with what comes along, so that everybody sees the same."""
    (tmp_path / "tariff").mkdir()
    table = ROOT / "src/tumen/law/data/tariff/kr.csv.gz"
    shutil.copy(table, tmp_path / "tariff/jp.csv.gz")
    days = ("2019-09-30", "2019-10-01")
    here = tumen(tmp_path, "law", "diff", *days, "--economy", "JP")
    (tmp_path / "other").mkdir()
    there = tumen(tmp_path / "other", "law", "diff", *days, "--economy", "JP")
    assert here.stdout == there.stdout
    assert "2,000 JPY" in here.stdout


def test_a_file_without_shipments_changes_nothing_and_says_so(
    tmp_path: Path, proposal: Path
) -> None:
    file = tmp_path / "none.ndjson"
    file.write_text("\n", "utf-8")
    done = tumen(tmp_path, "law", "reform", proposal, "--over", file)
    assert done.returncode == 0
    assert "0 of 0 shipments" in done.stdout
    assert "No shipment asked for jp.deminimis.duty_limit" in done.stdout
    assert "SOURCE_EMPTY" in done.stderr


def test_a_flat_table_of_shipments_is_read_as_assess_reads_it(
    tmp_path: Path, proposal: Path
) -> None:
    file = ROOT / "examples/shipments.csv"
    done = tumen(tmp_path, "law", "reform", proposal, "--over", file, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["shipments"] > 0
    assert [row["line"] for row in result["unreadable"]] == [8]  # its quantity is the word one


def test_a_day_of_another_century_is_named(tmp_path: Path) -> None:
    old = tumen(tmp_path, "law", "diff", "1999-12-31", "2026-01-01", "--economy", "MN")
    assert (old.returncode, old.stdout) == (2, "")
    assert "1999-12-31 is not between 2000 and 2100" in old.stderr
