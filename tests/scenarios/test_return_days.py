"""The days of a return are counted from the release, whatever came back since."""

from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database

SEED = 8


def parts(days: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A consignment declared on 2026-08-03, and a return of one unit on each day."""
    *four, whole = one_bundle("returned", SEED).documents
    line = next(item for item in whole["items"] if int(item["quantity"]) > len(days))
    returns = [
        {
            **whole,
            "issued_at": f"{day}090000",
            "own_reference": f"R-{number}",
            "message_id": f"{whole['message_id'][:-3]}{number:03}",
            "items": [{**line, "quantity": "1"}],
        }
        for number, day in enumerate(days)
    ]
    return four, returns


@pytest.mark.parametrize("at_once", [True, False])
def test_a_partial_return_does_not_begin_the_days_anew(
    at_once: bool, database: Database, tmp_path: Path
) -> None:
    four, returns = parts(["20260828", "20260902", "20260903"])
    clearing = Clearing(database, seed="no lot")
    clearing.documents(four, tmp_path)
    ((released_on,),) = clearing.query(
        "SELECT legal_day::text FROM declaration_event WHERE status = 'released'"
    )
    assert released_on == "2026-08-03"
    for batch in [returns] if at_once else [[each] for each in returns]:
        clearing.documents(batch, tmp_path)
    answers = [row["answer"] for row in clearing.rows() if row["kind"] == "return"]
    assert answers == ["accepted", "accepted", "rejected"]
    assert "RETURN_TOO_LATE" in clearing.receipts()[-1]
