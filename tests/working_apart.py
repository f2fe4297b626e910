"""Work for processes of their own: they import it by this name."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tumen.web.apart import Apart

BEGUN = 40


def begun() -> int:
    return BEGUN


def added(held: int, more: int) -> int:
    return held + more


def process(_held: int) -> int:
    return os.getpid()


def killed_once(held: int, mark: Path) -> int:
    """Kill the process that does this, unless that was done before."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return held


def told_to_stop(held: int) -> int:
    """Go on though a stop is asked of the process meanwhile."""
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    return held


async def tell_and_be_killed() -> None:
    """Tell the number of a process that is begun, and be killed."""
    number = await Apart("tests", begun, 1).run(process)
    sys.stdout.write(str(number))
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(tell_and_be_killed())
