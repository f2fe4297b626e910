"""Goods that waited for a guarantee are let go, by the office that stated what changed."""

from typing import Final

from tumen.kernel.limits import DECISIONS_MAX
from tumen.window.acts import ActAsked, Officer
from tumen.window.guaranteed import SHORT
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.guaranteed import covered_now, waiting_for_guarantee
from tumen.window.ledger.reports import ReportDesk
from tumen.window.ledger.standings import NO_NUMBER
from tumen.window.screening import rules
from tumen.window.states import Act, Lane, Status

BY_GUARANTEE: Final = "guarantee"
"""Stands for the officer where goods are let go because their guarantee suffices."""

REASON: Final = "The guarantee suffices for the charges."


def let_go(reports: ReportDesk, authority: str) -> int:
    """Release the goods that wait for nothing but a guarantee that suffices; how many.

    Args:
        reports: of the office that stated what changed.
        authority: whose office it is.
    """
    desk = OfficerDesk(
        reports.open_session, Officer(authority, reports.sender, BY_GUARANTEE), reports.clock,
        reports.log,
    )  # fmt: skip
    with reports.open_session() as session:
        waiting = waiting_for_guarantee(session)
        ready = covered_now(session, waiting)
    named = [
        ActAsked(f"{NO_NUMBER}{number}", Act.RELEASE, REASON)
        for number, status, codes in waiting[["document_id", "status", "codes"]].iter_rows()
        if number in ready and status == Status.HELD and _waits_for_nothing_else(codes)
    ]
    done = [
        each
        for start in range(0, len(named), DECISIONS_MAX)
        for each in desk.decide(named[start : start + DECISIONS_MAX])
    ]
    return sum(each.judged.answer == "accepted" for each in done)


def _waits_for_nothing_else(codes: str) -> bool:
    """Whether the last event names no other reason to hold goods than the guarantee."""
    after_release = {rule.code for rule in rules() if rule.lane is Lane.BLUE}
    return set(codes.split(",")) - after_release == {SHORT}
