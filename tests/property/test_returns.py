"""Returns piece by piece: what comes back is refunded and given back once, to the last fen."""

import itertools
import os
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database

EXAMPLES = 100 if os.environ.get("TUMEN_FAULTS") == "full" else 6
FORM = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
_runs = itertools.count()
_lodged: set[tuple[str, int]] = set()

Document = dict[str, Any]

BOOKS = """
    SELECT (SELECT sum(l.amount_fen) FROM allowance_entry l WHERE l.document_id = d.document_id),
           (SELECT sum(c.amount_fen) FROM charge c JOIN declaration_event e USING (event_id)
            WHERE e.document_id = d.document_id),
           (SELECT max(a.customs_value_fen) FROM assessment a WHERE a.document_id = d.document_id)
    FROM declaration d WHERE d.order_number = '{}'
"""


def pieces(bundle_return: Document, cuts: list[int]) -> list[Document]:
    """The return of everything, as several returns of some units of some items each."""
    units = [(item, 1) for item in bundle_return["items"] for _ in range(int(item["quantity"]))]
    edges = sorted({0, len(units), *(cut % len(units) for cut in cuts)})
    returns = []
    for number, (first, last) in enumerate(itertools.pairwise(edges)):
        items: dict[str, Document] = {}
        for item, count in units[first:last]:
            mine = items.setdefault(item["item_number"], {**item, "quantity": 0})
            mine["quantity"] += count
        returns.append(
            {
                **bundle_return,
                "own_reference": f"{bundle_return['own_reference'][:15]}{number:03}",
                "message_id": f"{bundle_return['message_id'][:-3]}{number:03}",
                "items": [{**one, "quantity": str(one["quantity"])} for one in items.values()],
            }
        )
    return returns


def is_new(database: Database, seed: int) -> bool:
    """Whether no earlier example has lodged this consignment into the same database."""
    is_there = (database.url, seed) in _lodged
    _lodged.add((database.url, seed))
    return not is_there


def books(clearing: Clearing, order_number: str) -> tuple[int, int, int]:
    ((held, charged, value),) = clearing.query(BOOKS.format(order_number))
    return int(held), int(charged), int(value)


@FORM
@example(seed=33, cuts=[1, 2], together=False, documents_max=100)  # thirds of 794.47: a fen over
@given(
    seed=st.integers(0, 900_000),
    cuts=st.lists(st.integers(0, 40), max_size=4),
    together=st.booleans(),
    documents_max=st.sampled_from([1, 3, 100]),
)
def test_a_return_in_pieces_ends_as_the_return_of_everything(
    seed: int, cuts: list[int], together: bool, documents_max: int,
    database: Database, tmp_path: Path,
) -> None:  # fmt: skip
    assume(is_new(database, seed))
    folder = tmp_path / str(next(_runs))
    folder.mkdir()
    bundle = one_bundle("returned", seed)
    *four, everything = bundle.documents
    clearing = Clearing(database, sender=folder.name, seed="no lot")
    clearing.documents(four, folder)
    key = f"{bundle.platform_code}|{bundle.order_number}"
    assume(clearing.status()[key] != "examination")  # the lot fell on it
    assert clearing.status()[key] == "released"
    held, charged, value = books(clearing, bundle.order_number)
    assert held == value
    parts = pieces(everything, cuts)
    batches = [parts] if together else [[part] for part in parts]
    for batch in batches:
        clearing.documents(batch, folder, documents_max)
        held_now, charged_now, _ = books(clearing, bundle.order_number)
        assert 0 <= held_now < held
        assert 0 <= charged_now <= charged
        held, charged = held_now, charged_now
    refused = [row for row in clearing.rows() if row["answer"] != "accepted"]
    assert not refused
    assert clearing.status()[key] == "returned"
    assert charged == 0
    assert held == 0


@FORM
@given(seed=st.integers(0, 900_000), together=st.booleans())
def test_what_came_back_does_not_come_back_again(
    seed: int, together: bool, database: Database, tmp_path: Path
) -> None:
    assume(is_new(database, seed))
    folder = tmp_path / str(next(_runs))
    folder.mkdir()
    bundle = one_bundle("returned", seed)
    *four, everything = bundle.documents
    other = {**everything, "own_reference": "R-OTHER", "message_id": four[0]["message_id"]}
    clearing = Clearing(database, sender=folder.name, seed="no lot")
    clearing.documents(four, folder)
    status = clearing.status()[f"{bundle.platform_code}|{bundle.order_number}"]
    assume(status != "examination")  # the lot fell on it
    assert status == "released"
    for batch in [[everything, other]] if together else [[everything], [other]]:
        clearing.documents(batch, folder)
    answers = [row["answer"] for row in clearing.rows() if row["kind"] == "return"]
    assert answers == ["accepted", "rejected"]
    held, charged, _ = books(clearing, bundle.order_number)
    assert (held, charged) == (0, 0)
