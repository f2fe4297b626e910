"""`tumen rates`: import official rates and show the rate of a day."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tumen.cli import rates
from tumen.kernel.errors import UsageError

FILE = "currency,units,from,to\nUSD,7.1,2026-01-01,2026-01-31\nXYZ,1,2026-01-01,2026-01-31\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str, raised: type[Exception] | None = None) -> str:
    found = CliRunner().invoke(rates.app, arguments)
    assert type(found.exception) is (raised or type(None)), found.output
    return found.output


def test_an_imported_rate_is_shown_from_then_on(home: Path) -> None:
    file = home / "official.csv"
    file.write_text(FILE, encoding="utf-8")
    wanted = ("show", "--economy", "CN", "--currency", "USD", "--at", "2026-01-31")
    assert "ECB, 2025-12-17" in run(*wanted)
    told = run("import", str(file), "--economy", "CN")
    assert "1 rates taken, 1 refused" in told
    assert "line 3: EXCHANGE_CURRENCY_UNKNOWN" in told
    assert run(*wanted) == "1 USD = 7.1 CNY  (imported, 2026-01-01)\n"


def test_a_rate_that_is_not_held_is_shown_as_unknown(home: Path) -> None:
    told = run("show", "--economy", "mn", "--currency", "GBP", "--at", "2026-01-31")
    assert told == "1 GBP = unknown  (not held: exchange_rates.GBP)\n"


def test_a_file_without_a_usable_line_leaves_nothing_and_is_an_error(home: Path) -> None:
    file = home / "bad.csv"
    file.write_text("nothing\n", encoding="utf-8")
    told = run("import", str(file), "--economy", "JP", raised=UsageError)
    assert "0 rates taken, 1 refused" in told
    assert not (home / "rates").exists()
