"""Faulty days cut into streams that arrive through several desks at once."""

import os
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.simulation import Bundle, Plan, bundles, examined, scenario
from tumen.store.database import Database

IS_FULL = os.environ.get("TUMEN_FAULTS") == "full"
SEEDS = range(81, 101 if IS_FULL else 82)
BUYERS = 30 if IS_FULL else 4
ANNUAL_LIMIT_FEN = 2_600_000
DESKS = 3

INDIFFERENT = frozenset(
    {"revoked", "revoked_too_late", "returned", "partly_returned", "return_too_much",
     "over_annual", "duplicate_document", "conflicting_order", "amended_order", "late_message",
     "deleted_order", "malformed_line"}
)  # fmt: skip
"""Faults whose outcome depends on which row arrives first, or whose row has no order."""

Document = dict[str, Any]


def at_once(*work: Callable[[], None]) -> None:
    """Run functions in threads at the same moment; the first error is raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(work))

    def run(function: Callable[[], None]) -> None:
        barrier.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def lodge_at_once(
    database: Database, streams: Sequence[list[Document]], folder: Path, chance: random.Random
) -> list[Clearing]:
    """Each stream through a desk of its own, in batches of a size of its own."""
    desks, work = [], []
    for number, stream in enumerate(streams):
        place = folder / f"desk-{number}"
        place.mkdir()
        desk = Clearing(database, sender="one")
        size = chance.choice([2, 7, 30, 200])
        desks.append(desk)
        work.append(lambda d=desk, s=stream, p=place, n=size: d.documents(s, p, n))
    at_once(*work)
    return desks


def dealt(documents: list[Document], chance: random.Random, hands: int) -> list[list[Document]]:
    chance.shuffle(documents)
    return [documents[first::hands] for first in range(hands)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_faulty_day_through_three_desks_ends_as_its_truth_says(
    seed: int, database: Database, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    plan = Plan(90, seed, share=0.6)
    made = [bundle for bundle in bundles(plan) if bundle.fault not in INDIFFERENT]
    documents = [each for bundle in made for each in bundle.documents]
    desks = lodge_at_once(database, dealt(documents, chance, DESKS), tmp_path, chance)
    status = desks[0].status()
    answers = added(desks)
    for bundle in made:
        truth = bundle.truth
        found = status.get(f"{truth.platform_code}|{truth.order_number}", "rejected")
        if found == "examination" and truth.status in ("released", "held"):
            truth = examined(truth)
        assert (truth.fault, found) == (truth.fault, truth.status)
        assert +answers[truth.order_number] == Counter(truth.answers)


def added(desks: Sequence[Clearing]) -> dict[str, Counter[tuple[str, str]]]:
    """The answers of all desks, by order."""
    answers: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for desk in desks:
        for number, counts in desk.answers.items():
            answers[number].update(counts)
    return answers


@pytest.mark.parametrize("seed", SEEDS)
def test_a_whole_day_through_every_desk_is_recorded_once(
    seed: int, database: Database, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    made = list(bundles(Plan(40, seed, share=0.5)))
    documents = [each for bundle in made for each in bundle.documents]
    desks = lodge_at_once(
        database, [chance.sample(documents, len(documents)) for _ in range(DESKS)],
        tmp_path, chance,
    )  # fmt: skip
    receipts: dict[str, set[str]] = defaultdict(set)
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for desk in desks:
        for row in desk.rows():
            receipts[row["digest"]].add(row["receipt"])
            answers[row["digest"]][row["answer"]] += 1
    assert all(len(texts) == 1 for texts in receipts.values())
    for counts in answers.values():
        assert counts.total() - counts["duplicate"] == 1
        assert counts.total() % DESKS == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_buyers_who_order_through_every_desk_at_once_never_overdraw_and_lose_nothing(
    seed: int, database: Database, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    made: list[Bundle] = [
        bundle for buyer in range(BUYERS) for bundle in scenario("over_annual", 1000 * seed + buyer)
    ]
    documents = [each for bundle in made for each in bundle.documents]
    desks = lodge_at_once(database, dealt(documents, chance, DESKS), tmp_path, chance)
    totals = desks[0].query(
        "SELECT person, year, sum(amount_fen) FROM allowance_entry GROUP BY person, year"
    )
    assert len(totals) == BUYERS
    assert all(0 < total <= ANNUAL_LIMIT_FEN for *_, total in totals)
    status = list(desks[0].status().values())
    assert len(status) == len(made)
    assert status.count("rejected") == BUYERS
    assert "pending" not in status
    assert running_totals_agree(desks[0])


def running_totals_agree(desk: Clearing) -> bool:
    """What each assessment says was used before is what the earlier entries add up to."""
    return not desk.query(
        """SELECT a.event_id FROM assessment a JOIN declaration d USING (document_id)
           WHERE a.used_before_fen IS DISTINCT FROM (
               SELECT coalesce(sum(l.amount_fen), 0) FROM allowance_entry l
               WHERE l.person = d.buyer_index AND l.year = left(d.declared_on, 4)::int
                 AND l.event_id < a.event_id)"""
    )
