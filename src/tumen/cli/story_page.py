"""The page of `tumen show`, as a person reads it: at most 80 columns, quiet, with footnotes."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tumen.codelist.violations import violation
from tumen.window.story import NOT_STATED, Told

INDENT: Final = 4
ENTRIES: Final = {
    "correction": "corrected",
    "correction_asked": "correction asked for, to be granted by an officer",
    "return": "return granted",
    "return_asked": "return asked for, to be granted by an officer",
    "goods_back": "returned goods are back in time",
    "return_lapsed": "return lapsed: the goods were not back in time",
}
"""What is asked for and answered after the decision, in words."""

CHANGED: Final = {"correction": "corrected", "return_lapsed": "not back in time"}
"""Why a charge changed, by the act that changed it; else a return or a refusal took it off."""


_WHOLE: Final = ("compared", "status", "because")
"""Columns of codes: broken in the middle they can be neither read nor sought."""


def _table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """A table of whole words with the title above it, and numbers to the right."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0),
        pad_edge=False, header_style="italic dim",
    )  # fmt: skip
    for column in columns:
        table.add_column(
            column, justify="right" if column in right else "left", overflow="fold",
            no_wrap=column in _WHOLE,
        )  # fmt: skip
    return table


def _say(console: Console, text: str, indent: int = INDENT) -> None:
    """A paragraph, every line of it indented alike."""
    console.print(Padding(Text(text), (0, 0, 0, indent)))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _minute(stamp: str) -> str:
    """A moment of a document (14 digits) or of ours (ISO), to the minute."""
    if stamp.isdigit():
        stamp = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}"
    return stamp[:16].replace("T", " ")


def print_documents(console: Console, documents: list[Told]) -> None:
    """The documents in the order of recording, with what speaks against them."""
    table = _table(
        "Documents", "no.", "kind", "answer", "CEB", "issued (Beijing)", "recorded (UTC)",
        "sender", right=("no.", "CEB"),
    )  # fmt: skip
    for each in documents:
        function = "" if each["function"] == "new" else f", {each['function']}"
        table.add_row(
            str(each["document_id"]), each["kind"] + function, each["answer"], str(each["status"]),
            _minute(each["issued_at"] or ""), _minute(each["recorded_at"]), each["sender"],
        )  # fmt: skip
    console.print(table)
    for each in documents:
        for reason in each["violations"]:
            _say(console, f"No. {each['document_id']}: {reason['message']}", 2)
            _say(console, f"{reason['fix']} [{reason['code']}]")


def print_story(console: Console, told: Told) -> None:
    """One declaration: where it stands, how it matched, what is charged and why, its history."""
    console.print()
    number = told["declaration_number"] or "no longer in force"
    console.print(Text(f"Declaration {number}: {told['status']}", style="bold"))
    if told["preliminary_number"]:
        _say(console, f"Preliminary number {told['preliminary_number']}.", 2)
    if told["waits_for"]:
        _say(console, f"It waits for its {' and its '.join(told['waits_for'])}.", 2)
    if told["back_by"]:
        _say(console, f"What is returned must be back by {told['back_by']}.", 2)
    print_history(console, told["history"])
    print_examinations(console, told["examinations"])
    _print_match(console, told["match"])
    _print_assessment(console, told["assessment"])
    _print_charges(console, told["charges"])
    print_due(console, told)
    _print_allowance(console, told["allowance"])
    _print_steps(console, told)


def print_history(console: Console, history: list[Told]) -> None:
    """The events with what led to each."""
    table = _table("\nHistory", "no.", "status", "lane", "legal day", "recorded (UTC)", "because",
                   right=("no.",))  # fmt: skip
    for each in history:
        table.add_row(
            str(each["document_id"]), each["status"], each["lane"] or "", each["legal_day"],
            _minute(each["recorded_at"]), "\n".join(each["because"]),
        )  # fmt: skip
    console.print(table)
    for code in {code: None for each in history if each["lane"] for code in each["because"]}:
        _say(console, f"{code}: {violation(code).message}", 2)
    for each in history:
        if each["reason"]:
            _say(console, f"{_minute(each['recorded_at'])}, the {each['by']}: {each['reason']}", 2)
    for hit in {hit: None for each in history for hit in each["party_hits"]}:
        _say(console, f"Resembles an entry of a watch list: {hit}", 2)


def print_examinations(console: Console, entries: list[Told]) -> None:
    """What agencies required, appointed and found; the number is cited to recognise a result."""
    if not entries:
        return
    table = _table(
        "\nExaminations", "no.", "recorded (UTC)", "economy", "matter", "entry", "record"
    )
    for each in entries:
        where = f"{each['place']}, {_minute(each['starts_at'])}" if each["place"] else ""
        table.add_row(
            each["number"], _minute(each["recorded_at"]), each["economy"], each["matter"] or "all",
            each["entry"], each["evidence"] or where,
        )  # fmt: skip
    console.print(table)


