"""The operator's handbook knows every setting, and what `deploy/` says is what the service does."""

import re
from typing import Final

import pytest
from tests.tidy.sources import ROOT, python_files, text_of

from tumen.cli.app import COMMANDS
from tumen.trust.bundle_model import Role

HANDBOOK: Final = ROOT / "docs/operators-handbook.md"
NO_SETTING: Final = frozenset({"TUMEN_ERROR"})
"""The code of an error."""


def settings() -> set[str]:
    """Every setting that is named in the source, those that are put together by role among them."""
    named = {
        name
        for path in python_files("src")
        for name in re.findall(r"\bTUMEN_[A-Z][A-Z_]*[A-Z]\b", text_of(path))
    }
    by_role = {f"TUMEN_{role.upper()}_{what}" for role in Role for what in ("KEY", "KEYS_RETIRED")}
    return (named | by_role) - NO_SETTING


def in_the_table() -> set[str]:
    section = text_of(HANDBOOK).split("\n## Settings\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ((?:`TUMEN_\w+`(?:, )?)+) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"TUMEN_\w+", row)}


def test_every_setting_of_the_source_stands_in_the_table_and_no_other() -> None:
    assert in_the_table() == settings()


def test_every_figure_that_the_handbook_watches_is_counted() -> None:
    counted = set(re.findall(r'"(tumen_\w+)"', text_of(ROOT / "src/tumen/web/metrics.py")))
    watched = set(re.findall(r"`(tumen_\w+?)(?:_total)?`", text_of(HANDBOOK)))
    assert watched
    assert watched <= counted


UNITS = ("tumen", "tumen-database", "tumen-backup", "tumen-bills@", "tumen-watch@")


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_runs_a_command_that_exists(name: str) -> None:
    unit = text_of(ROOT / f"deploy/{name}.service")
    commands = re.findall(r"/bin/tumen ([a-z]+)", unit)
    assert commands
    assert set(commands) <= set(COMMANDS)
    assert "ProtectSystem=strict" in unit
    assert "PrivateTmp=yes" in unit  # /tmp is read-only without it
    if "Type=oneshot" in unit:  # what it starts ends with it: a database must be there before
        assert "Wants=tumen-database.service" in unit
    named = set(re.findall(r"TUMEN_[A-Z_]+[A-Z]", unit))
    assert named <= settings()
