"""A quorum counts economies, and its arithmetic keeps two views from both reaching it."""

from itertools import combinations

import pytest

from tumen.kernel.errors import VerificationError
from tumen.trust.quorum import Cosigned, Policy, count

FIVE = ("CN", "JP", "KR", "MN", "RU")


def cosigned(economy, time=100, name=None, code="COUNTED"):
    return Cosigned(name or f"{economy.lower()}.example/witness", economy, time, code)


def codes(quorum):
    return {each.witness: each.code for each in quorum.cosigned}


@pytest.mark.parametrize("threshold", range(1, 6))
@pytest.mark.parametrize("colluders", range(6))
def test_two_views_reach_a_quorum_only_where_the_arithmetic_says_so(threshold, colluders):
    """Every way to split the honest between two views, with every colluder in both."""
    policy = Policy(threshold, FIVE)
    bad, honest = set(FIVE[:colluders]), FIVE[colluders:]
    is_split = any(
        all(
            count(policy, map(cosigned, bad | view)).missing == 0
            for view in (set(first), set(honest) - set(first))
        )
        for size in range(len(honest) + 1)
        for first in combinations(honest, size)
    )
    assert is_split is not policy.withstands(colluders)


def test_the_most_colluders_are_those_of_the_arithmetic():
    for threshold in range(1, 6):
        policy = Policy(threshold, FIVE)
        withstood = [number for number in range(6) if policy.withstands(number)]
        assert policy.colluders_max == (max(withstood) if withstood else None)
        assert policy.absent_max == 5 - threshold


def test_an_economy_counts_once_whichever_of_its_witnesses_cosigned():
    quorum = count(
        Policy(2, FIVE), [cosigned("JP", 200, "jp/b"), cosigned("JP", 100, "jp/a"), cosigned("MN")]
    )
    assert quorum.economies == ("JP", "MN")
    assert codes(quorum)["jp/b"] == "ECONOMY_COUNTED_ONCE"
    assert codes(quorum)["jp/a"] == "COUNTED"


def test_what_is_missing_is_told_as_pending():
    quorum = count(Policy(4, FIVE), map(cosigned, ("CN", "JP", "KR")))
    assert (quorum.missing, quorum.economies) == (1, ("CN", "JP", "KR"))


def test_who_is_outside_the_policy_or_refused_does_not_count():
    quorum = count(Policy(1, ("CN",)), [cosigned("JP"), cosigned("CN", code="KEY_EXPIRED")])
    assert quorum.missing == 1
    assert codes(quorum) == {
        "jp.example/witness": "OUTSIDE_POLICY",
        "cn.example/witness": "KEY_EXPIRED",
    }


def test_the_time_of_a_quorum_is_when_it_was_reached():
    looked_at = [cosigned("CN", 10), cosigned("JP", 400), cosigned("KR", 300), cosigned("MN", 500)]
    assert count(Policy(3, FIVE), looked_at).time == 400
    assert count(Policy(5, FIVE), looked_at).time == 500
    assert count(Policy(3, FIVE), []).time is None


@pytest.mark.parametrize(
    ("threshold", "economies"), [(0, FIVE), (6, FIVE), (-1, FIVE), (1, ()), (1, ("CN", "CN"))]
)
def test_a_policy_that_asks_for_nothing_or_too_much_is_refused(threshold, economies):
    with pytest.raises(VerificationError) as refused:
        Policy(threshold, economies)
    assert refused.value.code == "POLICY_INVALID"
