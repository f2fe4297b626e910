"""Slices of one frame beside one another: while one is on its columns, another looks up its keys.

The engine of the columns works without Python's lock, so that threads of one process use two
cores and still share what was looked up. Each sees the law as its caller does, also a proposal
that is being tried (:mod:`tumen.law.overlay`).
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

Slice = TypeVar("Slice")
Found = TypeVar("Found")

THREADS: Final = 2
"""More of them would wait for Python's lock, and hold more memory."""


def beside(find: Callable[[Slice], Found], slices: Iterable[Slice]) -> list[Found]:
    """What is found of each slice, in their order.

    Raises:
        Exception: what was raised of the first slice of which anything was.
    """
    with ThreadPoolExecutor(THREADS, "law") as threads:
        waiting = [threads.submit(copy_context().run, find, each) for each in slices]
        return [each.result() for each in waiting]
