"""Examinations in the store: entries of agencies, judged by those recorded before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.window.acts import Objection, Standing
from tumen.window.examinations import Entry, Examination, Recognition, judge_entries
from tumen.window.ledger.reports import ReportDesk
from tumen.window.ledger.standings import stood
from tumen.window.reports import Report, ReportDone, ReportKind

_ENTRIES: Final = """
    SELECT document_id, declaration, authority, entry, matter, place, starts_at, reference
    FROM examination_entry WHERE {condition} ORDER BY document_id
"""
_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "declaration": pl.Int64(), "authority": pl.String(),
        "entry": pl.String(), "matter": pl.String(), "place": pl.String(),
        "starts_at": pl.Datetime("us", "UTC"), "reference": pl.String(),
    }
)  # fmt: skip

NOWHERE: Final = 0
"""Stands for the document of a declaration that is not there: such an entry is refused."""


@dataclass(frozen=True, slots=True)
class ExaminationDesk:
    """Where the agencies of an economy lodge what they require, appoint and find.

    Attributes:
        reports: records it.
        authority: the economy.
        policy: what may be recognised.
    """

    reports: ReportDesk
    authority: str
    policy: Sequence[Recognition]

    def lodge(self, entries: Sequence[Report]) -> list[ReportDone]:
        """Record entries in one transaction; each is answered by itself."""
        with self.reports.open_session() as session:
            placed = [*self._placed(session, entries)]
        return self.reports.lodge(ReportKind.EXAMINATION, placed, self._judge)

    def _placed(self, session: Session, entries: Sequence[Report]) -> Sequence[Report]:
        """The entries with the documents of their declarations, where these are before us."""
        found = stood(session, [each.columns["declaration"] for each in entries]).standings
        return [
            replace(each, columns={**each.columns, "authority": self.authority,
                                   "declaration": self._document(at)})
            for each, at in zip(entries, found, strict=True)
        ]  # fmt: skip

    def _document(self, standing: Standing | None) -> int:
        is_ours = standing is not None and standing.authority == self.authority
        return standing.document_id if standing is not None and is_ours else NOWHERE

    def _judge(self, session: Session, entries: Sequence[Report]) -> list[tuple[Objection, ...]]:
        numbers = [each.columns["declaration"] for each in entries]
        found = stood(session, [f"#{number}" for number in numbers]).standings
        known = {
            number: Examination(None if at is None else at.status)
            for number, at in zip(numbers, found, strict=True)
        }
        for line in _read(session, "declaration = ANY(%(numbers)s)", numbers):
            known[line["declaration"]].add(line)
        evidence = [_number(each.columns["reference"]) for each in entries]
        passed = {
            f"#{line['document_id']}": (line["authority"], line["matter"])
            for line in _read(session, "document_id = ANY(%(numbers)s)", evidence)
            if line["entry"] == Entry.PASSED
        }
        columns = [each.columns for each in entries]
        examinations = [known[number] for number in numbers]
        return judge_entries(columns, examinations, passed, self.authority, self.policy)


def _number(reference: str | None) -> int:
    digits = (reference or "").removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else NOWHERE


def _read(session: Session, condition: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    known = {"numbers": pl.Series("number", numbers, pl.Int64)}
    return session.read(_ENTRIES.format(condition=condition), known, _SCHEMA).to_dicts()


def calendar(session: Session) -> list[dict[str, Any]]:
    """The examinations that are not over, those with the earliest appointment first.

    Args:
        session: what it may see is told.
    """
    query = f"""
        SELECT DISTINCT x.declaration FROM examination_entry x WHERE 'released' <> (
            SELECT e.status FROM declaration_event e WHERE e.document_id = x.declaration
            ORDER BY e.event_id DESC LIMIT 1) ORDER BY 1 LIMIT {LIST_ROWS_MAX}
    """  # noqa: S608 - a number
    numbers = session.read(query, None, pl.Schema({"declaration": pl.Int64()}))["declaration"]
    known: dict[int, Examination] = {}
    authorities: dict[int, str] = {}
    for line in _read(session, "declaration = ANY(%(numbers)s)", numbers.to_list()):
        known.setdefault(line["declaration"], Examination(None)).add(line)
        authorities[line["declaration"]] = line["authority"]
    told = [
        {
            "declaration": f"#{number}", "economy": authorities[number], "matters": each.matters,
            "open": each.open, "place": each.place,
            "starts_at": None if each.starts_at is None else each.starts_at.isoformat(),
        }
        for number, each in known.items()
    ]  # fmt: skip
    return sorted(told, key=lambda each: (each["starts_at"] is None, str(each["starts_at"])))
