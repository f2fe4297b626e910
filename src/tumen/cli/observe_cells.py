"""The cells of a study as a table: value, unit, own year, place, and how surely it is known."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tumen.cli.law_page import table_of
from tumen.cli.observe_page import WIDTH_MAX
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.observatory.dataset import Catalogue, Cell
from tumen.observatory.worked import WORKED_STUDY

Study = Annotated[
    Path | None, typer.Argument(help="A study file; default: the worked study that comes along.")
]

STATUS_WORDS = {"A": "", "E": "estimated", "M": "missing", "P": "provisional"}


def print_series(
    catalogue: Catalogue, series: str, economies: Sequence[str], years: tuple[int, int]
) -> None:
    """Print the cells of ``dataset.series``, or of a whole dataset.

    Raises:
        UsageError: there are none.
    """
    dataset, _, name = series.partition(".")
    cells = [
        cell
        for cell in catalogue.of_dataset(dataset)
        if name in ("", cell.series)
        and (not economies or cell.economy in economies)
        and years[0] <= int(cell.period[:4]) <= years[1]
    ]
    if not cells:
        held = sorted({f"{key[0]}.{key[1]}" for key in catalogue.cells})
        raise UsageError(f"No cells of {series} are held. There are: {', '.join(held)}.")
    _print_cells(cells)


def _print_cells(cells: list[Cell]) -> None:
    console = Console()
    console.width = min(console.width, WIDTH_MAX)
    table = table_of(
        cells[0].dataset, "series", "economy", "period", "value", "unit", "of", "place", "remark",
        right=("value",),
    )  # fmt: skip
    for cell in cells:
        own = "" if cell.belongs_to == cell.period else cell.belongs_to
        remark = "; ".join(filter(None, (STATUS_WORDS[cell.status], cell.confidence, cell.note)))
        table.add_row(
            cell.series, cell.economy, cell.period, cell.text, cell.unit.text, own, cell.place,
            remark,
        )  # fmt: skip
    console.print(table)


def existing(study: Path | None) -> Path:
    """The study file that is meant.

    Raises:
        PathAbsent: it is no file.
    """
    if study is None:
        return WORKED_STUDY
    if not study.is_file():
        raise PathAbsent(f"{study} is no file.")
    return study
