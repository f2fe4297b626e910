"""Times of clearance that are counted give what each of them gives by itself."""

from collections import Counter
from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tumen.window.ledger.time_release import STAGES, TIMED_SCHEMA, summed_up


def part(values: list[int], tenths: int) -> Fraction:
    """Between two of the values, as far as it must be (PostgreSQL's percentile_cont)."""
    place = Fraction(tenths * (len(values) - 1), 10)
    low = sorted(values)[int(place)]
    high = sorted(values)[min(int(place) + 1, len(values) - 1)]
    return low + (high - low) * (place - int(place))


def milliseconds(microseconds: Fraction) -> int:
    return int(microseconds / 1000 + Fraction(1, 2))


times = st.integers(0, 10_000_000)


@given(st.lists(st.tuples(st.sampled_from("abc"), times, times), min_size=1, max_size=12))
def test_what_was_counted_gives_the_same_as_every_case(cases: list[tuple[str, int, int]]) -> None:
    cases = [*cases, *cases[:3]]
    lines = [
        ("import", "2200", filer, deciding, releasing, deciding + releasing, count)
        for (filer, deciding, releasing), count in Counter(cases).items()
    ]
    timed = pl.DataFrame([*lines, ("export", None, None, 5, 0, 5, 1)], TIMED_SCHEMA, orient="row")
    found = summed_up(timed).rows_by_key(["office", "stage"], named=True, unique=True)
    for at, stage in enumerate(STAGES):
        taken = [(each[1], each[2], each[1] + each[2])[at] for each in cases]
        assert found["2200", stage] == {
            "direction": "import",
            "cases": len(cases),
            "contributors": len({filer for filer, _, _ in cases}),
            "mean_ms": milliseconds(Fraction(sum(taken), len(taken))),
            "median_ms": milliseconds(part(taken, 5)),
            "p90_ms": milliseconds(part(taken, 9)),
        }
        assert found[None, stage]["contributors"] == 0
