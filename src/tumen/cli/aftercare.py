"""`tumen aftercare`: correct, return, revoke; grant, refuse; what came back, and what did not."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from tumen.bootstrap import open_node, open_store
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import tariff_folder
from tumen.cli.rates import folder as rates_folder
from tumen.kernel.errors import UsageError
from tumen.law.exchange_import import held
from tumen.law.quoting import Books
from tumen.window.acts import ZONES, Officer
from tumen.window.aftercare_asked import (
    OF_FILERS,
    AftercareAsked,
    AftercareStep,
    Asker,
    ItemStated,
    Stated,
)
from tumen.window.aftercare_told import told
from tumen.window.ledger.aftercare import AftercareDesk, AftercareDone
from tumen.window.ledger.aftercare_list import applications

DAY: Final = "%Y-%m-%d"
OF_WHOLE: Final = ("freight", "insurance")

app = command_group("Correct, return and revoke what was decided; answer what was asked for.")


@app.command("ask")
def ask(  # noqa: PLR0913 - a parameter is a flag
    step: Annotated[AftercareStep, typer.Argument(help="What is to be done.")],
    number: Annotated[
        str, typer.Argument(help="A declaration's number, or # and the number of its document.")
    ],
    reason: Annotated[str, typer.Option(help="Why; officers and the filer read it.")],
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="What is true: freight=12, or ITEM.FIELD=VALUE as 1.quantity=2."
        ),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="Your own reference, once for each request.")
    ] = None,
    sender: Annotated[str, typer.Option(help="The filer that asks.")] = "local",
    officer: Annotated[
        str | None, typer.Option(help="The office's own mark of the officer who acts; no name.")
    ] = None,
    office: Annotated[str, typer.Option(help="The office that acts.")] = "local",
    authority: Annotated[str, typer.Option(help="The economy whose law is applied.")] = "CN",
    basis: Annotated[
        str | None, typer.Option(help="The act of law by which something is given back.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=[DAY], help="When returned goods were back.")
    ] = None,
    preview: Annotated[bool, typer.Option(help="Say what would become; record nothing.")] = False,
    database: HeldDatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,
) -> None:
    """Ask for a correction, a return or a revocation; or, as an officer, answer and correct.

    Filers correct, return and revoke. Officers (--officer) correct, grant, refuse, and record that
    returned goods are back, or that they were not back in time.
    """
    if authority not in ZONES:
        raise UsageError(f"There is no authority {authority}; there are {', '.join(ZONES)}.")
    node = open_node(database)
    acting = None if officer is None else Officer(authority, office, officer)
    asker = Asker(sender if acting is None else office, acting)
    books = Books(tariff_folder(), held(rates_folder()))
    desk = AftercareDesk(
        node.database.session, asker, node.clock, node.log, node.keys, books,
        node.policy.positive_list,
    )  # fmt: skip
    asked = AftercareAsked(
        number, step, reason, reference if step in OF_FILERS else None, stated_by(state or []),
        basis, None if day is None else day.date(),
    )  # fmt: skip
    done = desk.preview(asked) if preview else desk.ask(asked)
    if not preview:
        node.publish_log()
    _tell(done, as_json=as_json, is_preview=preview)
    if done.judged.answer == "rejected":
        raise typer.Exit(1)


def stated_by(texts: list[str]) -> Stated:
    """What is stated by texts such as ``freight=12`` and ``1.quantity=2``.

    Raises:
        UsageError: a text is neither.
    """
    whole: dict[str, str] = {}
    items: dict[int, dict[str, str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        place, point, field = name.partition(".")
        if equals and name in OF_WHOLE:
            whole[name] = value
        elif equals and point and place.isdigit() and field in ItemStated.__struct_fields__[1:]:
            items.setdefault(int(place), {})[field] = value
        else:
            fields = ", ".join(ItemStated.__struct_fields__[1:])
            raise UsageError(
                f"{text!r} states nothing that can be corrected.",
                next_step=f"Say freight=12, insurance=0, or 1.FIELD=VALUE with one of {fields}.",
            )
    listed = tuple(ItemStated(place, **named) for place, named in sorted(items.items()))
    return Stated(whole.get("freight"), whole.get("insurance"), listed)


def _tell(done: AftercareDone, *, as_json: bool, is_preview: bool) -> None:
    plain = told(done.judged, done.event_id, done.receipt)
    if as_json:
        typer.echo(json.dumps(plain, ensure_ascii=False))
        return
    console = Console()
    event = "" if plain["event"] is None else f", event {plain['event']}"
    status = plain["status"] or plain["status_before"] or ""
    console.print(f"{plain['declaration']}: {plain['answer']}{event}; {status}", markup=False)
    _print_differences(console, plain["differences"])
    if plain["allowance_change"]:
        console.print(f"Of the person's year: {plain['allowance_change']} CNY.")
    if plain["answer"] == "waiting":
        console.print("It waits for an officer; nothing is changed yet.")
    if plain["doubts"]:
        console.print(f"Rests on unverified law: {', '.join(plain['doubts'])}.", markup=False)
    for each in plain["violations"]:
        console.print(f"{each['message']}\n    {each['fix']} [{each['code']}]", markup=False)
    if is_preview:
        console.print("Nothing was recorded: this is a preview.")


def _print_differences(console: Console, differences: list[dict[str, Any]]) -> None:
    if not differences:
        return
    table = Table("item", "charge", "before", "after", "difference", "", box=None, pad_edge=False)
    for each in differences:
        table.add_row(
            str(each["item"] or ""), each["code"].replace("_", " "), each["before"] or "unknown",
            each["after"] or "unknown", each["difference"], each["currency"],
        )  # fmt: skip
    console.print(table)


@app.command("list")
def waiting(
    after: Annotated[int, typer.Option(min=0, help="Go on after this event.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 100,
    database: HeldDatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what was asked for and waits for an officer, the longest waiting first."""
    with open_store(database).session() as session:
        found = applications(session, after, limit)
    if as_json:
        for line in found:
            typer.echo(json.dumps(line, ensure_ascii=False))
        return
    console = Console()
    if not found:
        console.print("Nothing waits for an answer.")
        return
    table = Table("number", "asked for", "since (UTC)", "reason", box=None, pad_edge=False)
    for line in found:
        what = line["entry"].removesuffix("_asked")
        table.add_row(
            line["number"], what, line["recorded_at"][:16].replace("T", " "), line["reason"]
        )
    console.print(table)
