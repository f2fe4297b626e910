"""The page of `tumen observe audit`, at most 100 columns wide."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tumen.cli.law_page import table_of
from tumen.observatory.audit import Audit
from tumen.observatory.finding import (
    CONSISTENT,
    NOT_CHECKABLE,
    VERDICTS,
    Explanation,
    Finding,
)
from tumen.observatory.publication.words import (
    RELATION_WORDS,
    VERDICT_WORDS,
    claimed_text,
    slip_text,
    value_text,
)

WIDTH_MAX: Final = 100
_STYLES: Final = {"inconsistent": "bold red", "unit_error": "bold yellow"}


def print_audit(console: Console, found: Audit, *, everything: bool) -> None:
    """Print the counts, what fails and why, and what cannot be checked."""
    console.width = min(console.width, WIDTH_MAX)
    facts = found.study.facts
    heading = ", ".join(str(facts[key]) for key in ("author", "year") if key in facts)
    console.print(Text(str(facts["title"]), style="bold"))
    console.print(Text(f"{heading}. {facts.get('source', '')}".strip(" ."), style="dim"))
    _print_counts(console, found)
    _print_failing(console, "Claims that fail", found.claims)
    _print_failing(console, "Tables that do not fit together", found.tables)
    _print_missing(console, found.claims)
    _print_remarked(console, found.claims)
    if everything:
        _print_all(console, found.claims)


def _print_counts(console: Console, found: Audit) -> None:
    claims = Counter(finding.verdict for finding in found.claims)
    tables = Counter(finding.verdict for finding in found.tables)
    table = table_of(
        "Verdicts", "verdict", "claims", "tables", "meaning", right=("claims", "tables")
    )
    for verdict in VERDICTS:
        counts = (f"{count or ''}" for count in (claims[verdict], tables[verdict]))
        table.add_row(verdict, *counts, VERDICT_WORDS[verdict])
    table.add_row("all", f"{len(found.claims)}", f"{len(found.tables)}", "", style="bold")
    console.print(table)


def _print_failing(console: Console, title: str, findings: Iterable[Finding]) -> None:
    """Print what fails; findings of a table that differ only in the row stand together."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        if each.verdict not in (CONSISTENT, NOT_CHECKABLE):
            groups.setdefault(_kind(each), []).append(each)
    if groups:
        console.print(Text(f"\n{title}", style="bold"))
    for finding, *alike in groups.values():
        _print_finding(console, finding, alike)


def _kind(finding: Finding) -> tuple[str, ...]:
    claim = finding.claim
    if claim.line or not finding.diagnosis:
        return (claim.id,)
    series = claim.id.partition("[")[0]
    return (series, claim.says, finding.verdict, *(found.slip for found in finding.diagnosis))


def _print_finding(console: Console, finding: Finding, alike: Sequence[Finding]) -> None:
    claim = finding.claim
    place = f"{claim.section}, line {claim.line}" if claim.line else claim.section
    head = Text(f"{claim.id}  ", style="bold")
    head.append(finding.verdict, style=_STYLES[finding.verdict])
    head.append(f"  {RELATION_WORDS.get(claim.says, claim.says)}  ({place})", style="not bold")
    console.print(head)
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.add_column(style="dim", width=11)
    rows.add_column(overflow="fold")
    rows.add_row("printed", claimed_text(finding))
    rows.add_row("recomputed", _recomputed(finding))
    rows.add_row("by", claim.expression)
    for label, text in _diagnosis_lines(finding.diagnosis):
        rows.add_row(label, text)
    for remark in finding.remarks:
        rows.add_row("note", remark.text)
    if alike:
        rows.add_row("likewise", "; ".join(map(_in_short, alike)))
    console.print(Padding(rows, (0, 0, 0, 4)))


def _in_short(finding: Finding) -> str:
    name = finding.claim.id.rpartition(" ")[0]
    return f"{name} {claimed_text(finding)}, not {value_text(finding.recomputed)}"


def _recomputed(finding: Finding) -> str:
    text = value_text(finding.recomputed)
    if finding.low != finding.high:
        text += f" (between {finding.low} and {finding.high})"
    return f"{text}; not: {', '.join(finding.failing)}" if finding.failing else text


def _diagnosis_lines(diagnosis: Sequence[Explanation]) -> Iterable[tuple[str, str]]:
    if not diagnosis:
        yield "diagnosis", "no known slip explains it"
    for number, explanation in enumerate(diagnosis):
        label = "or equally" if number else "diagnosis"
        gives = f"; so read: {value_text(explanation.gives)}" if explanation.gives else ""
        yield label, slip_text(explanation) + gives
    for corrected in dict.fromkeys(found.corrected for found in diagnosis if found.corrected):
        yield "corrected", value_text(corrected)


def _print_missing(console: Console, findings: Iterable[Finding]) -> None:
    missing = [finding for finding in findings if finding.reason is not None]
    if not missing:
        return
    table = table_of("Claims that cannot be checked", "claim", "code", "reason")
    for finding in missing:
        reason = finding.reason
        if reason is not None:
            table.add_row(finding.claim.id, reason.code, reason.message)
    console.print(table)


def _print_remarked(console: Console, findings: Iterable[Finding]) -> None:
    table = table_of("Consistent, with a remark", "claim", "remark")
    for finding in findings:
        for remark in finding.remarks if finding.verdict == CONSISTENT else ():
            table.add_row(finding.claim.id, remark.text)
    if table.row_count:
        console.print(table)


def _print_all(console: Console, findings: Iterable[Finding]) -> None:
    table = table_of("Every claim", "claim", "verdict", "printed", "recomputed", "says")
    for finding in findings:
        claim = finding.claim
        table.add_row(
            claim.id,
            finding.verdict,
            claimed_text(finding),
            value_text(finding.recomputed),
            claim.says,
        )
    console.print(table)
