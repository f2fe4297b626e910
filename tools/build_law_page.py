"""Write what is made from the law's data into its pages: python tools/build_law_page.py [--check].

The page of each economy gets its tables of what is covered; the page of the commands gets what the
commands print. With ``--check`` nothing is written: exit 1 where a page is not as it would be.
"""

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from tumen.cli.app import application
from tumen.kernel.errors import TumenError
from tumen.law.coverage import ECONOMIES, refreshed

ROOT = Path(__file__).parents[1]
COMMANDS = ROOT / "docs/law-commands.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page, and how it would be made now."""
    for economy in ECONOMIES:
        page = ROOT / f"docs/law-{economy.lower()}.md"
        yield page, refreshed(page.read_text(encoding="utf-8"), economy)
    text = COMMANDS.read_text(encoding="utf-8")
    yield COMMANDS, BLOCK.sub(lambda block: f"```console\n{_outputs(block[1])}```", text)


def _outputs(block: str) -> str:
    """The commands of a block, each with what it prints."""
    commands = [line for line in block.splitlines() if line.startswith("$ tumen ")]
    return "\n".join(f"{command}\n{_output(command)}" for command in commands)


def _output(command: str) -> str:
    with tempfile.TemporaryDirectory() as home:
        words = shlex.split(command.removeprefix("$ tumen "))
        environment = {"COLUMNS": "80", "TUMEN_HOME": home, "TERM": "dumb"}
        done = CliRunner().invoke(application, words, env=environment)
    text = done.output
    if isinstance(done.exception, TumenError):  # as `main` would tell it
        text += f"{done.exception.code}: {done.exception}\n{done.exception.next_step}\n"
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the pages, or say which are not as they would be."""
    os.chdir(ROOT)
    stale = [(page, text) for page, text in pages() if page.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        sys.exit("".join(f"{page.name} is stale\n" for page, _ in stale) or 0)
    for page, text in stale:
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
