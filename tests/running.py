"""Runs the command line in processes of its own, for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "tumen"]


def environment(folder: Path) -> dict[str, str]:
    """Ours, with the node's keys and home below ``folder``."""
    return {**os.environ, "TUMEN_HOME": str(folder), "TUMEN_KEYS": str(folder / "node.keys")}


def tumen(folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


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
