"""A log that shows two histories, against n witnesses of which f help it: what k withstands."""

from itertools import product

import pytest

from tumen.trust.feeder import Fed, Feeding
from tumen.trust.note import VerifierKey
from tumen.trust.quorum import Cosigned, Policy, count
from tumen.trust.witness import Witness
from witnessed_logs import START, Log, witness

ECONOMIES = ("CN", "JP", "KR", "MN", "RU")
N = len(ECONOMIES)
NOW = int(START.timestamp())
SHARED = Log.of(4)
VIEWS = (SHARED.grown(5), SHARED.grown(5, mark="fork"))


def cosigned_by(one: Witness, view: Log, economy: str) -> Cosigned:
    """What a witness answers when it is fed a view, as a quorum counts it."""
    key = VerifierKey.parse(one.cosigner.verifier_key)
    feeding = Feeding(view.note(), key, view.prove)
    step: object = feeding.begin()
    while not isinstance(step, Fed):
        step = feeding.answered(one.add_checkpoint(step.body), NOW)  # type: ignore[attr-defined]
    return Cosigned(
        economy,
        economy,
        None if step.signature is None else step.seconds,
        "COUNTED" if step.signature else step.faults[-1].code,
    )


def reached(colluders: int, first_views: tuple[int, ...]) -> list[int]:
    """How many economies cosign each view; each honest one sees ``first_views`` of its own first.

    A colluder answers each view from a memory of its own.
    """
    counts = [[], []]  # type: list[list[Cosigned]]
    for number, economy in enumerate(ECONOMIES):
        honest = witness(economy, SHARED)
        assert honest.add_checkpoint(SHARED.request(0)).status == 200
        first = first_views[number]
        for view in (first, 1 - first):
            one = witness(economy, SHARED) if number < colluders else honest
            counts[view].append(cosigned_by(one, VIEWS[view], economy))
    return [len(count(Policy(1, ECONOMIES), each).economies) for each in counts]


@pytest.mark.parametrize("colluders", range(N + 1))
def test_no_two_views_reach_k_if_and_only_if_2k_exceeds_n_plus_f(colluders: int) -> None:
    """Every way in which the log can divide the honest witnesses between its two views."""
    most_of_both = max(
        min(reached(colluders, first_views)) for first_views in product((0, 1), repeat=N)
    )
    for k in range(1, N + 1):
        both_can_reach = most_of_both >= k
        assert both_can_reach is not Policy(k, ECONOMIES).withstands(colluders)


def test_an_honest_witness_gives_the_log_away_with_what_it_was_shown() -> None:
    one = witness("KR", SHARED)
    assert one.add_checkpoint(SHARED.request(0)).status == 200
    assert cosigned_by(one, VIEWS[0], "KR").code == "COUNTED"
    assert cosigned_by(one, VIEWS[1], "KR").code == "LOG_FORKED"


def test_five_witnesses_need_four_where_the_log_is_counted_as_a_colluder() -> None:
    assert [k for k in range(1, N + 1) if Policy(k, ECONOMIES).withstands(1)] == [4, 5]
