"""What became of the documents of a submission, told to who lodged them.

Every row has an answer with its receipt, byte for byte as it was recorded. Notices about
documents of others, which a submission may bring about, are not among them: each filer is told
its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter

import msgspec
import polars as pl

from tumen.codelist.spoken import explained
from tumen.codelist.violations import violation
from tumen.kernel.chains import is_there, kept
from tumen.kernel.columns import chosen
from tumen.web.speaking import Say
from tumen.window.recording import Outcome


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding against a document.

    Attributes:
        code: the stable code.
        severity: an error refuses the document, a warning is only told.
        path: the field.
        message: what is wrong, in the language of ``Accept-Language``, else in English.
        fix: what mends it.
        value: what stood there; left out for personal fields.
        expected: what would have been right.
    """

    code: str
    severity: str
    path: str
    message: str
    fix: str
    value: str | None = None
    expected: str | None = None


class DocumentAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to one row of a submission.

    Attributes:
        place: the line, the element of the array, or the document of the message, from 1.
        answer: accepted, rejected, duplicate or ignored.
        status: the status as the receipt has it.
        receipt: the receipt, exactly as it is recorded.
        kind: the kind of the document, where it could be told.
        key: its key, by which it is found again.
        findings: what was found against it.
        number: of the document, by which its proof is fetched.
    """

    place: int
    answer: str
    status: int | None
    receipt: str
    kind: str | None = None
    key: str | None = None
    findings: list[Finding] = msgspec.field(default_factory=list)
    number: int | None = None


class SubmissionAnswer(msgspec.Struct, frozen=True):
    """The answer to a submission.

    Attributes:
        submission: its name.
        documents: how many rows it had.
        answers: how many were accepted, rejected, duplicate, ignored.
        receipts: one for each row, in their order.
    """

    submission: str
    documents: int
    answers: dict[str, int]
    receipts: list[DocumentAnswer]


def answer_of(name: str, rows: Iterable[DocumentAnswer]) -> SubmissionAnswer:
    """The answer to a submission, from those to its rows."""
    receipts = sorted(rows, key=lambda row: row.place)
    counts = dict.fromkeys(("accepted", "rejected", "duplicate", "ignored"), 0)
    for each in receipts:
        counts[each.answer] += 1
    return SubmissionAnswer(name, len(receipts), counts, receipts)


_COLUMNS = ("source", "row", "place", "answer", "status", "receipt", "kind", "key", "document_id")
_FINDING = ("code", "path", "value", "expected")


def by_source(outcome: Outcome) -> Mapping[str, list[DocumentAnswer]]:
    """The answers of one wave, by the submission that each row came with."""
    findings = _findings(outcome.violations)
    told: dict[str, list[DocumentAnswer]] = defaultdict(list)
    rows = chosen(outcome.answers, _COLUMNS).iter_rows()
    for source, row, place, answer, status, receipt, kind, key, number in rows:
        found = findings.get(row, [])
        own = DocumentAnswer(place, answer, status, receipt, kind, key, found, number)
        told[source].append(own)
    return told


def findings_of(faults: pl.DataFrame) -> dict[int, list[Finding]]:
    """What is recorded against documents, by their numbers.

    Args:
        faults: document_id, code, path, value, expected, in the order of documents.
    """
    told = chosen(faults, ("document_id", *_FINDING)).iter_rows()
    return {
        number: [_finding(*found) for _, *found in group]
        for number, group in groupby(told, itemgetter(0))
    }


def _findings(violations: pl.DataFrame) -> dict[int, list[Finding]]:
    """By row; what concerns documents that another wave brought is told to their filers."""
    own = kept(violations, is_there(violations.get_column("source")))
    told: dict[int, list[Finding]] = {}
    for row, *found in chosen(own, ("row", *_FINDING)).iter_rows():
        told.setdefault(row, []).append(_finding(*found))
    return told


def in_language(answer: SubmissionAnswer, say: Say) -> SubmissionAnswer:
    """The same answer, its findings told in another language; receipts stay as they are."""
    told = [
        msgspec.structs.replace(row, findings=said(row.findings, say)) for row in answer.receipts
    ]
    return msgspec.structs.replace(answer, receipts=told)


def said(findings: Iterable[Finding], say: Say) -> list[Finding]:
    """The same findings in another language."""
    return [retold(each, each.path, say) for each in findings]


def retold(found: Finding, path: str, say: Say) -> Finding:
    """A finding in another language, and of the field as its reader named it."""
    message, fix = explained(found.code, path, found.value, found.expected, say)
    return msgspec.structs.replace(found, path=path, message=message, fix=fix)


def _finding(code: str, path: str | None, value: str | None, expected: str | None) -> Finding:
    message, fix = explained(code, path, value, expected)
    return Finding(code, violation(code).severity, path or "", message, fix, value, expected)
