"""Writes bundles to files, as they come: nothing waits longer than its block.

NDJSON: `documents/day-001/documents-00001.ndjson` and so on, 10,000 bundles a file; the
documents of neighbouring bundles stand among each other, in any order that leaves the outcome
as it is. CEB: messages of one kind, the kinds of the same bundles one after the other. What
arrives on the next day stands in that day's folder and sorts before its own documents.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

import msgspec

from tumen.documents.fields import Kind
from tumen.kernel.limits import DOCUMENTS_PER_MESSAGE_MAX
from tumen.simulation.bundle import Bundle, Document, Sending
from tumen.simulation.xml import MESSAGES, message

BUNDLES_PER_FILE: Final = 10_000
BUNDLES_PER_BLOCK: Final = 8
"""NDJSON: so many neighbouring bundles arrive at the same time."""

BUNDLES_PER_MESSAGE_SET: Final = 100
DOCUMENTS: Final = "documents"
"""The folder to clear; truth and reference prices lie beside it."""

_encode: Final = msgspec.json.Encoder().encode


class Writer(Protocol):
    """Takes bundles and writes files."""

    def put(self, bundle: Bundle) -> None:
        """Writes a bundle, or keeps it for its block."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def _day_folder(out: Path, day: int) -> Path:
    folder = out / DOCUMENTS / f"day-{day + 1:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def line_of(sending: Sending) -> bytes:
    """A row of an NDJSON file; a broken one is cut off in its middle."""
    line = _encode(sending.document)
    return line[: len(line) // 2] + b"\n" if sending.is_broken else line + b"\n"


class NdjsonWriter:
    """Writes NDJSON files."""

    def __init__(self, out: Path, seed: int) -> None:
        self._out = out
        self._random = Random(~seed)  # noqa: S311 - demonstration data
        self._block: list[Bundle] = []
        self._file: BinaryIO | None = None
        self._day = -1
        self._files = self._in_file = 0
        self._arrivals: dict[int, BinaryIO] = {}

    def put(self, bundle: Bundle) -> None:
        """Keeps a bundle until its block is full."""
        if bundle.day != self._day or self._in_file == BUNDLES_PER_FILE:
            self._next_file(bundle.day)
        if bundle.comes_last:
            self._flush()
        self._block.append(bundle)
        self._in_file += 1
        if len(self._block) == BUNDLES_PER_BLOCK or bundle.comes_last:
            self._flush()

    def _next_file(self, day: int) -> None:
        self._flush()
        if self._file is not None:
            self._file.close()
        if day != self._day:
            for arrival in [number for number in self._arrivals if number <= day]:
                self._arrivals.pop(arrival).close()
            self._files = 0
        self._day, self._files, self._in_file = day, self._files + 1, 0
        path = _day_folder(self._out, day) / f"documents-{self._files:05d}.ndjson"
        self._file = path.open("wb")

    def _flush(self) -> None:
        # A row of a bundle goes to a random place among the rows of its neighbours; where the
        # order matters, its places are taken in ascending order.
        draw = self._random.random
        rows: list[tuple[float, bytes]] = []
        for bundle in self._block:
            prompt = [sending for sending in bundle.sendings if not sending.is_late]
            places = [draw() for _ in prompt]
            if bundle.keeps_order:
                places.sort()
            rows += [(place, line_of(row)) for place, row in zip(places, prompt, strict=True)]
            if len(prompt) < len(bundle.sendings):
                self._put_late(bundle)
        rows.sort()
        if self._file is not None:
            self._file.writelines([line for _, line in rows])
        self._block.clear()

    def _put_late(self, bundle: Bundle) -> None:
        day = bundle.day + 1
        if day not in self._arrivals:
            path = _day_folder(self._out, day) / "arrivals-00001.ndjson"
            self._arrivals[day] = path.open("wb")
        self._arrivals[day].writelines(line_of(s) for s in bundle.sendings if s.is_late)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._flush()
        for file in (self._file, *self._arrivals.values()):
            if file is not None:
                file.close()


class _MessageSet:
    """Documents by kind, written as messages of at most 100."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sets = 0
        self._papers: dict[Kind, list[Document]] = {kind: [] for kind in MESSAGES}

    def put(self, sending: Sending) -> int:
        """Keeps a document; returns how many of its kind wait."""
        papers = self._papers[Kind(sending.document["kind"])]
        papers.append(sending.document)
        return len(papers)

    def flush(self, folder: Path) -> None:
        """Writes what waits; the kinds in the order of their numbers."""
        if not any(self._papers.values()):
            return
        self._sets += 1
        for kind, papers in self._papers.items():
            for part, start in enumerate(range(0, len(papers), DOCUMENTS_PER_MESSAGE_MAX), 1):
                chunk = papers[start : start + DOCUMENTS_PER_MESSAGE_MAX]
                name = f"{self._name}-{self._sets:05d}-{MESSAGES[kind][0]}-{part:02d}.xml"
                (folder / name).write_text(message(kind, chunk), encoding="utf-8")
            papers.clear()


class CebWriter:
    """Writes CEB messages."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._day = -1
        self._waiting = 0
        self._prompt, self._late = _MessageSet(DOCUMENTS), _MessageSet("arrivals")

    def put(self, bundle: Bundle) -> None:
        """Keeps a bundle until its set of messages is full."""
        if bundle.day != self._day:
            self._flush_day()
            self._day = bundle.day
            self._prompt, self._late = _MessageSet(DOCUMENTS), _MessageSet("arrivals")
        most = 0
        for sending in bundle.sendings:
            if sending.is_late:
                most = max(most, self._late.put(sending))
            else:
                self._prompt.put(sending)
        if most == DOCUMENTS_PER_MESSAGE_MAX:
            self._late.flush(_day_folder(self._out, self._day + 1))
        self._waiting += 1
        if self._waiting == BUNDLES_PER_MESSAGE_SET:
            self._flush_prompt()

    def _flush_prompt(self) -> None:
        self._prompt.flush(_day_folder(self._out, self._day))
        self._waiting = 0

    def _flush_day(self) -> None:
        if self._day >= 0:
            self._flush_prompt()
            self._late.flush(_day_folder(self._out, self._day + 1))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._flush_day()


WRITERS: Final[dict[str, Callable[[Path, int], Writer]]] = {
    "ndjson": NdjsonWriter,
    "ceb": lambda out, _seed: CebWriter(out),
}
"""Format -> what writes it, from the folder and the seed."""
