"""Working ahead in another thread keeps order, bounds memory and passes errors on."""

import threading
from collections.abc import Iterator

import pytest

from tumen.window.pipeline import ahead


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(ahead(lambda number: number * 2, range(50))) == list(range(0, 100, 2))


def test_no_more_than_the_stated_number_of_results_waits() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number

    results = ahead(lambda number: number, items(), queued=2)
    next(results)
    assert len(made) <= 5
    results.close()


def test_an_error_of_the_work_reaches_the_consumer_after_what_was_done() -> None:
    def work(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number

    results = ahead(work, range(5))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="two"):
        next(results)


def test_a_consumer_that_stops_early_leaves_no_thread_behind() -> None:
    results = ahead(lambda number: number, iter(range(1_000_000)))
    next(results)
    results.close()
    assert all(thread.name != "preparation" for thread in threading.enumerate())
