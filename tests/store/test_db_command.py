"""The command that starts, stops and shows the embedded server."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from tumen.cli.db import app
from tumen.kernel.errors import UsageError
from tumen.store import embedded


@pytest.fixture
def location() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="tumen-"))
    yield root / "postgres"
    embedded.stop(root / "postgres")
    shutil.rmtree(root, ignore_errors=True)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_server_is_started_shown_and_stopped(location: Path) -> None:
    at = ("--database", str(location))
    assert "no server runs" in run("status", *at)
    assert "0001_roles" in run("start", *at)
    shown = json.loads(run("status", "--json", *at))
    assert shown["running"]
    assert shown["directory"] == str(location)
    assert shown["size_bytes"] > 0
    with psycopg.connect(shown["connection"]) as connection:
        assert connection.info.dbname == "tumen"
    assert run("stop", *at) == "stopped\n"
    assert "no server runs" in run("stop", *at)
    assert not json.loads(run("status", "--json", *at))["running"]


def test_a_database_at_an_address_is_not_stopped() -> None:
    with pytest.raises(UsageError, match="not ours"):
        CliRunner().invoke(app, ["stop", "--database", "postgresql://a/b"], catch_exceptions=False)
