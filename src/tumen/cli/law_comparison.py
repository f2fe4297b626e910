"""The pages of `tumen law diff` and `tumen law reform`, at most 80 columns wide."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.text import Text

from tumen.cli.law_page import days, say, table_of
from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.law.comparison import KINDS, Comparison, Kind, Outcome, Sums
from tumen.law.difference import Change, ClassChange
from tumen.law.figures import amount_text
from tumen.law.parameters import Value
from tumen.law.proposal import Proposal, Proposed
from tumen.law.value_text import lines_of, shown

UNCOUNTED: Final = ("unknown", "not_admissible")
_TITLES: Final[dict[Kind, str]] = {
    "economy": "By economy", "regime": "By regime", "chapter": "By chapter of the HS",
}  # fmt: skip


# --- tumen law diff ------------------------------------------------------------------------------


def print_changes(console: Console, found: Sequence[Change], first: date, second: date) -> None:
    """Print the parameters whose value, or whose act alone, is another on the second day."""
    changed = [each for each in found if not each.is_of_the_act_alone]
    console.print(Text(f"{first} to {second}: {_counted(len(changed), 'value')} changed", "bold"))
    for each in changed:
        _print_change(console, each)
        cited = each.after or each.before
        if cited is not None:
            say(console, f"{each.parameter.title}; {cited.citation} [{cited.evidence}]")
    same = [each for each in found if each.is_of_the_act_alone]
    if same:
        console.print(Text(f"\n{_counted(len(same), 'value')} stayed, by another act", "bold"))
    for each in same:
        if each.before is not None and each.after is not None:
            say(console, f"{each.parameter.name}: {_text(each, each.after)}", 0)
            say(console, f"{each.before.citation} → {each.after.citation}")


def _print_change(console: Console, change: Change) -> None:
    before, after = (_text(change, each) for each in (change.before, change.after))
    say(console, f"{change.parameter.name}: {before} → {after}", 0)
    one, other = (_lines(change, each) for each in (change.before, change.after))
    for bound in {**one, **other}:
        if one.get(bound) != other.get(bound):
            say(console, f"{bound}: {one.get(bound, '–')} → {other.get(bound, '–')}")


def _lines(change: Change, value: Value | None) -> dict[str, str]:
    """The lines of a table by value; none of anything else."""
    if value is None or not isinstance(value.value, tuple):
        return {}
    return dict(lines_of(value.value, change.parameter.unit))


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def _text(change: Change, value: Value | None) -> str:
    if value is None:
        return "no value"
    if isinstance(value.value, tuple):
        return f"a table of {_counted(len(value.value), 'line')}"
    return shown(value.value, change.parameter.unit)


def print_class_changes(console: Console, found: Iterable[ClassChange]) -> None:
    """Print the classes of goods that begin or end."""
    for place, each in enumerate(found):
        if not place:
            console.print(Text("\nClasses of goods", "bold"))
        what = "begins" if each.begins else "ends"
        say(console, f"{each.tax}, {each.goods.name} {what}: HS {' '.join(each.goods.prefixes)}", 0)


def print_for_whom(console: Console, found: Sequence[tuple[str, Outcome, Outcome]]) -> None:
    """Print the shipments whose regime, status or total changes.

    Args:
        console: where to.
        found: what the goods are, and what each law says of every shipment.
    """
    changed = [(what, one, other) for what, one, other in found if one != other]
    table = table_of("For whom: made-up shipments", "to", "shipment", "regime", "payable")
    for what, one, other in changed:
        table.add_row(
            one.economy, what, _arrow(one.regime or "none", other.regime or "none"),
            _arrow(owed(one), owed(other)),
        )  # fmt: skip
    if changed:
        console.print(table)
    say(console, f"\n{len(changed)} of {len(found)} made-up shipments are treated otherwise.", 0)


def _arrow(one: str, other: str) -> str:
    return one if one == other else f"{one} → {other}"


def owed(outcome: Outcome) -> str:
    """What a shipment pays, or why that is not told."""
    if outcome.total is None or outcome.status == "exempt":
        return outcome.status.replace("_", " ")
    return f"{_amount(outcome.economy, outcome.total)} {CURRENCY_OF[outcome.economy]}"


def _amount(economy: str, minor: int) -> str:
    whole, point, part = (_decimal(economy, minor)).partition(".")
    return f"{int(whole):,}{point}{part}" if int(whole) else f"{whole}{point}{part}"


def _decimal(economy: str, minor: int) -> str:
    digits = currency(CURRENCY_OF[economy]).minor_digits
    return amount_text(minor, digits) or ""


# --- tumen law reform ----------------------------------------------------------------------------


def print_proposal(console: Console, proposal: Proposal) -> None:
    """Print what is proposed, and what it takes the place of."""
    console.print(Text("Proposed for this run", "bold"))
    for each in proposal.values:
        unit = each.parameter.unit
        say(console, f"{each.parameter.name}: {shown(each.value.value, unit)}", 0)
        say(console, f"{days(each.value.first, each.value.last)}, in place of {_replaced(each)}")


def _replaced(proposed: Proposed) -> str:
    unit = proposed.parameter.unit
    texts = dict.fromkeys(shown(each.value, unit) for each in proposed.replaced)
    return ", ".join(texts) or "no value"


def print_sums(console: Console, compared: Comparison) -> None:
    """Print the sums before and after by economy, regime and chapter, and what is in none."""
    for kind in KINDS:
        heads = ("before", "after", "change")
        table = table_of(_TITLES[kind], "", "compared", *heads, right=("compared", *heads))
        groups = [*compared.of(kind)]
        shown_groups = [
            (name, sums) for name, sums in groups if kind == "economy" or sums.is_changed
        ]
        for name, sums in shown_groups:
            change = sums.total_after - sums.total_before
            sign = "+" if change > 0 else ""
            amounts = (
                _amount(sums.economy, each) for each in (sums.total_before, sums.total_after)
            )
            unit = f" {CURRENCY_OF[sums.economy]}" if kind == "economy" else ""
            moved = f"{sign}{_amount(sums.economy, change)}" if change else "0"
            table.add_row(f"{name}{unit}", f"{sums.compared:,}", *amounts, moved)
        console.print(table)
        if len(shown_groups) < len(groups):
            say(console, f"and {len(groups) - len(shown_groups)} in which nothing changes", 0)
    _print_uncounted(console, compared)


def _print_uncounted(console: Console, compared: Comparison) -> None:
    """Say how many shipments are in no sum: unknown is not zero."""
    rows = [
        (name, status, *sums.uncounted(status))
        for name, sums in compared.of("economy")
        for status in UNCOUNTED
        if any(sums.uncounted(status))
    ]
    if not rows:
        return
    table = table_of("In no sum", "", "because", "before", "after", right=("before", "after"))
    for name, status, before, after in rows:
        table.add_row(name, status.replace("_", " "), f"{before:,}", f"{after:,}")
    console.print(table)


def comparison_table(compared: Comparison) -> dict[str, Any]:
    """The sums as plain tables; amounts are decimals in whole units of the economy's currency."""
    return {kind: {name: _plain(sums) for name, sums in compared.of(kind)} for kind in KINDS}


def _plain(sums: Sums) -> dict[str, Any]:
    economy = sums.economy
    return {
        "currency": CURRENCY_OF[economy],
        "compared": sums.compared,
        "total_before": _decimal(economy, sums.total_before),
        "total_after": _decimal(economy, sums.total_after),
        "change": _decimal(economy, sums.total_after - sums.total_before),
        "statuses_before": dict(sorted(sums.before.items())),
        "statuses_after": dict(sorted(sums.after.items())),
    }


def proposed_table(proposed: Proposed) -> dict[str, Any]:
    """A proposed value as a plain table; values are in the parameter's unit."""
    return {
        "parameter": proposed.parameter.name,
        "unit": proposed.parameter.unit,
        "from": proposed.value.first.isoformat(),
        "to": None if proposed.value.last is None else proposed.value.last.isoformat(),
        "value": msgspec.to_builtins(proposed.value.value),
        "in_place_of": [msgspec.to_builtins(each.value) for each in proposed.replaced],
    }
