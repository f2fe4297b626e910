"""The verdict on a run: every bundle against the truth of its simulation.

A run with a wrong result is no result. The one thing that the truth cannot foretell is the
random selection for examination: a bundle that it drew is held against what must become of a
drawn one, and only where the recorded event says that the selection spoke.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
from arena import query

from tumen.bootstrap import Node
from tumen.simulation import Truth, examined

SHOWN_MAX: Final = 5
STATUSES: Final = """
    SELECT DISTINCT ON (d.key) d.key, e.status FROM declaration d
    JOIN declaration_event e USING (document_id)
    WHERE e.status <> 'replaced' ORDER BY d.key, e.event_id DESC
"""
REFUSED: Final = "SELECT DISTINCT key FROM declaration WHERE answer = 'rejected'"
DRAWN: Final = """
    SELECT DISTINCT d.key FROM declaration d JOIN declaration_event e USING (document_id)
    WHERE e.status = 'examination' AND e.codes LIKE '%SCREEN_RANDOM_EXAMINATION%'
"""


class WrongResult(Exception):
    """A run did not end as the truth says; its time means nothing."""


def check(node: Node, simulation: Path, summary: Mapping[str, Any]) -> int:
    """Hold a node and the summary of its run against the truth; how many were drawn at random.

    Raises:
        WrongResult: something differs.
    """
    drawn = {key for (key,) in query(node, DRAWN)}
    truth = pl.read_csv(simulation / "truth.csv", schema_overrides={"platform_code": pl.String})
    truth = truth.with_columns(key=pl.format("{}|{}", "platform_code", "order_number"))
    is_drawn = pl.col("key").is_in(list(drawn))
    shifted = {row["key"]: _drawn(row) for row in truth.filter(is_drawn).iter_rows(named=True)}
    _check_statuses(node, truth, {key: after.status for key, (_, after) in shifted.items()})
    _check_counts(simulation, summary, shifted)
    return len(shifted)


def _drawn(row: Mapping[str, Any]) -> tuple[Truth, Truth]:
    """The truth of a bundle, and what it becomes when the selection draws it."""
    answers = {}
    for name, count in row.items():
        kind, _, answer = name.partition("_")
        if count and answer in ("accepted", "rejected", "duplicate", "ignored"):
            answers[kind, answer] = count
    truth = Truth(
        row["bundle"], row["order_number"], row["platform_code"], row["fault"], row["status"],
        answers,
    )  # fmt: skip
    return truth, examined(truth)


def _check_statuses(node: Node, truth: pl.DataFrame, drawn: Mapping[str, str]) -> None:
    found: dict[object, object] = {key: "rejected" for (key,) in query(node, REFUSED)}
    found.update(dict(query(node, STATUSES)))
    wrong = [
        f"{key} ({fault}) is {found.get(key)}, not {drawn.get(key, status)}"
        for key, fault, status in truth.select("key", "fault", "status").iter_rows()
        if found.get(key) != drawn.get(key, status)
    ]
    if wrong:
        raise WrongResult(f"{len(wrong)} bundles: " + "; ".join(wrong[:SHOWN_MAX]))


def _check_counts(
    simulation: Path, summary: Mapping[str, Any], shifted: Mapping[str, tuple[Truth, Truth]]
) -> None:
    """The totals of the run, which count the answer to every input row."""
    truth = json.loads((simulation / "truth-summary.json").read_text(encoding="utf-8"))
    wanted = Counter(_flat(truth))
    for before, after in shifted.values():
        wanted.subtract({("documents", *cell): count for cell, count in before.answers.items()})
        wanted.update({("documents", *cell): count for cell, count in after.answers.items()})
        wanted["declarations", before.status] -= 1
        wanted["declarations", after.status] += 1
    found = _flat(summary)
    wrong = [
        f"{'.'.join(cell)} is {found.get(cell, 0)}, not {wanted.get(cell, 0)}"
        for cell in sorted({*wanted, *found})
        if found.get(cell, 0) != wanted.get(cell, 0)
    ]
    if wrong:
        raise WrongResult("; ".join(wrong[:SHOWN_MAX]))


def _flat(summary: Mapping[str, Any]) -> dict[tuple[str, ...], int]:
    documents = summary["documents"].items()
    answers = {("documents", kind, a): n for kind, counts in documents for a, n in counts.items()}
    return answers | {("declarations", s): n for s, n in summary["declarations"].items()}
