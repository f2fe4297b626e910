"""Lines of the log: written by another thread, all of them, in their order."""

import io
import json
import threading

import pytest
import structlog

from tumen.web import records
from tumen.web.lines import Lines
from tumen.web.naming import unique


class Target(io.StringIO):
    """Remembers which thread wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.writers: set[threading.Thread] = set()

    def write(self, text: str) -> int:
        self.writers.add(threading.current_thread())
        return super().write(text)


def test_every_line_is_written_in_its_order_and_by_another_thread() -> None:
    target = Target()
    lines = Lines(target)
    for number in range(1_000):
        lines.write(f"{number}\n")
    lines.close()
    assert target.getvalue().splitlines() == [str(number) for number in range(1_000)]
    assert threading.current_thread() not in target.writers


def test_a_line_is_one_line_of_json_whatever_stands_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Target()
    monkeypatch.setattr("sys.stderr", told)
    lines = records.configure()
    try:
        structlog.get_logger("tests").info("said", what="a\nb 报关单", of=ValueError("x"))
    finally:
        lines.close()
        structlog.reset_defaults()
    (line,) = told.getvalue().splitlines()
    read = json.loads(line)
    assert (read["event"], read["what"]) == ("said", "a\nb 报关单")


def test_names_are_never_given_twice() -> None:
    names = {unique() for _ in range(10_000)}
    assert len(names) == 10_000
    assert {len(name) for name in names} == {32}
