"""The road against the truth of simulated consignments, bundle by bundle."""

from collections import Counter
from pathlib import Path

import pytest

from clearing import Clearing
from tumen.simulation import FAULTS, Bundle, Plan, Truth, bundles, examined, scenario, simulate
from tumen.store.database import Database

RANDOM = "SCREEN_RANDOM_EXAMINATION"
DRAWN_SHARE_MAX = 0.02  # four times the stated rate; the lots are seeded


def found(clearing: Clearing, truth: Truth) -> tuple[str, Counter[tuple[str, str]]]:
    """What became of a bundle: its declaration's status and its answers."""
    key = f"{truth.platform_code}|{truth.order_number}"
    answers = clearing.answers[truth.order_number]
    refused = "rejected" if answers["declaration", "rejected"] else "none"
    return clearing.status().get(key, refused), answers


def drawn(clearing: Clearing) -> set[str]:
    """The keys of the declarations that the random selection sent to examination."""
    events = clearing.query(
        """SELECT d.key, e.codes FROM declaration_event e JOIN declaration d USING (document_id)
           WHERE e.status = 'examination'"""
    )
    return {key for key, codes in events if RANDOM in codes.split(",")}


def expected(truth: Truth, lots: set[str]) -> Truth:
    """The truth, or what it is for a bundle that the random selection has drawn."""
    is_drawn = f"{truth.platform_code}|{truth.order_number}" in lots
    return examined(truth) if is_drawn else truth


def unreadable(truth: Truth) -> Counter[tuple[str, str]]:
    """A broken line names its kind but not its order."""
    return Counter({("payment", "rejected"): 1} if truth.fault == "malformed_line" else {})


def assert_true(clearing: Clearing, made: list[Bundle]) -> None:
    lots = drawn(clearing)
    assert len(lots) <= 1 + len(made) * DRAWN_SHARE_MAX
    for bundle in made:
        truth = expected(bundle.truth, lots)
        status, answers = found(clearing, truth)
        wanted = Counter(truth.answers) - unreadable(truth)
        assert (truth.fault, status) == (truth.fault, truth.status)
        assert +answers == wanted, truth.fault


@pytest.mark.parametrize("fault", ["clean", *FAULTS])
def test_each_fault_alone_ends_as_its_truth_says(
    fault: str, database: Database, tmp_path: Path
) -> None:
    made = scenario(fault, 7)
    plan = Plan(3, 7, fault=fault) if fault != "clean" else Plan(3, 7, share=0.0)
    made = list(bundles(plan))
    written = simulate(plan, tmp_path / "out")
    clearing = Clearing(database)
    clearing.files(written.documents)
    assert_true(clearing, made)


@pytest.mark.parametrize("documents_max", [1, 64, 16_384])
def test_a_mixed_day_ends_as_its_truth_says_in_batches_of_any_size(
    documents_max: int, database: Database, tmp_path: Path
) -> None:
    count = 40 if documents_max == 1 else 300
    plan = Plan(count, 11, share=0.5)
    written = simulate(plan, tmp_path / "out")
    clearing = Clearing(database)
    clearing.files(written.documents, documents_max=documents_max)
    assert_true(clearing, list(bundles(plan)))


def test_the_counts_of_the_summary_add_up_to_the_rows_read(
    database: Database, tmp_path: Path
) -> None:
    plan = Plan(400, 5, share=0.6)
    written = simulate(plan, tmp_path / "out")
    lines = sum(
        len(file.read_text(encoding="utf-8").splitlines())
        for file in written.documents.rglob("*.ndjson")
    )
    clearing = Clearing(database)
    clearing.files(written.documents)
    summary = clearing.tally.summary(1.0)
    documents = summary["documents"]
    assert isinstance(documents, dict)
    assert sum(sum(answers.values()) for answers in documents.values()) == lines
    declarations = summary["declarations"]
    assert isinstance(declarations, dict)
    assert sum(declarations.values()) == 400


def test_a_mixed_day_of_ceb_messages_ends_as_its_truth_says(
    database: Database, tmp_path: Path
) -> None:
    plan = Plan(150, 12, share=0.5, format="ceb")
    written = simulate(plan, tmp_path / "out")
    clearing = Clearing(database)
    clearing.files(written.documents)
    assert_true(clearing, list(bundles(plan)))
