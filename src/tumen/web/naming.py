"""Names of requests and submissions that no other has, here or in another process.

They are no secrets. The system is asked for chance once: each time it is, the interpreter's lock
is let go of, and whoever answers requests would wait for it. It is asked again by each process that
was forked, which would else give the names that its parent gives.
"""

import os
import random
from typing import Final

NAME_BITS: Final = 128
_chance: Final = random.Random()  # noqa: S311 - to differ, not to be unknown
os.register_at_fork(after_in_child=_chance.seed)


def unique() -> str:
    """A name of its own: 32 hexadecimal digits."""
    return f"{_chance.getrandbits(NAME_BITS):032x}"
