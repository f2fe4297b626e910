"""What many senders lodge at one moment shares a batch; each is answered as if it came alone."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from lodging import one

from auditing import findings, superuser
from clearing import CLOCK, KEYS, NO_PARTIES, Clearing, node_log
from tumen.bootstrap import known_codes
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import Source
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window.desk import Desk
from tumen.window.ledger import inquiry, lodged
from tumen.window.prepare import Preparation

Answers = dict[tuple[str, int], dict[str, Any]]
SENDERS = {"of-a": "a", "of-b": "b", "of-c": "c"}


def bodies() -> dict[str, bytes]:
    """Three senders' documents: the same reference, the same order, the same broken line."""
    first, second = (one_bundle(seed=seed).documents for seed in (1, 2))
    told: dict[str, list[Any]] = {
        "of-a": [*first, one("R-1"), "{"],
        "of-b": [first[0], second[3], one("R-1"), "{"],
        "of-c": [*second[:3], one("R-1", destination="XX")],
    }
    return {name: _lines(documents) for name, documents in told.items()}


def _lines(documents: list[Any]) -> bytes:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in documents]
    return "\n".join(lines).encode()


def sent(database: Database, parts: Mapping[str, bytes]) -> Answers:
    """Lodge what several senders send as one batch."""
    sources = [Source.in_memory(name, "ndjson", content) for name, content in parts.items()]
    preparation = Preparation("", KEYS, known_codes(), NO_PARTIES, CLOCK, others=SENDERS)
    desk = Desk(database.session, Clearing(database).policy, CLOCK, node_log(database))
    found: Answers = {}
    for texts in read(sources):
        for outcome in desk.receive(preparation.prepare(texts)):
            for row in outcome.answers.iter_rows(named=True):
                found[row["source"], row["place"]] = row
    return found


@pytest.fixture(scope="module")
def together(shared_database: Database) -> tuple[Database, Answers]:
    return shared_database, sent(shared_database, bodies())


TOLD = ("kind", "key", "answer", "status", "digest", "declaration", "codes", "paths")


def test_each_is_answered_as_if_it_came_alone(
    together: tuple[Database, Answers], database: Database
) -> None:
    _, shared = together
    apart: Answers = {}
    for name, content in bodies().items():
        apart |= sent(database, {name: content})
    del apart["of-b", 2]  # declared before or after its counterparts: it waits, and then is decided
    del shared["of-b", 2]
    assert {place: [row[name] for name in TOLD] for place, row in shared.items()} == {
        place: [row[name] for name in TOLD] for place, row in apart.items()
    }
    assert shared["of-b", 1]["answer"] == "rejected"
    assert shared["of-b", 1]["codes"] == ["DOCUMENT_EXISTS"]


def test_one_batch_holds_the_documents_of_all_each_under_its_own_sender(
    together: tuple[Database, Answers],
) -> None:
    database, _ = together
    clearing = Clearing(database)
    batches = clearing.query("SELECT sender, documents FROM batch ORDER BY batch_id")
    assert batches[0] == ("*", 13)
    assert clearing.query("SELECT DISTINCT sender, key FROM goods_shipment ORDER BY 1") == [
        ("a", "a|R-1"), ("b", "b|R-1"), ("c", "c|R-1"),
    ]  # fmt: skip
    assert clearing.query("SELECT sender FROM refusal ORDER BY 1") == [("a",), ("b",)]


def test_what_waits_for_another_sender_in_the_same_batch_is_decided_at_once(
    together: tuple[Database, Answers],
) -> None:
    database, _ = together
    key = one_bundle(seed=2).documents[3]["order_number"]
    (status,) = [each for name, each in Clearing(database).status().items() if name.endswith(key)]
    assert status == "released"


def test_a_sender_reads_its_own_documents_of_a_shared_batch_and_when_it_came(
    together: tuple[Database, Answers],
) -> None:
    database, _ = together
    for sender, count in (("a", 6), ("b", 4), ("c", 4)):
        with session_for(database, Viewer(sender)) as session:
            seen = lodged.lodged(session, before=2**62, limit=100)
            number = seen["reference"].drop_nulls()
            dated = inquiry.documents(session, number)
        assert (seen.height, set(seen["sender"])) == (count, {sender})
        assert dated["recorded_at"].null_count() == 0


def test_the_log_holds_what_was_recorded_of_all(together: tuple[Database, Answers]) -> None:
    with superuser(together[0]) as session:
        assert findings(session) == []


def test_whoever_sends_the_same_again_gets_its_own_first_receipts(
    together: tuple[Database, Answers],
) -> None:
    database, first = together
    again = sent(database, bodies())
    assert {row["answer"] for row in again.values()} == {"duplicate"}
    for place in again.keys() & first.keys():
        assert again[place]["receipt"] == first[place]["receipt"]
