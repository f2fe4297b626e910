"""What is asked for, and answered, after a declaration was decided: correction, return, revocation.

A filer asks with a reference of its own, an officer by an act. What is stated holds nothing
personal: the person of a declaration is never corrected.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import msgspec

from tumen.window.acts import Objection, Officer


class AftercareStep(StrEnum):
    """What one asks for, or does."""

    CORRECT = "correct"
    RETURN = "return"
    REVOKE = "revoke"
    GRANT = "grant"
    REFUSE = "refuse"
    GOODS_BACK = "goods_back"
    LAPSE = "lapse"


class AftercareEntry(StrEnum):
    """What became of it, as it stands in the facts."""

    CORRECTION = "correction"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_REFUSED = "correction_refused"
    RETURN = "return"
    RETURN_ASKED = "return_asked"
    RETURN_REFUSED = "return_refused"
    REVOCATION = "revocation"
    GOODS_BACK = "goods_back"
    RETURN_LAPSED = "return_lapsed"


WAITING: Final = {
    AftercareStep.CORRECT: AftercareEntry.CORRECTION_ASKED,
    AftercareStep.RETURN: AftercareEntry.RETURN_ASKED,
}
DONE: Final = {
    AftercareStep.CORRECT: AftercareEntry.CORRECTION,
    AftercareStep.RETURN: AftercareEntry.RETURN,
    AftercareStep.REVOKE: AftercareEntry.REVOCATION,
    AftercareStep.GOODS_BACK: AftercareEntry.GOODS_BACK,
    AftercareStep.LAPSE: AftercareEntry.RETURN_LAPSED,
}
REFUSED: Final = {
    AftercareStep.CORRECT: AftercareEntry.CORRECTION_REFUSED,
    AftercareStep.RETURN: AftercareEntry.RETURN_REFUSED,
}
OF_FILERS: Final = (AftercareStep.CORRECT, AftercareStep.RETURN, AftercareStep.REVOKE)
"""What a filer may ask for; an officer corrects too, and answers the rest."""

TRANSITION_OF: Final[Mapping[AftercareEntry, str]] = {
    AftercareEntry.CORRECTION: "correction",
    AftercareEntry.CORRECTION_ASKED: "application",
    AftercareEntry.RETURN_ASKED: "application",
    AftercareEntry.CORRECTION_REFUSED: "application_refused",
    AftercareEntry.RETURN_REFUSED: "application_refused",
    AftercareEntry.REVOCATION: "revocation",
    AftercareEntry.GOODS_BACK: "goods_back",
    AftercareEntry.RETURN_LAPSED: "return_lapsed",
}
"""By what each leads on in the one table; a return by whether everything has come back."""

TOLD: Final[Mapping[AftercareEntry, str]] = {
    AftercareEntry.CORRECTION: "AFTERCARE_CORRECTION",
    AftercareEntry.CORRECTION_ASKED: "AFTERCARE_CORRECTION_ASKED",
    AftercareEntry.CORRECTION_REFUSED: "AFTERCARE_CORRECTION_REFUSED",
    AftercareEntry.RETURN: "AFTERCARE_RETURN",
    AftercareEntry.RETURN_ASKED: "AFTERCARE_RETURN_ASKED",
    AftercareEntry.RETURN_REFUSED: "AFTERCARE_RETURN_REFUSED",
    AftercareEntry.GOODS_BACK: "AFTERCARE_GOODS_BACK",
    AftercareEntry.RETURN_LAPSED: "AFTERCARE_RETURN_LAPSED",
}
"""The code by which a notice tells the filer what happened; a revocation is its status."""


class ItemStated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is true of one goods item; what is not named stays as it was declared.

    Attributes:
        item: its place, counted from 1.
        hs: the commodity code.
        quantity: how much there is; of a return, how much came back.
        quantity_1: in the first legal unit, of a list.
        quantity_2: in the second legal unit, of a list.
        total_price: of the whole item, of a list, in yuan.
        unit_price: of one, of a shipment, in its currency.
        net_weight_kg: of a shipment's item.
        volume_l: of a shipment's item.
        origin: of a shipment's item.
        category: of a shipment's item.
    """

    item: int
    hs: str | None = None
    quantity: str | None = None
    quantity_1: str | None = None
    quantity_2: str | None = None
    total_price: str | None = None
    unit_price: str | None = None
    net_weight_kg: str | None = None
    volume_l: str | None = None
    origin: str | None = None
    category: str | None = None

    def named(self) -> dict[str, str]:
        """The fields that it names, without its place."""
        told: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in told.items() if name != "item"}


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is true instead of what was declared, or what came back.

    Attributes:
        freight: of the whole.
        insurance: of the whole.
        items: the goods items that are concerned.
    """

    freight: str | None = None
    insurance: str | None = None
    items: tuple[ItemStated, ...] = ()

    def to_json(self) -> str:
        """In one form, as it is recorded."""
        return msgspec.json.encode(self, order="sorted").decode()


NOTHING_STATED: Final = Stated()


def stated_of(recorded: str | None) -> Stated:
    """What was recorded as stated."""
    return NOTHING_STATED if recorded is None else msgspec.json.decode(recorded, type=Stated)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a filer, or an officer of an authority.

    Attributes:
        organisation: the sender of the declaration, or the office.
        officer: who acts for the authority; None where a filer asks.
    """

    organisation: str
    officer: Officer | None = None

    @property
    def authority(self) -> str | None:
        """The economy whose law the asker applies; None for a filer."""
        return None if self.officer is None else self.officer.authority


