"""Writes what was assessed as it comes: CSV, NDJSON or Parquet, whole or not at all.

The rows go to a folder beside the file, which takes its place at the end. A Parquet file is
written in parts, which are then joined: its rows, their groups and its bytes depend on the rows
alone, not on how they came.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import polars as pl

from tumen.kernel.errors import OutsideError, UsageError
from tumen.law.assessing import AMOUNT

PART_ROWS: Final = 65_536
"""Rows of one part of a Parquet file, and of one of its row groups."""


class Out:
    """A file of rows that is written as they come.

    Args:
        path: where it goes; its ending says in which form.
        schema: the columns.

    Raises:
        UsageError: the ending is none that is written.
        OutsideError: nothing can be written there.
    """

    def __init__(self, path: Path, schema: Mapping[str, type[pl.DataType] | pl.DataType]) -> None:
        if path.suffix.lower() not in _WRITERS:
            raise UsageError(f"--out must end in one of {', '.join(_WRITERS)}, not {path.name!r}.")
        self._path = path
        self._empty = pl.DataFrame(schema=schema)
        self._folder = path.with_name(f".{path.name}.part")
        self._writer: _Writer | None = None

    def __enter__(self) -> Self:
        try:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir()
        except OSError as error:
            raise OutsideError(f"{self._path} cannot be written: {error.strerror}.") from error
        self._writer = _WRITERS[self._path.suffix.lower()](self._folder)
        self._writer.write(self._empty)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._writer is not None  # noqa: S101 - set on entering
        try:
            found = self._writer.finish()
            if error is None:
                found.replace(self._path)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, rows: pl.DataFrame) -> None:
        """Write some rows."""
        assert self._writer is not None  # noqa: S101 - set on entering
        self._writer.write(rows)


class _Writer:
    """Writes rows below a folder, and gives the file that holds them all at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, rows: pl.DataFrame) -> None:
        raise NotImplementedError

    def finish(self) -> Path:
        raise NotImplementedError


class _Lines(_Writer):
    """Writes rows to a text, one behind the other."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._text = folder / "text"
        self._file: BinaryIO = self._text.open("wb")

    def finish(self) -> Path:
        self._file.close()
        return self._text


class _Csv(_Lines):
    """The first rows, which may be none, bring the header."""

    def write(self, rows: pl.DataFrame) -> None:
        rows.write_csv(self._file, include_header=self._file.tell() == 0)


class _Ndjson(_Lines):
    """Amounts are texts, as in the native shipment and its answer."""

    def write(self, rows: pl.DataFrame) -> None:
        rows.cast({AMOUNT: pl.String}).write_ndjson(self._file)


class _Parquet(_Writer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._waiting: list[pl.DataFrame] = []
        self._parts: list[Path] = []

    def write(self, rows: pl.DataFrame) -> None:
        self._waiting.append(rows)
        if sum(each.height for each in self._waiting) >= PART_ROWS:
            table = pl.concat(self._waiting)
            self._put(table.head(PART_ROWS))
            self._waiting = [table.slice(PART_ROWS)]

    def _put(self, rows: pl.DataFrame) -> None:
        part = self._folder / f"{len(self._parts):06d}.parquet"
        rows.rechunk().write_parquet(part, compression="lz4", row_group_size=PART_ROWS)
        self._parts.append(part)

    def finish(self) -> Path:
        self._put(pl.concat(self._waiting))
        whole = self._folder / "whole.parquet"
        pl.scan_parquet(self._parts, glob=False).sink_parquet(
            whole, compression="zstd", row_group_size=PART_ROWS, maintain_order=True
        )
        return whole


_WRITERS: Final[Mapping[str, Callable[[Path], _Writer]]] = {
    ".parquet": _Parquet,
    ".csv": _Csv,
    ".ndjson": _Ndjson,
}
