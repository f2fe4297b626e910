"""What is recorded of a declaration that bears on what is asked for after its decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import msgspec
import polars as pl
from cryptography.exceptions import InvalidTag

from tumen.law.answer import Answer
from tumen.law.native.told import decoded
from tumen.store.session import Session
from tumen.window.acts import Standing
from tumen.window.affair import Affair
from tumen.window.aftercare_asked import (
    AftercareEntry,
    AftercareStep,
    Application,
    GoodsReturn,
    stated_of,
)
from tumen.window.assessment import ITEM_COLUMNS
from tumen.window.correction import ListDeclared, Native, as_corrected, corrected_shipment
from tumen.window.ledger.balances import (
    allowance_of,
    balances,
    charge_balances,
    shipment_balances,
)
from tumen.window.ledger.counterparts import items_of_declarations
from tumen.window.privacy import NodeKeys, unseal
from tumen.window.reassessment import YUAN, Charged, Taken
from tumen.window.shipment_reading import ENVELOPE
from tumen.window.states import Status

_STEPS: Final = """
    SELECT e.event_id, e.status, e.legal_day, x.act, x.answers, x.stated, x.ruling,
           c.event_id IS NOT NULL AS is_decided
    FROM declaration_event e LEFT JOIN aftercare_entry x USING (event_id)
    LEFT JOIN decision c USING (event_id)
    WHERE e.document_id = %(document)s ORDER BY e.event_id
"""
_STEP_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "status": pl.String(),
        "legal_day": pl.Date(),
        "act": pl.String(),
        "answers": pl.Int64(),
        "stated": pl.String(),
        "ruling": pl.String(),
        "is_decided": pl.Boolean(),
    }
)
_GOODS_ARE_OUT: Final = (Status.RELEASED, Status.RETURNED)
_ASKED: Final = {
    AftercareEntry.CORRECTION_ASKED: AftercareStep.CORRECT,
    AftercareEntry.RETURN_ASKED: AftercareStep.RETURN,
}

Event = dict[str, Any]


def affair(session: Session, standing: Standing, kind: str, keys: NodeKeys) -> Affair:
    """All that is recorded of a declaration or shipment.

    Args:
        session: the recorder's, which reads all.
        standing: where it stands.
        kind: ``declaration`` or ``shipment``.
        keys: by which what a shipment told is opened.
    """
    steps = session.read(_STEPS, {"document": standing.document_id}, _STEP_SCHEMA).to_dicts()
    lived = _lived(steps, standing)
    read = _list if kind == "declaration" else _shipment
    return read(session, lived, steps, keys)


def _lived(steps: Sequence[Event], standing: Standing) -> Affair:
    """What its events tell: its release, what is asked for, what came back."""
    released_on, before = None, None
    waiting: list[GoodsReturn] = []
    back = 0
    for each in steps:
        if each["status"] not in _GOODS_ARE_OUT:
            released_on, waiting, back = None, [], 0
        elif released_on is None:
            released_on = each["legal_day"]
        if _is_return(each, before):
            waiting.append(GoodsReturn(each["event_id"], each["legal_day"]))
        elif each["act"] == AftercareEntry.GOODS_BACK:
            back, waiting = back + len(waiting), []
        elif each["act"] == AftercareEntry.RETURN_LAPSED:
            waiting = []
        before = each["status"]
    return Affair(
        standing, "", released_on, _application(steps), tuple(waiting),
        is_returned=bool(waiting or back),
    )  # fmt: skip


def _is_return(step: Event, before: str | None) -> bool:
    """Whether goods came back by an event: by a message of a list, or an entry of a shipment."""
    if step["act"] is not None:
        return bool(step["act"] == AftercareEntry.RETURN)
    is_step = before == Status.RELEASED and step["status"] in _GOODS_ARE_OUT
    return is_step and not step["is_decided"]


def _application(steps: Sequence[Event]) -> Application | None:
    answered = {each["answers"] for each in steps}
    for each in reversed(steps):
        if each["act"] in _ASKED and each["event_id"] not in answered:
            asked = _ASKED[AftercareEntry(each["act"])]
            return Application(each["event_id"], asked, stated_of(each["stated"]))
    return None


def _corrections(steps: Sequence[Event]) -> list[str | None]:
    return [each["stated"] for each in steps if each["act"] == AftercareEntry.CORRECTION]


# --- lists -------------------------------------------------------------------------------------

_LIST: Final = """
    SELECT document_id, sender, encode(uuid_send(buyer_index), 'hex') AS person, declared_on,
           freight, insurance
    FROM declaration WHERE document_id = %(document)s
