"""Reports: small documents, mostly of one row, that are lodged beside the messages. Pure.

A report is known by its sender and the sender's own reference. It is never changed: a later one
tells what is true then.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

import msgspec

from tumen.window.acts import Objection
from tumen.window.states import CEB_ACCEPTED


class ReportKind(StrEnum):
    """The kinds of reports; the value is the name of the table as well."""

    JOURNEY = "journey_event"
    CARRIER = "journey_carrier"
    EXAMINATION = "examination_entry"
    BILL = "bill"
    BILL_STATEMENT = "bill_statement"
    GUARANTEE = "guarantee_entry"


ACCEPTED: Final = "accepted"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that may be recorded.

    Attributes:
        own_reference: the sender's own, once for each report.
        content_hash: SHA-256 of all that it says, in one form.
        columns: what its table holds of it.
        items: what the table of its items holds, in their order; most reports have none.
    """

    own_reference: str
    content_hash: bytes
    columns: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, told: msgspec.Struct, own_reference: str, columns: Mapping[str, Any]) -> Self:
        """The report of what was told."""
        said = msgspec.json.encode(told, order="sorted")
        return cls(own_reference, hashlib.sha256(said).digest(), columns)


@dataclass(frozen=True, slots=True)
class ReportDone:
    """What became of a report: its number and receipt, or what speaks against it."""

    answer: str
    document_id: int | None = None
    receipt: str | None = None
    objections: tuple[Objection, ...] = ()


def refused(*objections: Objection) -> ReportDone:
    """A report that is not recorded."""
    return ReportDone("rejected", objections=objections)


def row(kind: ReportKind, report: Report, sender: str, at: datetime) -> dict[str, Any]:
    """The row of a report, with its receipt; its number and its batch are given by the store."""
    said = "\0".join((sender, report.own_reference)).encode() + report.content_hash
    return {
        "sender": sender,
        "digest": hashlib.blake2b(said, digest_size=16).hexdigest(),
        "content_hash": report.content_hash,
        "answer": ACCEPTED,
        "status": CEB_ACCEPTED,
        "receipt": _receipt(kind, report, at),
        "own_reference": report.own_reference,
        **report.columns,
    }


def _receipt(kind: ReportKind, report: Report, at: datetime) -> str:
    told = {
        "kind": str(kind),
        "reference": report.own_reference,
        "content_sha256": report.content_hash.hex(),
        "answer": ACCEPTED,
        "status": CEB_ACCEPTED,
        "recorded_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return msgspec.json.encode(told).decode()
