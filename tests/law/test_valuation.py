"""What an item bears of a cost for the whole, and how shares become whole minor units."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parcels import consignment, goods

from tumen.law.explanation import Unknown
from tumen.law.settlement import Settlement
from tumen.law.valuation import check_amounts, of_prices, running, shares, with_freight

DAY = date(2026, 3, 2)


def settlement(*prices: str, **told: object) -> Settlement:
    items = [goods(price) for price in prices]
    return Settlement("general", consignment("RU", DAY, *items, **told), "ru.rounding")


@given(st.lists(st.fractions(0, 10**6), min_size=1, max_size=6), st.fractions(0, 10**5))
def test_shares_of_a_cost_add_up_to_the_whole(prices: list[Fraction], extra: Fraction) -> None:
    asked = settlement(*(str(price) for price in prices), freight=extra)
    if sum(prices) == 0:
        with pytest.raises(Unknown, match="customs_value"):
            with_freight(asked, "ru.rounding", ("a rule", "a sharing"))
        return
    values = with_freight(asked, "ru.rounding", ("a rule", "a sharing"))
    assert sum(values) == asked.minor(sum(prices) + extra)
    assert all(value >= 0 for value in values)


def test_the_step_shows_the_exact_price_and_share_and_never_less_than_nothing() -> None:
    asked = settlement("377479.305", "0.695", freight=Fraction(0))
    assert with_freight(asked, "ru.rounding", ("a rule", "a sharing")) == (37747931, 69)
    assert [step.numbers for step in asked.why.steps] == [
        "377,479.305 + 0 = 377,479.305, rounded 377,479.31",
        "0.695 + 0 = 0.695, rounded 0.69",
    ]


def test_a_cost_without_goods_of_any_worth_cannot_be_shared() -> None:
    assert shares(Fraction(0), [Fraction(0)]) == [0]
    with pytest.raises(Unknown, match="customs_value"):
        shares(Fraction(1), [Fraction(0)])


def test_amounts_below_nothing_are_named() -> None:
    for told, name in (
        ({"freight": Fraction(-1)}, "freight"),
        ({"insurance": Fraction(-1)}, "ins"),
    ):
        with pytest.raises(Unknown, match=name):
            check_amounts(settlement("1", **told).consignment)
    with pytest.raises(Unknown, match=r"items\[1\].unit_price"):
        of_prices(settlement("1", "-1"))


def test_running_sums_keep_the_sum() -> None:
    assert running([Fraction(1, 3)] * 3, lambda each: round(each)) == (0, 1, 0)
