"""The annual allowance: judged in recorded order, never overdrawn."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tumen.law.cn import cbec
from tumen.window.allowance import reserve

DAY = date(2026, 8, 3)
SINGLE, ANNUAL = 500_000, 2_600_000

BALANCES = pl.DataFrame(schema={"person": pl.String, "year": pl.Int32, "balance_fen": pl.Int64})


def cases_of(*purchases: tuple[str, int, bool], day: date = DAY) -> pl.DataFrame:
    """Cases of (person, value in fen, whether it is a single indivisible item)."""
    return pl.DataFrame(
        [
            (number, person, day.year, day, value, single)
            for number, (person, value, single) in enumerate(purchases)
        ],
        schema={
            "document_id": pl.Int64,
            "person": pl.String,
            "year": pl.Int32,
            "day": pl.Date,
            "declaration_value_fen": pl.Int64,
            "is_single_indivisible": pl.Boolean,
        },
        orient="row",
    )


def one_at_a_time(purchases: list[tuple[str, int, bool]]) -> list[str]:
    """The rule as the notice has it, with nothing shared with the code under test."""
    used: dict[str, int] = {}
    verdicts = []
    for person, value, single in purchases:
        before = used.get(person, 0)
        if before + value > ANNUAL:
            verdicts.append("over_annual_limit")
            continue
        if value > SINGLE and not single:
            verdicts.append("over_single_limit")
            continue
        verdicts.append("over_single_indivisible" if value > SINGLE else "within_limit")
        used[person] = before + value
    return verdicts


def test_two_orders_of_one_person_in_one_batch_do_not_overdraw() -> None:
    balances = pl.DataFrame({"person": ["p"], "year": [2026], "balance_fen": [2_500_000]})
    balances = balances.with_columns(pl.col("year").cast(pl.Int32))
    judged = reserve(cases_of(("p", 60_000, False), ("p", 60_000, False)), balances, cbec.verdict)
    assert judged["verdict"].to_list() == ["within_limit", "over_annual_limit"]


def test_a_refused_order_leaves_the_allowance_to_the_next() -> None:
    judged = reserve(
        cases_of(("p", 2_590_000, False), ("p", 20_000, False)), BALANCES, cbec.verdict
    )
    assert judged["verdict"].to_list() == ["over_single_limit", "within_limit"]
    assert judged["used_before_fen"].to_list() == [0, 0]


def test_before_2019_an_indivisible_item_above_the_limit_leaves_the_allowance_alone() -> None:
    watches = [("p", 300_000, True)] * 7
    judged = reserve(
        cases_of(*watches, ("p", 200_000, False), day=date(2017, 8, 3)), BALANCES, cbec.verdict
    )
    assert judged["verdict"].to_list() == ["over_single_indivisible"] * 7 + ["within_limit"]
    assert judged["is_counted"].to_list() == [False] * 7 + [True]
    assert judged["used_before_fen"].to_list() == [0] * 8


def test_the_order_of_the_cases_is_kept() -> None:
    judged = reserve(
        cases_of(("a", 900_000, False), ("b", 100, False), ("a", 100, False)),
        BALANCES,
        cbec.verdict,
    )
    assert judged["document_id"].to_list() == [0, 1, 2]


purchases = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.one_of(
            st.integers(1, 3_000_000),
            st.sampled_from([SINGLE - 1, SINGLE, SINGLE + 1, ANNUAL - 1, ANNUAL, ANNUAL + 1]),
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@given(purchases)
def test_a_batch_judges_as_one_purchase_after_the_other_would(
    made: list[tuple[str, int, bool]],
) -> None:
    judged = reserve(cases_of(*made), BALANCES, cbec.verdict)
    assert judged["verdict"].to_list() == one_at_a_time(made)


@given(purchases)
def test_no_person_is_ever_above_the_annual_limit(made: list[tuple[str, int, bool]]) -> None:
    judged = reserve(cases_of(*made), BALANCES, cbec.verdict)
    counted = judged.filter("is_counted")
    totals = counted.group_by("person").agg(pl.col("declaration_value_fen").sum())
    assert all(total <= ANNUAL for total in totals["declaration_value_fen"])
