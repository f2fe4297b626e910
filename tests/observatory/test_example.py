"""The example of the observatory runs as it stands, and draws what it says."""

import subprocess
import sys
from pathlib import Path

from running import environment

EXAMPLE = Path(__file__).parents[2] / "examples/observatory.py"


def test_the_example_runs_and_draws_two_pictures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLE, tmp_path / "drawn"],
        env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "World Bank, World Development Indicators" in done.stdout
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == {"broadband.svg", "divide.svg"}
    assert "Mongolia" in (tmp_path / "drawn/divide.svg").read_text(encoding="utf-8")
