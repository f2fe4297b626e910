"""Listens to an authority: suspends its decisions while it is silent, takes them up again after."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from tumen.kernel.clock import Clock
from tumen.store.session import Session
from tumen.window.acts import Officer
from tumen.window.contingency import Turn
from tumen.window.decision import Policy
from tumen.window.ledger import contingencies
from tumen.window.ledger.deferred import DeferredDesk
from tumen.window.ledger.log import NodeLog
from tumen.window.silence import ANSWERS, BY_SILENCE, SILENT, Silence


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking an authority once.

    Attributes:
        silence: what is known of it now.
        turn: what was done by itself.
        decided: of an end: status -> how many were decided.
    """

    silence: Silence
    turn: Turn | None = None
    decided: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListeningDesk:
    """Begins and ends contingencies by what is heard of an authority.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        economy: whose authority.
        office: that listens.
        after: how long the authority may be silent.
        policy: what the node has chosen, with the lists in force.
        clock: the recorded time.
        log: where the leaves go.
    """

    open_session: Callable[[], AbstractContextManager[Session]]
    economy: str
    office: str
    after: timedelta
    policy: Policy
    clock: Clock
    log: NodeLog

    def hear(self, silence: Silence, *, answers: bool) -> Heard:
        """Note whether the authority answers, and do what is due."""
        at = self.clock.now()
        with self.open_session() as session:
            begun_by = contingencies.begun_by(session, self.economy)
        known = silence.heard(at, answers=answers).noting(begun_by)
        turn = known.due(at, self.after, begun_by)
        if turn is Turn.BEGIN:
            with self.open_session() as session:
                contingencies.begin(session, self.log, self._officer, SILENT, at)
            return Heard(known.noting(BY_SILENCE), turn)
        if turn is Turn.END:
            return Heard(known, turn, self._ended())
        return Heard(known)

    @property
    def _officer(self) -> Officer:
        return Officer(self.economy, self.office, BY_SILENCE)

    def _ended(self) -> Counter[str]:
        """Decide what waited, round by round, each in a transaction of its own."""
        desk = DeferredDesk(self.open_session, self._officer, self.policy, self.clock, self.log)
        return desk.ended(ANSWERS)
