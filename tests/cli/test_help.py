"""Help, progress and interruption: what a person sees besides results."""

import itertools
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from clearing import Clearing
from running import started, tumen
from tumen.cli.app import COMMANDS
from tumen.cli.progress import shown_progress
from tumen.documents.formats.sources import find
from tumen.simulation import Plan, simulate
from tumen.store.database import Database

WIDTH = 80


@pytest.mark.parametrize("command", [*COMMANDS, "admin person", "db start", "lists import"])
def test_help_of_every_command_has_one_look_and_even_paragraphs(
    command: str, tmp_path: Path
) -> None:
    told = tumen(tmp_path, *command.split(), "--help").stdout
    assert told.startswith("Usage: ")
    assert "Options:" in told
    assert "╭" not in told
    assert "..." not in told.partition("Commands:")[2], "a sentence is cut off"
    description = re.split("Arguments:|Options:", told)[0].partition("\n\n")[2]
    for paragraph in description.split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        for line, following in itertools.pairwise(lines):
            assert len(line) + len(following.split()[0]) >= WIDTH - 4, line


@pytest.mark.parametrize("documents_max", [8, 16_384])
def test_the_bar_counts_a_file_once_it_is_done_with(
    documents_max: int, database: Database, tmp_path: Path
) -> None:
    written = simulate(Plan(8, 3, share=0.0, days=4), tmp_path / "made")
    sources = find([written.documents])
    clearing = Clearing(database)
    clearing.files(written.documents, documents_max=documents_max)
    (first, *_) = clearing.outcomes
    met = {*first.answers["source"]}
    with (tmp_path / "bar").open("w", encoding="utf-8") as file:
        console = Console(file=file, force_terminal=True, width=WIDTH)
        with suppress(KeyboardInterrupt), shown_progress(sources, console) as advance:
            advance(first)
            raise KeyboardInterrupt
    shown = re.findall(rf"([0-9]+)/{len(sources)}", (tmp_path / "bar").read_text(encoding="utf-8"))
    assert shown[-1] == str(len(met) - 1)


def test_an_interruption_says_what_stays_and_how_to_go_on(
    tmp_path: Path, database: Database
) -> None:
    pipe = tmp_path / "documents.ndjson"
    os.mkfifo(pipe)
    running = started(tmp_path, "clear", pipe, "--database", database.url)
    held_open = os.open(pipe, os.O_WRONLY)  # waits until the command reads, which then waits for us
    running.send_signal(signal.SIGINT)
    os.close(held_open)
    _, told = running.communicate()
    assert running.returncode == 130
    assert "Run the same command again" in told
    assert "Traceback" not in told
