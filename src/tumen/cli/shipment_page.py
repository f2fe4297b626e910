"""The part of `tumen show` about a native shipment: its history, and what the law said of it."""

import msgspec
from rich.console import Console
from rich.text import Text

from tumen.cli.quote_page import print_answer
from tumen.cli.story_page import print_due, print_examinations, print_history
from tumen.law.answer import Answer
from tumen.window.story import Told


def print_shipment(console: Console, told: Told) -> None:
    """One shipment: its history, and the law's answer as it was when it was decided."""
    console.print()
    console.print(Text(f"Shipment {told['reference']}: {told['status']}", style="bold"))
    print_history(console, told["history"])
    print_examinations(console, told["examinations"])
    _print_goods(console, told)
    print_due(console, told)
    console.print()
    print_answer(msgspec.convert(told["answer"], Answer), console)
    if told["law_version"] != told["law_version_now"]:
        console.print(
            f"\nDecided by the law {told['law_version']}; now {told['law_version_now']} is held.",
            highlight=False,
        )


def _print_goods(console: Console, told: Told) -> None:
    """The goods as they were lodged."""
    console.print()
    for each in told["goods"]:
        console.print(
            f"Item {each['item']}: {each['description'] or 'not described'}, "
            f"HS {each['hs_code'] or 'not told'}, {each['quantity']} {each['unit']}, "
            f"each {each['unit_price']} {told['currency']}, from {each['origin'] or 'not told'}",
            highlight=False,
            markup=False,
        )
