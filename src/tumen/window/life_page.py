"""The page on the life of a declaration, made from the one table of transitions."""

from typing import Final

from tumen.window.states import CEB_STATUS, LODGED, TRANSITIONS, Act, Lane, Status

STATUSES: Final = {
    Status.PENDING: "Its order, payment or waybill is not there yet.",
    Status.RELEASED: "Customs lets the goods go; charges are made, the allowance is used.",
    Status.HELD: "An officer looks at the papers; the allowance is reserved.",
    Status.EXAMINATION: "The goods are examined; the allowance is reserved.",
    Status.REJECTED: "A comparison failed or a limit was exceeded; it may be lodged again.",
    Status.REVOKED: "The filer took it back before release; charges and allowance are reversed.",
    Status.RETURNED: "All goods came back; charges are refunded, the allowance is given back.",
    Status.REPLACED: "A change of the declaration took its place; that one goes on.",
}

EVENTS: Final = {
    "counterpart_missing": "order, payment or waybill is not there, or was itself refused",
    "refused": "the match or the law speaks against it",
    Lane.GREEN: "nothing speaks for a closer look",
    Lane.BLUE: "released; the papers may be looked at later",
    Lane.YELLOW: "an officer is to look at the papers",
    Lane.RED: "the goods are to be examined",
    "revocation": "a revocation (CEB 623, or of a shipment) is accepted",
    "amendment": "a changed declaration (function 2) is accepted; from rejected, also a new one",
    "deletion": "a deletion (function 3) is accepted",
    "part_return": "a return (CEB 625, or of a shipment) of some of the goods is accepted",
    "full_return": "a return is accepted with which everything has come back",
    "disclaimed": "a person's dispute is upheld: what it holds of the allowance is given back",
    "correction": "what was declared is corrected; the difference of each charge is recorded",
    "application": "a filer asks for a correction or a return that an officer must grant",
    "application_refused": "an officer refuses what the filer asked for",
    "goods_back": "returned goods are back where they were supervised, in time",
    "return_lapsed": "returned goods were not back in time; charges and allowance are as before",
    Act.RELEASE: "an officer lets the goods go",
    Act.HOLD: "an officer takes the goods out of examination; the papers are looked at",
    Act.EXAMINE: "an officer orders that the goods be examined",
    Act.REJECT: "an officer refuses the declaration; charges and allowance are reversed",
    "undo_to_held": "an act is undone within the undo window; before it the goods were held",
    "undo_to_examination": "the same, where before it they were in examination",
}

_HEAD: Final = """# The life of a declaration

A declaration's status is that of its last event. The statuses and what leads from one to the next
stand in one table, `TRANSITIONS` in `src/tumen/window/states.py`; this page is made of it by
`python tools/build_life_page.py`. What is not in the table does not happen. *Lodged* is where it
begins: the document is accepted, nothing is decided yet.
"""


def page() -> str:
    """The whole page.

    >>> page().startswith("# The life of a declaration")
    True
    """
    parts = [_HEAD, _diagram(), _statuses(), _transitions()]
    return "\n".join(parts)


def _state(name: str) -> str:
    return "[*]" if name == LODGED else name


def _diagram() -> str:
    """A Mermaid diagram; what leads the same way stands on one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (source, on), to in TRANSITIONS.items():
        arrows.setdefault((source, to), []).append(_words(on))
    lines = [
        f"    {_state(source)} --> {to}: {', '.join(events)}"
        for (source, to), events in arrows.items()
    ]
    ends = [f"    {status} --> [*]" for status in Status if not _is_left(status)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *ends, "```\n"])


def _is_left(status: Status) -> bool:
    """Whether anything leads on from a status."""
    return any(source == status for source, _ in TRANSITIONS)


def _statuses() -> str:
    rows = [
        f"| {status} | {CEB_STATUS[status]} | {STATUSES[status]} | "
        f"{'' if _is_left(status) else 'yes'} |"
        for status in Status
    ]
    note = (
        "\nA rejected declaration gets 100, or the negative code of the first reason where the "
        "official table has one.\n"
    )
    return "\n".join(
        ["## Statuses", "| status | CEB | meaning | end |", "|---|---|---|---|", *rows, note]
    )


def _transitions() -> str:
    rows = [
        f"| {source} | {_words(on)} | {EVENTS[on]} | {to} |"
        for (source, on), to in TRANSITIONS.items()
    ]
    return "\n".join(
        ["## Transitions", "| from | on | that is | to |", "|---|---|---|---|", *rows, ""]
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
