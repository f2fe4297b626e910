"""Sums under two laws hold what is known under both, and nothing else."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.law.comparison import KINDS, Comparison, Outcome, outcome_of
from tumen.law.native.reading import read
from tumen.law.quoting import Books, quoted
from tumen.law.samples import sample


def outcome(regime: str | None, total: int | None, status: str = "payable") -> Outcome:
    return Outcome("JP", regime, "61", status, total)


def sums(tally: Comparison, kind: str) -> dict[str, tuple[int, int, int]]:
    return {
        name: (each.compared, each.total_before, each.total_after)
        for name, each in tally.of(kind)  # type: ignore[arg-type]
    }


def test_a_shipment_is_summed_in_the_regime_that_it_takes_under_each_law() -> None:
    tally = Comparison()
    tally.add(outcome("simplified", 100), outcome("general", 300))
    assert sums(tally, "economy") == {"JP": (1, 100, 300)}
    assert sums(tally, "regime") == {"JP simplified": (1, 100, 0), "JP general": (1, 0, 300)}
    assert (tally.shipments, tally.changed) == (1, 1)


@pytest.mark.parametrize("status", ["unknown", "not_admissible"])
def test_what_is_not_known_under_one_law_is_in_no_sum_of_either(status: str) -> None:
    tally = Comparison()
    tally.add(outcome("general", 100), outcome("general", None, status))
    tally.add(outcome("general", None, status), outcome("general", 100))
    tally.add(outcome("general", 7), outcome("general", 7))
    assert sums(tally, "regime") == {"JP general": (1, 7, 7)}
    (group,) = [each for _, each in tally.of("economy")]
    assert group.uncounted(status) == (1, 1)


def test_a_group_in_which_shipments_only_change_places_is_changed() -> None:
    tally = Comparison()
    tally.add(outcome("list", 0, "exempt"), outcome("general", 0, "exempt"))
    tally.add(outcome("simplified", 5), outcome("simplified", 5))
    changed = {name for name, each in tally.of("regime") if each.is_changed}
    assert changed == {"JP list", "JP general"}


def test_amounts_are_whole_minor_units_of_the_destination() -> None:
    found = {}
    for native in sample():
        shipment, _ = read(native)
        assert shipment is not None
        answer = quoted(shipment, Books())
        found[native["destination"]] = (answer.total, outcome_of(shipment, answer).total)
    rouble, tugrik = found["RU"], found["MN"]
    assert rouble[0] is not None
    assert rouble[1] == int(rouble[0].replace(".", ""))
    assert tugrik[0] is not None
    assert tugrik[1] == int(tugrik[0].replace(".", ""))
    assert found["KR"][1] == int(found["KR"][0] or "")


def test_goods_of_several_chapters_are_of_none() -> None:
    native = sample()[0]
    other = {**native["items"][0], "hs": "950300000"}
    shipment, _ = read({**native, "items": [*native["items"], other]})
    assert shipment is not None
    assert outcome_of(shipment, quoted(shipment, Books())).group("chapter") == "JP several"


OUTCOMES = st.builds(
    Outcome,
    st.sampled_from(["JP", "KR"]),
    st.sampled_from(["general", "simplified", None]),
    st.sampled_from(["61", "62"]),
    st.sampled_from(["payable", "unknown"]),
    st.none() | st.integers(0, 10**12),
)


@given(st.lists(st.tuples(OUTCOMES, OUTCOMES)))
def test_every_way_to_group_adds_up_to_the_same(pairs: list[tuple[Outcome, Outcome]]) -> None:
    tally = Comparison()
    for before, after in pairs:
        tally.add(before, Outcome(before.economy, after.regime, *_rest(after)))
    totals = [
        (
            sum(each.total_before for _, each in tally.of(kind)),
            sum(each.total_after for _, each in tally.of(kind)),
            sum((each.before for _, each in tally.of(kind)), Counter()).total(),
        )
        for kind in KINDS
    ]
    assert len({*totals}) == 1
    assert totals[0][2] == len(pairs)


def _rest(outcome: Outcome) -> tuple[str, str, int | None]:
    return outcome.chapter, outcome.status, outcome.total
