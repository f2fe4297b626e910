"""Work in processes of its own: killed ones are begun again, and none outlives who began it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
import working_apart
from working_apart import BEGUN, added, begun, killed_once, process, told_to_stop

from offices import node
from tumen.kernel.errors import StoreUnavailable
from tumen.store.database import Database
from tumen.web.apart import Apart
from tumen.web.gathering import GroupCommit
from tumen.web.submission import Submission


@contextmanager
def apart(processes: int) -> Iterator[Apart[int]]:
    made = Apart("tests", begun, processes)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("processes", [0, 1])
def test_work_is_done_on_what_was_begun(processes: int) -> None:
    with apart(processes) as made:
        assert asyncio.run(made.run(partial(added, more=2))) == BEGUN + 2
        assert (asyncio.run(made.run(process)) == os.getpid()) is (processes == 0)


def test_a_killed_process_is_begun_again_and_asked_once_more(tmp_path: Path) -> None:
    with apart(1) as made:
        assert asyncio.run(made.run(partial(killed_once, mark=tmp_path / "mark"))) == BEGUN


def test_a_process_finishes_its_work_though_it_is_told_to_stop() -> None:
    with apart(1) as made:
        assert asyncio.run(made.run(told_to_stop)) == BEGUN


def test_a_process_ends_with_the_one_that_began_it() -> None:
    command = (sys.executable, working_apart.__file__)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    number = int(done.stdout)
    for _ in range(200):
        if not psutil.pid_exists(number):
            return
        time.sleep(0.05)
    pytest.fail(f"process {number} is still there")


def test_submissions_are_told_where_no_process_lives_to_record_them(
    database: Database, tmp_path: Path
) -> None:
    async def lodge() -> None:
        filing = GroupCommit(node(database, tmp_path), partial(os._exit, 1), processes=1)
        with pytest.raises(StoreUnavailable):
            await filing.lodge(Submission("submission", "tests", "ndjson", b"{}", 1))
        await filing.close()

    asyncio.run(lodge())
