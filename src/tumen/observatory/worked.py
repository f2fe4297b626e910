"""Where the worked study lies that comes with the package."""

from pathlib import Path
from typing import Final

WORKED_STUDY: Final = Path(__file__).parent / "data/song-2023/study.toml"
"""Song Linlin (2023), its tables, its recovered figures and its claims."""
