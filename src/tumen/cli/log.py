"""`tumen log`: the node's log: its checkpoint, proofs for holders, and the audit of its store."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tumen.bootstrap import Node, load_keys, log_key, open_node
from tumen.cli import artefacts
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import NOT_RECORDED, DatabaseOption
from tumen.cli.log_begin import begin
from tumen.cli.log_serving import serve
from tumen.codelist.verdict_words import shown
from tumen.kernel.errors import SourceUnreadable, UsageError
from tumen.kernel.limits import NOTE_BYTES_MAX
from tumen.settings import key_ring, keys_file
from tumen.store.session import Session
from tumen.trust.bundle_model import Role
from tumen.trust.continuity import COSIGNED
from tumen.trust.folder import DiskFolder
from tumen.trust.key_ring import public_text
from tumen.trust.published import head_of
from tumen.trust.tiles import CHECKPOINT
from tumen.trust.tree import consistency as consistency_proof
from tumen.window.ledger import inquiry, proofs
from tumen.window.ledger.audit import Audit, against
from tumen.window.ledger.audit_origins import astray, older
from tumen.window.ledger.finding import Finding
from tumen.window.ledger.log import newest, origins, read_tile, salt_key

FINDINGS_SHOWN = 20

app = command_group()
app.command("serve")(serve)
app.command("begin")(begin)


@app.callback()
def log() -> None:
    """Show, prove and audit the node's log."""


