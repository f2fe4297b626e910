"""Work done aside is done in order, and what fails is told to who settles."""

import threading
from functools import partial

import pytest

from tumen.kernel.aside import Aside


class Failed(Exception):
    """What a piece of work raises."""


def fail() -> None:
    raise Failed


def test_pieces_are_done_in_their_order_while_the_caller_goes_on() -> None:
    done: list[int] = []
    goes_on = threading.Event()
    with Aside("pieces") as aside:
        aside.put(lambda: done.append(int(goes_on.wait(30))))
        for number in (2, 3):
            aside.put(partial(done.append, number))
        assert (done, aside.is_busy) == ([], True)
        goes_on.set()
        aside.settle()
        assert (done, aside.is_busy) == ([1, 2, 3], False)


def test_who_settles_is_told_of_the_first_failure_and_the_rest_is_done_by_the_end() -> None:
    done: list[int] = []
    with Aside("pieces") as aside:
        aside.put(fail)
        aside.put(lambda: done.append(1))
        with pytest.raises(Failed):
            aside.settle()
    assert done == [1]


def test_a_block_that_fails_waits_for_what_is_under_way() -> None:
    done: list[int] = []

    def put_and_fail() -> None:
        with Aside("pieces") as aside:
            aside.put(partial(done.append, 1))
            fail()

    with pytest.raises(Failed):
        put_and_fail()
    assert done == [1]
