"""One examination for all agencies: what each requires, one appointment, what each found. Pure.

Agencies lodge entries; an examination is what its entries say together. A matter is open from when
it is required until it is passed, or until the other side's result is recognised instead of
repeating it. One appointment is for all open matters: a later one takes its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from tumen.codelist.matters import Matter
from tumen.kernel.limits import SHIPMENT_REFERENCE_LENGTH_MAX
from tumen.window.acts import Objection
from tumen.window.journey import moment
from tumen.window.reports import Report
from tumen.window.states import Status

PLACE_LENGTH_MAX: Final = 80
EVIDENCE_LENGTH_MAX: Final = 60
WAITING: Final = (Status.HELD, Status.EXAMINATION)


class Entry(StrEnum):
    """What an entry says."""

    REQUIRED = "required"
    APPOINTED = "appointed"
    PASSED = "passed"
    FAILED = "failed"
    RECOGNISED = "recognised"


OPEN: Final = (Entry.REQUIRED, Entry.FAILED)
"""A matter of which this is the last entry keeps goods from being released."""


class ExaminationReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agency lodges.

    Attributes:
        reference: the agency's own, once for each entry.
        declaration: its number, or ``#`` and the number of its document.
        entry: what it says.
        matter: of the agency; none for an appointment, which is for all.
        place: of an appointment.
        starts_at: of an appointment, with its distance to UTC.
        evidence: the number of a record; where a result is recognised, ``#`` and the number of
            the entry by which the other side passed the goods.
    """

    reference: str
    declaration: str
    entry: Entry
    matter: Matter | None = None
    place: str | None = None
    starts_at: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """That results of one authority stand for those of another in a matter, by some agreement."""

    by: str
    of: str
    matter: str
    agreement: str


def read_entry(told: ExaminationReport, now: datetime) -> Report | list[Objection]:
    """An entry that may be judged; or all that is wrong with its form."""
    found = [*_form(told)]
    starts = None if told.starts_at is None else moment(told.starts_at)
    if told.starts_at is not None and starts is None:
        expected = "2026-11-23T12:00:00+08:00"
        found.append(Objection("JOURNEY_TIME_INVALID", "starts_at", told.starts_at, expected))
    if starts is not None and starts < now:
        found.append(Objection("APPOINTMENT_PAST", "starts_at", told.starts_at))
    columns = {
        "declaration": told.declaration,  # the store finds its document
        "entry": str(told.entry),
        "matter": None if told.matter is None else str(told.matter),
        "place": told.place,
        "starts_at": None if starts is None else starts.astimezone(UTC),
        "reference": told.evidence,
    }
    return found or Report.of(told, told.reference, columns)


def _form(told: ExaminationReport) -> Iterable[Objection]:
    is_appointment = told.entry is Entry.APPOINTED
    needed = ("place", "starts_at") if is_appointment else ("matter",)
    if told.entry is Entry.RECOGNISED:
        needed = (*needed, "evidence")
    for name in ("reference", *needed):
        if not str(getattr(told, name) or "").strip():
            yield Objection("FIELD_MISSING", name)
    unfit = ("matter", "evidence") if is_appointment else ("place", "starts_at")
    for name in unfit:
        if getattr(told, name) is not None:
            yield Objection("FIELD_UNKNOWN", name)
    longest = {"reference": SHIPMENT_REFERENCE_LENGTH_MAX, "place": PLACE_LENGTH_MAX,
               "evidence": EVIDENCE_LENGTH_MAX}  # fmt: skip
    for name, most in longest.items():
        text = getattr(told, name) or ""
        if len(text) > most:
            yield Objection("TEXT_TOO_LONG", name, None, str(most))
        elif not text.isprintable():
            yield Objection("CONTROL_CHARACTER", name)


@dataclass(slots=True)
class Examination:
    """What the entries of one declaration say together.

    Attributes:
        status: of the declaration; None where it is not before this authority.
        matters: the last entry of each matter.
        place: of the appointment.
        starts_at: of the appointment.
    """

    status: str | None
    matters: dict[str, str] = field(default_factory=dict)
    place: str | None = None
    starts_at: datetime | None = None

    def add(self, entry: Mapping[str, Any]) -> None:
        """Take an entry in; entries come in the order of recording."""
        if entry["entry"] == Entry.APPOINTED:
            self.place, self.starts_at = entry["place"], entry["starts_at"]
        else:
            self.matters[entry["matter"]] = entry["entry"]

    @property
    def open(self) -> list[str]:
        """The matters that keep the goods from being released."""
        return [matter for matter, entry in self.matters.items() if entry in OPEN]


def judge_entries(
    entries: Sequence[Mapping[str, Any]],
    examinations: Sequence[Examination],
    passed: Mapping[tuple[str, int], tuple[str, str]],
    authority: str,
    policy: Sequence[Recognition],
    own: frozenset[str],
) -> list[tuple[Objection, ...]]:
    """What speaks against entries, one after the other: an accepted one counts for the next.

    Args:
        entries: the columns of each.
        examinations: that of each, by what is recorded; changed by what is accepted.
        passed: authority and matter of an entry that passed goods, by ``#`` and its number and by
            the declaration in ``entries`` of those same goods.
        authority: whose agencies lodge them.
        policy: what may be recognised.
        own: the matters in which who lodges them may speak.
    """
    judged = []
    for entry, examination in zip(entries, examinations, strict=True):
        against = (
            *_others_matter(entry, examination, own),
            *_against(entry, examination, passed, authority, policy),
        )
        judged.append(against)
        if not against:
            examination.add(entry)
    return judged


def _others_matter(
    entry: Mapping[str, Any], examination: Examination, own: frozenset[str]
) -> Iterable[Objection]:
    """An agency speaks in its own matters, and appoints where one of them is open."""
    matter = entry["matter"]
    if entry["entry"] == Entry.APPOINTED:
        if examination.open and own.isdisjoint(examination.open):
            yield Objection("EXAMINATION_MATTER_OTHERS", "entry", ", ".join(examination.open))
    elif matter not in own:
        yield Objection("EXAMINATION_MATTER_OTHERS", "matter", matter)


def _against(
    entry: Mapping[str, Any],
    examination: Examination,
    passed: Mapping[tuple[str, int], tuple[str, str]],
    authority: str,
    policy: Sequence[Recognition],
) -> Iterable[Objection]:
    what, matter = entry["entry"], entry["matter"]
    if examination.status is None:
        yield Objection("DECISION_TARGET_UNKNOWN", "declaration")
    elif examination.status not in WAITING:
        yield Objection("EXAMINATION_CLOSED", "declaration", examination.status)
    elif what == Entry.APPOINTED and not examination.open:
        yield Objection("EXAMINATION_NOT_REQUIRED", "entry")
    elif what not in (Entry.REQUIRED, Entry.APPOINTED) and matter not in examination.open:
        yield Objection("EXAMINATION_NOT_REQUIRED", "matter", matter)
    elif what == Entry.RECOGNISED and not _may_recognise(entry, passed, authority, policy):
        yield Objection("RESULT_NOT_RECOGNISED", "evidence", entry["reference"])


def _may_recognise(
    entry: Mapping[str, Any],
    passed: Mapping[tuple[str, int], tuple[str, str]],
    authority: str,
    policy: Sequence[Recognition],
) -> bool:
    """Whether the other side passed these very goods, and an agreement lets its result stand."""
    other, matter = passed.get((entry["reference"], entry["declaration"]), ("", ""))
    return matter == entry["matter"] and any(
        (each.by, each.of, each.matter) == (authority, other, matter) for each in policy
    )
