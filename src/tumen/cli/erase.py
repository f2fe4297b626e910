"""`tumen erase`: destroy the keys of a person, so that nothing personal can be opened any more."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import polars as pl
import typer

from tumen.bootstrap import Node, open_node
from tumen.cli.erasure_list import erase_again, keep
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import NOT_RECORDED
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import TEXT_LENGTH_MAX
from tumen.settings import erasures_file
from tumen.window.ledger import erasure, proofs
from tumen.window.ledger.erasure import Erasure, Part
from tumen.window.privacy import blind

TYPED: Final = "-"
CLASSES: Final = ("id_number", "telephone")
"""What a person may be known by, of what personal keys are named for."""

STAYS: Final = """\
Names, numbers, telephones and addresses under these keys can no longer be opened here. What was
decided, the amounts, the receipts and the marks by which documents are matched stay as they are.
The disk keeps the old bytes until they are written over, and every backup keeps what it had until
it is restored beside the list of erasures: see docs/erasure.md."""


def erase(  # noqa: PLR0913 - a parameter is a flag
    reference: Annotated[
        str | None,
        typer.Argument(
            help="An order, waybill, payment or list number; or - to read one line with an "
            "identification or telephone number, which is never written on a command line."
        ),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why, such as the number of the request; nothing personal.")
    ] = "",
    part: Annotated[
        Part, typer.Option("--who", help="Which person of the consignment.")
    ] = Part.BUYER,
    out: Annotated[
        Path | None, typer.Option(help="A folder for erasure.json and its proof.")
    ] = None,
    is_sure: Annotated[
        bool, typer.Option("--yes", help="Do not ask whether you are sure.")
    ] = False,
    is_again: Annotated[
        bool, typer.Option("--again", help="Erase whom the node's list of erasures tells of.")
    ] = False,
    database: HeldDatabaseOption = None,
) -> None:
    """Destroy a person's keys for good; that it was done goes into the log.

    Facts, decisions, receipts and the leaves of the log stay, and the audit knows which keys are
    gone, and why. With --again nobody is named: a restored backup may hold keys that were destroyed
    after it was taken.
    """
    if is_again:
        erase_again(open_node(database), database)
        return
    if reference is None:
        raise UsageError("Nobody is named.", next_step="Give a number, or - , or --again.")
    _need_plain(reason)
    if reference == TYPED and not is_sure:
        raise UsageError("A number from the standard input needs --yes: it cannot be asked too.")
    node = open_node(database)
    persons, count = _persons(node, reference, part)
    if not is_sure:
        typer.echo(f"The personal fields of {count:,} documents of this person can then be opened"
                   " by nobody, for ever.")  # fmt: skip
        typer.confirm("Destroy the keys?", abort=True)
    with node.database.session() as session:
        done = erasure.erase(session, node.log, persons, reason, node.clock.now())
        keep(erasures_file(database), done.text)  # first: a backup must never outlive it untold
    node.publish_log()
    typer.echo(f"{done.keys:,} keys destroyed, which {count:,} documents were sealed under.")
    typer.echo(f"The log {node.log.origin.name} tells of it as artefact {done.number}.\n{STAYS}")
    if out is not None:
        _give(node, done, out)


def _need_plain(reason: str) -> None:
    if not reason.strip() or not reason.isprintable() or len(reason) > TEXT_LENGTH_MAX:
        raise UsageError(
            "The reason is empty, too long, or has unseen signs.",
            next_step="Write one plain line, such as: request 2026-17. It stays in the log.",
        )


def _persons(node: Node, reference: str, part: Part) -> tuple[Sequence[str], int]:
    """The marks of the one person who is meant, and how many documents they seal.

    Raises:
        UsageError: nobody is found, or several are.
    """
    with node.database.session() as session:
        if reference == TYPED:
            found = _marks(node, sys.stdin.readline())
        else:
            found = erasure.of_consignment(session, reference, part)
            if len(found) > 1:
                raise UsageError(
                    f"{reference} stands for {len(found)} different {part}s.",
                    next_step="Name another number of the consignment, or give the person's own"
                    " identification number with - .",
                )
        if not found:
            raise UsageError(
                f"Nothing is recorded of a {part} under {reference}.", next_step=NOT_RECORDED
            )
        persons = erasure.with_own_waybills(session, found)
        return persons, erasure.documents(session, persons)


def _marks(node: Node, line: str) -> list[str]:
    """The marks of a number, whichever class it is of."""
    number = pl.Series("number", [line.strip()], pl.String)
    return [blind(number, what, node.keys).item() for what in CLASSES] if line.strip() else []


def _give(node: Node, done: Erasure, out: Path) -> None:
    with node.database.session() as session:
        proof = proofs.artefacts(session, node.keys.sealing, [done.number])[done.number]
    out.mkdir(parents=True, exist_ok=True)
    (out / "erasure.json").write_bytes(done.text + b"\n")
    (out / "erasure.json.tlog-proof").write_text(proof, encoding="utf-8")
    typer.echo(f"For the person: erasure.json and its proof in {out}.")
