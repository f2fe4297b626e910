"""Properties of the road: order of arrival, repetition, one answer for each row, the allowance."""

import itertools
import json
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearing import Clearing
from tumen.simulation import FAULTS, Bundle, Plan, bundles, one_bundle
from tumen.store.database import Database

ARRIVALS = 200 if os.environ.get("TUMEN_FAULTS") == "full" else 12
ROUNDS = 40 if os.environ.get("TUMEN_FAULTS") == "full" else 6
_runs = itertools.count()
Document = dict[str, Any]


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


FOLLOWERS = ("revocation", "return")
ANY_ORDER = sorted(
    {"clean", *(name for name in FAULTS if not one_bundle(name).keeps_order)} - {"over_annual"}
)
"""What is wrong may be anything, but for versions of one document, whose order tells."""


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[Document], list[list[Document]]]:
    """The documents of a consignment as they were made, and in another order, cut anywhere."""
    bundle = one_bundle(draw(st.sampled_from(ANY_ORDER)), draw(st.integers(0, 900_000)))
    made = [each for each in bundle.documents if each["kind"] not in FOLLOWERS]
    payments = [each for each in made if each["kind"] == "payment"]
    if payments and draw(st.booleans()):  # somebody pays 1.00 for the order of another
        made.append({**payments[0], "payment_number": "PX", "amount_paid": "1.00"})
    order = draw(st.permutations(made))
    cuts = sorted(draw(st.sets(st.integers(1, len(made) - 1), max_size=3)))
    return made, [order[a:b] for a, b in itertools.pairwise([0, *cuts, len(made)])]


@settings(max_examples=ARRIVALS, suppress_health_check=list(HealthCheck))
@given(arrival=arrivals())
def test_any_order_of_arrival_gives_the_same_end_state(
    arrival: tuple[list[Document], list[list[Document]]], database: Database, tmp_path: Path
) -> None:
    made, batches = arrival
    found = []
    for arrived in ([made], batches):
        name = f"arrival_{os.getpid()}_{next(_runs)}"
        folder = tmp_path / name
        folder.mkdir()
        try:
            found.append(end_state(fresh(database, name), arrived, folder))
        finally:
            drop(database, name)
    assert found[0] == found[1]


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