def print_due(console: Console, told: Told) -> None:
    """What was asked for after the decision, what it changed, and what is due with it."""
    for each in told["aftercare"]:
        changes = "; ".join(
            f"{_words(line['code'])} {line['difference'] or 'unknown'} {line['currency']}"
            for line in each["differences"]
        )
        told_of = ENTRIES.get(each["entry"], _words(each["entry"])).capitalize()
        _say(console, f"{told_of}, event {each['event']}{changes and ': '}{changes}", 2)
    doubts = dict.fromkeys(name for each in told["aftercare"] for name in each["doubts"])
    if doubts:
        _say(console, f"What was asked for rests on unverified law: {', '.join(doubts)}.", 2)
    if told["due"]:
        amounts = ", ".join(
            f"{_words(each['code'])} {each['amount'] or 'unknown'} {each['currency']}"
            for each in told["due"]
        )
        _say(console, f"Due with all corrections and returns: {amounts}.", 2)


def _print_match(console: Console, compared: list[Told]) -> None:
    """The comparisons with both values; those that differ stand out."""
    if not compared:
        return
    different = sum(not each["is_equal"] for each in compared)
    verdict = f"{different} of {len(compared)} differ" if different else "all equal"
    table = _table(f"\nMatch of the documents in force: {verdict}", "compared", "here", "there", "")
    for each in compared:
        style = None if each["is_equal"] else "bold red"
        sign = "=" if each["is_equal"] else "differs"
        sign = "" if each["left"] == NOT_STATED else sign
        table.add_row(each["path"], each["left"], each["right"], sign, style=style)
    console.print(table)


def _print_assessment(console: Console, assessment: Told | None) -> None:
    if assessment is None:
        return
    console.print(Text("\nAssessment", style="bold"))
    _say(
        console,
        f"{_words(assessment['verdict']).capitalize()}: customs value "
        f"{assessment['customs_value']} CNY; {assessment['allowance_used_before']} CNY of the "
        f"year's allowance were used before. Law version {assessment['law_version']}.",
        2,
    )
    if assessment["missing"]:
        _say(console, f"Unknown, so not computed: {', '.join(assessment['missing'])}.", 2)
    if assessment["unverified"]:
        _say(console, f"Rests on unverified law: {', '.join(assessment['unverified'])}.", 2)
    if assessment["law_version_now"] != assessment["law_version"]:
        _say(console, f"The law held now is version {assessment['law_version_now']}.", 2)
    for difference in assessment["differs_now"]:
        _say(console, f"Differs from the record: {difference}.", 2)


def _print_charges(console: Console, charges: list[Told]) -> None:
    if not charges:
        return
    numbers = ("item", "base CNY", "rate", "amount CNY")
    table = _table("\nCharges", "item", "charge", *numbers[1:], "by", right=numbers)
    for each in charges:
        by = CHANGED.get(each["act"] or "", "taken off")
        if not each["is_refund"] and each["act"] not in CHANGED:
            by = each["citation"] or ""
        table.add_row(
            str(each["item"]), _words(each["code"]), each["base"] or "", each["rate"] or "",
            each["amount"] or "unknown", by,
        )  # fmt: skip
    console.print(table)


def _print_allowance(console: Console, entries: list[Told]) -> None:
    if not entries:
        return
    numbers = ("used before CNY", "change CNY", "used after CNY")
    table = _table("\nThe buyer's allowance of the year", "year", "entry", *numbers, right=numbers)
    for each in entries:
        table.add_row(str(each["year"]), _words(each["entry"]), each["used_before"],
                      each["amount"], each["used_after"])  # fmt: skip
    console.print(table)


def _print_steps(console: Console, told: Told) -> None:
    """The explanation, item by item; formulas and citations stand once, below."""
    notes: dict[tuple[str, str], int] = {}
    places: list[Any] = [None, *range(len(told["goods"]))]
    if told["steps"]:
        console.print(Text("\nExplanation", style="bold"))
    for place in places:
        steps = [step for step in told["steps"] if step["item"] == place]
        if not steps:
            continue
        _say(console, _place(None if place is None else told["goods"][place]), 2)
        grid = Table.grid(padding=(0, 2))
        for step in steps:
            note = notes.setdefault((step["formula"], step["citation"]), len(notes) + 1)
            grid.add_row(Text(_words(step["code"])), Text(f"{step['numbers']}  [{note}]"))
        console.print(Padding(grid, (0, 0, 0, INDENT)))
    if notes:
        console.print()
    for (formula, citation), note in notes.items():
        _say(console, f"[{note}] {formula}: {citation}", 2)


def _place(goods: Told | None) -> str:
    if goods is None:
        return "The whole declaration"
    return (
        f"Item {goods['item']}: {goods['goods_name']}, HS {goods['hs_code']}, "
        f"{goods['quantity']} (unit {goods['unit']}), {goods['total_price']} CNY"
    )
