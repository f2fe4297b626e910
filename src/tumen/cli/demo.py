"""`tumen demo`: a realistic day of documents, made and cleared, with what to look at next."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from tumen.bootstrap import open_node
from tumen.cli.clear import run
from tumen.cli.lists import import_list
from tumen.cli.location import DatabaseOption
from tumen.cli.summary import print_summary
from tumen.cli.trust import DAYS, take_own
from tumen.documents.formats.sources import find
from tumen.settings import key_ring
from tumen.simulation import Plan, simulate
from tumen.trust.bundle_model import Member
from tumen.window.lists import ListKind

NOON: Final = datetime(2026, 8, 3, 12, tzinfo=UTC)
BUNDLES: Final = 10_000


def demo(
    database: DatabaseOption = None,
    bundles: Annotated[int, typer.Option(min=1, help="Consignments to make.")] = BUNDLES,
    seed: Annotated[
        int | None,
        typer.Option(help="The same seed makes the same documents; by default the next."),
    ] = None,
    out: Annotated[Path, typer.Option(help="A folder for documents and answers.")] = Path("demo"),
) -> None:
    """Make a realistic day of documents, clear it, and show what came of it.

    All parties and goods prices are demonstration data. Run again, it clears other documents
    of the same day into the same database; with a seed used before, all are duplicates.
    """
    console = Console()
    if seed is None:
        seed = 1 + sum(1 for _ in out.glob("seed-*"))
    location = database or str(out / "postgres")
    answers = cleared_day(console, out, location, bundles=bundles, seed=seed)
    bundle = trust_bundle(location, out)
    _next_steps(console, location, answers, bundle, f"DEMO{seed:06}{0:09}")


def cleared_day(
    console: Console, out: Path, location: str, *, bundles: int, seed: int, sender: str = "demo"
) -> Path:
    """Make a day of documents and clear it; the folder of its answers.

    Args:
        console: where it is told.
        out: a folder for documents and answers.
        location: of the node.
        bundles: consignments to make.
        seed: the same seed makes the same documents.
        sender: who lodges them.
    """
    made = out / f"seed-{seed}"
    if made.exists():
        shutil.rmtree(made)
    console.print(f"Making {bundles:,} consignments of four documents, some with faults …")
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("making", total=bundles)
        written = simulate(
            Plan(bundles, seed, NOON.date()),
            made / "made",
            lambda more: progress.advance(task, more),
        )
    console.print("Starting PostgreSQL and clearing the day …")
    prices = made / "made" / "reference_prices.csv"
    import_list(prices, ListKind.PRICES, "demo", NOON, "simulation", location)
    node = open_node(location)
    answers = made / "answers"
    summary = run(
        node, find([written.documents]), sender=sender, out=answers, console=Console(stderr=True)
    )
    print_summary(summary, answers)
    return answers


def trust_bundle(location: str, out: Path) -> Path:
    """A bundle that believes the demonstration's own node and nobody else."""
    file = out / "trust.bundle"
    if not file.exists():
        owner = Member("CN", "Demonstration, no authority", ())
        take_own(file, key_ring(location), "demonstration.invalid", owner, DAYS)
    return file


def _next_steps(console: Console, location: str, answers: Path, bundle: Path, order: str) -> None:
    console.print("\nWhat to look at next:", highlight=False)
    program = Path(sys.argv[0])
    steps = {
        f"{program} show {order} --database {location}": "one consignment, explained",
        f"{program} orphans --database {location}": "what waits for a counterpart",
        f"less {answers}/rejected.csv": "every refusal and what mends it",
        f"{program} verify {answers} --trust {bundle}": "what the receipts prove, offline",
        f"{program} log audit --database {location}": "whether any row was changed since",
        f"{program} db stop --database {location}": "stop the database; it runs on until then",
    }
    width = max(map(len, steps))
    for step, what in steps.items():
        console.print(f"  {step:{width}}  {what}", highlight=False, soft_wrap=True)
