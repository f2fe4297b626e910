"""A shipment under the law as it stands, and under a proposal."""

from tumen.law.comparison import Outcome, outcome_of
from tumen.law.native.shipment import Shipment
from tumen.law.proposal import Proposal
from tumen.law.quoting import Books, quoted


def under_both(shipment: Shipment, proposal: Proposal, books: Books) -> tuple[Outcome, Outcome]:
    """What a shipment pays before and after.

    A proposal that leaves nothing to compute with (a tax of the whole price that contains it) makes
    the outcome unknown, as any other gap does.
    """
    before = outcome_of(shipment, quoted(shipment, books))
    with proposal.overlay.tried():
        try:
            return before, outcome_of(shipment, quoted(shipment, books))
        except ZeroDivisionError:
            return before, Outcome(before.economy, None, before.chapter, "unknown", None)
