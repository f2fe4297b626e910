"""Leaves: from the rows that a batch leaves to the statements that stand in the log. Pure.

A row is its line in COPY's text format, a leaf's *facts* the hash of its rows, table by table in
the order of :data:`DOCUMENT`, :data:`EVENT`, … and in the order of the primary key (ADR 6). The
road takes the lines as they are copied; the audit takes the same lines as the server gives them
back, so that both run the same code.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from io import BytesIO
from itertools import repeat
from typing import Any, Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.trust import statement
from tumen.trust.statement import (
    ArtefactStatement,
    BatchStatement,
    DocumentStatement,
    EventStatement,
    ListStatement,
)
from tumen.window.books import Stamp
from tumen.window.facts import TABLES

HEADS: Final[Mapping[str, str]] = {
    **{table: str(kind) for kind, table in TABLES.items()},
    "journey_event": "journey_event",
    "journey_carrier": "journey_carrier",
    "examination_entry": "examination_entry",
    **{name: name for name in ("bill", "bill_statement", "guarantee_entry")},
}
"""Tables of documents, by the kind that their statements name."""

REFUSAL: Final = "refusal"
FOUND: Final = "document_violation"
PERSON_KEY: Final = "person_key"
ERASED_KEY: Final = "erased_key"
PERSON_STEP: Final = "person_step"
CONTINGENCY: Final = "contingency_entry"

ITEMS: Final = (
    *(
        f"{TABLES[kind]}_item"
        for kind in (Kind.ORDER, Kind.DECLARATION, Kind.RETURN, Kind.SHIPMENT)
    ),
    "bill_item",
)
DOCUMENT: Final = (
    "personal_data", *ITEMS, *HEADS, REFUSAL, FOUND, "declaration_number",
)  # fmt: skip
EVENT: Final = (
    "declaration_event", "assessment", "charge", "allowance_entry", "shipment_assessment",
    "shipment_charge", "decision", "aftercare_entry",
)  # fmt: skip
BATCH: Final = ("batch", FOUND, PERSON_KEY)
LIST: Final = ("list", "list_party", "reference_price", "listed_code")
ARTEFACT: Final = ("log_artefact", "log_origin", ERASED_KEY, PERSON_STEP, CONTINGENCY)

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*HEADS, REFUSAL, "personal_data"), ("document_id",)),
    **dict.fromkeys((*ITEMS, FOUND), ("document_id", "position")),
    "declaration_number": ("document_id",),
    **dict.fromkeys(EVENT, ("event_id",)),
    "charge": ("event_id", "position", "code"),
    "shipment_charge": ("event_id", "code"),
    "batch": ("batch_id",),
    PERSON_KEY: ("batch_id", "person"),
    "list": ("list_id",),
    "list_party": ("list_id", "entry_id", "name"),
    "reference_price": ("list_id", "hs_code", "unit"),
    "listed_code": ("list_id", "hs_code"),
    "log_artefact": ("artefact_id",),
    "log_origin": ("origin_id",),
    ERASED_KEY: ("artefact_id", "person", "batch_id"),
    PERSON_STEP: ("artefact_id",),
    CONTINGENCY: ("artefact_id",),
}
"""By what the rows of a leaf are in order; texts by their bytes."""

EXEMPT: Final[Mapping[str, str]] = {
    "migration": "is checked against the program's own files whenever a store is opened",
    "node_keys": "is checked against the node's keys whenever a node is opened",
    "log_append": "is the log itself: derived again by the audit",
    "log_tile": "is the log itself: derived again by the audit",
    "log_cosignature": "comes after the leaves; each line is a signature of its own",
    "bill_run": "says how far runs have looked; the bills that they made are facts of their own",
    "guarantee_use": "is a sum of charges, each of which is under the leaf of its event",
    "activity_count": "is a count of events, each of which has its own leaf",
    "witness_log": "is of other nodes' logs: whom this node witnesses",
    **dict.fromkeys(
        ("submission", "submission_end"),
        "says where the answers to a submission are found; its documents have their own leaves",
    ),
    "witness_checkpoint": "is of other nodes' logs: each note is signed by its log",
    **dict.fromkeys(
        (
            "organisation_entry",
            "api_key",
            "api_key_end",
            "key_use",
            "account_entry",
            "account_secret",
            "account_identity",
            "account_session",
            "account_session_end",
            "sign_in_attempt",
            "totp_use",
            "webhook",
            "webhook_end",
            "webhook_turn",
            "person_pass",
            "person_pass_end",
            "person_look",
        ),
        "says who may ask, and is no fact of trade; each entry names who made it",
    ),
    **dict.fromkeys(
        ("ticket", "ticket_key", "ticket_message", "ticket_end", "ticket_route"),
        "is what was asked and answered, and is no fact of trade; it is forgotten in time",
    ),
}
"""Tables under no leaf, and why."""

_BEYOND_DOCUMENTS: Final = 1 << 63
"""Above any document: in a batch without documents all findings are of earlier ones."""

HeadFacts = tuple[str | None, bytes | None, str, int | None, bytes]
"""Of a document: kind, content hash, answer, status, hash of the receipt."""

EventFacts = tuple[int, str, str | None, date, bytes | None]
"""Of an event: document, status, lane, day, hash of the receipt."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaves of one append, in their order.

    Attributes:
        kind: ``batch``, ``list`` or ``artefact``.
        subject: its number.
        first_document: of the documents; 0 where there is none.
        documents: how many of the leaves are documents', which come first.
        first_event: of the events; 0 where there is none.
        events: how many are events', which come next.
        statements: what each leaf says.
        facts: the hash of each leaf's rows, 32 bytes each.
    """

    kind: str
    subject: int
    first_document: int
    documents: int
    first_event: int
    events: int
    statements: Sequence[bytes]
    facts: bytes


def prefixed(table: str, text: bytes) -> list[bytes]:
    """The lines of a table as they are hashed: its name, a tab, the line, a newline."""
    prefix = table.encode() + b"\t"
    return [prefix + line for line in BytesIO(text)]


def key_line(line: bytes) -> bytes:
    """What stands for the line of a person's key: its hash, which an erasure leaves behind."""
    return _stood(line_hash(line.partition(b"\t")[2].removesuffix(b"\n")))


