"""Two stations of the road at once: while one batch is recorded, the next is read and judged."""

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import Queue
from typing import TypeVar

from tumen.kernel.limits import PARSED_BATCHES_QUEUED_MAX

Item = TypeVar("Item")
Result = TypeVar("Result")


class _End:
    """Marks the end of the batches, with the error that ended them, if any."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(
    work: Callable[[Item], Result], items: Iterable[Item], queued: int = PARSED_BATCHES_QUEUED_MAX
) -> Iterator[Result]:
    """Do ``work`` on each item in another thread, a few items ahead of the consumer, in order.

    Args:
        work: what is done with each item.
        items: consumed in the other thread.
        queued: how many results may wait; bounds memory.

    Raises:
        BaseException: whatever ``items`` or ``work`` raised, where it would have stood.
    """
    results: Queue[Result | _End] = Queue(maxsize=queued)
    stopped = threading.Event()

    def produce() -> None:
        error = None
        try:
            for item in items:
                if stopped.is_set():
                    break
                results.put(work(item))
        except BaseException as raised:
            error = raised
        results.put(_End(error))

    thread = threading.Thread(target=produce, name="preparation", daemon=True)
    thread.start()
    try:
        yield from _until_end(results)
    finally:
        stopped.set()
        while thread.is_alive():
            _drain(results)
            thread.join(timeout=0.05)


def _until_end(results: "Queue[Result | _End]") -> Iterator[Result]:
    while True:
        result = results.get()
        if isinstance(result, _End):
            if result.error is not None:
                raise result.error
            return
        yield result


def _drain(results: "Queue[Result | _End]") -> None:
    while not results.empty():
        results.get_nowait()
