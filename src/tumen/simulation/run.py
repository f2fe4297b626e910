"""Simulates to a folder: the documents, their truth, and what the run was."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from tumen.kernel.errors import SourceUnreadable, UsageError
from tumen.simulation.files import DOCUMENTS, WRITERS
from tumen.simulation.goods import reference_prices
from tumen.simulation.plan import Plan
from tumen.simulation.stream import bundles
from tumen.simulation.truth import HEADER, Tally

BUNDLES_PER_REPORT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """What a run has written.

    Attributes:
        out: the folder.
        documents: the folder inside it that is to be cleared.
        faults: how many bundles have each fault.
        summary: the totals that clearing must come to.
    """

    out: Path
    documents: Path
    faults: dict[str, int]
    summary: dict[str, Any]


def _nothing(_bundles: int) -> None:
    return None


def simulate(plan: Plan, out: Path, report: Callable[[int], None] = _nothing) -> Written:
    """Writes a plan's documents and their truth to a folder.

    Args:
        plan: what to simulate.
        out: a folder that does not exist or is empty.
        report: is told now and then how many bundles were written since.

    Raises:
        UsageError: the plan cannot be simulated, or the folder is not empty.
        SourceUnreadable: the folder cannot be written.
    """
    plan.check()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"{out} is not an empty folder.", next_step="Name a new folder, or empty this one."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        tally = _write_bundles(plan, out, report)
        _write_records(plan, out, tally)
    except OSError as error:
        raise SourceUnreadable(f"{out} cannot be written: {error.strerror}.") from error
    return Written(out, out / DOCUMENTS, tally.faults(), tally.summary())


def _write_bundles(plan: Plan, out: Path, report: Callable[[int], None]) -> Tally:
    tally = Tally()
    writer = WRITERS[plan.format](out, plan.seed)
    with writer, (out / "truth.csv").open("w", encoding="utf-8", newline="") as truth:
        truth.write(HEADER)
        for bundle in bundles(plan):
            writer.put(bundle)
            truth.write(tally.row(bundle))
            if bundle.number % BUNDLES_PER_REPORT == BUNDLES_PER_REPORT - 1:
                report(BUNDLES_PER_REPORT)
    report(plan.bundles % BUNDLES_PER_REPORT)
    return tally


def _write_records(plan: Plan, out: Path, tally: Tally) -> None:
    with (out / "reference_prices.csv").open("w", encoding="utf-8", newline="") as prices:
        csv.writer(prices, lineterminator="\n").writerows(reference_prices())
    record = {
        "bundles": plan.bundles,
        "counts": tally.faults(),
        "day": plan.day.isoformat(),
        "days": plan.days,
        "fault": plan.fault,
        "format": plan.format,
        "seed": plan.seed,
        "share": f"{plan.fault_share:.6f}",
        "shares": plan.stated_shares(),
    }
    for name, content in (("SIMULATION.json", record), ("truth-summary.json", tally.summary())):
        text = msgspec.json.format(msgspec.json.encode(content), indent=2)
        (out / name).write_bytes(text + b"\n")
