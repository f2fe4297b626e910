"""A row that cannot be read is known by its bytes and its sender, not by where it stood."""

import gzip
from pathlib import Path

import pytest

from clearing import Clearing
from tumen.store.database import Database

DAYS = {
    "a broken line": ("day.ndjson", b'{"kind":"order",\n', b'{"kind":"order";\n'),
    "an unknown kind": ("day.csv", b"kind,note\nordre,a\n", b"kind,note\nordre,b\n"),
    "ragged cells": ("day.csv", b"kind,note\norder,a,b\n", b"kind,note\norder,a,c\n"),
    "a wrong header": ("day.csv", b"kind,ordre\na,b\n", b"kind,ordre\na,c\n"),
    "an unknown root": ("day.xml", b"<a/>", b"<b/>"),
    "an unknown ending": ("day.txt", b"a", b"b"),
    "a truncated gzip": ("day.ndjson.gz", gzip.compress(b"a")[:-9], gzip.compress(b"b")[:-9]),
}


def told(clearing: Clearing) -> list[tuple[str, str, str]]:
    """Answer, receipt and digest of every row so far."""
    return [(row["answer"], row["receipt"], row["digest"]) for row in clearing.rows()]


@pytest.mark.parametrize("case", DAYS)
def test_another_content_under_the_same_name_is_another_refusal(
    case: str, database: Database, tmp_path: Path
) -> None:
    name, first, second = DAYS[case]
    clearing = Clearing(database)
    for content in (first, second, second):
        (tmp_path / name).write_bytes(content)
        clearing.files(tmp_path / name)
    answers = told(clearing)
    assert [answer for answer, *_ in answers] == ["rejected", "rejected", "duplicate"]
    assert answers[1][1:] == answers[2][1:]
    assert answers[0][2] != answers[1][2]


def test_the_same_bytes_of_another_sender_are_that_senders_own_refusal(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "day.ndjson").write_bytes(b'{"kind":"order",\n')
    for sender in ("one", "two"):
        clearing = Clearing(database, sender)
        clearing.files(tmp_path / "day.ndjson")
        assert [answer for answer, *_ in told(clearing)] == ["rejected"]
