"""Answers: one for every input row, from what was found against it."""

from datetime import datetime
from hashlib import blake2b
from typing import Final

import polars as pl

from tumen.codelist.violation_table import lookup
from tumen.codelist.violations import UNKNOWN_KIND_STATUS, Layer, warning_codes
from tumen.documents import receipt
from tumen.documents.batch import Batch
from tumen.documents.fields import Kind
from tumen.kernel.chains import added, beside, repeated, without
from tumen.kernel.columns import chosen, column
from tumen.window.states import CEB_ACCEPTED, CEB_CONCLUDED, CEB_REFUSED, CEB_STATUS, Status

RECEIPT_COLUMNS: Final = (
    "platform_code", "merchant_code", "order_number", "payment_provider_code", "payment_number",
    "carrier_code", "waybill_number", "agent_code", "customs_office", "own_reference",
)  # fmt: skip
"""What a receipt repeats of the document it answers."""


def unread(batch: Batch) -> pl.DataFrame:
    """The rows that became no document, with a digest of what they say and why they are refused.

    Args:
        batch: prepared, so that the content is the sender's own.

    Returns:
        row, kind, digest.
    """
    read = [head["row"] for head in batch.heads.values()]
    if sum(map(len, read)) == batch.rows.height:
        return _NONE_UNREAD
    known = pl.concat(read) if read else pl.Series("row", [], pl.UInt32)
    rows = batch.rows.filter(~pl.col("row").is_in(known.implode()))
    why = batch.violations.group_by("row").agg(pl.col("code").str.join(","))
    told = rows.join(why, on="row", how="left", maintain_order="left")
    digests = [
        blake2b("|".join(map(str, known)).encode(), digest_size=16).hexdigest()
        for known in told.select("content", "kind", "code").iter_rows()
    ]
    return rows.select("row", "kind", pl.Series("digest", digests, pl.String))


_NONE_UNREAD: Final = pl.DataFrame(
    schema={"row": pl.UInt32, "kind": pl.String, "digest": pl.String}
)


def _spoken(found: pl.DataFrame) -> pl.DataFrame:
    """By row: the codes that refuse or explain, with their paths, the leading one first."""
    if found.is_empty():
        return _NOTHING_SPOKEN
    speaking = found.filter(~pl.col("code").is_in(warning_codes()))
    formal = lookup().filter(pl.col("layer") == Layer.FORMAT)["code"].unique()
    return speaking.group_by("row", maintain_order=True).agg(
        pl.col("code").first().alias("leading"),
        pl.col("code").alias("codes"),
        pl.col("path").fill_null("").alias("paths"),
        pl.col("code").is_in(formal.implode()).any().alias("is_format_failure"),
    )


_NOTHING_SPOKEN = pl.DataFrame(
    schema={
        "row": pl.UInt32,
        "leading": pl.String,
        "codes": pl.List(pl.String),
        "paths": pl.List(pl.String),
        "is_format_failure": pl.Boolean,
    }
)
_TOLD_LANES: Final = (str(Status.HELD), str(Status.EXAMINATION), str(Status.AWAITING))
"""Statuses whose reasons a filer is told: they wait for somebody."""

_CEB = lookup().select(pl.col("code").alias("leading"), "kind", "ceb")
_DECIDED = pl.DataFrame(
    {"case_status": [str(s) for s in CEB_STATUS], "decided": list(CEB_STATUS.values())},
    schema_overrides={"decided": pl.Int32},
)
_NOTHING = pl.lit([], pl.List(pl.String))


