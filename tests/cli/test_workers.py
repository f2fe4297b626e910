"""Tasks are answered in order, by processes that end with the run, whatever happens."""

import operator
import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from tumen.cli.workers import AHEAD, mapped
from tumen.kernel.errors import OutsideError

TWICE = partial(operator.mul, 2)


@pytest.mark.parametrize("processes", [1, 2])
def test_answers_come_in_the_order_of_the_tasks(processes: int) -> None:
    assert [*mapped(TWICE, range(50), processes)] == [*range(0, 100, 2)]


def test_tasks_are_taken_only_a_little_ahead() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    with closing(mapped(TWICE, tasks(), 2)) as answers:  # type: ignore[type-var]
        next(answers)
        assert len(taken) <= AHEAD * 2 + 1


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_is_raised_where_the_answers_are_taken(processes: int) -> None:
    answers = mapped(partial(operator.truediv, 1), [1, 2, 0], processes)
    assert [next(answers), next(answers)] == [1, 0.5]
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_a_worker_that_is_gone_is_an_error_of_the_outside() -> None:
    with pytest.raises(OutsideError):
        list(mapped(os._exit, [1, 1, 1], 2))


def test_what_a_task_prints_does_not_disturb_the_answers(capfd: pytest.CaptureFixture[str]) -> None:
    assert [*mapped(print, ["one", "two"], 2)] == [None, None]
    assert capfd.readouterr().out == ""
