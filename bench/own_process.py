"""A measurement in a process of its own: it starts cold, and its peak of memory is its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def measured(program: Path, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a measurement printed as the last line of its standard output.

    Raises:
        SystemExit: it failed, or its results were wrong.
    """
    done = subprocess.run(
        [sys.executable, str(program), name, json.dumps(arguments)],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"The measurement {name!r} failed: no result.")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"… {text}", file=sys.stderr, flush=True)
