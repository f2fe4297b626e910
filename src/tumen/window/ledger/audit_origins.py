"""What must hold of a node's logs together, whatever their leaves say.

The table of the logs says from which facts on there are leaves. A row of it stands under the first
leaf of its log; that of a first log which is older than this rule stands under none. So whatever of
the log's own tables belongs to no log is told as wrong, and facts that are older than the log are
counted: who moves its beginning cannot put a fact before it unseen.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.trust.continuity import numbered_origin
from tumen.window.leaves import HEADS, REFUSAL
from tumen.window.ledger.finding import Finding
from tumen.window.ledger.log import Origin

_OWN: Final = ("log_append", "log_tile", "log_cosignature")
_NUMBERED: Final = {
    "document": (*HEADS, REFUSAL), "event": ("declaration_event",), "batch": ("batch",),
    "list": ("list",), "artefact": ("log_artefact",),
}  # fmt: skip
_UNTOLD: Final = """
    SELECT origin_id FROM log_origin
    WHERE artefact_id IS NULL AND (origin_id > 1 OR begun_at IS NOT NULL) ORDER BY origin_id
"""
_NUMBER: Final = pl.Schema({"origin": pl.Int32()})
_COUNT: Final = pl.Schema({"count": pl.Int64()})


def astray(session: Session, known: Sequence[Origin]) -> Iterator[Finding]:
    """What is wrong with the table of the logs, and rows of the log that are of none of them."""
    before: Sequence[int] = [1] * len(_NUMBERED)
    for number, origin in enumerate(known, 1):
        where, firsts = f"log_origin {origin.number}", _firsts(origin)
        if (origin.number, origin.name) != (number, numbered_origin(known[0].name, number)):
            yield Finding("ORIGIN_WRONG", where, "it is not numbered and named as a log is begun")
        if any(first < earlier for first, earlier in zip(firsts, before, strict=True)):
            yield Finding("ORIGIN_WRONG", where, "it begins before the first fact or log")
        before = firsts
    for (number,) in session.read(_UNTOLD, None, _NUMBER).iter_rows():
        yield Finding("ORIGIN_WRONG", f"log_origin {number}", "no leaf tells how it was begun")
    numbers = [origin.number for origin in known]
    for table in _OWN:
        query = f"""SELECT origin_id FROM {table} WHERE origin_id <> ALL(%(numbers)s::int[])
                    ORDER BY origin_id LIMIT 1"""  # noqa: S608 - ours
        found = session.read(query, {"numbers": numbers}, _NUMBER)
        for (number,) in found.iter_rows():
            yield Finding("INSERTED", f"{table} of log {number}", "this node has no such log")


def older(session: Session, known: Sequence[Origin]) -> dict[str, int]:
    """How many facts of each kind are older than the first log, and so under no leaf."""
    counts = {}
    for (what, tables), first in zip(_NUMBERED.items(), _firsts(known[0]), strict=True):
        key = f"{what}_id"
        rows = " UNION ALL ".join(
            f"SELECT {key} FROM {table} WHERE {key} < %(first)s"  # noqa: S608 - ours
            for table in tables
        )
        query = f"SELECT count(*) FROM ({rows}) AS older"  # noqa: S608 - ours
        if first > 1:
            counts[what] = int(session.read(query, {"first": first}, _COUNT).item())
    return {what: count for what, count in counts.items() if count}


def _firsts(origin: Origin) -> list[int]:
    return [int(getattr(origin, f"first_{what}")) for what in _NUMBERED]
