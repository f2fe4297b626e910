"""A process that opens a node searches for cycles seldom, and not in what it holds for good."""

import subprocess
import sys

PROGRAM = """
import gc
from tumen.kernel.garbage import GARBAGE_THRESHOLD, keep_what_is_loaded
keep_what_is_loaded()
frozen = gc.get_freeze_count()
assert frozen > 1_000 and gc.get_threshold()[0] == GARBAGE_THRESHOLD
later = [[each] for each in range(5_000)]
keep_what_is_loaded()
assert gc.get_freeze_count() <= frozen, "what came later is searched"
"""


def test_what_is_loaded_is_left_out_of_the_searches_once_and_they_become_rare() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
