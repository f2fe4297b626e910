"""Clears documents through a real database, for tests: what was answered, where things stand."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import psycopg

from tumen.bootstrap import known_codes
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.kernel.clock import FixedClock
from tumen.simulation.goods import reference_prices
from tumen.store.database import Database
from tumen.trust.signer import KeySigner, MemorySecret
from tumen.window import ledger
from tumen.window.decision import Policy
from tumen.window.desk import Desk
from tumen.window.ledger.log import NodeLog
from tumen.window.parties import PartyIndex
from tumen.window.positive_list import NO_POSITIVE_LIST, PositiveList
from tumen.window.prepare import Preparation
from tumen.window.privacy import NodeKeys
from tumen.window.recording import Outcome
from tumen.window.screening import ScreeningLists
from tumen.window.signatures import MessageSignatures
from tumen.window.tally import Tally

KEYS = NodeKeys(b"i" * 32, b"s" * 32)
CLOCK = FixedClock(datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC))
NO_PARTIES = PartyIndex.build(
    pl.DataFrame(schema=dict.fromkeys(("name", "list_name", "entry_id"), pl.String))
)
PRICES = pl.DataFrame(
    reference_prices()[1:], schema=list(reference_prices()[0]), orient="row"
).with_columns(pl.col("low_fen", "high_fen").cast(pl.Int64))


SIGNER = KeySigner("tests.example/log", MemorySecret.from_seed(b"l" * 32))
SIGNING = ledger.Signing(SIGNER.name, SIGNER.secret, KEYS.sealing)


def node_log(database: Database) -> NodeLog:
    """The log of a test database, begun where there is none."""
    with database.session() as session:
        return ledger.opened_log(session, SIGNING, CLOCK.now())


@dataclass
class Clearing:
    """A node on a test database.

    Attributes:
        database: where it records.
        sender: who lodges.
        seed: of the random selection.
        positive_list: the goods that may be imported as CBEC.
        guarantee_must_suffice: whether goods wait until their guarantee suffices.
        tolerance_fen: by how much totals may miss their parts.
        answers: order number -> (kind, answer) -> rows.
        status: order number -> the status of its declaration, as the events have it.
        tally: the counts of the run.
        outcomes: all outcomes, in order.
    """

    database: Database
    sender: str = "tests"
    seed: str = "tests"
    payer_must_be_buyer: bool = True
    positive_list: PositiveList = NO_POSITIVE_LIST
    guarantee_must_suffice: bool = False
    tolerance_fen: int = 0
    signatures: MessageSignatures = field(default_factory=MessageSignatures)
    answers: dict[str, Counter[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    tally: Tally = field(default_factory=Tally)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def preparation(self) -> Preparation:
        return Preparation(
            self.sender, KEYS, known_codes(), NO_PARTIES, CLOCK, tolerance_fen=self.tolerance_fen
        )

    @property
    def policy(self) -> Policy:
        return Policy(
            self.payer_must_be_buyer, self.seed, ScreeningLists(PRICES), self.positive_list,
            self.guarantee_must_suffice,
        )  # fmt: skip

    def files(self, *paths: Path, documents_max: int = 16_384) -> None:
        """Clear files and folders."""
        with self.database.connect() as connection:
            log = node_log(self.database)
            desk = Desk(connection.transaction, self.policy, CLOCK, log)
            for texts in read(find(list(paths)), None, documents_max, self.signatures):
                for outcome in desk.receive(self.preparation.prepare(texts)):
                    self._note(outcome)

    def documents(
        self, documents: Iterable[dict[str, Any]], folder: Path, documents_max: int = 16_384
    ) -> None:
        """Clear native documents by way of a file in ``folder``."""
        file = folder / f"documents-{len(list(folder.iterdir())):05}.ndjson"
        file.write_text("".join(json.dumps(line) + "\n" for line in documents), encoding="utf-8")
        self.files(file, documents_max=documents_max)

    def _note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.tally.add(outcome)
        for number, kind, answer in outcome.answers.select(
            "order_number", "kind", "answer"
        ).iter_rows():
            self.answers[number][kind, answer] += 1

    def receipts(self) -> list[str]:
        """All receipts, in the order of the rows."""
        return [body for outcome in self.outcomes for body in outcome.answers["receipt"]]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every answer."""
        for outcome in self.outcomes:
            yield from outcome.answers.iter_rows(named=True)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with psycopg.connect(self.database.url) as connection:
            return connection.execute(sql).fetchall()

    def status(self) -> dict[str, str]:
        """Key -> the status of the declaration, as its last event has it."""
        return dict(
            self.query(
                """SELECT DISTINCT ON (d.key) d.key, e.status FROM declaration d
                   JOIN declaration_event e USING (document_id)
                   WHERE e.status <> 'replaced' ORDER BY d.key, e.event_id DESC"""
            )
        )
