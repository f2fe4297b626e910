"""What whoever lodges a document again is told again."""

from dataclasses import replace

import polars as pl

from tumen.documents.fields import Kind
from tumen.store.session import Session
from tumen.window.cases import ORDER_KEY
from tumen.window.ledger import notices_of, violations_of
from tumen.window.recording import Outcome


def with_earlier_reasons(session: Session, outcome: Outcome) -> Outcome:
    """Duplicates of refused documents are told again why, in the list of refused rows."""
    again = outcome.answers.filter(
        (pl.col("answer") == "duplicate")
        & ((pl.col("original_answer") == "rejected") | (pl.col("life") == "rejected"))
    ).select("row", "source", "place", "kind", "key", original_id="document_id")
    if again.is_empty():
        return outcome
    earlier = violations_of(session, again["original_id"].unique()).join(
        again, on="original_id", how="inner"
    )
    told = pl.concat([outcome.violations, earlier.select(outcome.violations.columns)])
    return replace(outcome, violations=told)


def with_earlier_notices(session: Session, outcome: Outcome) -> Outcome:
    """Whoever lodges a document again is told again what it brought about."""
    again = outcome.answers.filter(
        (pl.col("answer") == "duplicate") & pl.col("original_batch").is_not_null()
    ).with_columns(order_key=ORDER_KEY)
    if again.is_empty():
        return outcome
    is_waybill = pl.col("kind") == Kind.WAYBILL
    orders = again.filter(~is_waybill)["order_key"].drop_nulls().unique()
    waybills = again.filter(is_waybill)["key"].unique()
    earlier = notices_of(session, orders, waybills, again)
    return replace(outcome, notices=pl.concat([outcome.notices, earlier]))
