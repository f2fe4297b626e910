"""Work beside the loop that needs no store: threads of one kind of work, with a line that ends.

Kinds are apart, so that files that strangers have verified hold up nothing that is lodged.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from tumen.kernel.errors import Overloaded

Result = TypeVar("Result")
Given = ParamSpec("Given")


class Beside:
    """Threads of one kind of work.

    Args:
        name: of the kind.
        threads: how many work at once.
        waiting_max: how much may wait for a thread before more is refused.
    """

    def __init__(self, name: str, *, threads: int, waiting_max: int) -> None:
        self._name = name
        self._most = threads + waiting_max
        self._taken = 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(
        self, work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Do some work in a thread of this kind.

        Raises:
            Overloaded: more is waiting than may wait.
        """
        if self._taken >= self._most:
            raise Overloaded(f"Too much waits for {self._name}.")
        self._taken += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, partial(work, *args, **named))
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Let the work under way end."""
        self._threads.shutdown(wait=True)
