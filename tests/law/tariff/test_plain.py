"""Our own notation of rates: what is written is read again as the same terms."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.law.duty import UNITS, AdValorem, Duty, Highest, Lowest, Specific, Total
from tumen.law.duty_text import read as read_of
from tumen.law.tariff.plain import DEPTH_MAX, decimal, read, write

numbers = st.builds(Fraction, st.integers(0, 10**9), st.sampled_from([1, 10, 100, 1000, 8]))
terms = st.one_of(
    st.builds(AdValorem, numbers.map(lambda number: number / 100)),
    st.builds(Specific, numbers, st.sampled_from(["JPY", "EUR"]), st.sampled_from(sorted(UNITS))),
)
sums = st.builds(lambda parts: Total(tuple(parts)), st.lists(terms, min_size=2, max_size=3))


def choices(inner: st.SearchStrategy[Duty]) -> st.SearchStrategy[Duty]:
    parts = st.lists(st.one_of(inner, sums), min_size=2, max_size=3).map(tuple)
    return st.one_of(parts.map(Highest), parts.map(Lowest))


@given(st.one_of(sums, st.recursive(terms, choices, max_leaves=6)))
def test_what_is_written_is_read_again(duty: Duty) -> None:
    assert read(write(duty)) == duty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8",
        "8,5%",
        "-1%",
        "max(8%)",
        "max(8%",
        "4800 yen/pair",
        "4800 JPY/shoe",
        "8% +",
        "5 EUR/0 kg",
    ],
)
def test_what_is_not_in_the_notation_is_not_read(text: str) -> None:
    assert read(text) is None


def test_the_notation_is_not_followed_without_end() -> None:
    deep = "max(1%, " * DEPTH_MAX + "2%" + ")" * DEPTH_MAX
    assert read(deep) is None
    assert read(deep.removeprefix("max(1%, ").removesuffix(")")) is not None


def test_units_of_trade_become_units_of_ours() -> None:
    assert read("250 USD/t") == read("250 USD/1000 kg") == Specific(Fraction(1, 4), "USD", "kg")
    assert read("3 KRW/g") == read("3000 KRW/kg")


def test_a_number_without_end_is_written_as_a_fraction() -> None:
    assert decimal(Fraction(1, 3)) == "1/3"
    assert decimal(Fraction(1, 400)) == "0.0025"


def test_every_economy_reads_the_notation_beside_its_own_texts() -> None:
    for economy in ("CN", "RU", "JP", "KR", "MN"):
        assert read_of(economy, "6.5%") == AdValorem(Fraction(65, 1000))
    assert read_of("MN", "無税") is None
    assert read_of("RU", "6,5") == read_of("RU", "6.5%")
