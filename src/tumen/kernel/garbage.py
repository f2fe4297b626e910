"""Python's search for cycles, made rare: what the road makes has none, and what is loaded stays."""

import gc
from functools import cache
from typing import Final

GARBAGE_THRESHOLD: Final = 100_000
"""Containers made between two searches for cycles. A batch is half a million tuples without any:
searching them at every 700th, as Python does, takes a third of the time of reading; and a node
holds the law, its tariffs and lists, which are searched with them: a fifth of a batch of one."""


@cache
def keep_what_is_loaded() -> None:
    """Leave all that this process has loaded out of the searches, and make them rare; once."""
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
