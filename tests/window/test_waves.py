"""Waves: documents that stand in line for each other go one after the other."""

import polars as pl

from tumen.documents.batch import ROW_SCHEMA, Batch
from tumen.documents.fields import Kind
from tumen.kernel.violation import no_violations
from tumen.window.waves import waves


def a_batch(*documents: tuple[Kind, str, str, str]) -> Batch:
    """A batch of (kind, order number, digest, function code) in the order of arrival."""
    heads: dict[Kind, list[dict[str, object]]] = {}
    for row, (kind, order, digest, function) in enumerate(documents):
        heads.setdefault(kind, []).append(
            {
                "row": row,
                "key": f"{kind}:{order}",
                "digest": digest,
                "order_number": order,
                "function_code": function,
                "is_refused": False,
            }
        )
    rows = pl.DataFrame({"row": range(len(documents))}, schema={"row": pl.UInt32}).with_columns(
        pl.lit(None, dtype).alias(n) for n, dtype in list(ROW_SCHEMA.items())[1:]
    )
    frames = {
        kind: pl.DataFrame(lines).with_columns(pl.col("row").cast(pl.UInt32))
        for kind, lines in heads.items()
    }
    return Batch(rows, frames, {}, no_violations())


def rows_of(batch: Batch) -> list[list[int]]:
    return [wave.rows["row"].to_list() for wave in waves(batch)]


def test_documents_of_different_consignments_go_in_one_wave() -> None:
    batch = a_batch(
        (Kind.ORDER, "A", "1", "1"), (Kind.ORDER, "B", "2", "1"), (Kind.DECLARATION, "A", "3", "1")
    )
    assert rows_of(batch) == [[0, 1, 2]]


def test_a_change_goes_after_what_it_changes_and_before_what_follows() -> None:
    batch = a_batch(
        (Kind.ORDER, "A", "1", "1"),
        (Kind.ORDER, "B", "9", "1"),
        (Kind.ORDER, "A", "2", "2"),
        (Kind.DECLARATION, "A", "3", "1"),
    )
    assert rows_of(batch) == [[0, 1], [2, 3]]


def test_a_change_of_what_an_earlier_batch_brought_waits_for_the_declaration_before_it() -> None:
    batch = a_batch((Kind.DECLARATION, "A", "1", "1"), (Kind.ORDER, "A", "2", "2"))
    assert rows_of(batch) == [[0], [1]]


def test_nothing_shares_a_wave_with_a_return_of_its_consignment() -> None:
    batch = a_batch(
        (Kind.DECLARATION, "A", "1", "1"),
        (Kind.RETURN, "A", "2", "1"),
        (Kind.RETURN, "A", "3", "1"),
        (Kind.ORDER, "A", "4", "1"),
    )
    assert rows_of(batch) == [[0], [1], [2], [3]]


def test_a_revocation_goes_after_its_declaration() -> None:
    batch = a_batch((Kind.DECLARATION, "A", "1", "1"), (Kind.REVOCATION, "A", "2", "1"))
    assert rows_of(batch) == [[0], [1]]


def test_an_exact_repeat_does_not_make_a_consignment_stand_in_line() -> None:
    batch = a_batch(
        (Kind.ORDER, "A", "1", "1"), (Kind.ORDER, "A", "1", "1"), (Kind.DECLARATION, "A", "3", "1")
    )
    assert rows_of(batch) == [[0, 1, 2]]


def test_one_key_under_two_orders_never_shares_a_wave() -> None:
    batch = a_batch((Kind.PAYMENT, "A", "1", "1"), (Kind.PAYMENT, "B", "2", "1"))
    payments = batch.heads[Kind.PAYMENT].with_columns(key=pl.lit("same"))
    clash = Batch(batch.rows, {Kind.PAYMENT: payments}, {}, batch.violations)
    assert rows_of(clash) == [[0], [1]]


def test_refused_documents_stand_in_no_line() -> None:
    batch = a_batch((Kind.ORDER, "A", "1", "1"), (Kind.ORDER, "A", "2", "1"))
    refused = batch.heads[Kind.ORDER].with_columns(is_refused=pl.lit(value=True))
    assert rows_of(Batch(batch.rows, {Kind.ORDER: refused}, {}, batch.violations)) == [[0, 1]]
