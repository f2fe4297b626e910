"""Frames are put side by side by their keys, however the keys lie."""

import polars as pl
import pytest

from tumen.kernel.chains import matched, repeated, with_columns

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
