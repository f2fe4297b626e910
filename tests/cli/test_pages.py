"""The pages that a new user reads name only what exists, and their commands run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from running import environment
from tumen.cli.app import COMMANDS, application

ROOT = Path(__file__).parents[2]
TUTORIAL = "docs/first-clearance.md"
OBSERVATORY = ("docs/indicators.md", "docs/divide-index.md", "docs/platform-statistics.md")
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/law-commands.md", TUTORIAL,
         "docs/operators-handbook.md", *OBSERVATORY)  # fmt: skip


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_of_a_page_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ *)make ([a-z]+)", text(page), re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_exists(page: str) -> None:
    named = re.findall(r"(?:`|^ *)tumen ([a-z]+)", text(page), re.MULTILINE)
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_every_option_of_a_command_on_a_page_exists(page: str) -> None:
    for command, rest in re.findall(r"(?:`|^ *)tumen ([a-z]+)([^`\n]*)", text(page), re.MULTILINE):
        words = [word for word in re.findall(r"[a-z]+", rest.split("--")[0])[:1] if "|" not in rest]
        known = _help(command)
        if "COMMAND" in known and words:
            known = _help(command, *words)
        assert not [option for option in re.findall(r"--[a-z]+", rest) if option not in known]


def _help(*command: str) -> str:
    return CliRunner().invoke(application, [*command, "--help"], env={"COLUMNS": "200"}).output


def test_every_command_is_in_the_readme() -> None:
    told = set(re.findall(r"`tumen ([a-z]+)", text("README.md")))
    assert set(COMMANDS) - told <= {"demo"}


def test_every_path_that_the_architecture_names_exists() -> None:
    page = text("ARCHITECTURE.md")
    files = re.findall(r"`([a-z_]+(?:/[a-z_.]+)+)`", page)
    assert files
    homes = (ROOT, ROOT / "src/tumen")
    assert not [name for name in files if not any((home / name).exists() for home in homes)]


def test_every_table_of_the_store_is_in_the_architecture() -> None:
    page = text("ARCHITECTURE.md")
    migrations = ROOT / "src/tumen/store/migrations"
    made = [
        name
        for file in sorted(migrations.glob("*.sql"))
        for name in re.findall(r"CREATE TABLE (\w+)", file.read_text(encoding="utf-8"))
        if not name.endswith("_item")
    ]
    assert not [name for name in made if f"`{name}`" not in page]


@pytest.fixture
def clone(server_folder: Path) -> Path:
    """A folder with the examples and the programs, as the tutorial finds them."""
    shutil.copytree(ROOT / "examples", server_folder / "examples")
    (server_folder / ".venv").symlink_to(Path(sys.executable).parent.parent)
    return server_folder


def test_the_commands_of_the_first_clearance_run_and_tell_what_the_page_says(clone: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", text(TUTORIAL), re.DOTALL | re.MULTILINE)
    known = {name: value for name, value in environment(clone).items() if name != "TUMEN_KEYS"}
    done = subprocess.run(
        ["bash", "-euc", "\n".join(blocks)], cwd=clone, env=known, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for told in ("pending", "released", "= 7.89", "MATCH_PAYER_IS_BUYER", "AMOUNT_PAID_MISMATCH"):
        assert told in done.stdout
    first, third = (
        (clone / f"try/answers-{number}/receipts.ndjson").read_text(encoding="utf-8").splitlines()
        for number in (1, 3)
    )
    assert set(first) <= set(third)
    assert (clone / "try/server.keys").exists()
