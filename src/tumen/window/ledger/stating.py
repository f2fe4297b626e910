"""Where an authority states something by its own day, and what waited for it is let go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tumen.store.session import Session
from tumen.window.acts import Objection
from tumen.window.ledger.letting_go import let_go
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report, ReportDone, ReportKind


@dataclass(frozen=True, slots=True)
class AuthorityDesk:
    """What every desk at which an authority bills or states something works with.

    Attributes:
        reports: records them.
        authority: the economy.
        day: by the clock of the authority.
    """

    reports: ReportDesk
    authority: str
    day: date


class StatingDesk(AuthorityDesk):
    """Where an authority states something; sent again, it is answered as it was at first."""

    __slots__ = ()

    def recorded(
        self,
        kind: ReportKind,
        report: Report,
        placed: Callable[[Session], Report | Objection],
        *,
        frees: bool,
    ) -> ReportDone:
        """Record a statement; sent again, it is answered as it was at first.

        Args:
            kind: of the statement.
            report: the statement.
            placed: judges it under the sequencer's lock.
            frees: whether goods that were held for want of a guarantee may go now.
        """
        done = self.reports.lodge_one(kind, report, placed)
        if frees:
            let_go(self.reports, self.authority)
        return done
