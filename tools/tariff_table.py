"""Writing a tariff's table, for the tools that make one each."""

from collections.abc import Iterable
from pathlib import Path

from tumen.law.tariff.table import Edition, Line, written


def write(edition: Edition, lines: Iterable[Line], target: Path) -> None:
    """Write the table; the same source gives the same bytes."""
    table = list(lines)
    target.write_bytes(written(edition, table))
    print(f"{len({line.code for line in table})} codes, {len(table)} lines -> {target}")
