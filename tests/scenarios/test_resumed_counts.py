"""The summary of a run that goes on where another stopped counts every declaration once."""

from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.simulation import Plan, bundles
from tumen.store.database import Database

BUNDLES = 80


def day() -> list[dict[str, Any]]:
    """Faulty consignments, what arrives late at the end."""
    made = list(bundles(Plan(BUNDLES, 71, share=0.7)))
    rows = [sending for bundle in made for sending in bundle.sendings if not sending.is_broken]
    return [row.document for row in sorted(rows, key=lambda row: row.is_late)]


def standing(clearing: Clearing) -> dict[str, int]:
    found: Any = clearing.tally.summary(1.0)["declarations"]
    return dict(found)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_resumed_run_counts_declarations_as_one_that_was_not_stopped(
    share: float, database: Database, tmp_path: Path
) -> None:
    documents = day()
    stopped = Clearing(database)
    stopped.documents(documents[: int(share * len(documents))], tmp_path)
    resumed = Clearing(database)
    resumed.documents(documents, tmp_path, documents_max=50)
    again = Clearing(database)
    again.documents([*documents, *documents], tmp_path, documents_max=70)
    assert sum(standing(resumed).values()) == BUNDLES
    assert standing(again) == standing(resumed)
    lists = {(each["platform_code"], each["order_number"]) for each in documents
             if each["kind"] == "declaration"}  # fmt: skip
    assert len(lists) == BUNDLES
