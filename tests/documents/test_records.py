"""Lines of CSV that are taken together say what they say one by one."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.documents.formats import records
from tumen.documents.formats.records import (
    CELL_BYTES_MAX,
    Record,
    Table,
    plain,
    records_of,
    tables_of,
)
from tumen.documents.formats.sources import Broken, Source, opened

PIECES = st.sampled_from(
    [
        *(b"a", b",", b" ", b"\n", b"\r\n", b"\r", b"\xff", b"\0", b"a,b\n", b"1,2\n", b",\n"),
        *(b'"', b'"a,b"', b'"a\nb"', b'""', "中".encode(), "\ufeff".encode()),
    ]
)


def one_by_one(content: bytes) -> list[Record]:
    with opened(Source.in_memory("t.csv", "csv", content)) as stream:
        return list(records_of(stream))


def together(content: bytes) -> list[Record]:
    found: list[Record] = []
    with opened(Source.in_memory("t.csv", "csv", content)) as stream:
        for each in tables_of(stream):
            if isinstance(each, Table):
                rows = enumerate(each.rows.iter_rows(), start=each.place)
                found += [(place, list(cells), None) for place, cells in rows]
            else:
                found.append(each)
    return found


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30), st.integers(1, 5))
def test_lines_taken_together_are_the_records_that_they_are_one_by_one(
    pieces: list[bytes], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "LINES_AT_ONCE", at_once)
        content = b"x,y\n" + b"".join(pieces)
        assert together(content) == one_by_one(content)


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ([b"1,2", b",\xe4\xb8\xad\r"], [("1", "2"), ("", "中")]),
        ([b"1,2", b'"x",y', b"3,4"], [("1", "2"), ("x", "y"), ("3", "4")]),
        ([b'"a,b",2', b'"",""""'], [("a,b", "2"), ("", '"')]),
    ],
)
def test_lines_that_are_plain_make_a_table(
    lines: list[bytes], cells: list[tuple[str, str]]
) -> None:
    found = plain(lines, 2)
    assert found is not None
    assert found.rows() == cells


@pytest.mark.parametrize(
    "lines",
    [
        [b""],
        [b"1,2", b"1"],
        [b'"1', b'2",3'],
        [b"1,\xff"],
        [b"1\r2,3"],
        [b"a" * CELL_BYTES_MAX + b",2"],
    ],
)
def test_lines_that_are_not_plain_make_none(lines: list[bytes]) -> None:
    assert plain(lines, 2) is None


def test_what_stands_before_a_break_is_read(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv.gz"
    rows = b"".join(b"%d,%d\n" % (n, n * n) for n in range(150_000))
    path.write_bytes(gzip.compress(b"x,y\n" + rows, 1)[:-2_000])
    with opened(Source.of(path)) as stream:
        alone = [place for place, *_ in until_broken(records_of(stream))]
    with opened(Source.of(path)) as stream:
        found = list(until_broken(tables_of(stream)))
    tables = [each for each in found if isinstance(each, Table)]
    assert found[0] == (1, ["x", "y"], None)
    assert 1 + sum(len(each.rows) for each in tables) == len(alone) > 1_000
    assert tables[-1].place + len(tables[-1].rows) - 1 == alone[-1]


def until_broken(found: Iterator[Any]) -> Iterator[Any]:
    """What a source gives before it breaks off, as it must."""
    with pytest.raises(Broken):
        yield from found
