"""`tumen observe build`: tables, pictures, audit and site of a study in one command."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tumen.cli.law_page import table_of
from tumen.cli.observe_cells import Study, existing
from tumen.observatory.finding import VERDICTS
from tumen.observatory.publication.build import Built
from tumen.observatory.publication.build import build as build_publication


def build(
    study: Study = None,
    out: Annotated[
        Path, typer.Option(help="The folder of the site: new, or that of an earlier build.")
    ] = Path("out/observatory"),
) -> None:
    """Build every table, picture and page of a study, and what its audit finds.

    Only what changed is made again. Open index.html in the folder; no server is needed.
    """
    console = Console(stderr=True)
    with console.status("audit") as status:
        built = build_publication(existing(study), out, status.update)
    _print_built(Console(), built, out)


def _print_built(console: Console, built: Built, out: Path) -> None:
    claims = Counter(finding.verdict for finding in built.edition.audit.claims)
    table = table_of("Claims", "verdict", "claims", right=("claims",))
    for verdict in VERDICTS:
        table.add_row(verdict, f"{claims[verdict]}")
    console.print(table)
    drawn = sum(name.endswith(".svg") for name in built.drawn)
    console.print(
        f"{built.files} files, {len(built.written)} of them written, {drawn} pictures drawn,"
        f" {len(built.removed)} files removed.",
        highlight=False,
    )
    for page, code in built.gaps:
        console.print(f"A number of the page {page} could not be computed: {code}.")
    console.print(f"Open {out / 'index.html'}", highlight=False, soft_wrap=True)
