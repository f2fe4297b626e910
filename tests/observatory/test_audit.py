"""The audit judges whatever can be written: a finding for every expression, no other error."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studying import cell, claim, found

from tumen.observatory.errors import NEXT_STEPS
from tumen.observatory.expression import Call, Cells, Day, Field, Node, Number, Operation
from tumen.observatory.finding import CONSISTENT, INCONSISTENT, NOT_CHECKABLE, VERDICTS
from tumen.observatory.functions import FUNCTIONS
from tumen.observatory.relations import shown

CELLS = [
    cell("a", "CN", "2019", "10.0"), cell("a", "CN", "2020", "12.5"), cell("a", "CN", "2021", "0"),
    cell("a", "JP", "2019", "-3.25"), cell("a", "JP", "2020", ""), cell("a", "WLD", "2020", "80"),
    cell("b", "CN", "2020", "1250", "100 million USD"), cell("b", "CN", "2022-Q4", "7", "score"),
    cell("r", "CN", "2020", "25.0", "percent"), cell("r", "CN", "2021", "-100", "percent"),
    cell("k", "CN", "2020", "3", "rank"), cell("k", "JP", "2020", "3", "rank"),
    cell("a", "CN", "2020", "12.7", dataset="u", concept="c"),
]  # fmt: skip
ECONOMIES = st.none() | st.lists(
    st.sampled_from(["CN", "JP", "WLD"]), min_size=1, max_size=2, unique=True
).map(tuple)
PERIODS = st.sampled_from(["2019", "2020", "2021", "2022-Q4"])
REFERENCES = st.builds(
    Cells, st.sampled_from("tu"), st.sampled_from("abrk"), ECONOMIES, PERIODS.map(lambda p: (p,))
) | st.builds(
    Cells, st.just("t"), st.sampled_from("ar"), ECONOMIES,
    st.just(("2019", "2021")), st.just(True),
)  # fmt: skip
LEAVES: st.SearchStrategy[Node] = (
    REFERENCES
    | st.sampled_from(["0", "1", "2.5", "1000"]).map(Number)
    | st.dates().map(Day)
    | st.just(Field("document", "accepted"))
)


def calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    arguments: st.SearchStrategy[Sequence[Node]] = st.lists(inner, min_size=1, max_size=3)
    return st.builds(Call, st.sampled_from(sorted(FUNCTIONS)), arguments.map(tuple)) | st.builds(
        Operation, st.sampled_from(["+", "-", "*", "/", "<", ">=", "="]), inner, inner
    )


TREES = st.recursive(LEAVES, calls, max_leaves=6)
CLAIMED = st.just("true") | st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,2})?", fullmatch=True)
UNITS = st.sampled_from(["percent", "points", "times", "billion USD", "rank", "count", "score"])
WORDS = st.sampled_from(["exactly", "about", "nearly", "over", "up_to"])


@given(TREES, CLAIMED, UNITS, WORDS)
def test_every_expression_ends_as_a_finding(tree: Node, claimed: str, unit: str, word: str) -> None:
    finding = found(CELLS, claim(shown(tree), claimed, unit, word))
    assert finding.verdict in VERDICTS
    assert (finding.reason is not None) == (finding.verdict == NOT_CHECKABLE)
    if finding.reason is not None:
        assert finding.reason.code in NEXT_STEPS
    if finding.verdict == CONSISTENT:
        assert not finding.explanations


@pytest.mark.parametrize(
    ("expression", "claimed", "unit"),
    [
        ("level(t.a[CN, 2020])", "12.5", "billion USD"),
        ("level(t.a[CN, 2020])", "125", "100 million USD"),
        ("growth(t.a[CN, 2019], t.a[CN, 2020])", "25.0", "percent"),
        ("growth(t.a[CN, 2019], t.a[CN, 2020])", "0.25", "times"),
        ("ratio(t.a[CN, 2020], t.a[CN, 2019])", "1.25", "times"),
        ("cagr(t.a[CN, 2019], t.a[CN, 2020], 2)", "11.8", "percent"),
        ("share(t.a[CN, 2020], t.a[WLD, 2020])", "15.6", "percent"),
        ("difference(t.a[CN, 2020], t.a[CN, 2019])", "2.5", "billion USD"),
        ("difference(t.r[CN, 2020], t.r[CN, 2021])", "125", "points"),
        ("sum(t.a[CN, 2019..2020])", "22.5", "billion USD"),
        ("mean(t.a[CN, 2019..2020], t.a[CN, 2021])", "7.5", "billion USD"),
        ("least(t.a[*, 2019])", "-3.25", "billion USD"),
        ("greatest(t.a[*, 2019])", "10.0", "billion USD"),
        ("rank(t.a[JP, 2019], t.a[*, 2019])", "2", "rank"),
        ("rank_ascending(t.a[JP, 2019], t.a[*, 2019])", "1", "rank"),
        ("rank(t.k[JP, 2020], t.k[*, 2020])", "2", "rank"),
        ("count(t.a[*, 2019] > 0)", "1", "count"),
        ("chain(t.a[CN, 2019], t.r[CN, 2020..2020])", "12.5", "billion USD"),
        ("unchain(t.a[CN, 2020], t.r[CN, 2020..2020])", "10.0", "billion USD"),
        ("t.a[CN, 2020] / (1 + t.r[CN, 2020])", "10.0", "billion USD"),
        ("level(-t.a[JP, 2019])", "3.25", "billion USD"),
        ("compare(rising(t.a[CN, 2019..2020]), t.r[CN, 2020] = percent(25))", "true", "percent"),
        ("agree(t.a[CN, 2020], t.b[CN, 2020] / 10)", "true", "percent"),
    ],
)
def test_each_function_computes_what_its_name_says(
    expression: str, claimed: str, unit: str
) -> None:
    assert found(CELLS, claim(expression, claimed, unit)).verdict == CONSISTENT


def test_a_claim_that_no_slip_explains_is_inconsistent_and_says_so() -> None:
    finding = found(CELLS, claim("growth(t.a[CN, 2019], t.a[CN, 2020])", "77.7"))
    assert finding.verdict == INCONSISTENT
    assert finding.diagnosis == ()
    assert (finding.recomputed, finding.low, finding.high) == ("25.000 percent", "23.881", "26.131")
