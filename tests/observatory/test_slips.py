"""A planted slip is found: a true claim is broken by each known slip, and the audit names it."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from studying import cell, claim, found, slips

from tumen.observatory.claim import Claim
from tumen.observatory.dataset import Cell
from tumen.observatory.finding import CONSISTENT, INCONSISTENT, UNIT_ERROR
from tumen.observatory.quantity import decimal_text

VALUES = st.integers(100_000, 999_999)
"""Printed with three digits after the point: the operands leave little room."""

GROWTH = "growth(t.a[CN, 2019], t.a[CN, 2020])"
SHARE = "share(t.a[CN, 2020], t.a[WLD, 2020])"


def text(value: Fraction | int, places: int = 3) -> str:
    return decimal_text(Fraction(value), places)


@st.composite
def worlds(draw: st.DrawFn) -> dict[tuple[str, str, str], Fraction]:
    """Two series of three economies and the world in three years, all different."""
    keys = [
        (series, economy, year)
        for series in "ab"
        for economy in ("CN", "JP", "KR", "WLD")
        for year in ("2019", "2020", "2021")
    ]
    values = draw(st.lists(VALUES, min_size=len(keys), max_size=len(keys), unique=True))
    return {key: Fraction(value, 1000) for key, value in zip(keys, values, strict=True)}


World = dict[tuple[str, str, str], Fraction]


def cells(world: World) -> list[Cell]:
    return [cell(*key, text(value)) for key, value in world.items()]


def growth(first: Fraction, last: Fraction) -> Fraction:
    return (last / first - 1) * 100


def broken_claims(world: World) -> Iterator[tuple[str, Claim]]:
    """A claim for each slip: what would be printed if that slip had been made."""
    a = {
        (economy, year): value for (series, economy, year), value in world.items() if series == "a"
    }
    b = {
        (economy, year): value for (series, economy, year), value in world.items() if series == "b"
    }
    first, last = a["CN", "2019"], a["CN", "2020"]
    true = growth(first, last)
    yield "growth_over_end_year", claim(GROWTH, text((1 - first / last) * 100, 2))
    yield "times_for_percent", claim(GROWTH, text(true, 2), "times")
    yield "by_times_for_times", claim(GROWTH, text(last / first, 2), "times")
    yield "lost_minus", claim(GROWTH, text(-true, 2))
    yield "factor_of_ten", claim("level(t.a[CN, 2020])", text(last, 1), "trillion USD")
    yield "truncated_not_rounded", claim(GROWTH, text(Fraction(int(true * 100), 100), 2))
    yield "swapped_header", claim(GROWTH, text(growth(b["CN", "2019"], b["CN", "2020"]), 2))
    yield "swapped_row", claim(GROWTH, text(growth(a["JP", "2019"], a["JP", "2020"]), 2))
    yield "another_year", claim(GROWTH, text(growth(first, a["CN", "2021"]), 2))
    yield "wrong_denominator", claim(SHARE, text(100 * last / b["WLD", "2020"], 2))
    scope = "share(sum(t.a[{CN, JP}, 2020]), t.a[WLD, 2020])"
    yield "wrong_scope", claim(scope, text(100 * last / a["WLD", "2020"], 2))


SLIPS = [slip for slip, _ in broken_claims({
    (series, economy, year): Fraction(150 + number)
    for number, (series, economy, year) in enumerate(
        (series, economy, year)
        for series in "ab"
        for economy in ("CN", "JP", "KR", "WLD")
        for year in ("2019", "2020", "2021")
    )
})]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
@given(world=worlds())
def test_a_planted_slip_is_named(slip: str, world: World) -> None:
    broken = dict(broken_claims(world))[slip]
    finding = found(cells(world), broken)
    assume(finding.verdict != CONSISTENT)  # the slip made no difference that shows
    assert slip in slips(finding)
    assert finding.verdict in (INCONSISTENT, UNIT_ERROR)


@given(worlds())
def test_a_true_claim_is_consistent_whatever_its_digits(world: World) -> None:
    true = growth(world["a", "CN", "2019"], world["a", "CN", "2020"])
    for places in (0, 1, 2):
        assert found(cells(world), claim(GROWTH, text(true, places))).verdict == CONSISTENT


@given(st.integers(100, 899), st.integers(10, 99))
def test_percent_printed_for_points_is_a_unit_error(first: int, more: int) -> None:
    shares = [cell("s", "CN", "2019", text(Fraction(first, 10), 1), "percent"),
              cell("s", "CN", "2020", text(Fraction(first + more, 10), 1), "percent")]  # fmt: skip
    printed = text(Fraction(more, 10), 1)
    expression = "difference(t.s[CN, 2020], t.s[CN, 2019])"
    assert found(shares, claim(expression, printed, "points")).verdict == CONSISTENT
    finding = found(shares, claim(expression, printed, "percent"))
    assert finding.verdict == UNIT_ERROR
    assert [one.slip for one in finding.diagnosis] == ["percent_for_points"]
    assert finding.diagnosis[0].corrected == f"{printed} points"


@given(VALUES, VALUES)
def test_two_tables_that_disagree_are_both_shown(one: int, other: int) -> None:
    assume(abs(one - other) > 1)
    here = cell("a", "CN", "2020", text(Fraction(one, 1000)), concept="sales")
    there = cell("x", "CN", "2020", text(Fraction(other, 1000)), dataset="u", concept="sales")
    finding = found([here, there], claim("level(t.a[CN, 2020])", there.text, "billion USD"))
    assert "tables_disagree" in slips(finding)
    explanation = next(one for one in finding.explanations if one.slip == "tables_disagree")
    assert here.text in explanation.corrected
    assert there.text in explanation.corrected


@given(VALUES, st.integers(1, 3))
def test_a_cell_in_another_power_of_ten_is_corrected(value: int, power: int) -> None:
    wrong = Fraction(value, 1000) * 10**power
    rows = [cell("a", "CN", "2020", text(wrong)), cell("a", "JP", "2020", "1000.000")]
    total = text(Fraction(value, 1000) + 1000)
    finding = found(rows, claim("sum(t.a[{CN, JP}, 2020])", total, "billion USD"))
    assert finding.verdict == UNIT_ERROR
    mended = [one.corrected.partition(" = ") for one in finding.explanations]
    numbers = {name: Fraction(right.split()[0]) for name, _, right in mended if right}
    assert numbers["t.a[CN, 2020]"] == Fraction(value, 1000)


@given(st.integers(30, 300))
def test_a_minus_lost_in_a_cell_is_found_with_growth_over_the_end(rate: int) -> None:
    end = Fraction(1000) / (1 + Fraction(rate, 1000))
    rows = [cell("a", "CN", "2018", "1000.000"), cell("a", "CN", "2019", text(end)),
            cell("r", "CN", "2019", text(Fraction(rate, 10), 1), "percent")]  # fmt: skip
    finding = found(
        rows, claim("chain(t.a[CN, 2018], t.r[CN, 2019..2019])", text(end), "billion USD")
    )
    both = [one for one in finding.explanations if one.slip == "lost_minus"]
    assert both[0].evidence["also"] == "growth_over_end_year"


def test_a_day_after_the_documents_own_is_named() -> None:
    finding = found([], claim("compare(2023-08-23 <= document.accepted)"))
    assert slips(finding) == ["date_after_document"]
    assert found([], claim("compare(2023-02-20 <= document.accepted)")).verdict == CONSISTENT


def test_several_slips_that_explain_equally_are_all_told() -> None:
    rows = [cell("a", "CN", "2019", "10.0"), cell("a", "CN", "2020", "20.0"),
            cell("b", "CN", "2019", "10.0"), cell("b", "CN", "2020", "30.0"),
            cell("c", "CN", "2019", "10.0"), cell("c", "CN", "2020", "30.0")]  # fmt: skip
    finding = found(rows, claim(GROWTH, "200"))
    assert [one.evidence["other"] for one in finding.diagnosis] == [
        "t.b[CN, 2019]", "t.c[CN, 2019]"
    ]  # fmt: skip


def test_an_inequality_is_not_explained_by_whatever_would_satisfy_it() -> None:
    rows = [cell("a", "CN", "2020", "10"), cell("a", "WLD", "2020", "17"),
            cell("b", "CN", "2020", "99"), cell("b", "WLD", "2020", "1")]  # fmt: skip
    finding = found(rows, claim("compare(t.a[CN, 2020] > t.a[WLD, 2020])"))
    assert finding.verdict == INCONSISTENT
    assert not finding.explanations
