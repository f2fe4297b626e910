"""Hundreds of small worlds, each from a seed: the promises of the log hold in all of them."""

import os

import pytest
from tests.simulator.split import views_with_quorum
from tests.simulator.world import Broken, World

from tumen.kernel.errors import LogNotExtended
from tumen.trust.quorum import Policy

SEEDS = 2_000 if os.environ.get("TUMEN_FAULTS") == "full" else 200
SPLITS = 4
MEMBERS = ("CN", "JP", "KR", "MN", "RU")


def test_in_every_world_the_promises_of_the_log_hold() -> None:
    stories = [World(seed).run() for seed in range(SEEDS)]
    told = "\n".join(line for story in stories for line in story)
    for happened in (
        "killed", "power lost", "restored the database", "and the folder", "went back",
        "begins log 2", "LOG_FORKED", "WITNESS_AHEAD", "WITNESS_UNREACHABLE", "cosignature home",
        "a clock is", "the newest has 5 cosignatures",
    ):  # fmt: skip
        assert happened in told, f"no seed has it: {happened}"


def test_a_seed_tells_the_same_story_again() -> None:
    assert World(7).run() == World(7).run()
    assert World(7).run() != World(8).run()


def test_a_node_that_signs_on_after_a_restore_without_asking_is_caught() -> None:
    broken = 0
    for seed in range(60):
        try:
            World(seed, checks_continuity=False).run()
        except (Broken, LogNotExtended):  # a promise breaks, or the publisher refuses
            broken += 1
    assert broken


@pytest.mark.parametrize("colluders", range(5))
def test_two_views_never_both_reach_a_quorum_that_withstands_the_colluders(colluders: int) -> None:
    for threshold in range(1, 6):
        if Policy(threshold, MEMBERS).withstands(colluders):
            for seed in range(SPLITS):
                assert views_with_quorum(seed, 5, threshold, colluders) <= 1


@pytest.mark.parametrize(("threshold", "colluders"), [(2, 0), (3, 1), (4, 3), (1, 0), (3, 2)])
def test_the_attack_succeeds_where_the_threshold_is_too_small(
    threshold: int, colluders: int
) -> None:
    assert not Policy(threshold, MEMBERS).withstands(colluders)
    assert 2 in {views_with_quorum(seed, 5, threshold, colluders) for seed in range(SPLITS)}
