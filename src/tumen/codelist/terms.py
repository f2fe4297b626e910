"""Words of ours that stand as values in messages: where a declaration stands, what is examined.

The value itself stays a code, for programs; in the sentence beside it stands what it means.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pending": "waiting for its counterparts",
        "awaiting": "accepted, awaiting the authority's decision",
        "released": "released",
        "held": "held",
        "examination": "in examination",
        "rejected": "rejected",
        "revoked": "revoked",
        "returned": "returned",
        "replaced": "replaced by a newer one",
        "customs": "customs control",
        "quarantine": "quarantine",
        "food": "food safety",
        "technical": "technical rules",
        "required": "required",
        "failed": "not passed",
    }
)
"""By code, what it is called in English; the catalogues translate it."""

TERMED: Final = frozenset(
    {
        "CORRECTION_NOT_OPEN",
        "DECISION_EXAMINATION_OPEN",
        "DECISION_NOT_OPEN",
        "DISPUTE_DECLARATION_OPEN",
        "EXAMINATION_CLOSED",
        "EXAMINATION_MATTER_OTHERS",
        "EXAMINATION_NOT_REQUIRED",
        "NOT_RETURNABLE",
        "NOT_REVOCABLE",
    }
)
"""The violations whose particulars are such words; elsewhere a value is somebody else's text."""

_CODE: Final = re.compile(r"[a-z_]+")
_EITHER: Final = " or "


def worded(violation: str, text: str, say: Callable[[str], str] = str) -> str:
    """A particular of a violation as a reader may read it.

    Args:
        violation: its code.
        text: the particular.
        say: translates a word of :data:`TERMS`.

    >>> worded("DECISION_NOT_OPEN", "held or examination")
    'held / in examination'
    >>> worded("REPORT_EXISTS", "held")
    'held'
    """
    if violation not in TERMED:
        return text

    def spelled(found: re.Match[str]) -> str:
        term = TERMS.get(found[0])
        return found[0] if term is None else say(term)

    return " / ".join(_CODE.sub(spelled, each) for each in text.split(_EITHER))
