"""The worked cases that others published: what is expected, and what our law computes.

A *trap* is a case whose source prints another number; the note says why ours differs.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal

import msgspec

from tumen.law.parameters import SAMPLES
from tumen.law.quoting import quote

FILE: Final = SAMPLES / "cases.ndjson"
TOTAL: Final = "total"

Kind = Literal["published", "derived", "trap"]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A worked case.

    Attributes:
        id: as the compilation names it; a year or a part may follow.
        kind: ``published``, ``derived`` from a published one, or a ``trap``.
        source: the page or act.
        note: what a reader should know; of a trap why the source is not followed.
        expected: by charge code, and ``total``: decimal texts in the destination's currency.
        shipment: the native shipment; None where the source tells too little to compute.
    """

    id: str
    kind: Kind
    source: str
    note: str
    expected: dict[str, str]
    shipment: dict[str, Any] | None


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the file.

    >>> cases()[0].id, cases()[0].expected["total"]
    ('JP-02', '135500')
    """
    return tuple(msgspec.json.decode(line, type=Case) for line in FILE.read_bytes().splitlines())


def computed(case: Case) -> Mapping[str, str | None]:
    """What our law says of the amounts that a case expects; None is unknown or not levied."""
    if case.shipment is None:
        return {}
    answer = quote(case.shipment)
    amounts = {each.code: each.amount for each in answer.charges} | {TOTAL: answer.total}
    return {code: amounts.get(code) for code in case.expected}
