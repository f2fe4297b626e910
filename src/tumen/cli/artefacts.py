"""Artefacts and the node's log: entered by what makes them, with a proof for their holders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.bootstrap import Node, is_at_hand, open_node
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.verify_files import read
from tumen.kernel.errors import OutsideError, UsageError
from tumen.trust.artefact import artefact_in
from tumen.trust.credential.artefact import Artefact
from tumen.window.ledger import proofs
from tumen.window.ledger.artefacts import number_of

SUFFIX: Final = ".tlog-proof"


def log_if_at_hand(database: str | None, files: Sequence[Path]) -> None:
    """Enter artefacts into the log of the node at hand; nothing where there is none.

    What made them is done already: if the log cannot be reached, that is told and stays done.

    Raises:
        OutsideError: the node's store or log cannot be reached.
    """
    if not is_at_hand(database):
        return
    try:
        add(list(files), database)
    except OutsideError as error:
        error.next_step = (
            "It is made and holds, but is not in the log yet: enter it later with "
            f"`tumen log add {' '.join(map(str, files))}`."
        )
        raise


def add(
    files: Annotated[
        list[Path], typer.Argument(help="Trust bundles, credentials (*.vc), status lists.")
    ],
    database: HeldDatabaseOption = None,
) -> None:
    """Enter trust bundles, credentials and status lists into the log, by their hash alone.

    Beside each file its proof is written. What is in the log already stays where it is, and its
    proof grows by the cosignatures that came meanwhile.
    """
    found = [artefact_in(read(each)) for each in files]
    node = open_node(database)
    for each in found:
        node.log_artefact(each.kind, bytes.fromhex(each.content), each.name)
    node.publish_log()
    for file, each in zip(files, found, strict=True):
        proof = file.with_name(f"{file.name}{SUFFIX}")
        proof.write_text(_proof(node, each), encoding="utf-8")
        typer.echo(f"In the log {node.log.origin.name}: {file}; its proof: {proof}")


def proof_of(node: Node, file: Path) -> tuple[str, str]:
    """The kind of the artefact in a file, and its newest proof.

    Raises:
        UsageError: it is not in the log.
    """
    artefact = artefact_in(read(file))
    return artefact.kind, _proof(node, artefact)


def _proof(node: Node, artefact: Artefact) -> str:
    with node.database.session() as session:
        number = number_of(session, node.log, artefact.kind, bytes.fromhex(artefact.content))
        if number is None:
            raise UsageError(
                f"This {artefact.kind} is not in the log.",
                next_step="Enter it with `tumen log add FILE`.",
            )
        return proofs.artefacts(session, node.keys.sealing, [number])[number]
