"""The language of claims: any text gives a tree or a coded error with its place."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tumen.kernel.limits import EXPRESSION_DEPTH_MAX, EXPRESSION_LENGTH_MAX
from tumen.observatory.errors import NEXT_STEPS, ExpressionError
from tumen.observatory.expression import Call, Cells, Day, Field, Node, Number, Operation, parse
from tumen.observatory.relations import shown

PIECES = st.sampled_from(
    ["growth", "sum", "(", ")", ",", "[", "]", "{", "}", "*", "t.a", "CN", "CN-HL", "2019", "..",
     "2023-01/2023-07", "2023-08-23", "document.accepted", "<=", "=", "+", "-", "/", "1.5", " "]
)  # fmt: skip
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
KEYS = st.lists(st.sampled_from(["CN", "JP", "CN-HL", "WLD"]), min_size=1, max_size=3, unique=True)
YEARS = st.lists(st.sampled_from(["2018", "2019", "2022-Q4"]), min_size=1, max_size=3, unique=True)


def cells() -> st.SearchStrategy[Node]:
    economies = st.none() | KEYS.map(tuple)
    some = st.builds(Cells, NAMES, NAMES, economies, YEARS.map(tuple))
    span = st.builds(Cells, NAMES, NAMES, economies, st.just(("2018", "2021")), st.just(True))
    return some | span


LEAVES = (
    cells()
    | st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True).map(Number)
    | st.dates().map(Day)
    | st.just(Field("document", "accepted"))
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Call, NAMES, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Operation, st.sampled_from("+-*/<="), inner, inner)
    ),
    max_leaves=8,
)


def read(text: str) -> Node | ExpressionError:
    try:
        return parse(text)
    except ExpressionError as error:
        return error


@given(st.text() | st.lists(PIECES, max_size=30).map("".join))
@example("(" * 5_000)
@example("-" * 1_900)
@example("1" + "+1" * 900)
@example("t.a[CN, 2018..")
@example("١")
@example("2023-02-30")
@example("9" * 50)
def test_any_text_gives_a_tree_or_a_coded_error_with_a_place(text: str) -> None:
    outcome = read(text)
    if isinstance(outcome, ExpressionError):
        assert outcome.code in NEXT_STEPS
        assert 0 <= outcome.position <= len(text)
        assert outcome.next_step


@given(TREES)
def test_a_tree_is_read_back_from_what_it_is_shown_as(tree: Node) -> None:
    text = shown(tree)
    assert shown(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "EXPRESSION_SYNTAX", 0),
        ("sum(1,", "EXPRESSION_SYNTAX", 6),
        ("t.a[CN, 2018", "EXPRESSION_SYNTAX", 12),
        ("1 ? 2", "EXPRESSION_SYNTAX", 2),
        ("t.a[cn, 2018]", "EXPRESSION_SYNTAX", 4),
        ("(" * 50 + "1" + ")" * 50, "EXPRESSION_TOO_DEEP", EXPRESSION_DEPTH_MAX),
        ("1" * (EXPRESSION_LENGTH_MAX + 1), "EXPRESSION_TOO_LONG", EXPRESSION_LENGTH_MAX),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, code: str, position: int) -> None:
    outcome = read(text)
    assert isinstance(outcome, ExpressionError)
    assert (outcome.code, outcome.position) == (code, position)


def test_products_bind_closer_than_sums_and_sums_than_comparisons() -> None:
    assert shown(parse("1 + 2 * 3 <= 4 - 5")) == "(1 + (2 * 3)) <= (4 - 5)"
