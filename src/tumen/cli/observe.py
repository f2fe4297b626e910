"""`tumen observe`: indicators shown and compared, the divide measured, studies audited."""

import json
from typing import Annotated, Final

import typer
from rich.console import Console

from tumen.cli.groups import LazyGroup, command_group
from tumen.cli.observe_cells import Study, existing
from tumen.cli.observe_page import print_audit
from tumen.observatory.audit import audit as audit_of
from tumen.observatory.publication.audit_data import as_data
from tumen.observatory.study import read_study

COMMANDS: Final = {
    "show": "Show an indicator, or the cells of a study.",
    "compare": "Compare economies: the gap to the leader and to the world.",
    "divide": "Measure the digital divide, with rank intervals and by pillar.",
    "platform": "Tell the node's own trade and clearance times; small cells are suppressed.",
    "build": "Build every table, picture and page of a study, and what its audit finds.",
    "export": "Write indicators or a study as SDMX-ML, SDMX-CSV or Parquet.",
    "import": "Take in a CSV of SDMX, the World Bank or ITU, with its source.",
}
"""What is loaded when it is called."""


class Commands(LazyGroup):
    """The commands of `tumen observe`; those with frames are loaded only when called."""

    told = COMMANDS
    prefix = "tumen.cli.observe_"


app = command_group(
    "Show and compare indicators, audit a study, publish its tables and pictures.", of=Commands
)


@app.callback()
def group() -> None:
    """Show and compare indicators, audit a study, publish its tables and pictures."""


@app.command()
def audit(
    study: Study = None,
    everything: Annotated[bool, typer.Option("--all", help="List every claim.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the audit as JSON.")] = False,
) -> None:
    """Recompute every claim of a study, judge it, and name the slip where it fails.

    A study is a TOML file with its data as CSV beside it (docs/adr/0008-the-observatory.md).
    """
    found = audit_of(read_study(existing(study)))
    if as_json:
        typer.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
    else:
        print_audit(Console(), found, everything=everything)
