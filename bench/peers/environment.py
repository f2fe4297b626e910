"""An environment for a peer that Tumen may not depend on: made once, below ``build``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

PLACE: Final = Path(__file__).parents[2] / "build/peers"


class PeerAbsent(Exception):
    """The peer could not be installed: it is not measured, and the bench says so."""


def python_of(requirement: str) -> Path:
    """The interpreter of an environment that has this one package.

    Raises:
        PeerAbsent: it could not be made.
    """
    folder = PLACE / requirement.replace("==", "-")
    python = folder / "bin/python"
    if (folder / ".made").exists():
        return python
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", requirement],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerAbsent(done.stderr.strip().splitlines()[-1:] or [requirement])
    (folder / ".made").touch()
    return python


def measured_by(requirement: str, program: Path, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a program printed that runs in the peer's environment.

    Raises:
        PeerAbsent: the environment could not be made, or the program failed in it.
    """
    command = [str(python_of(requirement)), str(program), json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerAbsent(done.stderr.strip().splitlines()[-1:] or [requirement])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
