"""The summary of an assessment, as a person reads it."""

from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tumen.codelist.violations import violation

CODES_SHOWN: Final = 8
STATUSES: Final = ("payable", "exempt", "not_admissible", "unknown")


def print_summary(summary: dict[str, Any], out: Path, console: Console) -> None:
    """Print shipments by economy and status, charges, frequent remarks, and how fast it was."""
    console.print(_statuses(summary["statuses"]))
    charges = _charges(summary["charges"])
    if charges.row_count:
        console.print(charges)
    for title, name in (("violations", "violations"), ("warnings", "warnings")):
        if summary[name]:
            console.print(_codes(f"Most frequent {title}", summary[name]))
    shipments, seconds = summary["shipments"], summary["seconds"]
    rate = summary["shipments_a_second"] or shipments
    console.print(
        f"\n{shipments:,} shipments, {summary['items']:,} items in {seconds:,.1f} s: "
        f"{rate:,} shipments a second. Law {summary['law_version']}. Written to {out}."
    )


def _statuses(found: dict[str, dict[str, int]]) -> Table:
    table = Table(title="Shipments", title_justify="left")
    table.add_column("to")
    for status in STATUSES:
        table.add_column(status.replace("_", " "), justify="right")
    for economy, counts in found.items():
        table.add_row(economy, *(f"{counts.get(status, 0):,}" for status in STATUSES))
    return table


def _charges(found: dict[str, dict[str, dict[str, Any]]]) -> Table:
    table = Table(title="Charges of what is payable or exempt", title_justify="left")
    table.add_column("to")
    table.add_column("charge")
    table.add_column("total", justify="right")
    table.add_column("unknown in", justify="right")
    for economy, charges in found.items():
        for code, charge in charges.items():
            amount = f"{charge['total']} {charge['currency']}"
            table.add_row(economy, code.replace("_", " "), amount, f"{charge['unknown']:,}")
    return table


def _codes(title: str, found: dict[str, int]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("times", justify="right")
    table.add_column("code", no_wrap=True)
    table.add_column("what would mend it")
    for code, count in list(found.items())[:CODES_SHOWN]:
        fix = violation(code).fix
        table.add_row(f"{count:,}", code, fix.format_map(_Places()))
    return table


class _Places(dict[str, str]):
    """Every particular of a remark is left out: the rows have them."""

    def __missing__(self, name: str) -> str:
        return "…"