def concluded(answers: pl.DataFrame, found: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """The answers with their final status, codes and paths.

    Args:
        answers: row, kind, answer, status … as admission gave them.
        found: all violations of the batch.
        cases: row, case_status, case_codes of the declarations decided in this batch.
    """
    told = beside(beside(answers, _spoken(found), "row"), cases, "row")
    told = beside(told, _ceb_of(told["leading"]), "leading", "kind")
    told = beside(told, _NONE_DECIDED if cases.is_empty() else _DECIDED, "case_status")
    return added(added(told, [_ANSWER]), _CONCLUDED)


def _ceb_of(leading: pl.Series) -> pl.DataFrame:
    """The return statuses of CEB for some codes, by kind."""
    if leading.null_count() == len(leading):
        return _NO_CEB
    rows = [
        row for code in sorted(set(leading.to_list()) - {None}) for row in _CEB_OF.get(code, ())
    ]
    return pl.DataFrame(rows, schema=_CEB.schema, orient="row")


_NO_CEB: Final = _CEB.clear()
_CEB_OF: Final = _CEB.rows_by_key("leading", include_key=True)
_NONE_DECIDED: Final = _DECIDED.clear()
_IS_LOOKED_AT: Final = pl.col("case_status").is_in(_TOLD_LANES)
_TAKES_EFFECT: Final = (
    pl.col("kind").is_in([str(Kind.REVOCATION), str(Kind.RETURN)])
    & (pl.col("answer") == "accepted")
    & (pl.col("status") == CEB_ACCEPTED)
)
"""Whether it is a revocation or return that was granted: these are decided at once."""

_ANSWER: Final = (
    pl.when(  # the document of a case stands; its declaration may not
        (pl.col("answer") == "accepted")
        & pl.col("leading").is_not_null()
        & pl.col("case_status").is_null()
    )
    .then(pl.lit("rejected"))
    .otherwise("answer")
    .alias("answer")
)


def _conclusions() -> list[pl.Expr]:
    unknown_kind = pl.when(pl.col("kind").is_null()).then(UNKNOWN_KIND_STATUS)
    is_refused = pl.col("answer").is_in(["rejected", "ignored"])
    status = (
        pl.when(is_refused | (pl.col("case_status") == "rejected"))
        .then(pl.coalesce("ceb", unknown_kind, pl.lit(CEB_REFUSED)))
        .when(_TAKES_EFFECT)
        .then(pl.lit(CEB_CONCLUDED))
        .otherwise(pl.coalesce("decided", "status"))
    )
    codes = pl.when(_IS_LOOKED_AT).then("case_codes").otherwise("codes")
    nowhere = pl.col("case_codes").list.eval(pl.lit(""))
    paths = pl.when(_IS_LOOKED_AT).then(nowhere).otherwise("paths")
    return [
        status.cast(pl.Int32).alias("status"),
        codes.fill_null(_NOTHING).alias("codes"),
        paths.fill_null(_NOTHING).alias("paths"),
        pl.col("case_status").alias("declaration"),
        pl.col("is_format_failure").fill_null(value=False),
    ]


_CONCLUDED: Final = _conclusions()


def details(batch: Batch) -> pl.DataFrame:
    """What receipts repeat of the documents, by row."""
    frames = []
    for kind, head in batch.heads.items():
        there = [name for name in RECEIPT_COLUMNS if name in head.columns]
        told = chosen(head, ["row", *there])
        if kind is Kind.SHIPMENT:
            told = told.hstack(head.select(**receipt.SHIPMENT_FIELDS))
        frames.append(told)
    return pl.concat([_NO_DETAILS, *frames], how="diagonal")


_NO_DETAILS: Final = pl.DataFrame(
    schema={"row": pl.UInt32, **dict.fromkeys(RECEIPT_COLUMNS, pl.String)}
)


def guids(digests: pl.Series) -> pl.Series:
    """The receipt's own number, made of the document's digest, so that it never changes."""
    texts = [
        f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}".upper()
        for text in digests.to_list()
    ]
    return column("guid", texts, pl.String)


MOMENT: Final = pl.Datetime("us", "UTC")


def rendered(answers: pl.DataFrame, recorded_at: datetime) -> pl.Series:
    """The receipts.

    Args:
        answers: concluded answers beside :data:`RECEIPT_COLUMNS`, the assigned numbers, and
            source, place, format and source_message of the row.
        recorded_at: when they were recorded.
    """
    moment = repeated("recorded_at", recorded_at, answers.height, MOMENT)
    complete = answers.hstack([guids(answers["digest"]), receipt.info_text(answers), moment])
    return receipt.render(complete).rename("receipt")


def notices(events: pl.DataFrame, recorded_at: datetime) -> pl.Series:
    """Receipts that tell a filer the new status of a declaration answered earlier.

    Args:
        events: event_id, document_id, status, codes (joined by commas, or null), format and
            what the store holds of the declaration's :data:`RECEIPT_COLUMNS` and numbers; with
            ``kind`` where not all are declarations.
        recorded_at: when it was recorded.
    """
    statuses, reasons = events["status"].to_list(), events["codes"].to_list()
    codes = [_told_codes(*each) for each in zip(statuses, reasons, strict=True)]
    numbers = [
        _CEB_OF_LISTS.get(said[0] if said else "", _STATUSES[status])
        for said, status in zip(codes, statuses, strict=True)
    ]
    constant = _OF_NOTICES.items()
    told = [
        column("status", numbers, pl.Int32),
        events["status"].alias("declaration"),
        pl.Series("codes", codes, pl.List(pl.String)),
        pl.Series("paths", [[""] * len(said) for said in codes], pl.List(pl.String)),
        column("digest", [f"{each:032d}" for each in events["event_id"].to_list()], pl.String),
        *(repeated(name, value, events.height, kind) for name, (value, kind) in constant),
    ]
    known = without(events, *(each.name for each in told))
    absent = [
        repeated(name, value, events.height, kind)
        for name, (value, kind) in _WHERE_ABSENT.items()
        if name not in events.columns
    ]
    return rendered(known.hstack([*told, *absent]), recorded_at)


def _told_codes(status: str, codes: str | None) -> list[str]:
    """The reasons of an event that a filer is told."""
    is_told = status in _REASONED or (codes or "").startswith(ANNOUNCED)
    return [code for code in (codes or "").split(",") if code] if is_told else []


ANNOUNCED: Final = "AFTERCARE_"
"""Codes of this beginning are told whatever the status is: what is asked for after the decision."""

_STATUSES: Final = {str(status): number for status, number in CEB_STATUS.items()}
_REASONED: Final = ("rejected", *_TOLD_LANES)
_CEB_OF_LISTS: Final[dict[str, int]] = dict(
    _CEB.filter(pl.col("kind") == "declaration", pl.col("ceb").is_not_null())
    .select("leading", "ceb")
    .iter_rows()
)
_OF_NOTICES: Final[dict[str, tuple[object, pl.DataType]]] = {
    "answer": ("accepted", pl.String()),
    "is_format_failure": (False, pl.Boolean()),
    "source": (None, pl.String()),
    "place": (None, pl.UInt32()),
    "source_message": (None, pl.String()),
}
_WHERE_ABSENT: Final[dict[str, tuple[object, pl.DataType]]] = {
    "kind": ("declaration", pl.String()),
    **dict.fromkeys(RECEIPT_COLUMNS, (None, pl.String())),
}
"""What events need not bring."""
