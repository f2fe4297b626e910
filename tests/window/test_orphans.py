"""Orphans: only documents in force wait, and only documents in force are what they wait for."""

import json
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.store.database import Database
from tumen.window.ledger.orphans import orphans as page_of

EXAMPLE = Path(__file__).parents[2] / "examples/consignment.ndjson"
Document = dict[str, Any]


@pytest.fixture
def papers() -> dict[str, Document]:
    """The documents of the example, by kind."""
    lines = map(json.loads, EXAMPLE.read_text(encoding="utf-8").splitlines())
    return {line["kind"]: line for line in lines}


def another(paper: Document, function_code: str, minute: int, **fields: str) -> Document:
    """A later version of a document."""
    return {
        **paper, "function_code": function_code,
        "issued_at": f"{paper['issued_at'][:11]}20:{minute:02}:00", **fields,
    }  # fmt: skip


def orphans(database: Database, folder: Path, *documents: Document) -> list[tuple[str, str]]:
    """What waits for what, once the documents were lodged one after the other."""
    clearing = Clearing(database)
    for document in documents:
        clearing.documents([document], folder)
    answers = [row["answer"] for row in clearing.rows()]
    assert answers == ["accepted"] * len(documents)
    with database.session() as session:
        found = page_of(session, limit=100).lines
    return [(kind, missing) for _, kind, _, missing, _ in found.sort("kind").iter_rows()]


@pytest.mark.parametrize("kind", ["order", "payment", "waybill"])
def test_a_declaration_waits_for_what_was_deleted(
    kind: str, papers: dict[str, Document], database: Database, tmp_path: Path
) -> None:
    gone = [papers[kind], another(papers[kind], "3", 1)]
    others = [paper for name, paper in papers.items() if name != kind]
    assert orphans(database, tmp_path, *gone, *others) == [("declaration", kind)]


def test_a_declaration_waits_for_an_order_that_is_only_stored(
    papers: dict[str, Document], database: Database, tmp_path: Path
) -> None:
    stored = {**papers["order"], "submission_status": "1"}
    found = orphans(database, tmp_path, stored, papers["payment"], papers["declaration"])
    assert found == [("declaration", "order, waybill")]


def test_a_changed_order_waits_once_and_a_deleted_one_not_at_all(
    papers: dict[str, Document], database: Database, tmp_path: Path
) -> None:
    order, waybill = papers["order"], papers["waybill"]
    found = orphans(
        database, tmp_path, order, another(order, "2", 1, note="later"), waybill,
        another(waybill, "3", 1),
    )  # fmt: skip
    assert found == [("order", "declaration")]


def test_what_a_deleted_declaration_leaves_waits_for_another(
    papers: dict[str, Document], database: Database, tmp_path: Path
) -> None:
    declaration = papers["declaration"]
    found = orphans(database, tmp_path, papers["order"], declaration, another(declaration, "3", 1))
    assert found == [("order", "declaration")]


def test_pages_by_a_cursor_tell_all_that_one_page_tells_and_each_once(
    papers: dict[str, Document], database: Database, tmp_path: Path
) -> None:
    lone = [another(papers["order"], "1", 1, order_number=f"LONE-{n}") for n in range(5)]
    orphans(database, tmp_path, *lone)
    with database.session() as session:
        whole = page_of(session, limit=100)
        after, told = 0, []
        while True:
            page = page_of(session, limit=2, after=after)
            told += page.lines["key"].to_list()
            if page.next is None:
                break
            after = page.next
        none = page_of(session, limit=2, sender="another")
    assert (told, whole.next) == (whole.lines["key"].to_list(), None)
    assert len(told) == 5
    assert (none.lines.height, none.next) == (0, None)
