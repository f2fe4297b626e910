"""Properties of the road: order of arrival, repetition, one answer for each row, the allowance."""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clearing import Clearing
from tumen.simulation import Bundle, Plan, bundles, one_bundle
from tumen.store.database import Database

ROUNDS = 40 if os.environ.get("TUMEN_FAULTS") == "full" else 6


END_STATE = """
    SELECT d.key, e.status, e.lane, e.codes, e.legal_day, a.customs_value_fen, a.used_before_fen,
           (SELECT array_agg((c.position, c.code, c.amount_fen)::text ORDER BY c.position, c.code)
            FROM charge c WHERE c.event_id = e.event_id),
           (SELECT sum(l.amount_fen) FROM allowance_entry l WHERE l.document_id = d.document_id)
    FROM declaration d
    JOIN LATERAL (SELECT * FROM declaration_event v WHERE v.document_id = d.document_id
                  ORDER BY v.event_id DESC LIMIT 1) e ON true
    LEFT JOIN assessment a USING (event_id) ORDER BY d.key
"""


def fresh(database: Database, name: str) -> Database:
    """Another empty database on the same server."""
    url = database.url.replace(database.url.split("?")[0].rsplit("/", 1)[1], name)
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE tumen")
    return Database(url)


def drop(database: Database, name: str) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def end_state(database: Database, batches: list[list[dict[str, Any]]], folder: Path) -> Any:
    clearing = Clearing(database)
    for batch in batches:
        clearing.documents(batch, folder)
    return clearing.query(END_STATE)


def cut(documents: list[dict[str, Any]], chance: random.Random) -> list[list[dict[str, Any]]]:
    """A random order, cut at random places."""
    chance.shuffle(documents)
    cuts = sorted(chance.sample(range(1, len(documents)), chance.randint(0, 3)))
    return [documents[a:b] for a, b in zip([0, *cuts], [*cuts, len(documents)], strict=True)]


@pytest.mark.parametrize(
    "fault",
    [
        "clean",
        "payment_amount",
        "over_single_indivisible",
        "item_mismatch",
        "package_count",
        "vague_description",
    ],
)
def test_any_order_of_arrival_gives_the_same_end_state(
    fault: str, database: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("orders", ROUNDS)
    bundle = one_bundle(fault, 41)
    documents = [each for each in bundle.documents if each["kind"] != "return"]
    expected = end_state(database, [list(documents)], tmp_path)
    chance = random.Random(fault)
    for number in range(ROUNDS):
        name = f"arrival_{os.getpid()}_{number}"
        other = fresh(database, name)
        folder = tmp_path / str(number)
        folder.mkdir()
        assert end_state(other, cut(list(documents), chance), folder) == expected
        drop(database, name)


def test_lodging_everything_twice_changes_nothing_and_repeats_every_receipt(
    database: Database, tmp_path: Path
) -> None:
    made = [each for bundle in bundles(Plan(60, 42, share=0.6)) for each in bundle.documents]
    first = Clearing(database)
    first.documents(made, tmp_path)
    before = first.query(END_STATE)
    again = Clearing(database)
    again.documents(made, tmp_path)
    assert again.query(END_STATE) == before
    assert again.receipts() == first.receipts()
    assert {row["answer"] for row in again.rows()} == {"duplicate"}


def test_every_row_has_exactly_one_answer_whatever_the_mixture(
    database: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("mixtures", ROUNDS)
    chance = random.Random(43)
    for number in range(ROUNDS):
        lines = [json.dumps(each) for bundle in bundles(Plan(12, 100 + number, share=0.5))
                 for each in bundle.documents]  # fmt: skip
        for _ in range(10):
            place = chance.randrange(len(lines))
            lines[place] = lines[place][: chance.randrange(len(lines[place]))]
        chance.shuffle(lines)
        file = tmp_path / f"mixture-{number}.ndjson"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        clearing = Clearing(database, sender=str(number))
        clearing.files(file, documents_max=chance.choice([5, 50, 500]))
        places = Counter(row["place"] for row in clearing.rows())
        rows = [place for place, line in enumerate(lines, start=1) if line.strip()]
        assert places == Counter(rows)
        assert all(row["receipt"] for row in clearing.rows())


def test_the_allowance_is_what_the_living_declarations_hold(
    database: Database, tmp_path: Path
) -> None:
    made: list[Bundle] = list(bundles(Plan(150, 44, share=0.5)))
    clearing = Clearing(database)
    clearing.documents([each for bundle in made for each in bundle.documents], tmp_path)
    held = clearing.query(
        """SELECT d.key, e.status, a.customs_value_fen,
                  (SELECT coalesce(sum(l.amount_fen), 0) FROM allowance_entry l
                   WHERE l.document_id = d.document_id)
           FROM declaration d
           JOIN LATERAL (SELECT * FROM declaration_event v WHERE v.document_id = d.document_id
                         ORDER BY v.event_id DESC LIMIT 1) e ON true
           LEFT JOIN assessment a ON a.document_id = d.document_id"""
    )
    assert len(held) > 100
    for key, status, value, amount in held:
        if status in ("held", "examination"):
            assert amount == value, key
        elif status == "released":
            assert 0 < amount <= value, key
        elif status != "returned":
            assert amount == 0, key
