"""`tumen resend`: receipts again, byte for byte as they were first given."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tumen.bootstrap import open_store
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import NOT_RECORDED
from tumen.documents import receipt
from tumen.documents.fields import Kind
from tumen.kernel.errors import UsageError
from tumen.window.answers import guids
from tumen.window.ledger import inquiry


def resend(
    reference: Annotated[str, typer.Argument(help="An order, waybill, payment or list number.")],
    database: HeldDatabaseOption = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder for one file a receipt; else they are printed.")
    ] = None,
) -> None:
    """Write the receipts and notices of one consignment again, byte for byte as first given."""
    with open_store(database).session() as session:
        numbers = inquiry.order_numbers(session, reference)
        found = inquiry.receipts(session, numbers)
    if found.is_empty():
        raise UsageError(f"Nothing is recorded under {reference}.", next_step=NOT_RECORDED)
    if out is not None and out.is_file():
        raise UsageError(f"{out} is a file.", next_step="Name a folder for the receipts.")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    for document, kind, form, digest, body in found.iter_rows():
        name, content = _file(document, kind, form, digest, body)
        if out is None:
            typer.echo(content)
        else:
            (out / name).write_text(content, encoding="utf-8")


def _file(number: int, kind: str, form: str, digest: str, body: str) -> tuple[str, str]:
    """A receipt's file name and content; CEB returns stand in their message."""
    is_notice = kind == inquiry.NOTICE
    name = f"{kind}-{number}" if is_notice else f"{number}-{kind}"
    if form != "ceb":
        return f"{name}.json", body
    guid = guids(pl.Series("digest", [digest])).item()
    answered = Kind.DECLARATION if is_notice else Kind(kind)
    is_format_failure = body.startswith("<MessageReturn>")
    message = receipt.envelope(None if is_format_failure else answered, [body], guid)
    return f"{name}.xml", message.decode()
