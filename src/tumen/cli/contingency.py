"""`tumen contingency`: nothing is decided for an authority that is away, and later it is."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from tumen.bootstrap import Node, open_node, open_store
from tumen.cli import contingency_watch
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.window.acts import Officer
from tumen.window.ledger import contingencies
from tumen.window.ledger.contingencies import Suspension
from tumen.window.ledger.deferred import DeferredDesk

app = command_group()

EconomyArgument = Annotated[str, typer.Argument(help="Whose decisions: CN, JP, KR, MN or RU.")]
OfficerOption = Annotated[str, typer.Option(help="The office's own mark of who acts; no name.")]
OfficeOption = Annotated[str, typer.Option(help="The office that says so.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.callback()
def contingency() -> None:
    """Suspend an authority's decisions while it is unreachable, and take them up again."""


@app.command("begin")
def begin(
    economy: EconomyArgument,
    reason: Annotated[str, typer.Option(help="Why; everybody reads it. Nothing personal.")],
    officer: OfficerOption,
    office: OfficeOption = "local",
    database: HeldDatabaseOption = None,
) -> None:
    """Decide nothing in the name of an authority from now on; documents are accepted and wait."""
    node = open_node(database)
    by = Officer(economy, office, officer)
    with node.database.session() as session:
        contingencies.begin(session, node.log, by, reason, node.clock.now())
    node.publish_log()
    typer.echo(
        f"The decisions of {economy} are suspended: what is lodged is accepted and waits.\n"
        f"When it is back: tumen contingency end {economy} --reason … --officer {officer}"
    )


@app.command("end")
def end(
    economy: EconomyArgument,
    reason: Annotated[str, typer.Option(help="Why it ends; everybody reads it.")],
    officer: OfficerOption,
    office: OfficeOption = "local",
    database: HeldDatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide what waited, in the order of recording, by the law of its day; then end it.

    What was decided stays where this is interrupted; run again, it goes on.
    """
    node = open_node(database)
    desk = _desk(node, Officer(economy, office, officer))
    decided = _all_decided(desk, reason, Console(stderr=True, quiet=as_json))
    node.publish_log()
    if as_json:
        typer.echo(json.dumps({"economy": economy, "decided": decided}))
        return
    told = ", ".join(f"{count:,} {status}" for status, count in sorted(decided.items()))
    typer.echo(f"The contingency of {economy} is over. Decided: {told or 'nothing had waited'}.")


def _desk(node: Node, officer: Officer) -> DeferredDesk:
    return DeferredDesk(node.database.session, officer, node.policy, node.clock, node.log)


def _all_decided(desk: DeferredDesk, reason: str, console: Console) -> Counter[str]:
    """Round by round, until nothing waits any more."""
    with console.status("deciding what waited") as status:
        return desk.ended(
            reason, lambda done: status.update(f"deciding what waited: {done.total():,} decided")
        )


@app.command("status")
def status(database: HeldDatabaseOption = None, as_json: JsonOption = False) -> None:
    """Tell whose decisions are suspended, since when, why, and how many wait."""
    with open_store(database).session() as session:
        found = contingencies.suspensions(session)
    if as_json:
        for each in found:
            typer.echo(json.dumps({**asdict(each), "since": each.since.isoformat()}))
    elif found:
        Console().print(_table(found))
    else:
        typer.echo("Every authority decides; no contingency is on.")


app.command("watch")(contingency_watch.watch)


def _table(found: list[Suspension]) -> Table:
    table = Table("economy", "since (UTC)", "waiting", Column("why", overflow="fold"))
    for each in found:
        table.add_row(
            each.economy, f"{each.since:%Y-%m-%d %H:%M:%S}", f"{each.awaiting:,}", each.reason
        )
    return table
