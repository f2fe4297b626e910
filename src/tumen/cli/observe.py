"""`tumen observe`: the claims of a study recomputed and judged, and the cells they rest on."""

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from tumen.cli.law_page import table_of
from tumen.cli.observe_page import WIDTH_MAX, print_audit
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.observatory.audit import audit as audit_of
from tumen.observatory.dataset import Cell
from tumen.observatory.publication.audit_data import as_data
from tumen.observatory.study import read_study
from tumen.observatory.worked import WORKED_STUDY

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Audit and publish a study: claims recomputed, tables, pictures, a site.",
)

Study = Annotated[
    Path | None, typer.Argument(help="A study file; default: the worked study that comes along.")
]

_BUILD: Final = "tumen.cli.observe_build"
"""Loaded when something is built: the pages' templates cost every other command its start."""

STATUS_WORDS: Final = {"A": "", "E": "estimated", "M": "missing", "P": "provisional"}


@app.command()
def audit(
    study: Study = None,
    everything: Annotated[bool, typer.Option("--all", help="List every claim.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the audit as JSON.")] = False,
) -> None:
    """Recompute every claim of a study, judge it, and name the slip where it fails.

    A study is a TOML file with its data as CSV beside it (docs/adr/0008-the-observatory.md).
    """
    found = audit_of(read_study(_existing(study)))
    if as_json:
        typer.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
    else:
        print_audit(Console(), found, everything=everything)


@app.command()
def build(
    study: Study = None,
    out: Annotated[
        Path, typer.Option(help="The folder of the site: new, or that of an earlier build.")
    ] = Path("out/observatory"),
) -> None:
    """Build every table, picture and page of a study, and what its audit finds.

    Only what changed is made again. Open index.html in the folder; no server is needed.
    """
    import_module(_BUILD).build_and_tell(_existing(study), out)


@app.command()
def show(
    series: Annotated[str, typer.Argument(help="A dataset and series, such as table10.sales.")],
    study: Study = None,
    economy: Annotated[list[str] | None, typer.Option(help="Only of this economy.")] = None,
) -> None:
    """Show the cells of a series: value, unit, own year, place, and how surely it is known."""
    catalogue = read_study(_existing(study)).catalogue
    dataset, _, name = series.partition(".")
    cells = [
        cell
        for cell in catalogue.of_dataset(dataset)
        if name in ("", cell.series) and (not economy or cell.economy in economy)
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


def _existing(study: Path | None) -> Path:
    if study is None:
        return WORKED_STUDY
    if not study.is_file():
        raise PathAbsent(f"{study} is no file.")
    return study
