"""Runs the command line in processes of its own, for tests."""

import io
import json
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tumen.cli import main

COMMAND = [sys.executable, "-m", "tumen"]


def environment(folder: Path) -> dict[str, str]:
    """Ours, with the node's keys and home below ``folder``."""
    return {**os.environ, "TUMEN_HOME": str(folder), "TUMEN_KEYS": str(folder / "node.keys")}


def tumen(folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, in this process: its imports are done, and the suite runs hundreds.

    Streams, settings and exit code are those of a command line. Tests that kill, race, measure or
    look at what a process loads start real ones.
    """
    said = [*map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment(folder)),
        patch.object(sys, "argv", ["tumen", *said]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = _ended()
    return subprocess.CompletedProcess(said, code, out.getvalue(), err.getvalue())


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def started(folder: Path, *arguments: object) -> "subprocess.Popen[str]":
    """Start a command and leave it running."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def summary(folder: Path, *arguments: object) -> dict[str, Any]:
    """Run a command that prints a summary as JSON."""
    done = tumen(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
