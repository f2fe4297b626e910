"""The life of a declaration: one table of transitions drives every status.

Diagram and documentation are generated from :data:`TRANSITIONS`; a test runs the road
against it.
"""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """What a declaration is; the status of its last event."""

    PENDING = "pending"
    RELEASED = "released"
    HELD = "held"
    EXAMINATION = "examination"
    REJECTED = "rejected"
    REVOKED = "revoked"
    RETURNED = "returned"
    REPLACED = "replaced"


class Lane(StrEnum):
    """How closely customs looks (ASYCUDA selectivity)."""

    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


class Act(StrEnum):
    """What an officer does with a declaration."""

    RELEASE = "release"
    HOLD = "hold"
    EXAMINE = "examine"
    REJECT = "reject"
    UNDO = "undo"


LODGED: Final = "lodged"
"""Where a declaration comes from: it has been accepted and has no event yet."""

TRANSITIONS: Final[dict[tuple[str, str], Status]] = {
    (LODGED, "counterpart_missing"): Status.PENDING,
    (LODGED, "refused"): Status.REJECTED,
    (LODGED, Lane.GREEN): Status.RELEASED,
    (LODGED, Lane.BLUE): Status.RELEASED,
    (LODGED, Lane.YELLOW): Status.HELD,
    (LODGED, Lane.RED): Status.EXAMINATION,
    (Status.PENDING, "counterpart_missing"): Status.PENDING,
    (Status.PENDING, "refused"): Status.REJECTED,
    (Status.PENDING, Lane.GREEN): Status.RELEASED,
    (Status.PENDING, Lane.BLUE): Status.RELEASED,
    (Status.PENDING, Lane.YELLOW): Status.HELD,
    (Status.PENDING, Lane.RED): Status.EXAMINATION,
    (Status.PENDING, "revocation"): Status.REVOKED,
    (Status.PENDING, "amendment"): Status.REPLACED,
    (Status.PENDING, "deletion"): Status.REVOKED,
    (Status.HELD, "revocation"): Status.REVOKED,
    (Status.EXAMINATION, "revocation"): Status.REVOKED,
    (Status.REJECTED, "amendment"): Status.REPLACED,
    (Status.REJECTED, "deletion"): Status.REVOKED,
    (Status.RELEASED, "part_return"): Status.RELEASED,
    (Status.RELEASED, "full_return"): Status.RETURNED,
    (Status.RELEASED, "disclaimed"): Status.RELEASED,
    (Status.RELEASED, "correction"): Status.RELEASED,
    (Status.HELD, "correction"): Status.HELD,
    (Status.EXAMINATION, "correction"): Status.EXAMINATION,
    (Status.RELEASED, "application"): Status.RELEASED,
    (Status.RELEASED, "application_refused"): Status.RELEASED,
    (Status.RELEASED, "goods_back"): Status.RELEASED,
    (Status.RETURNED, "goods_back"): Status.RETURNED,
    (Status.RELEASED, "return_lapsed"): Status.RELEASED,
    (Status.RETURNED, "return_lapsed"): Status.RELEASED,
    (Status.HELD, Act.RELEASE): Status.RELEASED,
    (Status.HELD, Act.EXAMINE): Status.EXAMINATION,
    (Status.HELD, Act.REJECT): Status.REJECTED,
    (Status.EXAMINATION, Act.RELEASE): Status.RELEASED,
    (Status.EXAMINATION, Act.HOLD): Status.HELD,
    (Status.EXAMINATION, Act.REJECT): Status.REJECTED,
    (Status.RELEASED, "undo_to_held"): Status.HELD,
    (Status.RELEASED, "undo_to_examination"): Status.EXAMINATION,
    (Status.REJECTED, "undo_to_held"): Status.HELD,
    (Status.REJECTED, "undo_to_examination"): Status.EXAMINATION,
    (Status.HELD, "undo_to_examination"): Status.EXAMINATION,
    (Status.EXAMINATION, "undo_to_held"): Status.HELD,
}
"""(from, on) -> to. What is not here does not happen."""

CEB_STATUS: Final = {
    Status.PENDING: 120,
    Status.RELEASED: 800,
    Status.HELD: 300,
    Status.EXAMINATION: 500,
    Status.REJECTED: 100,
    Status.REVOKED: 899,
    Status.RETURNED: 700,
    Status.REPLACED: 899,
}
"""The return status of the CEB receipts (specification 202205) for each of ours."""

CEB_STORED_DECLARATION: Final = 1
"""A list sent with business status 1 (暂存) is stored and takes part in nothing."""

CEB_STORED_DOCUMENT: Final = 2
CEB_ACCEPTED: Final = 120
CEB_CONCLUDED: Final = 399
"""A revocation or return that took effect (审结)."""

CEB_REFUSED: Final = 100


def sources(on: str) -> list[str]:
    """The statuses from which ``on`` leads somewhere.

    >>> sources("revocation")
    ['pending', 'held', 'examination']
    """
    return [str(source) for source, event in TRANSITIONS if event == on]
