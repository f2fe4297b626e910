"""`tumen tariff` shows what a tariff says, and imports official ones."""

from pathlib import Path

from rich.cells import cell_len

from running import tumen

COLUMNS = 80


def test_a_code_is_shown_with_its_rates_in_plain_words(tmp_path: Path) -> None:
    done = tumen(tmp_path, "tariff", "show", "jp", "6403.20-012", "--at", "2026-08-01")
    assert done.returncode == 0, done.stderr
    assert "JP 640320012 on 2026-08-01: Footwear;" in done.stdout
    assert "60% or 4,800 JPY/pair" in done.stdout
    assert "edition: 実行関税率表 2026-07-09 (confirmed)" in done.stdout
    assert "supplementary unit: PR, KG" in done.stdout


def test_what_is_shown_fits_a_terminal(tmp_path: Path) -> None:
    for economy, code in (("JP", "610910010"), ("RU", "8703231100"), ("KR", "2204210000")):
        done = tumen(tmp_path, "tariff", "show", economy, code, "--at", "2026-08-01")
        assert done.returncode == 0, done.stderr
        assert all(cell_len(line) <= COLUMNS for line in done.stdout.splitlines())


def test_a_rate_that_is_not_read_is_shown_as_not_known(tmp_path: Path) -> None:
    done = tumen(tmp_path, "tariff", "show", "RU", "0705210000", "--at", "2026-08-01")
    assert "not known" in done.stdout
    assert "base: temporary rate by footnote 63" in done.stdout


def test_a_day_before_the_edition_is_told(tmp_path: Path) -> None:
    done = tumen(tmp_path, "tariff", "show", "JP", "610910010", "--at", "2026-07-08")
    assert "(weak)" in done.stdout
    assert "the edition begins on 2026-07-09" in " ".join(done.stdout.split())


def test_a_code_of_the_wrong_length_or_economy_is_a_wrong_use(tmp_path: Path) -> None:
    done = tumen(tmp_path, "tariff", "show", "JP", "61")
    assert done.returncode == 2
    assert "HS_LENGTH_WRONG" in done.stderr
    assert tumen(tmp_path, "tariff", "show", "US", "610910").returncode == 2


def test_a_line_that_our_table_does_not_hold_is_told(tmp_path: Path) -> None:
    done = tumen(tmp_path, "tariff", "show", "KR", "0101211000")
    assert done.returncode == 0
    assert "HS_LINE_UNVERIFIED" in done.stdout


def test_an_imported_tariff_is_asked_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "mn.csv"
    file.write_text(
        "code,column,rate,from,to\n01012100,base,7%,2026-01-01,\n01012100,apta,x,,\n", "utf-8"
    )
    done = tumen(tmp_path, "tariff", "import", file, "--economy", "mn", "--edition", "Gazette 1")
    assert done.returncode == 0, done.stderr
    assert "MN: 2 rows read, 1 of them as they stand; 1 codes, from 2026-01-01" in done.stdout
    assert "row 3: TARIFF_RATE_UNREAD" in done.stderr
    shown = tumen(tmp_path, "tariff", "show", "MN", "01012100", "--at", "2026-08-01").stdout
    assert "7%" in shown
    assert "edition: Gazette 1 (confirmed)" in shown


def test_an_import_without_any_day_asks_for_one(tmp_path: Path) -> None:
    file = tmp_path / "mn.csv"
    file.write_text("code,column,rate\n01012100,base,7%\n", "utf-8")
    done = tumen(tmp_path, "tariff", "import", file, "--economy", "MN")
    assert (done.returncode, "--from" in done.stderr) == (2, True)
    arguments = ("tariff", "import", file, "--economy", "MN", "--from", "2026-01-01")
    assert tumen(tmp_path, *arguments).returncode == 0


def test_a_file_without_a_good_row_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mn.csv"
    file.write_text("code,column,rate\nabc,base,7%\n", "utf-8")
    done = tumen(tmp_path, "tariff", "import", file, "--economy", "MN", "--from", "2026-01-01")
    assert done.returncode == 2
    assert "TARIFF_CODE_INVALID" in done.stderr
    assert not (tmp_path / "tariff").exists()


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    done = tumen(tmp_path, "tariff", "import", tmp_path / "none.csv", "--economy", "MN")
    assert done.returncode == 2
