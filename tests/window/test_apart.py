"""Preparing in a process of its own gives the same batches, errors and end as in this one."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tumen.bootstrap import known_codes
from tumen.documents.formats.sources import Source, find
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import OutsideError, SourceUnreadable
from tumen.kernel.limits import PREPARED_APART_BYTES_MIN
from tumen.simulation import Plan, simulate
from tumen.window.apart import Job, _mark, prepared
from tumen.window.parties import PartyIndex
from tumen.window.prepare import Preparation, Prepared
from tumen.window.privacy import NodeKeys

KEYS = NodeKeys(b"i" * 32, b"s" * 32)
SEALED_ANEW = ("sealed",)
"""Columns whose bytes differ from run to run: each batch has fresh keys."""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    made = simulate(Plan(2_500, 5), tmp_path_factory.mktemp("made") / "out")
    found = find([made.documents])
    assert sum(source.path.stat().st_size for source in found) > PREPARED_APART_BYTES_MIN
    return found


def job(sources: list[Source]) -> Job:
    parties = PartyIndex.build(pl.DataFrame(schema={"name": pl.String, "list_name": pl.String}))
    preparation = Preparation("sender", KEYS, known_codes(), parties, SystemClock())
    return Job(sources, None, preparation)


def assert_same(one: Prepared, other: Prepared) -> None:
    assert len(one.waves) == len(other.waves)
    for ours, theirs in zip(one.waves, other.waves, strict=True):
        assert ours.rows.equals(theirs.rows)
        assert ours.violations.equals(theirs.violations)
        assert ours.heads.keys() == theirs.heads.keys()
        for kind, head in ours.heads.items():
            assert head.drop(SEALED_ANEW).equals(theirs.heads[kind].drop(SEALED_ANEW))
        for kind, items in ours.items.items():
            assert items.equals(theirs.items[kind])


def child_of(process: int) -> int:
    """The process that reads for another one."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == process and b"tumen.window.apart" in (folder / "cmdline").read_bytes():
                    return int(folder.name)
    raise AssertionError("no process reads apart")


def test_batches_prepared_apart_are_those_prepared_here(sources: list[Source]) -> None:
    made = job(sources)
    assert made.is_large
    for one, other in zip(prepared(made), made.batches(), strict=True):
        assert_same(one, other)


def test_the_first_batch_is_taken_once_and_only_as_it_was_read(sources: list[Source]) -> None:
    made = job(sources)
    begun = _mark(next(made.texts()))
    rest = list(made.batches())[1:]
    for one, other in zip(replace(made, begun=begun).batches(), rest, strict=True):
        assert_same(one, other)
    with pytest.raises(SourceUnreadable, match="changed while it was read"):
        next(replace(job(sources[::-1]), begun=begun).batches())


def test_a_pipe_among_the_sources_is_read_once(sources: list[Source], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.ndjson"
    os.mkfifo(pipe)
    text = (Path(__file__).parents[2] / "examples/consignment.ndjson").read_bytes()
    with ThreadPoolExecutor(1) as writing:
        written = writing.submit(pipe.write_bytes, text)
        found = list(prepared(job([*sources, Source.of(pipe)])))
        written.result(timeout=30)
    last = found[-1].waves[0].rows
    assert last.filter(pl.col("source") == str(pipe)).height == len(text.splitlines())


def test_few_documents_need_no_other_process() -> None:
    assert not job(find([Path(__file__).parents[2] / "examples/consignment.ndjson"])).is_large


def test_a_source_that_cannot_be_read_is_an_error_after_the_batches_that_were_full(
    sources: list[Source], tmp_path: Path
) -> None:
    folder = tmp_path / "folder.ndjson"
    folder.mkdir()
    batches = prepared(job([*sources, *sources, Source.of(folder)]))
    assert isinstance(next(batches), Prepared)
    with pytest.raises(SourceUnreadable, match=r"folder\.ndjson"):
        list(batches)


def test_a_consumer_that_stops_early_leaves_no_process_behind(sources: list[Source]) -> None:
    batches = prepared(job(sources * 20))
    next(batches)
    child = child_of(os.getpid())
    batches.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_reading_process_that_is_killed_is_told_as_what_it_is(sources: list[Source]) -> None:
    batches = prepared(job(sources * 20))
    next(batches)
    os.kill(child_of(os.getpid()), signal.SIGKILL)
    with pytest.raises(OutsideError, match="ended from outside"):
        list(batches)
