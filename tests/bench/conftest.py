"""Makes the modules of the bench importable: they are programs, and lie in no package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
