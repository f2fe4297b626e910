"""All that is recorded of a declaration which bears on what is asked for after its decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tumen.law.answer import Answer
from tumen.window.acts import Objection, Standing
from tumen.window.aftercare_asked import (
    NOTHING_CHANGED,
    AftercareAsked,
    AftercareEntry,
    Application,
    GoodsReturn,
    Reassessed,
)
from tumen.window.correction import ListDeclared, Native
from tumen.window.reassessment import Charged, Taken

CBEC = "cbec"
"""The one regime whose returns the law that is held knows."""


@dataclass(frozen=True, slots=True)
class Affair:
    """A declaration or shipment, and what happened to it.

    Attributes:
        standing: where it stands.
        sender: who lodged it.
        released_on: the day of its release for the law; None where it is not released.
        application: what was asked for and is not answered.
        open_returns: returns of which it is not recorded that the goods are back.
        is_returned: whether a return was ever granted and did not lapse.
        charged: what it was charged.
        goods: of a list, what it declares, as corrected.
        taken: of a list, what it and others take of the person's year.
        native: of a shipment, what it told, as corrected; None where it cannot be opened.
        ruling: of a shipment, what the law said of it last.
        returned: of a shipment, how much of each item came back, by its place from 0.
    """

    standing: Standing
    sender: str
    released_on: date | None = None
    application: Application | None = None
    open_returns: tuple[GoodsReturn, ...] = ()
    is_returned: bool = False
    charged: tuple[Charged, ...] = ()
    goods: ListDeclared | None = None
    taken: Taken = field(default_factory=Taken)
    native: Native | None = None
    ruling: Answer | None = None
    returned: Mapping[int, Fraction] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Whether it is a list (CEB 621); else a native shipment."""
        return self.goods is not None

    @property
    def is_cbec(self) -> bool:
        """Whether it was assessed as Chinese retail by e-commerce."""
        return self.is_list or (self.ruling is not None and self.ruling.regime == CBEC)


@dataclass(frozen=True, slots=True)
class Known:
    """A request that is recorded under a reference: its content and what it made."""

    content_hash: bytes
    event_id: int
    entry: AftercareEntry
    receipt: str | None


@dataclass(frozen=True, slots=True)
class AftercareJudged:
    """What becomes of what was asked for.

    Attributes:
        asked: what.
        affair: the declaration; None where there is none, or none of the asker's.
        entry: what is recorded; None where it is refused.
        status: the status that it leads to.
        changed: what changes of charges and allowance; of an application, what would.
        objections: why it is refused.
        doubts: parameters of the law that it rests on and nobody verified.
        known: what was recorded of the same request before.
    """

    asked: AftercareAsked
    affair: Affair | None
    entry: AftercareEntry | None = None
    status: str | None = None
    changed: Reassessed = NOTHING_CHANGED
    objections: tuple[Objection, ...] = ()
    doubts: tuple[str, ...] = ()
    known: Known | None = None

    @property
    def answer(self) -> str:
        """``accepted``, ``rejected``, ``duplicate``, or ``waiting`` where an officer must grant."""
        if self.known is not None:
            return "duplicate"
        if self.objections:
            return "rejected"
        is_waiting = self.entry in (
            AftercareEntry.CORRECTION_ASKED,
            AftercareEntry.RETURN_ASKED,
        )
        return "waiting" if is_waiting else "accepted"
