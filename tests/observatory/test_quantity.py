"""Printed numbers keep the room of their digits, exactly, through every operation."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tumen.observatory.errors import ExpressionError
from tumen.observatory.quantity import Quantity, decimal_text, exact, printed, root
from tumen.observatory.units import unit_of

PLAIN = unit_of("times")
TEXTS = st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True)
WITHIN = st.fractions(min_value=0, max_value=1)


def behind(quantity: Quantity, share: Fraction) -> Fraction:
    """One of the true values that may stand behind a printed one."""
    return quantity.low + (quantity.high - quantity.low) * share


@given(TEXTS, TEXTS, WITHIN, WITHIN)
def test_the_true_result_stays_between_the_bounds(
    left: str, right: str, one: Fraction, other: Fraction
) -> None:
    a, b = printed(left, PLAIN), printed(right, PLAIN)
    x, y = behind(a, one), behind(b, other)
    results = [(a + b, x + y), (a - b, x - y), (a * b, x * y)]
    if b.low > 0 or b.high < 0:
        results.append((a / b, x / y))
    assert all(bounds.low <= true <= bounds.high for bounds, true in results)


@given(st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True), st.integers(1, 12))
def test_the_bounds_of_a_root_hold_the_true_root(text: str, degree: int) -> None:
    value = printed(text, PLAIN)
    assume(value.low > 0)
    found = root(value, degree)
    assert found.low**degree <= value.low
    assert found.high**degree >= value.high


def test_a_denominator_that_may_be_zero_is_refused() -> None:
    with pytest.raises(ExpressionError) as refused:
        exact(1) / printed("0.0", PLAIN)
    assert refused.value.code == "DENOMINATOR_ZERO"


def test_the_printed_digits_give_the_room() -> None:
    percent = unit_of("percent")
    assert printed("45.0", percent).meets(printed("45", percent))
    assert not printed("45.0", percent).meets(printed("45.2", percent))
    assert printed("33", unit_of("rank")).low == 33


@pytest.mark.parametrize("text", ["", "1e3", "NaN", "1,000", "٣", "1.", "+1", "9" * 41])
def test_what_is_no_printed_number_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        printed(text, PLAIN)
    assert refused.value.code == "NUMBER_WRONG"


def test_halves_are_rounded_away_from_zero() -> None:
    assert [decimal_text(Fraction(n, 20), 1) for n in (1, -1, 3)] == ["0.1", "-0.1", "0.2"]