"""
_LIST_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        **dict.fromkeys(("sender", "person", "declared_on"), pl.String()),
        **dict.fromkeys(("freight", "insurance"), pl.Int64()),
    }
)


def _list(session: Session, lived: Affair, steps: Sequence[Event], _keys: NodeKeys) -> Affair:
    number = lived.standing.document_id
    found = session.read(_LIST, {"document": number}, _LIST_SCHEMA)
    document = found["document_id"]
    day = pl.col("declared_on").str.to_date("%Y%m%d", strict=False)
    case = found.select(
        "document_id", "person", day.dt.year().alias("year"), day.alias("day"), "freight",
        "insurance",
    )  # fmt: skip
    items, charged = session.ask(items_of_declarations(document), charge_balances(document))
    lines = charged.drop("document_id").rows()
    return replace(
        lived,
        sender=found["sender"].item(),
        charged=tuple(Charged(p, code, YUAN, *amounts) for p, code, *amounts in lines),
        goods=as_corrected(ListDeclared(case, items.select(ITEM_COLUMNS)), _corrections(steps)),
        taken=_taken(session, case),
    )


def _taken(session: Session, case: pl.DataFrame) -> Taken:
    """What the list takes of its person's year, and what everything else takes."""
    held_by, all_years = session.ask(allowance_of(case["document_id"]), balances(case["person"]))
    held = int(held_by["held_fen"].sum())
    used = all_years.filter(pl.col("year") == case["year"].item())["balance_fen"].sum()
    return Taken(held, int(used) - held)


# --- shipments ---------------------------------------------------------------------------------

_SHIPMENT: Final = """
    SELECT s.sender, s.legal_day, encode(uuid_send(s.digest), 'hex') AS digest,
           encode(uuid_send(d.person), 'hex') AS person, d.sealed, k.wrapped, a.ruling
    FROM goods_shipment s JOIN shipment_assessment a USING (document_id)
    LEFT JOIN personal_data d USING (document_id)
    LEFT JOIN person_key k ON k.person = d.person AND k.batch_id = d.batch_id
    WHERE s.document_id = %(document)s
"""
_SHIPMENT_SCHEMA: Final = pl.Schema(
    {
        "sender": pl.String(),
        "legal_day": pl.Date(),
        "digest": pl.String(),
        "person": pl.String(),
        "sealed": pl.Binary(),
        "wrapped": pl.Binary(),
        "ruling": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What a shipment told, as it is held."""

    sealed: bytes | None
    wrapped: bytes | None
    person: str
    digest: str

    def opened(self, keys: NodeKeys) -> Native | None:
        """The fields of the law that it told; None where the person's key was destroyed."""
        if self.sealed is None or self.wrapped is None:
            return None
        try:
            text = unseal(
                self.sealed, self.wrapped, person=self.person, digest=self.digest, keys=keys
            )
        except InvalidTag:
            return None
        told = decoded(msgspec.json.decode(text)["native"])
        return {name: value for name, value in told.items() if name not in ENVELOPE}


def _shipment(session: Session, lived: Affair, steps: Sequence[Event], keys: NodeKeys) -> Affair:
    number = lived.standing.document_id
    found = session.read(_SHIPMENT, {"document": number}, _SHIPMENT_SCHEMA).row(0, named=True)
    held = _Sealed(*(found[name] for name in ("sealed", "wrapped", "person", "digest")))
    rulings = [found["ruling"], *(each["ruling"] for each in steps if each["ruling"])]
    document = pl.Series("document_id", [number], pl.Int64)
    charged = shipment_balances(session, document).drop("document_id").rows()
    return replace(
        lived,
        sender=found["sender"],
        charged=tuple(Charged(None, code, *amounts) for code, *amounts in charged),
        native=_native(held.opened(keys), found["legal_day"], steps),
        ruling=msgspec.json.decode(rulings[-1], type=Answer),
        returned=_returned(steps),
    )


def _native(told: Native | None, day: Any, steps: Sequence[Event]) -> Native | None:
    """What a shipment told of the day of its lodging, with its corrections."""
    if told is None:
        return None
    native = {**told, "date": day.isoformat()}
    for each in _corrections(steps):
        native, _ = corrected_shipment(native, stated_of(each))
    return native


def _returned(steps: Sequence[Event]) -> dict[int, Fraction]:
    """How much of each item came back and is not due again, by its place from 0."""
    back: dict[int, Fraction] = {}
    waiting: list[tuple[int, Fraction]] = []
    for each in steps:
        if each["act"] == AftercareEntry.RETURN:
            items = stated_of(each["stated"]).items
            waiting += [(item.item - 1, Fraction(item.quantity or "0")) for item in items]
        elif each["act"] == AftercareEntry.RETURN_LAPSED:
            waiting = []
        elif each["act"] == AftercareEntry.GOODS_BACK:
            _add(back, waiting)
            waiting = []
    _add(back, waiting)
    return back


def _add(back: dict[int, Fraction], quantities: Sequence[tuple[int, Fraction]]) -> None:
    for place, quantity in quantities:
        back[place] = back.get(place, Fraction(0)) + quantity
