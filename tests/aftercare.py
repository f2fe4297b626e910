"""A node whose declarations are corrected, returned and revoked, for tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from lodging import one

from clearing import CLOCK, KEYS, Clearing, node_log
from tumen.kernel.clock import FixedClock
from tumen.window.acts import Officer
from tumen.window.aftercare_asked import AftercareAsked, AftercareStep, Asker, ItemStated, Stated
from tumen.window.ledger.aftercare import AftercareDesk, AftercareDone


@dataclass
class Office:
    """A node with goods to correct, each test under references of its own."""

    clearing: Clearing
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def lodged(self, **fields: Any) -> str:
        """A shipment that was lodged: its handle."""
        (number,) = self.lodged_all([fields])
        return number

    def lodged_all(self, told: Sequence[dict[str, Any]]) -> list[str]:
        """Shipments that were lodged together: their handles."""
        named = [(f"S-{next(self.numbers)}", fields) for fields in told]
        self.clearing.documents([one(name, **fields) for name, fields in named], self.folder)
        known = dict(self.clearing.query("SELECT own_reference, document_id FROM goods_shipment"))
        return [f"#{known[name]}" for name, _ in named]

    def ask(
        self, declaration: str, step: AftercareStep, *, at: datetime = CLOCK.at, **more: Any
    ) -> AftercareDone:
        officer = more.pop("officer", None)
        asker = Asker("tests" if officer is None else officer.organisation, officer)
        if officer is None or step is AftercareStep.CORRECT:
            more.setdefault("reference", f"C-{next(self.numbers)}")
        asked = AftercareAsked(declaration, step, more.pop("reason", "a slip of the pen"), **more)
        database = self.clearing.database
        desk = AftercareDesk(database.session, asker, FixedClock(at), node_log(database), KEYS)
        return desk.ask(asked)

    def sums(self, declaration: str) -> dict[str, int]:
        """What is due on a shipment, by code."""
        return dict(
            self.clearing.query(
                f"""SELECT c.code, sum(c.amount_minor)::bigint FROM shipment_charge c
                    JOIN declaration_event e USING (event_id)
                    WHERE e.document_id = {declaration[1:]} GROUP BY 1"""  # noqa: S608
            )
        )

    def status(self, declaration: str) -> str:
        query = f"""SELECT status FROM declaration_event WHERE document_id = {declaration[1:]}
                    ORDER BY event_id DESC LIMIT 1"""  # noqa: S608
        return str(self.clearing.query(query)[0][0])


def officer(economy: str = "KR") -> Officer:
    return Officer(economy, f"customs of {economy}", "officer-7")


def codes(done: AftercareDone) -> list[str]:
    return [each.code for each in done.judged.objections]


def item(**named: Any) -> Stated:
    return Stated(items=(ItemStated(1, **named),))
