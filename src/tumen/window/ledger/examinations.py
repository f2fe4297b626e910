"""Examinations in the store: entries of agencies, judged by those recorded before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from tumen.codelist.matters import Matter
from tumen.store.session import Session
from tumen.window.acts import Objection, Standing
from tumen.window.examinations import (
    Entry,
    Examination,
    Recognition,
    judge_entries,
)
from tumen.window.journey import journey_of
from tumen.window.ledger.reports import ReportDesk
from tumen.window.ledger.standings import stood
from tumen.window.reports import Report, ReportDone, ReportKind
from tumen.window.story import plain

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
        own: the matters in which who lodges may speak; all of them for customs.
    """

    reports: ReportDesk
    authority: str
    policy: Sequence[Recognition]
    own: frozenset[str] = frozenset(Matter)

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
        for line in entries_by_declaration(session, numbers):
            known[line["declaration"]].add(line)
        columns = [each.columns for each in entries]
        examinations = [known[number] for number in numbers]
        passed = _passed(session, columns)
        return judge_entries(columns, examinations, passed, self.authority, self.policy, self.own)


def _passed(
    session: Session, entries: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, int], tuple[str, str]]:
    """What was passed elsewhere of the same goods: by the evidence and the declaration here."""
    evidence = [_number(each["reference"]) for each in entries]
    found = [
        line
        for line in _read(session, "document_id = ANY(%(numbers)s)", evidence)
        if line["entry"] == Entry.PASSED
    ]
    own = {each["declaration"] for each in entries}
    goods = _goods(session, [*own, *(line["declaration"] for line in found)])
    return {
        (f"#{line['document_id']}", here): (line["authority"], line["matter"])
        for line in found
        for here in own
        if here in goods and goods[here] == goods.get(line["declaration"])
    }


_GOODS: Final = """
    SELECT document_id, sender, waybill_number AS reference FROM declaration
    WHERE document_id = ANY(%(numbers)s)
    UNION ALL
    SELECT document_id, sender, own_reference FROM goods_shipment
    WHERE document_id = ANY(%(numbers)s)
"""
_GOODS_SCHEMA: Final = pl.Schema(
    {"document_id": pl.Int64(), "sender": pl.String(), "reference": pl.String()}
)


def _goods(session: Session, declarations: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Which goods declarations are of: those of one sender on one journey are the same."""
    known = {"numbers": pl.Series("number", declarations, pl.Int64)}
    found = session.read(_GOODS, known, _GOODS_SCHEMA).drop_nulls()
    return {number: (sender, journey_of(told)) for number, sender, told in found.iter_rows()}


def _number(reference: str | None) -> int:
    digits = (reference or "").removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else NOWHERE


def _read(session: Session, condition: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    known = {"numbers": pl.Series("number", numbers, pl.Int64)}
    return session.read(_ENTRIES.format(condition=condition), known, _SCHEMA).to_dicts()


def entries_by_declaration(session: Session, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The entries of declarations, in the order of recording."""
    return _read(session, "declaration = ANY(%(numbers)s)", numbers)


_TOLD: Final = """
    SELECT document_id, declaration, authority, entry, matter, place, starts_at, reference,
           receipt::json ->> 'recorded_at'
    FROM examination_entry
    WHERE declaration = ANY(%(documents)s) AND answer = 'accepted' ORDER BY document_id
"""
_TOLD_SCHEMA: Final = pl.Schema({**_SCHEMA, "recorded_at": pl.String()})


def entries_of(session: Session, documents: pl.Series) -> list[dict[str, Any]]:
    """What agencies required, appointed and found of declarations, in recorded order.

    The number of an entry is what the other side cites when it recognises the result.
    """
    found = session.read(_TOLD, {"documents": documents}, _TOLD_SCHEMA)
    return [
        {
            "number": f"#{line['document_id']}",
            "declaration": f"#{line['declaration']}",
            "economy": line["authority"],
            "entry": line["entry"],
            "matter": line["matter"],
            "place": line["place"],
            "starts_at": plain(line["starts_at"]),
            "evidence": line["reference"],
            "recorded_at": line["recorded_at"],
        }
        for line in found.iter_rows(named=True)
    ]
