"""A process that publishes an ever growing log until it is killed: `publishing.py FOLDER JOURNAL`.

The journal is its database: one line for each commit, made durable before anything is published.
"""

import os
import sys
from pathlib import Path

from tests.trust.growing_log import GrowingLog

from tumen.trust.folder import DiskFolder
from tumen.trust.publisher import publish

STEP = 37


def committed(journal: Path) -> list[int]:
    """The sizes of the log at each commit; a line that was cut off is none."""
    text = journal.read_text(encoding="ascii") if journal.exists() else ""
    return [int(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def grown(sizes: list[int]) -> GrowingLog:
    """The log after those commits."""
    log = GrowingLog()
    for size in sizes:
        log.append(size - log.edge.size)
    return log


def main() -> None:
    folder, journal = Path(sys.argv[1]), Path(sys.argv[2])
    log = grown(committed(journal))
    with journal.open("a", encoding="ascii") as lines:
        while True:
            log.append(STEP)
            lines.write(f"{log.edge.size}\n")
            lines.flush()
            os.fsync(lines.fileno())
            print(log.edge.size, flush=True)  # noqa: T201 - acknowledged
            publish(log, DiskFolder(folder))


if __name__ == "__main__":
    main()
