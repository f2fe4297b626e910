"""The summary of a run, as a person reads it."""

from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tumen.codelist.violations import violation

VIOLATIONS_SHOWN: Final = 8
DECLARATION_WORDS: Final = {
    "released": "released",
    "held": "held: a person looks at the documents",
    "examination": "to be examined",
    "rejected": "rejected",
    "pending": "pending: a counterpart is missing",
    "awaiting": "awaiting the authority's decision",
    "revoked": "revoked",
    "returned": "returned",
}


def print_summary(summary: dict[str, Any], out: Path | None) -> None:
    """Print documents, declarations, charges and violations, and what to look at next."""
    console = Console()
    console.print(_documents(summary["documents"]))
    declarations = _declarations(summary)
    if declarations.row_count:
        console.print(declarations)
    if summary["violations"]:
        console.print(_violations(summary["violations"]))
    if summary["unverified"]:
        console.print(_unverified(summary["unverified"]))
    rows = sum(sum(answers.values()) for answers in summary["documents"].values())
    seconds = summary["seconds"]
    rate = round(rows / seconds) if seconds else rows
    if not rows:
        console.print("No file was found; those whose names begin with a point are passed over.")
    what = "document" if rows == 1 else "documents"
    console.print(f"\n{rows:,} {what} in {seconds:,.1f} s: {rate:,} documents a second.")
    log = summary["log"]
    if log is not None:
        console.print(
            f"The log {log['origin']} has {log['size']:,} leaves, root {log['root']};"
            f" its checkpoint is {log['checkpoint']}.",
            soft_wrap=True,
        )
    if out is not None:
        console.print(f"Receipts, refused rows with their reasons and summary.json are in {out}.")


def _documents(documents: dict[str, dict[str, int]]) -> Table:
    table = Table(title="Documents", title_justify="left")
    table.add_column("kind")
    for answer in ("accepted", "rejected", "duplicate", "ignored"):
        table.add_column(answer, justify="right")
    for kind, answers in documents.items():
        if any(answers.values()):
            table.add_row(kind, *(f"{count:,}" for count in answers.values()))
    return table


def _declarations(summary: dict[str, Any]) -> Table:
    table = Table(title="Declarations", title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("how much", justify="right")
    for status, count in summary["declarations"].items():
        if count:
            table.add_row(DECLARATION_WORDS[status], f"{count:,}")
    for name, goods in (("charges", "released goods"), ("charges_on_hold", "goods not released")):
        for currency, sums in summary[name].items():
            for code, amount in sums.items():
                table.add_row(f"{code.replace('_', ' ')} on {goods}, {currency}", amount)
    if summary["unknown_charges"]:
        table.add_row("with a charge that is unknown", f"{summary['unknown_charges']:,}")
    return table


def _remedy(code: str) -> str:
    """What mends it, in general; the particulars of each row are in ``rejected.csv``.

    >>> _remedy("TEXT_TOO_LONG")
    'Shorten it to … characters.'
    """
    return violation(code).fix.format(path="…", value="…", expected="…")


def _violations(found: dict[str, int]) -> Table:
    table = Table(title="Most frequent findings", title_justify="left")
    table.add_column("times", justify="right")
    table.add_column("code", no_wrap=True)
    table.add_column("what would mend it")
    for code, count in list(found.items())[:VIOLATIONS_SHOWN]:
        table.add_row(f"{count:,}", code, _remedy(code))
    return table


def _unverified(found: dict[str, int]) -> str:
    """A warning: the parameters of the law that were used without confirmed evidence."""
    names = ", ".join(f"{name} ({count:,})" for name, count in found.items())
    return f"Assessed with unverified parameters of the law (declarations): {names}."
