"""Admission: what becomes of each document, given those recorded before it (ADR 1).

The answer is *duplicate* for a document answered before, *rejected* where its own fields or the
documents in force refuse it, *ignored* where it is older than the one in force, and *accepted*
otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.chains import added, beside, repeated, stacked
from tumen.kernel.columns import chosen
from tumen.kernel.violation import gather, no_violations, violations
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

FUNCTION_CODE: Final = ("function_code", "function_code")
BLAMED: Final = {Kind.SHIPMENT: ("shipment", "own_reference")}
"""Where it is not the function code: path and column of what an answer about earlier documents
of the same key points to."""

NEW, CHANGE, DELETE = "1", "2", "3"
STORED_ONLY = "1"  # submission_status 1 (暂存): kept at the window, declared to nobody

VERSION_SCHEMA: Final = pl.Schema(
    {
        "kind": pl.String,
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
    """What admission decides.

    Attributes:
        answers: row, kind, key, digest, answer, status, and for duplicates ``original_id`` and
            ``receipt``; for accepted changes ``replaces`` (document_id of the one in force).
        violations: the reasons of refusals and of ignoring.
    """

    answers: pl.DataFrame
    violations: pl.DataFrame


def _in_force(versions: pl.DataFrame) -> pl.DataFrame:
    """The document in force for each kind and key: the last one accepted and declared."""
    stored = [CEB_STORED_DOCUMENT, CEB_STORED_DECLARATION]
    return (
        versions.filter((pl.col("answer") == Answer.ACCEPTED) & ~pl.col("status").is_in(stored))
        .sort("document_id")
        .unique(["kind", "key"], keep="last", maintain_order=True)
        .select(
            "kind",
            "key",
            pl.col("document_id").alias("replaces"),
            pl.col("issued_at").alias("issued_before"),
            (pl.col("function_code") != DELETE).alias("is_living"),
            "life",
        )
    )


def _verdict() -> pl.Expr:
    """The code that speaks against a document, or null: the first that applies, in order."""
    exists = pl.col("is_living").fill_null(value=False)
    is_new = pl.col("function_code") == NEW
    life = pl.col("life")
    may_follow = (
        pl.when(_IS_DECLARED)
        .then(life.is_in([*sources("amendment"), "revoked"]))
        .otherwise(~life.is_in(["released", "held", "examination", "returned"]))
    )
    exists_for_new = exists & ~(_IS_DECLARED & life.is_in(["rejected", "revoked"]))
    older = pl.col("issued_at") < pl.col("issued_before")  # a deletion is in force too
    not_newer = exists & ~is_new & (pl.col("issued_at") == pl.col("issued_before"))
    return (
        pl.when((older | not_newer).fill_null(value=False))
        .then(pl.lit("MESSAGE_OLDER"))
        .when(is_new & exists_for_new)
        .then(
            pl.when(_IS_SHIPMENT)
            .then(pl.lit("SHIPMENT_EXISTS"))
            .otherwise(pl.lit("DOCUMENT_EXISTS"))
        )
        .when(~is_new & ~exists)
        .then(pl.lit("DOCUMENT_UNKNOWN_FOR_CHANGE"))
        .when(~is_new & ~may_follow.fill_null(value=True))
        .then(pl.lit("DOCUMENT_CLOSED_TO_CHANGE"))
    )


_ADMITTED_BY: Final = [
    "row", "key", "digest", "function_code", "issued_at", "submission_status", "is_refused",
]  # fmt: skip
_IS_DECLARATION: Final = pl.col("kind") == str(Kind.DECLARATION)
_IS_SHIPMENT: Final = pl.col("kind") == str(Kind.SHIPMENT)
_IS_DECLARED: Final = pl.col("kind").is_in([str(kind) for kind in DECLARED])


_VERDICT: Final = _verdict()


def _documents(heads: Mapping[Kind, pl.DataFrame]) -> pl.DataFrame:
    frames = [
        chosen(head, _ADMITTED_BY).hstack(
            [repeated("kind", str(kind), head.height, pl.String), _blamed(kind, head)]
        )
        for kind, head in heads.items()
    ]
    return stacked(frames)


def _blamed(kind: Kind, head: pl.DataFrame) -> pl.Series:
    """What an answer about earlier documents of the same key points to."""
    return head[BLAMED.get(kind, FUNCTION_CODE)[1]].alias("blamed")


_ORIGINALS: Final = [
    pl.col("digest"),
    pl.col("document_id").alias("original_id"),
    pl.col("batch_id").alias("original_batch"),
    pl.col("answer").alias("original_answer"),
    pl.col("receipt"),
]
_NO_VERSIONS: Final = pl.DataFrame(schema=VERSION_SCHEMA)
_NO_ORIGINALS: Final = _NO_VERSIONS.select(_ORIGINALS)
_NONE_IN_FORCE: Final = _in_force(_NO_VERSIONS)

# The kind is hashed with the rest, so that a digest is of one kind.
_IS_DUPLICATE: Final = pl.col("original_id").is_not_null() | ~pl.col("digest").is_first_distinct()
_SPOKEN: Final = [_IS_DUPLICATE.alias("is_duplicate"), _VERDICT.alias("against")]


def _answers() -> list[pl.Expr]:
    declared, other = pl.lit(CEB_STORED_DECLARATION), pl.lit(CEB_STORED_DOCUMENT)
    stored = pl.when(_IS_DECLARATION).then(declared).otherwise(other)
    is_stored_only = pl.col("submission_status") == STORED_ONLY
    answer = (
        pl.when("is_duplicate")
        .then(pl.lit(str(Answer.DUPLICATE)))
        .when("is_refused")
        .then(pl.lit(str(Answer.REJECTED)))
        .when(pl.col("against") == "MESSAGE_OLDER")
        .then(pl.lit(str(Answer.IGNORED)))
        .when(pl.col("against").is_not_null())
        .then(pl.lit(str(Answer.REJECTED)))
        .otherwise(pl.lit(str(Answer.ACCEPTED)))
    )
    status = pl.when(is_stored_only).then(stored).otherwise(CEB_ACCEPTED)
    return [
        answer.alias("answer"),
        status.cast(pl.Int32).alias("status"),
        pl.when("is_living").then("replaces").alias("replaces"),
    ]


_ANSWERS: Final = _answers()


def _answered(documents: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """The documents with their originals, predecessors, the code against them, and the answer."""
    is_new = versions.is_empty()
    originals = _NO_ORIGINALS if is_new else versions.select(_ORIGINALS)
    known = beside(documents, originals, "digest")
    known = beside(known, _NONE_IN_FORCE if is_new else _in_force(versions), "kind", "key")
    return added(added(known, _SPOKEN), _ANSWERS)


_ANSWERED: Final = (
    "row", "kind", "key", "digest", "answer", "status", "original_id", "original_batch",
    "original_answer", "receipt", "replaces", "life",
)  # fmt: skip


def admit(heads: Mapping[Kind, pl.DataFrame], versions: pl.DataFrame) -> Admitted:
    """Answer every document.

    Args:
        heads: by kind, at least one and none empty: row, key, digest, function_code, issued_at,
            submission_status, is_refused.
        versions: what is recorded under their keys, as :data:`VERSION_SCHEMA`.
    """
    answered = _answered(_documents(heads), versions)
    return Admitted(
        chosen(answered, _ANSWERED),
        _told(answered),
    )


def _told(answered: pl.DataFrame) -> pl.DataFrame:
    """The violations of the documents that something recorded speaks against."""
    if answered["against"].null_count() == answered.height:
        return no_violations()
    spoken = answered.filter(
        pl.col("against").is_not_null()
        & ~pl.col("is_refused")
        & (pl.col("answer") != Answer.DUPLICATE)
    )
    codes = [
        violations(
            part, str(code), BLAMED.get(Kind(kind), FUNCTION_CODE)[0], value=pl.col("blamed")
        )
        for (kind, code), part in spoken.group_by("kind", "against", maintain_order=True)
    ]
    return gather(*codes)
