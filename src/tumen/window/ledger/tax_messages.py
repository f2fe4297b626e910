"""What messages of bills repeat of the stored lists: their parties, goods and customs values."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.assessment import customs_values
from tumen.window.billing import BillKind
from tumen.window.correction import lists_as_corrected
from tumen.window.ledger.balances import corrections, returned_quantities
from tumen.window.ledger.counterparts import items_of_declarations
from tumen.window.ledger.stretches import Line
from tumen.window.tax_messages import TaxBill, TaxedGoods

_HEADS: Final = """
    SELECT d.document_id, d.key, d.declared_on, d.freight, d.insurance, n.declaration_number,
           d.guarantor_code, d.merchant_code, d.carrier_code, d.agent_code, d.customs_office
    FROM declaration d JOIN declaration_number n USING (document_id)
    WHERE d.document_id = ANY(%(documents)s)
"""
_PARTIES: Final = (
    "declaration_number", "guarantor_code", "merchant_code", "carrier_code", "agent_code",
    "customs_office",
)  # fmt: skip
_HEAD_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "key": pl.String(), "declared_on": pl.String(),
        "freight": pl.Int64(), "insurance": pl.Int64(), **dict.fromkeys(_PARTIES, pl.String()),
    }
)  # fmt: skip

_ITEMS: Final = """
    SELECT document_id, goods_item, code, amount_minor FROM bill_item
    WHERE document_id = ANY(%(bills)s) ORDER BY document_id, position
"""
_ITEM_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "goods_item": pl.Int32(), "code": pl.String(),
        "amount_minor": pl.Int64(),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaxBills:
    """Bills that messages can tell, and how many there are that they cannot."""

    bills: Sequence[TaxBill]
    left_out: int


def tax_bills_of(session: Session, lines: Sequence[Line]) -> TaxBills:
    """The bills of Chinese lists as messages tell them: the first one of each, which is whole.

    Args:
        session: of who may see them.
        lines: bills as a list gives them.
    """
    told = [each for each in lines if each["kind"] == BillKind.ASSESSED]
    documents = pl.Series("document_id", [each["declaration"] for each in told], pl.Int64)
    heads = session.read(_HEADS, {"documents": documents}, _HEAD_SCHEMA)
    numbers = pl.Series("bills", [each["document_id"] for each in told], pl.Int64)
    goods = _goods(session, heads, numbers)
    parties = {head["document_id"]: head for head in heads.iter_rows(named=True)}
    bills = [
        TaxBill(
            number=line["number"], state=line["state"], notice=line["notice"],
            goods=[*goods(line)],
            **{name: parties[line["declaration"]][name] for name in _PARTIES},
        )
        for line in told
        if line["declaration"] in parties
    ]  # fmt: skip
    return TaxBills(bills, len(lines) - len(bills))


def _goods(
    session: Session, heads: pl.DataFrame, bills: pl.Series
) -> Callable[[Line], Iterator[TaxedGoods]]:
    """From a bill to its goods."""
    values = _values(session, heads)
    taxes: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    found = session.read(_ITEMS, {"bills": bills}, _ITEM_SCHEMA)
    for bill, item, code, amount in found.iter_rows():
        taxes[bill][item][code] = amount

    def of(line: Line) -> Iterator[TaxedGoods]:
        for item, amounts in taxes[line["document_id"]].items():
            number, hs_code, value = values[line["declaration"], item]
            yield TaxedGoods(number, hs_code, value, amounts)

    return of


def _values(
    session: Session, heads: pl.DataFrame
) -> Mapping[tuple[int, int], tuple[int, str, int]]:
    """Of each goods item: its number, its code, its customs value less the share that came back."""
    documents = heads["document_id"]
    items, corrected, back = session.ask(
        items_of_declarations(documents), corrections(documents), returned_quantities(heads["key"])
    )
    heads, items = lists_as_corrected(heads, items, corrected)
    valued = customs_values(heads, items).select(
        document_id="declaration", position="item", value="customs_value_fen"
    )
    whole = (
        items.join(valued, on=["document_id", "position"])
        .join(heads.select("document_id", declaration_key="key"), on="document_id")
        .join(back, on=["declaration_key", "item_number"], how="left")
        .with_columns(pl.col("returned").fill_null(0))
    )
    share = pl.col("value").cast(pl.Int128) * pl.col("returned") // pl.col("quantity")
    left = whole.with_columns(left=pl.col("value") - share.cast(pl.Int64))
    return {
        (document, position): (number, code, value)
        for document, position, number, code, value in left.select(
            "document_id", "position", "item_number", "hs_code", "left"
        ).iter_rows()
    }