@app.command("init")
def init(
    origin: Annotated[str | None, typer.Option(help="Its name, such as customs.mn/log.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Begin the log under a name of yours; without this, it begins at first use."""
    ring = key_ring(database)
    made = not ring.has(Role.LOG)
    key = log_key(database, load_keys(keys_file(database)), origin)
    node = open_node(database)
    node.publish_log()
    typer.echo(f"origin     {node.log.origin.name}")
    typer.echo(
        f"key        {ring.place(Role.LOG)}" + ("  (new: keep a copy of it apart)" if made else "")
    )
    typer.echo(f"public key {public_text(Role.LOG, key)}")
    typer.echo(f"files      {node.log_folder}")
    if node.log.origin.first_batch > 1:
        typer.echo(f"Facts before batch {node.log.origin.first_batch} are under no leaf of it.")


@app.command("checkpoint")
def checkpoint(database: HeldDatabaseOption = None) -> None:
    """Print the newest checkpoint, signed and with the cosignatures that are known."""
    node = open_node(database)
    with node.database.session() as session:
        signed = _newest(session, node)
        full = proofs.with_cosignatures(session, node.log.origin.number, signed)
    node.publish_log()  # whoever holds it must find it published, and so must this node
    typer.echo(full.decode(), nl=False)


def _newest(session: Session, node: Node) -> bytes:
    signed = newest(session, node.log.origin.number)
    if signed is None:
        raise UsageError(
            "The log has no leaf yet.", next_step="Clear some documents: tumen clear FILE."
        )
    return signed


@app.command("prove")
def prove(
    reference: Annotated[
        str,
        typer.Argument(
            help="An order, waybill, payment or list number; or a file: a trust bundle, a "
            "credential, a status list."
        ),
    ],
    database: HeldDatabaseOption = None,
    out: Annotated[Path | None, typer.Option(help="A folder: one file a receipt.")] = None,
) -> None:
    """Give the proofs of the receipts and notices of one consignment, or of a file in the log.

    Written again, a file grows by the cosignatures that came meanwhile.
    """
    node = open_node(database)
    if Path(reference).is_file():
        kind, text = artefacts.proof_of(node, Path(reference))
        _give({kind: text}, out)
        return
    with node.database.session() as session:
        found = inquiry.receipts(session, inquiry.order_numbers(session, reference))
        is_notice = pl.col("kind") == inquiry.NOTICE
        documents = found.filter(~is_notice)
        notices = found.filter(is_notice)
        made = {
            **{f"{n}-{kind}": proof for n, kind, proof in _proofs(session, node, documents)},
            **{f"{kind}-{n}": proof for n, kind, proof in _proofs(session, node, notices)},
        }
    if found.is_empty():
        raise UsageError(f"Nothing is recorded under {reference}.", next_step=NOT_RECORDED)
    node.publish_log()  # before anybody holds a proof: a restored node must know what was shown
    if len(made) < found.height:
        typer.echo(
            f"{found.height - len(made)} of {found.height} were recorded before the log began:"
            " they have no proof.",
            err=True,
        )
    _give(made, out)


def _give(made: Mapping[str, str], out: Path | None) -> None:
    """Print proofs, or write each into a folder."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    for name, proof in made.items():
        if out is None:
            typer.echo(proof, nl=not proof.endswith("\n"))
        else:
            (out / f"{name}.tlog-proof").write_text(proof, encoding="utf-8")


def _proofs(session: Session, node: Node, found: pl.DataFrame) -> list[tuple[int, str, str]]:
    numbers = found["document_id"].to_list()
    is_notice = found["kind"].eq(inquiry.NOTICE).any()
    prove_all = proofs.events if is_notice else proofs.documents
    made = prove_all(session, node.keys.sealing, numbers)
    return [
        (number, kind, made[number])
        for number, kind in zip(numbers, found["kind"], strict=True)
        if number in made
    ]


app.command("add")(artefacts.add)


@app.command("consistency")
def consistency(
    old: Annotated[int, typer.Argument(help="The number of leaves of the older checkpoint.")],
    new: Annotated[int, typer.Argument(help="That of the newer one.")],
    database: HeldDatabaseOption = None,
) -> None:
    """Print the proof that the log of one size grew into that of another, a hash a line."""
    node = open_node(database)
    with node.database.session() as session:
        size = head_of(_newest(session, node)).size
        if not 0 <= old <= new <= size:
            raise UsageError(f"The sizes must rise, and the log has {size} leaves.")
        hashes = consistency_proof(old, new, read_tile(session, node.log.origin.number))
    for each in hashes:
        typer.echo(each.hex())


@app.command("audit")
def audit(
    database: HeldDatabaseOption = None,
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option("--against", help="A checkpoint that was kept elsewhere; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Derive every leaf again from the database, and name what was changed.

    Exit code 1 when anything was found. Rows and checkpoints that were removed together at the
    end can be told only by a checkpoint that lies elsewhere: give those with --against.
    """
    node = open_node(database)
    given = [_read(file) for file in checkpoints or []]
    place = DiskFolder(node.log_folder)
    shown = [kept for name in (CHECKPOINT, COSIGNED) if (kept := place.read(name)) is not None]
    with node.database.session() as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        leaves, found = _audited(session, node, Console(stderr=True, quiet=as_json))
        known = origins(session)
        found = [*astray(session, known), *found]
        before = older(session, known)
        speaks = (against(session, known, signed) for signed in (*shown, *given))
        found += [finding for finding in speaks if finding is not None]
    _tell(leaves, found, len(given), before, as_json=as_json)
    if found:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(NOTE_BYTES_MAX)
    except OSError as error:
        raise SourceUnreadable(f"{file} cannot be read: {error.strerror}") from error


def _audited(session: Session, node: Node, console: Console) -> tuple[int, list[Finding]]:
    """The leaves that were derived again, and what was found; a bar tells how far it is."""
    known = origins(session)
    sizes = [head_of(s).size if (s := newest(session, each.number)) else 0 for each in known]
    columns = (TextColumn("auditing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    found: list[Finding] = []
    leaves = 0
    with Progress(*columns, console=console, disable=console.quiet) as progress:
        task = progress.add_task("", total=sum(sizes))
        for place, origin in enumerate(known):
            following = known[place + 1] if place + 1 < len(known) else None
            salting = salt_key(node.keys.sealing, origin.name)
            one = Audit(session, origin, following, node.log_keys(origin.name), salting)
            for each in one.run():
                if isinstance(each, Finding):
                    found.append(each)
                else:
                    progress.advance(task, each)
            leaves += one.leaves
    return leaves, found


def _tell(
    leaves: int, found: list[Finding], given: int, before: dict[str, int], *, as_json: bool
) -> None:
    if as_json:
        told = [{"code": f.code, "where": f.where, "told": f.told} for f in found]
        typer.echo(json.dumps({"leaves": leaves, "findings": told, "older": before}))
        return
    if before:
        counts = ", ".join(f"{count:,} of {what}" for what, count in before.items())
        typer.echo(
            f"Older than the log by its own table, so under no leaf and not audited: {counts}."
        )
    for each in found[:FINDINGS_SHOWN]:
        typer.echo(f"{each.code}  {shown(each.where)}: {shown(each.told)}")
    if len(found) > FINDINGS_SHOWN:
        typer.echo(f"… and {len(found) - FINDINGS_SHOWN:,} more; --json has them all.")
    if found:
        typer.echo(f"\n{leaves:,} leaves derived again: {len(found):,} findings, the first above.")
        return
    typer.echo(f"{leaves:,} leaves derived again from the database: all as they were signed.")
    if not given:
        typer.echo(
            "What was removed at the end together with its checkpoints cannot be seen from here:"
            " compare with a checkpoint that a holder or a witness keeps (--against FILE)."
        )
