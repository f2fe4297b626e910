"""The truth in files: a row for each bundle, and the totals in the shape of a run's summary."""

from dataclasses import replace
from typing import Any, Final

from tumen.simulation.bundle import ANSWERS, KINDS, Bundle, Truth
from tumen.simulation.faults import CLEAN

_CELLS: Final = [(kind, answer) for kind in KINDS for answer in ANSWERS]
HEADER: Final = (
    "bundle,order_number,platform_code,fault,status,"
    + ",".join(f"{kind}_{answer}" for kind, answer in _CELLS)
    + "\n"
)
STATUSES: Final = (
    "released",
    "held",
    "examination",
    "rejected",
    "pending",
    "revoked",
    "returned",
)


class Tally:
    """Writes the rows of `truth.csv` and counts as it goes."""

    def __init__(self) -> None:
        self._faults: dict[str, int] = {}
        self._statuses = dict.fromkeys(STATUSES, 0)
        self._patterns: dict[tuple[object, ...], int] = {}
        self._tails: dict[tuple[object, ...], tuple[str, dict[tuple[str, str], int]]] = {}

    def row(self, bundle: Bundle) -> str:
        """The line of one bundle."""
        # Few patterns of answers exist; each is counted and written out once.
        pattern: tuple[object, ...] = (CLEAN,)
        if bundle.fault != CLEAN:
            pattern = (bundle.status, *[(s.row_kind, s.answer) for s in bundle.sendings])
        if pattern not in self._tails:
            answers = bundle.truth.answers
            cells = ",".join(str(answers.get(cell, 0)) for cell in _CELLS)
            self._tails[pattern] = (f"{bundle.status},{cells}\n", answers)
            self._patterns[pattern] = 0
        self._patterns[pattern] += 1
        self._statuses[bundle.status] += 1
        self._faults[bundle.fault] = self._faults.get(bundle.fault, 0) + 1
        tail = self._tails[pattern][0]
        return f"{bundle.number},{bundle.order_number},{bundle.platform_code},{bundle.fault},{tail}"

    def faults(self) -> dict[str, int]:
        """How many bundles have each fault."""
        return dict(sorted(self._faults.items()))

    def summary(self) -> dict[str, Any]:
        """The totals: documents by kind and answer, declarations by status.

        ``declarations`` has one for each bundle whose list could be read, so that also lists
        that were refused on their own count as rejected.
        """
        documents = {kind: dict.fromkeys((a for k, a in _CELLS if k == kind), 0) for kind in KINDS}
        for pattern, times in self._patterns.items():
            for (kind, answer), count in self._tails[pattern][1].items():
                documents[kind][answer] += count * times  # type: ignore[index]
        return {"documents": documents, "declarations": dict(self._statuses)}


def examined(truth: Truth) -> Truth:
    """What must become of a bundle whose declaration is drawn for examination at random.

    Screening draws a share of all declarations, which no fault can foretell, and red is stricter
    than yellow. A declaration under examination may be revoked, and may not yet be returned
    (ADR 1).
    """
    if truth.status == "held":
        return replace(truth, status="examination")
    if truth.status not in ("released", "returned"):
        return truth
    answers = dict(truth.answers)
    back = answers.pop(("return", "accepted"), 0) + answers.pop(("return", "rejected"), 0)
    if back:
        answers["return", "rejected"] = back
    revoked = answers.pop(("revocation", "rejected"), 0)
    if revoked:
        answers["revocation", "accepted"] = revoked
    status = "revoked" if revoked else "examination"
    return replace(truth, status=status, answers=answers)
