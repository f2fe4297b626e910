"""That the owner of a number lets another firm report of its journey, or no more. Pure.

The firm is named by its mark, and nobody looks whether there is one: otherwise whoever lodges could
find out who else is on the node. A mark that no firm has lets nobody report.
"""

from enum import StrEnum

import msgspec

from tumen.kernel.access_limits import MARK
from tumen.kernel.limits import TEXT_LENGTH_MAX
from tumen.window.acts import Objection
from tumen.window.journey import against_numbers
from tumen.window.reports import Report


class Entry(StrEnum):
    """What the owner says of a firm; the last one holds."""

    NAMED = "named"
    WITHDRAWN = "withdrawn"


class CarrierReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who carries, as the owner of a number says it.

    Attributes:
        reference: the owner's own, once for each entry.
        waybill_number: of the goods; the owner's reference of a shipment or consignment.
        carrier: the mark of the firm, as the firm itself tells it.
        entry: ``named``, or ``withdrawn`` where it may report no more.
    """

    reference: str
    waybill_number: str
    carrier: str
    entry: Entry = Entry.NAMED


def read_carrier(told: CarrierReport) -> Report | list[Objection]:
    """An entry that may be recorded; or all that is wrong with it."""
    found = [*against_numbers(told.reference, told.waybill_number)]
    if not MARK.fullmatch(told.carrier):
        found.append(Objection("CARRIER_MARK_INVALID", "carrier", told.carrier[:TEXT_LENGTH_MAX]))
    columns = {
        "waybill_number": told.waybill_number,
        "carrier": told.carrier,
        "entry": str(told.entry),
    }
    return found or Report.of(told, told.reference, columns)
