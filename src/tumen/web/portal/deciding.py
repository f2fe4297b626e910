"""Acts that an officer may take on the page of one consignment."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tumen.kernel.limits import DECISION_UNDO_SECONDS_MAX
from tumen.web.portal.queue import ACTS, WAITING, picked
from tumen.window.states import Act, Status

_UNDONE_WITHIN: Final = timedelta(seconds=DECISION_UNDO_SECONDS_MAX)
_WAITS: Final = (Status.HELD, Status.EXAMINATION)

Choice = tuple[str, str]
"""A box of the form: what it says, and the number that it is for."""


def offered(consignment: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The boxes and the acts of a form; none where nothing can be decided.

    Args:
        consignment: as it is told to an officer: all of it is before the officer's authority.
        now: the recorded time; what was done long ago is not undone.
    """
    boxes: list[Choice] = []
    acts: dict[Act, str] = {}
    for number, part in _parts(consignment):
        found = [*_acts(part, now)]
        if found:
            boxes.append((picked(number, part["event_id"]), number))
            acts |= {act: ACTS[act] for act in found}
    return {"boxes": boxes, "acts": [*acts.items()]}


def _parts(consignment: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for each in consignment["declarations"]:
        if each["declaration_number"]:
            yield each["declaration_number"], each
    for each in consignment["shipments"]:
        yield f"#{each['document_id']}", each


def _acts(part: Mapping[str, Any], now: datetime) -> Iterator[Act]:
    if part["status"] in _WAITS:
        yield from WAITING
    last = part["history"][-1]
    is_fresh = now - datetime.fromisoformat(last["recorded_at"]) <= _UNDONE_WITHIN
    if last["act"] in WAITING and is_fresh:
        yield Act.UNDO
