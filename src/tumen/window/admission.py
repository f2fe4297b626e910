"""Admission: what becomes of each document, given those recorded before it (ADR 1).

The answer is *duplicate* for a document answered before, *rejected* where its own fields or the
documents in force refuse it, *ignored* where it is older than the one in force, and *accepted*
otherwise.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.violation import gather, violations
from tumen.window.states import (
    CEB_ACCEPTED,
    CEB_STORED_DECLARATION,
    CEB_STORED_DOCUMENT,
    sources,
)


class Answer(StrEnum):
    """The answer to one input row."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


DECLARED: Final = (Kind.DECLARATION, Kind.SHIPMENT)
"""Kinds that have a life of their own: a status, which is that of their last event."""

BLAMED: Final = {Kind.SHIPMENT: ("shipment", "own_reference")}
"""Where it is not the function code: path and column of what an answer about earlier documents
of the same key points to."""

NEW, CHANGE, DELETE = "1", "2", "3"
STORED_ONLY = "1"  # submission_status 1 (暂存): kept at the window, declared to nobody

VERSION_SCHEMA: Final = pl.Schema(
    {
        "key": pl.String,
        "digest": pl.String,
        "document_id": pl.Int64,
        "batch_id": pl.Int64,
        "function_code": pl.String,
        "issued_at": pl.String,
        "answer": pl.String,
        "status": pl.Int32,
        "receipt": pl.String,
        "life": pl.String,  # declarations: the status of the last event; others: of the
        # declaration that uses them; null where there is none
    }
)
"""Recorded versions of the documents whose keys are in the batch."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What admission decides about one kind.

    Attributes:
        answers: row, key, digest, answer, status, and for duplicates ``original_id`` and
            ``receipt``; for accepted changes ``replaces`` (document_id of the one in force).
        violations: the reasons of refusals and of ignoring.
    """

    answers: pl.DataFrame
    violations: pl.DataFrame


def _in_force(versions: pl.DataFrame) -> pl.DataFrame:
    """The document in force for each key: the last one accepted and declared."""
    stored = [CEB_STORED_DOCUMENT, CEB_STORED_DECLARATION]
    return (
        versions.filter((pl.col("answer") == Answer.ACCEPTED) & ~pl.col("status").is_in(stored))
        .sort("document_id")
        .unique("key", keep="last", maintain_order=True)
        .select(
            "key",
            pl.col("document_id").alias("replaces"),
            pl.col("issued_at").alias("issued_before"),
            (pl.col("function_code") != DELETE).alias("is_living"),
            "life",
        )
    )


def _originals(versions: pl.DataFrame) -> pl.DataFrame:
    return versions.select(
        "digest",
        pl.col("document_id").alias("original_id"),
        pl.col("batch_id").alias("original_batch"),
        pl.col("answer").alias("original_answer"),
        "receipt",
    )


def _verdict(kind: Kind) -> pl.Expr:
    """The code that speaks against a document, or null: the first that applies, in order."""
    exists = pl.col("is_living").fill_null(value=False)
    is_new = pl.col("function_code") == NEW
    if kind in DECLARED:
        may_follow = pl.col("life").is_in([*sources("amendment"), "revoked"])
        exists_for_new = exists & ~pl.col("life").is_in(["rejected", "revoked"])
    else:
        may_follow = ~pl.col("life").is_in(["released", "held", "examination", "returned"])
        exists_for_new = exists
    older = pl.col("issued_at") < pl.col("issued_before")  # a deletion is in force too
    not_newer = exists & ~is_new & (pl.col("issued_at") == pl.col("issued_before"))
    return (
        pl.when((older | not_newer).fill_null(value=False))
        .then(pl.lit("MESSAGE_OLDER"))
        .when(is_new & exists_for_new)
        .then(pl.lit("SHIPMENT_EXISTS" if kind is Kind.SHIPMENT else "DOCUMENT_EXISTS"))
        .when(~is_new & ~exists)
        .then(pl.lit("DOCUMENT_UNKNOWN_FOR_CHANGE"))
        .when(~is_new & ~may_follow.fill_null(value=True))
        .then(pl.lit("DOCUMENT_CLOSED_TO_CHANGE"))
    )


def _judged(head: pl.DataFrame, kind: Kind, versions: pl.DataFrame) -> pl.DataFrame:
    """The documents with their originals, predecessors and the code against them."""
    documents = head.select(
        "row", "key", "digest", "function_code", "issued_at", "submission_status", "is_refused",
        *([BLAMED[kind][1]] if kind in BLAMED else []),
    )  # fmt: skip
    if versions.is_empty():
        documents = documents.with_columns(
            original_id=pl.lit(None, pl.Int64),
            original_batch=pl.lit(None, pl.Int64),
            original_answer=pl.lit(None, pl.String),
            receipt=pl.lit(None, pl.String),
            replaces=pl.lit(None, pl.Int64),
            issued_before=pl.lit(None, pl.String),
            is_living=pl.lit(value=None, dtype=pl.Boolean),
            life=pl.lit(None, pl.String),
        )
    else:
        documents = documents.join(
            _originals(versions), on="digest", how="left", maintain_order="left"
        ).join(_in_force(versions), on="key", how="left", maintain_order="left")
    repeats = ~pl.col("digest").is_first_distinct()
    return documents.with_columns(
        is_duplicate=pl.col("original_id").is_not_null() | repeats,
        against=_verdict(kind),
    )


def _answered(judged: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    stored = CEB_STORED_DECLARATION if kind is Kind.DECLARATION else CEB_STORED_DOCUMENT
    is_stored_only = pl.col("submission_status") == STORED_ONLY
    return judged.with_columns(
        answer=pl.when("is_duplicate")
        .then(pl.lit(str(Answer.DUPLICATE)))
        .when("is_refused")
        .then(pl.lit(str(Answer.REJECTED)))
        .when(pl.col("against") == "MESSAGE_OLDER")
        .then(pl.lit(str(Answer.IGNORED)))
        .when(pl.col("against").is_not_null())
        .then(pl.lit(str(Answer.REJECTED)))
        .otherwise(pl.lit(str(Answer.ACCEPTED))),
        status=pl.when(is_stored_only).then(stored).otherwise(CEB_ACCEPTED).cast(pl.Int32),
        replaces=pl.when("is_living").then("replaces"),
    )


def admit(head: pl.DataFrame, kind: Kind, versions: pl.DataFrame) -> Admitted:
    """Answer every document of one kind.

    Args:
        head: row, key, digest, function_code, issued_at, submission_status, is_refused.
        kind: the kind of all of them.
        versions: what is recorded under their keys, as :data:`VERSION_SCHEMA`.
    """
    answered = _answered(_judged(head, kind, versions), kind)
    spoken = answered.filter(
        pl.col("against").is_not_null()
        & ~pl.col("is_refused")
        & (pl.col("answer") != Answer.DUPLICATE)
    )
    path, column = BLAMED.get(kind, ("function_code", "function_code"))
    codes = [
        violations(part, code, path, value=pl.col(column))
        for (code,), part in spoken.group_by("against", maintain_order=True)
    ]
    return Admitted(
        answered.select(
            "row", "key", "digest", "answer", "status", "original_id", "original_batch",
            "original_answer", "receipt", "replaces", "life",
        ),
        gather(*codes),
    )  # fmt: skip
