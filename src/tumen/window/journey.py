"""A journey: where goods were seen, told to everybody who has the waybill's number. Pure.

What carriers and border points report, and the steps of the declarations beside. It names no
person: neither buyer nor consignee, no address, no value and no goods.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tumen.codelist.iso_countries import countries
from tumen.kernel.limits import SHIPMENT_REFERENCE_LENGTH_MAX, TEXT_LENGTH_MAX
from tumen.window.acts import Objection
from tumen.window.reports import Report

STEPS: Final[Mapping[str, str]] = {
    "accepting": "the carrier has taken the goods over",
    "loading": "the goods were loaded",
    "departing": "the goods have left the place",
    "arriving": "the goods have reached the place",
    "unloading": "the goods were unloaded",
    "storing": "the goods are in a warehouse",
    "inspecting": "the goods were looked at",
    "holding": "the goods are held at the place",
    "receiving": "the goods were handed over to the receiver",
}
"""Steps that may be reported: words of the Core Business Vocabulary of EPCIS 2.0."""

STEPS_OF_CARRIERS: Final = ("accepting", "receiving")
"""Steps that the carrier alone can tell: it took the goods over, it handed them over."""

_PLACE: Final = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_OFFSET: Final = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_NUMBER: Final = re.compile(r"[0-9A-Za-z_-]{1,60}")


class JourneyReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a carrier or border point reports.

    Attributes:
        reference: the reporter's own, once for each report.
        waybill_number: of the goods.
        step: one of :data:`STEPS`.
        happened_at: when, with its distance to UTC: ``2026-11-23T12:00:00+08:00``.
        economy: where, ISO 3166 alpha-2.
        place: a town, port or border point by its UN/LOCODE, which begins with the economy.
    """

    reference: str
    waybill_number: str
    step: str
    happened_at: str
    economy: str
    place: str


def read_report(report: JourneyReport, now: datetime) -> Report | list[Objection]:
    """A report that may be recorded; or all that is wrong with it.

    Args:
        report: as it came.
        now: the recorded time: what is reported has happened.
    """
    found = [*_texts(report)]
    happened = moment(report.happened_at)
    if happened is None:
        expected = "2026-11-23T12:00:00+08:00"
        found.append(Objection("JOURNEY_TIME_INVALID", "happened_at", report.happened_at, expected))
    elif happened > now:
        told = now.isoformat(timespec="seconds")
        found.append(Objection("DECLARED_IN_FUTURE", "happened_at", report.happened_at, told))
    if found or happened is None:
        return found
    columns = {
        "waybill_number": report.waybill_number,
        "step": report.step,
        "happened_at": happened.astimezone(UTC),
        "zone_offset": report.happened_at[-6:],
        "economy": report.economy,
        "place": report.place,
    }
    return Report.of(report, report.reference, columns)


def against_numbers(reference: str, waybill_number: str) -> Iterator[Objection]:
    """What is wrong with the numbers of a report: its sender's own, and that of the goods."""
    if not reference.strip():
        yield Objection("FIELD_EMPTY", "reference")
    elif len(reference) > SHIPMENT_REFERENCE_LENGTH_MAX:
        longest = str(SHIPMENT_REFERENCE_LENGTH_MAX)
        yield Objection("TEXT_TOO_LONG", "reference", reference[:TEXT_LENGTH_MAX], longest)
    elif not reference.isprintable():
        yield Objection("CONTROL_CHARACTER", "reference")
    if not _NUMBER.fullmatch(waybill_number):
        yield Objection("WAYBILL_NUMBER_INVALID", "waybill_number", waybill_number)


def _texts(report: JourneyReport) -> list[Objection]:
    found = [*against_numbers(report.reference, report.waybill_number)]
    if report.step not in STEPS:
        found.append(Objection("WORD_UNKNOWN", "step", report.step, ", ".join(STEPS)))
    if report.economy not in countries():
        found.append(Objection("COUNTRY_UNKNOWN", "economy", report.economy))
    elif not _PLACE.fullmatch(report.place) or report.place[:2] != report.economy:
        found.append(Objection("JOURNEY_PLACE_INVALID", "place", None, report.economy))
    return found


def moment(text: str) -> datetime | None:
    """A moment with its distance to UTC; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
        found.astimezone(UTC)  # what lies beyond the first or the last day of all is none either
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None and _OFFSET.fullmatch(text[-6:]) else None


def both_ends(number: str) -> tuple[str, str]:
    """The references under which the two shipments of one consignment are lodged.

    >>> both_ends("T-1")
    ('T-1/export', 'T-1/import')
    """
    return f"{number}/export", f"{number}/import"


def journey_of(reference: str) -> str:
    """The number of the journey to which a shipment's reference belongs.

    >>> journey_of("T-1/export"), journey_of("T-1")
    ('T-1', 'T-1')
    """
    number = reference.rpartition("/")[0]
    return number if number and reference in both_ends(number) else reference


# --- telling it --------------------------------------------------------------------------------

_CUSTOMS_STEPS: Final[Mapping[str, str]] = {
    "pending": "the declaration is lodged and waits for its papers",
    "awaiting": "the declaration is accepted; the authority decides later",
    "released": "customs has released the goods",
    "held": "customs looks at the papers",
    "examination": "customs examines the goods",
    "rejected": "customs has rejected the declaration; it may be lodged again",
    "revoked": "the declaration was taken back",
    "returned": "the goods are going back",
    "replaced": "a changed declaration took this one's place",
}

_SUPERSEDED: Final = "replaced"
"""Of a declaration whose successor has a status of its own: never where goods stand."""

Told = dict[str, Any]


def told(
    number: str, seen: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]
) -> Told:
    """What everybody may know of a journey.

    Args:
        number: the waybill's.
        seen: journey events: step, happened_at, zone_offset, economy, place, reporter.
        steps: events of declarations: event_id, status, recorded_at, economy.
    """
    timeline = [
        *(
            {
                "at": line["happened_at"], "what": line["step"], "means": STEPS[line["step"]],
                "economy": line["economy"], "place": line["place"], "by": line["reporter"],
            }
            for line in seen
        ),
        *(
            {
                "at": line["recorded_at"], "what": line["status"],
                "means": _CUSTOMS_STEPS[line["status"]], "economy": line["economy"],
                "place": None, "by": "customs",
            }
            for line in steps
        ),
    ]  # fmt: skip
    timeline.sort(key=lambda each: each["at"])
    places = [each for each in timeline if each["place"] is not None]
    decided = [each for each in timeline if each["by"] == "customs" and each["what"] != _SUPERSEDED]
    return {
        "number": number,
        "status": decided[-1]["what"] if decided else None,
        "decisions": {each["economy"]: each["what"] for each in decided},
        "place": None if not places else f"{places[-1]['place']}, {places[-1]['economy']}",
        "timeline": [{**each, "at": each["at"].isoformat()} for each in timeline],
    }
