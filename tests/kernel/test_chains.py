"""Frames are put side by side by their keys, however the keys lie."""

import polars as pl
import pytest

from tumen.kernel.chains import (
    IN_LINE_MAX,
    beside,
    distinct,
    in_order,
    is_among,
    kept,
    matched,
    repeated,
    stacked,
    taken,
    with_columns,
    without,
)

ROWS = pl.DataFrame({"row": [3, 1, 2], "name": ["c", "a", "b"]})


@pytest.mark.parametrize("order", [[3, 1, 2], [1, 2, 3], [2, 3, 1]])
def test_rows_get_what_is_known_of_them_in_whatever_order_it_comes(order: list[int]) -> None:
    known = pl.DataFrame({"row": order, "double": [2 * row for row in order]})
    told = matched(ROWS, known, "row")
    assert told.rows() == [(3, "c", 6), (1, "a", 2), (2, "b", 4)]


def test_a_row_of_which_nothing_is_known_goes_and_one_that_is_not_asked_for_too() -> None:
    known = pl.DataFrame({"row": [2, 3, 9], "double": [4, 6, 18]})
    assert matched(ROWS, known, "row").rows() == [(3, "c", 6), (2, "b", 4)]


@pytest.mark.parametrize("height", [0, 1, 600])
def test_a_column_of_one_value_has_its_kind_at_every_height(height: int) -> None:
    for value, kind in ((7, pl.Int64()), (None, pl.String()), ("x", pl.String())):
        column = repeated("each", value, height, kind)
        assert (column.name, column.dtype, column.to_list()) == ("each", kind, [value] * height)


@pytest.mark.parametrize("height", [3, 5_000])
def test_columns_of_a_small_and_of_a_large_frame_are_the_same(height: int) -> None:
    frame = pl.DataFrame({"a": range(height)})
    add = [(pl.col("a") + 1).alias("b"), (pl.col("a") * 2).alias("c")]
    told = with_columns(height)(frame.lazy(), add).collect()
    assert told.equals(frame.with_columns(add))


def _many(height: int) -> pl.DataFrame:
    """Rows whose numbers repeat and are null now and then."""
    numbers = [None if n % 7 == 0 else n % 11 for n in range(height)]
    names = [f"n{n % 5}" for n in range(height)]
    schema = {"number": pl.Int64, "name": pl.String}
    return pl.DataFrame({"number": numbers, "name": names}, schema=schema)


HEIGHTS = [0, 1, 40, IN_LINE_MAX + 40]
"""None, one, some, and more than are worked on one by one."""


@pytest.mark.parametrize("height", HEIGHTS)
def test_what_is_known_stands_beside_each_row_as_a_join_puts_it(height: int) -> None:
    frame = _many(height)
    for keys in (["number"], ["number", "name"]):
        known = pl.DataFrame(
            {"number": [3, None, 5], "name": ["n1", "n0", "n0"], "told": [["a"], ["b"], ["c"]]}
        )[[*keys, "told"]]
        joined = frame.join(known, on=keys, how="left", maintain_order="left")
        assert beside(frame, known, *keys).equals(joined)
        assert matched(frame, known, *keys).equals(frame.join(known, on=keys))
        with_nulls = frame.join(known, on=keys, how="left", nulls_equal=True, maintain_order="left")
        assert beside(frame, known, *keys, nulls_equal=True).equals(with_nulls)


def test_what_is_known_twice_of_a_row_gives_two_rows() -> None:
    known = pl.DataFrame({"row": [1, 1], "told": ["x", "y"]})
    assert beside(ROWS, known, "row").height == 4
    assert matched(ROWS, known, "row")["told"].to_list() == ["x", "y"]


def test_where_nothing_is_known_the_columns_are_there_and_empty() -> None:
    told = beside(ROWS, pl.DataFrame(schema={"row": pl.Int64, "told": pl.List(pl.String)}), "row")
    assert told.schema["told"] == pl.List(pl.String)
    assert told["told"].null_count() == ROWS.height


@pytest.mark.parametrize("height", HEIGHTS)
def test_rows_are_kept_picked_stacked_and_ordered_as_the_frame_engine_does(height: int) -> None:
    frame = _many(height)
    mask = frame["number"] > 4
    assert kept(frame, mask).equals(frame.filter(mask))
    assert kept(frame, frame["name"] != "").equals(frame)
    places = [n for n in range(height) if n % 3 != 1][::-1]
    assert taken(frame, places).rows() == [frame.row(n) for n in places]
    assert taken(frame, range(height)).equals(frame)
    assert stacked([frame, frame, frame.clear()]).equals(pl.concat([frame, frame]))
    assert distinct(frame).equals(frame.unique(maintain_order=True))
    assert without(frame, "name").equals(frame.drop("name"))
    named = frame.drop_nulls()
    for keys in (["number"], ["name", "number"]):
        assert in_order(named, *keys).equals(named.sort(keys, maintain_order=True))
    assert is_among(frame["number"], [3, 5, None]).to_list() == [
        number in {3, 5} for number in frame["number"].to_list()
    ]
