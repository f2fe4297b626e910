"""Names of requests and submissions that no other has, here or in another process.

They are no secrets. The system is asked for chance once: each time it is, the interpreter's lock
is let go of, and whoever answers requests would wait for it.
"""

import random
import secrets
from typing import Final

NAME_BITS: Final = 128
_chance: Final = random.Random(secrets.randbits(256))  # noqa: S311 - to differ, not to be unknown


def unique() -> str:
    """A name of its own: 32 hexadecimal digits."""
    return f"{_chance.getrandbits(NAME_BITS):032x}"