@dataclass(frozen=True, slots=True)
class AftercareAsked:
    """One thing that is asked for.

    Attributes:
        declaration: its number, or ``#`` and the number of its document.
        step: what is to be done.
        reason: why; officers and the filer read it.
        reference: the asker's own, once for each request; None for what an officer answers.
        stated: what is true, or what came back.
        basis: the act of law by which an officer gives back what was charged.
        happened_on: the day on which returned goods were back.
        seen_event: the last event that the asker saw; None does not ask.
    """

    declaration: str
    step: AftercareStep
    reason: str
    reference: str | None = None
    stated: Stated = NOTHING_STATED
    basis: str | None = None
    happened_on: date | None = None
    seen_event: int | None = None

    @property
    def why(self) -> str:
        """The reason as it is recorded and told: one line, whatever lines it was typed in."""
        return " ".join(self.reason.split())

    @property
    def ground(self) -> str | None:
        """The basis likewise; None where nothing is named."""
        return " ".join((self.basis or "").split()) or None

    @property
    def content_hash(self) -> bytes:
        """SHA-256 of all that it says, in one form."""
        said = (self.declaration, str(self.step), self.why, self.stated.to_json(), self.ground)
        return hashlib.sha256(msgspec.json.encode(said)).digest()


@dataclass(frozen=True, slots=True)
class Application:
    """What a filer asked for and no officer has answered.

    Attributes:
        event_id: the event that told of it.
        step: ``correct`` or ``return``.
        stated: what it stated.
    """

    event_id: int
    step: AftercareStep
    stated: Stated


@dataclass(frozen=True, slots=True)
class GoodsReturn:
    """A return that was granted, and of which it is not recorded yet that the goods are back."""

    event_id: int
    asked_on: date


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one charge changes.

    Attributes:
        position: the goods item, from 0; None for a shipment, whose charges are of the whole.
        code: the charge.
        currency: of all amounts.
        before_minor: what was due; None where that was unknown.
        after_minor: what is due now.
        amount_minor: the difference: a supplementary assessment, or below zero a refund.
        base_minor: on which it is charged now.
        rate: at which it is charged now, as a reader knows it; in millionths for a list.
    """

    position: int | None
    code: str
    currency: str
    before_minor: int | None
    after_minor: int
    amount_minor: int
    base_minor: int | None = None
    rate: str | None = None


@dataclass(frozen=True, slots=True)
class Reassessed:
    """What the law says of what is true, against what was charged.

    Attributes:
        differences: of the charges; those that stay as they are are left out.
        allowance_fen: by how much what the declaration takes of its person's year changes.
        assessment: of a list: verdict, customs_value_fen, used_before_fen; None for a shipment.
        ruling: of a shipment: the law's answer as JSON; None for a list.
        doubts: parameters that it rests on and nobody verified.
        objections: why it cannot be done.
    """

    differences: tuple[Difference, ...] = ()
    allowance_fen: int = 0
    assessment: Mapping[str, Any] | None = None
    ruling: str | None = None
    doubts: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()

    @property
    def gives_back(self) -> bool:
        """Whether money or allowance is given back, which an officer must grant."""
        return self.allowance_fen < 0 or any(each.amount_minor < 0 for each in self.differences)


NOTHING_CHANGED: Final = Reassessed()
