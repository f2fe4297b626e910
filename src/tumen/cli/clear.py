"""`tumen clear`: files of documents go down the road, and every row gets its answer."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tumen.bootstrap import DEFAULT_SENDER, Node, open_node
from tumen.cli.answers_out import AnswersOut
from tumen.cli.location import DatabaseOption, tariff_folder
from tumen.cli.progress import shown_progress
from tumen.cli.publishing import Publishing
from tumen.cli.rates import folder as rates_folder
from tumen.cli.summary import print_summary
from tumen.documents.formats.columns import ColumnMap
from tumen.documents.formats.sources import Source, find
from tumen.kernel.access_limits import MARK_LENGTH_MAX
from tumen.kernel.aside import Aside
from tumen.kernel.errors import PathAbsent, SourceUnreadable, UsageError
from tumen.law.exchange_import import held
from tumen.law.quoting import Books
from tumen.window.apart import Job, prepared
from tumen.window.books import SHARED
from tumen.window.ledger import proofs
from tumen.window.recording import Outcome
from tumen.window.tally import Tally


def clear(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders: .xml .ndjson .csv, .gz")],
    database: DatabaseOption = None,
    sender: Annotated[str, typer.Option(help="Who lodges the documents.")] = DEFAULT_SENDER,
    out: Annotated[Path | None, typer.Option(help="Where receipts and reports go.")] = None,
    column_map: Annotated[
        Path | None, typer.Option("--map", help="A TOML file that names the columns of CSV files.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary alone.")] = False,
) -> None:
    """Clear files of documents: match, assess, screen, decide, record, and answer every row.

    Rejections are results: the exit code is 0 when the run finished. When something outside
    fails it is 1; the same command run again goes on where it stopped.
    """
    console = Console(stderr=True, quiet=as_json)
    _need_sender(sender)
    sources = find(paths, out)
    columns = _column_map(column_map)
    node = open_node(database)
    summary = run(node, sources, sender=sender, out=out, console=console, columns=columns)
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        print_summary(summary, out)


def _need_sender(sender: str) -> None:
    """Refuse what names nobody: by the sender receipts are found again.

    Raises:
        UsageError: it is empty, too long, has unseen signs, or is what stands for several.
    """
    is_name = sender.strip() == sender and sender.isprintable() and sender not in ("", SHARED)
    if not is_name or len(sender) > MARK_LENGTH_MAX:
        raise UsageError(
            f"{sender!r} names no sender.",
            next_step=f"Name who lodges in 1 to {MARK_LENGTH_MAX} signs, such as shop-1.",
        )


def _column_map(file: Path | None) -> ColumnMap | None:
    """The column map of a file.

    Raises:
        SourceUnreadable: it cannot be read.
        PathAbsent: there is none of that name.
    """
    if file is None:
        return None
    if not file.exists():
        raise PathAbsent(f"{file} does not exist.")
    try:
        return ColumnMap.of(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"{file} cannot be read: {error}", path=str(file)) from error


def run(
    node: Node,
    sources: list[Source],
    *,
    sender: str,
    out: Path | None,
    console: Console,
    columns: ColumnMap | None = None,
) -> dict[str, object]:
    """Clear sources through a node and give the summary; writes to ``out`` where it is given."""
    started = time.monotonic()
    tally = Tally()
    with (
        Publishing(node) as publishing,
        AnswersOut(out, partial(_proofs, node), node.publish_log) as answers,
        Aside("telling") as telling,
        shown_progress(sources, console) as advance,
    ):
        told: Future[None] | None = None
        for outcomes in _batches(node, sources, sender, columns):
            for outcome in outcomes:
                telling.put(partial(_tell, outcome, tally, answers))
                advance(outcome)
            if told is not None:
                told.result()  # no more than a batch waits to be told
            told = telling.put(answers.end_batch)
            publishing.due()
        telling.settle()
        summary = tally.summary(time.monotonic() - started)
        summary["log"] = publishing.finish()
        answers.finish(summary)
    return summary


def _tell(outcome: Outcome, tally: Tally, answers: AnswersOut) -> None:
    """Count what became of a wave, and write down what is written at once."""
    tally.add(outcome)
    answers.write(outcome)


def _proofs(node: Node, what: str, numbers: Sequence[int]) -> Mapping[int, str]:
    prove = proofs.documents if what == "documents" else proofs.events
    with node.database.session() as session:
        return prove(session, node.keys.sealing, numbers)


def _batches(
    node: Node, sources: list[Source], sender: str, columns: ColumnMap | None
) -> Iterator[Iterator[Outcome]]:
    """The outcomes of each batch; one batch is to be taken whole before the next."""
    preparation = node.preparation(sender, Books(tariff_folder(), held(rates_folder())))
    with node.database.connect() as connection:
        desk = node.desk(connection.transaction)
        for batch in prepared(Job(sources, columns, preparation)):
            yield desk.receive(batch)
