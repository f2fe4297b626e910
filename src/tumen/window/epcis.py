"""A journey as EPCIS 2.0 events in JSON-LD, for systems that follow goods. Pure.

Reported steps are words of the Core Business Vocabulary. What customs does has a word of it where
there is one (holding, inspecting); the status itself stands beside in a namespace of our own,
which is no registered one. The identifier of the goods is the waybill's number in a namespace of
our own as well: the number is the carrier's and no GS1 key.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tumen.window.acts import ZONES

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
NAMESPACE: Final = "https://tumen.invalid/epcis/"
"""Of what the standard has no word for; `.invalid` because nobody has registered it."""

MEDIA_TYPE: Final = "application/ld+json"

_CUSTOMS_STEP: Final[Mapping[str, str]] = {"held": "holding", "examination": "inspecting"}
_ON_THE_WAY: Final = frozenset({"departing", "loading"})


def document(
    number: str,
    seen: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    made_at: datetime,
) -> dict[str, Any]:
    """The EPCIS document of a journey.

    Args:
        number: the waybill's.
        seen: journey events, as :func:`tumen.window.journey.told` takes them.
        steps: events of declarations, likewise.
        made_at: the document's creation date: the moment of the last event, so that the same
            journey has the same bytes.
    """
    events = [_seen(number, line) for line in seen] + [_step(number, line) for line in steps]
    events.sort(key=lambda each: (each["eventTime"], each["eventID"]))
    return {
        "@context": [CONTEXT, {"tumen": NAMESPACE}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(made_at),
        "epcisBody": {"eventList": events},
    }


def _seen(number: str, line: Mapping[str, Any]) -> dict[str, Any]:
    step = line["step"]
    told = _event(number, f"document:{line['document_id']}", line["happened_at"])
    return {
        **told,
        "eventTimeZoneOffset": line["zone_offset"],
        "bizStep": step,
        **({"disposition": "in_transit"} if step in _ON_THE_WAY else {}),
        "readPoint": {"id": f"urn:tumen:place:{_part(line['economy'])}:{_part(line['place'])}"},
    }


def _step(number: str, line: Mapping[str, Any]) -> dict[str, Any]:
    moment = line["recorded_at"]
    word = _CUSTOMS_STEP.get(line["status"])
    return {
        **_event(number, f"event:{line['event_id']}", moment),
        "eventTimeZoneOffset": _offset(moment, line["economy"]),
        **({"bizStep": word} if word else {}),
        "readPoint": {"id": f"urn:tumen:customs:{_part(line['economy'])}"},
        "tumen:customsStatus": line["status"],
    }


def _event(number: str, mark: str, moment: datetime) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventID": f"urn:tumen:{mark}",
        "eventTime": _instant(moment),
        "epcList": [f"urn:tumen:waybill:{_part(number)}"],
        "action": "OBSERVE",
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _offset(moment: datetime, economy: str) -> str:
    """The distance to UTC at an authority's place, as +08:00."""
    return moment.astimezone(ZoneInfo(ZONES[economy])).isoformat()[-6:]


def _part(text: str) -> str:
    """One part of a URN: other signs than letters, digits, dot, hyphen and underscore are encoded.

    >>> _part("Замын-Үүд")[:12], _part("YT1")
    ('%D0%97%D0%B0', 'YT1')
    """
    return quote(text, safe="")
