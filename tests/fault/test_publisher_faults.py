"""A publisher that is killed, or whose disk is full, never publishes a log that is not whole."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.fault.publishing import committed, grown
from tests.trust.growing_log import GrowingLog, assert_whole

from small_disk import mounted, resize
from tumen.kernel.errors import LogUnpublished
from tumen.trust.folder import ASIDE, DiskFolder
from tumen.trust.published import PublishedLog
from tumen.trust.publisher import publish

ROOT = Path(__file__).parents[2]
KILLS = 300 if os.environ.get("TUMEN_FAULTS") == "full" else 6


def killed_after(seconds: float, folder: Path, journal: Path) -> int:
    """Run the publisher, kill it a while after its first commit; the last size it acknowledged."""
    command = [sys.executable, "-m", "tests.fault.publishing", str(folder), str(journal)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        rest = process.stdout.read()
    return int([line for line in (first + rest).split("\n") if line][-1].strip())


def test_a_publisher_that_is_killed_leaves_a_whole_log_that_never_goes_back(
    tmp_path: Path,
) -> None:
    folder, journal = tmp_path / "log", tmp_path / "journal"
    published, seen = PublishedLog(DiskFolder(folder)), 0
    times = random.Random(11)
    for _ in range(KILLS):
        acknowledged = killed_after(times.uniform(0, 0.25), folder, journal)
        sizes = committed(journal)
        assert acknowledged <= sizes[-1]
        if published.signed() is not None:
            head = assert_whole(published)
            assert seen <= head.size <= sizes[-1]
            seen = head.size
        publish(grown(sizes), DiskFolder(folder))
        assert assert_whole(published).size == sizes[-1]
        seen = sizes[-1]
        assert not list((folder / ASIDE).iterdir())


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A mounted disk of 4 MiB."""
    with mounted(4) as place:
        yield place


def test_a_full_disk_stops_publishing_and_the_next_run_goes_on(small_disk: Path) -> None:
    log, folder = GrowingLog(), DiskFolder(small_disk / "log")
    published, sizes = PublishedLog(folder), []

    def fill() -> None:
        for _ in range(100):
            log.append(3_000)
            publish(log, folder)
            sizes.append(log.edge.size)

    with pytest.raises(LogUnpublished, match="No space left"):
        fill()
    assert assert_whole(published).size == sizes[-1] < log.edge.size
    with pytest.raises(LogUnpublished, match="No space left"):
        publish(log, folder)
    resize(small_disk, 64)
    assert publish(log, folder).checkpoint.size == log.edge.size
    assert assert_whole(published).size == log.edge.size


class FailingDisk(DiskFolder):
    """A disk that reports an I/O error at one step, by its number."""

    def __init__(self, root: Path, fails_at: int) -> None:
        super().__init__(root)
        self.steps, self.fails_at = 0, fails_at

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.fails_at:
            raise OSError(5, os.strerror(5))

    def put(self, path: str, data: bytes) -> None:
        self._step()
        super().put(path, data)

    def sync(self) -> None:
        self._step()
        super().sync()


def test_an_input_output_error_at_any_step_leaves_the_last_whole_log(tmp_path: Path) -> None:
    failed = 0
    for fails_at in range(1, 20):
        root = tmp_path / str(fails_at)
        log, folder = GrowingLog(), DiskFolder(root)
        log.append(300)
        publish(log, folder)
        log.append(300)
        disk = FailingDisk(root, fails_at)
        with suppress(LogUnpublished):
            publish(log, disk)
        has_failed = disk.steps == fails_at
        assert assert_whole(PublishedLog(folder)).size == (300 if has_failed else 600)
        failed += has_failed
        publish(log, folder)
        assert assert_whole(PublishedLog(folder)).size == 600
    assert 5 < failed < 19