def line_hash(line: bytes) -> bytes:
    """SHA-256 of a row of ``person_key`` as it is copied, with its newline, in hexadecimal."""
    return sha256(line + b"\n").hexdigest().encode()


def _stood(line_hash: bytes) -> bytes:
    return b"person_key\t" + line_hash + b"\n"


def _persons(keys: list[bytes], erased: list[bytes]) -> list[bytes]:
    """What stands for the keys of a batch's persons, those that were destroyed among them."""
    persons = [(line.split(b"\t", 2)[1], key_line(line)) for line in keys]
    for line in erased:
        _, _, person, _, line_hash = line.rstrip(b"\n").split(b"\t")
        persons.append((person, _stood(line_hash.removeprefix(b"\\\\x"))))
    return [line for _, line in sorted(persons)]


@dataclass(slots=True)
class WaveLeaves:
    """Takes the rows of one wave, table by table, and gives its leaves.

    Attributes:
        batch_id: the batch.
        first_document: the number of its first document.
        documents: how many documents it records.
        first_event: the number of its first event.
    """

    batch_id: int
    first_document: int
    documents: int
    first_event: int
    _heads: "dict[int, HeadFacts]" = field(default_factory=dict)
    _events: "dict[int, EventFacts]" = field(default_factory=dict)
    _of_documents: list[Any] = field(default_factory=list)
    _of_events: list[Any] = field(default_factory=list)
    _of_batch: dict[str, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._of_documents = [sha256() for _ in range(self.documents)]

    def taker(self, table: str, frame: pl.DataFrame) -> Callable[[bytes], None]:
        """What is to be given the text of a table's rows."""
        return lambda text: self.take(table, frame, text)

    def take(self, table: str, frame: pl.DataFrame, text: bytes) -> None:
        """Take the rows that were copied to a table, in the order of its key."""
        if table in HEADS:
            self._heads.update(head_facts(HEADS[table], frame))
        elif table == REFUSAL:
            self._heads.update(refusal_facts(frame))
        elif table == "declaration_event":
            self._events.update(event_facts(frame))
            self._of_events = [sha256() for _ in range(frame.height)]
        lines = prefixed(table, text)
        if table in EVENT:
            _update(self._of_events, self.first_event, frame["event_id"].to_list(), lines)
        elif table in (BATCH[0], PERSON_KEY):
            self._of_batch[table] = lines
        else:
            self._take_documents(table, frame["document_id"].to_list(), lines)

    def _take_documents(self, table: str, numbers: list[int], lines: list[bytes]) -> None:
        """Rows of this wave's documents; what it found against earlier ones is the batch's."""
        first = self.first_document if self.documents else _BEYOND_DOCUMENTS
        if table == FOUND and min(numbers) < first:
            placed = list(zip(numbers, lines, strict=True))
            earlier = [(number, line) for number, line in placed if number < first]
            earlier.sort(key=lambda pair: pair[0])  # stable: positions stay in order
            self._of_batch[FOUND] = [line for _, line in earlier]
            placed = [pair for pair in placed if pair[0] >= first]
            numbers, lines = [pair[0] for pair in placed], [pair[1] for pair in placed]
        _update(self._of_documents, self.first_document, numbers, lines)

    def leaves(self) -> Leaves:
        """The leaves, once all rows are taken."""
        hashes = [each.digest() for each in (*self._of_documents, *self._of_events)]
        hashes.append(batch_facts(self._of_batch))
        documents, events = len(self._of_documents), len(self._of_events)
        last_document = self.first_document + documents
        heads = [self._heads[number] for number in range(self.first_document, last_document)]
        numbers = range(self.first_event, self.first_event + events)
        steps = [self._events[number] for number in numbers]
        statements = [
            *_documents(range(self.first_document, last_document), heads, hashes),
            *_events(numbers, steps, hashes[documents:]),
            *statement.encode(BatchStatement, [self.batch_id], hashes[-1:]),
        ]
        first_event = self.first_event if events else 0
        return Leaves(
            "batch", self.batch_id, self.first_document, documents, first_event, events,
            statements, b"".join(hashes),
        )  # fmt: skip


def _update(hashes: list[Any], first: int, numbers: Iterable[int], lines: Iterable[bytes]) -> None:
    for number, line in zip(numbers, lines, strict=True):
        hashes[number - first].update(line)


def batch_facts(lines: Mapping[str, list[bytes]]) -> bytes:
    """The facts of a batch: each table's lines with its name before them."""
    hashed = sha256()
    for table in BATCH:
        rows = lines.get(table, [])
        if table == PERSON_KEY:
            rows = _persons(rows, lines.get(ERASED_KEY, []))
        hashed.update(b"".join(rows))
    return hashed.digest()


def _documents(
    numbers: Sequence[int], heads: Sequence[HeadFacts], hashes: Sequence[bytes]
) -> Iterator[bytes]:
    if not numbers:
        return iter(())
    kinds, contents, answers, statuses, receipts = zip(*heads, strict=True)
    columns = (kinds, contents, answers, statuses, receipts, hashes[: len(numbers)])
    return iter(statement.encode(DocumentStatement, numbers, *columns))


def _events(
    numbers: Sequence[int], steps: Sequence[EventFacts], hashes: Sequence[bytes]
) -> Iterator[bytes]:
    if not numbers:
        return iter(())
    documents, statuses, lanes, days, receipts = zip(*steps, strict=True)
    columns = (documents, statuses, lanes, days, receipts, hashes[: len(numbers)])
    return iter(statement.encode(EventStatement, numbers, *columns))


def _hash_of(text: str | None) -> bytes | None:
    return None if text is None else sha256(text.encode()).digest()


def head_facts(kind: str, frame: pl.DataFrame) -> Iterator[tuple[int, HeadFacts]]:
    """What the statements say of documents: by their number."""
    names = ("document_id", "content_hash", "answer", "status", "receipt")
    numbers, contents, answers, statuses, receipts = (frame[name].to_list() for name in names)
    hashes = [sha256(receipt.encode()).digest() for receipt in receipts]
    return zip(numbers, zip(repeat(kind), contents, answers, statuses, hashes), strict=True)


def refusal_facts(frame: pl.DataFrame) -> Iterator[tuple[int, HeadFacts]]:
    """What the statements say of rows that could not be read as documents."""
    for number, receipt in frame.select("document_id", "receipt").iter_rows():
        yield number, (None, None, "rejected", None, sha256(receipt.encode()).digest())


def event_facts(frame: pl.DataFrame) -> Iterator[tuple[int, EventFacts]]:
    """What the statements say of events."""
    names = ("event_id", "document_id", "status", "lane", "legal_day", "receipt")
    numbers, documents, statuses, lanes, days, receipts = (frame[name].to_list() for name in names)
    hashes = map(_hash_of, receipts)
    return zip(numbers, zip(documents, statuses, lanes, days, hashes, strict=True), strict=True)


def wave_leaves(answers: pl.DataFrame, stamp: Stamp) -> WaveLeaves | None:
    """A taker for a wave; None where it records nothing.

    Args:
        answers: answer and document_id.
        stamp: its batch and first event.
    """
    recorded = answers["document_id"].filter(answers["answer"] != "duplicate")
    if recorded.is_empty():
        return None
    first = int(recorded.item(0))
    return WaveLeaves(stamp.batch_id, first, recorded.len(), stamp.first_event)


def single(kind: str, number: int, rows: Sequence[tuple[str, bytes]], *said: Any) -> Leaves:
    """The one leaf of a list or an artefact.

    Args:
        kind: ``list`` or ``artefact``.
        number: which.
        rows: each table with its text, in the order of the leaf's tables.
        said: what an artefact's statement says beside: its kind and the hash of its content.
    """
    hashed = sha256(b"".join(line for table, text in rows for line in prefixed(table, text)))
    form: type[statement.Statement] = ListStatement if kind == "list" else ArtefactStatement
    columns: list[Sequence[Any]] = [[value] for value in (number, *said, hashed.digest())]
    told = statement.encode(form, *columns)
    return Leaves(kind, number, 0, 0, 0, 0, told, hashed.digest())
