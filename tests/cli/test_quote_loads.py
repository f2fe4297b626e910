"""A quote from the shell loads what it answers from, and little else."""

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples/shipment.json"
PROGRAM = """
import json, sys
from pathlib import Path
from tumen.cli.quote import quote
from tumen.law import parameters
quote(Path(sys.argv[1]), as_json=True)
heavy = "polars cryptography tumen.trust tumen.law.ru tumen.law.mn tumen.law.vector".split()
loaded = [name for name in heavy if name in sys.modules]
print(json.dumps(loaded), parameters._committed.cache_info())
"""


def test_a_quote_loads_neither_other_laws_nor_frames_nor_signatures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, EXAMPLE],
        env={"TUMEN_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = done.stdout.splitlines()[-1]
    assert told.startswith("[] ")
    assert "currsize=0" in told
