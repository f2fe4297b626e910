"""The audit: every leaf is derived again from the database, and compared with what was signed.

1. The appends of a log follow one another without gaps.
2. The rows of the facts are read as the server copies them out; each belongs to one leaf.
3. Facts, statement and salt give the commitment that stands in the append.
4. The leaves give the full tiles and the root of every checkpoint, and the log's key signed it.
   So each checkpoint is consistent with all later ones: one tree grows through them all.

What it cannot see: whether rows, appends and checkpoints at the end were removed together. That
is told only by a checkpoint that lies elsewhere (:func:`against`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES
from tumen.store.session import Session
from tumen.trust import note, statement
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.note import VerifierKey
from tumen.trust.published import head_of
from tumen.trust.statement import (
    ArtefactStatement,
    BatchStatement,
    DocumentStatement,
    EventStatement,
    ListStatement,
    Statement,
)
from tumen.trust.tree import Edge, edge_at, grow, leaf_hashes, root
from tumen.window.books import LATER_POSITIONS
from tumen.window.leaves import (
    ARTEFACT,
    BATCH,
    DOCUMENT,
    EVENT,
    FOUND,
    HEADS,
    LIST,
    PERSON_KEY,
    REFUSAL,
    batch_facts,
)
from tumen.window.ledger import appends
from tumen.window.ledger.appends import HIGHEST, LOWEST, Append
from tumen.window.ledger.log import Origin, read_tile, salts

_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)
_SIGNS: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
ROWS_NAMED: Final = 6
"""Rows of a leaf that a finding names, where any of them may be the one."""

Row = tuple[str, bytes]
"""A table and a line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit.

    Attributes:
        code: CHANGED, DELETED, INSERTED, … in capitals.
        where: the row or rows, or the part of the log.
        told: what is wrong, in plain words.
    """

    code: str
    where: str
    told: str


@dataclass(slots=True)
class Audit:
    """Audits one log of a node.

    Attributes:
        session: reads the store; repeatable, so that all is of one moment.
        origin: the log.
        following: the log after it, if there is one.
        keys: the public keys that the log is and was signed with.
        salting: the key of its salts.
    """

    session: Session
    origin: Origin
    following: Origin | None
    keys: Sequence[VerifierKey]
    salting: bytes = field(repr=False)
    leaves: int = 0
    _edge: Edge = field(default_factory=Edge)
    _tiles: int = 0
    _names: dict[str, list[str]] = field(default_factory=dict)
    _until: dict[str, int] = field(default_factory=dict)

    def run(self) -> Iterator[Finding | int]:
        """Findings as they are made, and the leaves of each part once it is done."""
        self._names = appends.columns(self.session, [*HEADS, REFUSAL, EVENT[0], FOUND])
        first = self.origin
        self._until = {
            "document": _below(first.first_document), "event": _below(first.first_event),
            "batch": _below(first.first_batch), "list": _below(first.first_list),
            "artefact": _below(first.first_artefact),
        }  # fmt: skip
        waiting: list[Append] = []
        for part in appends.parts(self.session, self.origin.number):
            if waiting:
                yield from self._part(waiting, is_last=False)
            waiting = part
        yield from self._part(waiting, is_last=True)
        if appends.tiles(self.session, self.origin.number) != self._tiles:
            yield Finding("TILES_WRONG", "log_tile", "it has tiles that the leaves do not make")

    def _part(self, part: list[Append], *, is_last: bool) -> Iterator[Finding | int]:
        rows = self._rows(part, is_last=is_last)
        for each in part:
            yield from self._append(each, rows)
        for _, left in sorted(rows.items()):
            told = f"it is under no leaf of {self.origin.name}"
            yield from (Finding("INSERTED", _named(row), told) for row in left[:1])
        yield sum(each.leaves for each in part)

    # --- rows ----------------------------------------------------------------------------------

    def _rows(self, part: list[Append], *, is_last: bool) -> "dict[tuple[str, int], list[Row]]":
        """All rows of the part's leaves, by leaf, in the order of tables and keys."""
        rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
        bounds = {
            what: self._bounds(part, what, is_last=is_last)
            for what in ("document", "event", "batch", "list", "artefact")
        }
        batch_of = {
            number: each.subject
            for each in part
            if each.kind == "batch"
            for number in range(each.first_document, each.first_document + each.documents)
        }
        for table in DOCUMENT:
            for line in appends.rows(self.session, table, "document_id", *bounds["document"]):
                number = _number(line)
                if table != FOUND or self._is_own(line, batch_of.get(number)):
                    rows["document", number].append((table, line))
        for table in EVENT:
            for line in appends.rows(self.session, table, "event_id", *bounds["event"]):
                rows["event", _number(line)].append((table, line))
        self._batch_rows(rows, bounds["batch"])
        for what, tables in (("list", LIST), ("artefact", ARTEFACT)):
            for table in tables:
                for line in appends.rows(self.session, table, f"{what}_id", *bounds[what]):
                    rows[what, _number(line)].append((table, line))
        return rows

    def _batch_rows(
        self, rows: "dict[tuple[str, int], list[Row]]", bounds: tuple[int, int]
    ) -> None:
        firsts: dict[int, int] = {}
        for line in appends.rows(self.session, "batch", "batch_id", *bounds):
            rows["batch", _number(line)].append(("batch", line))
        for line in appends.rows(
            self.session, FOUND, "batch_id", *bounds, f"position >= {LATER_POSITIONS}"
        ):
            batch = int(line.rpartition(b"\t")[2])
            if batch not in firsts:
                firsts[batch] = self._first_document(batch)
            if not firsts[batch] or _number(line) < firsts[batch]:
                rows["batch", batch].append((FOUND, line))
        for line in appends.rows(self.session, PERSON_KEY, "batch_id", *bounds):
            rows["batch", int(line.split(b"\t")[1])].append((PERSON_KEY, line))

    def _first_document(self, batch: int) -> int:
        found = self.session.text(
            f"""SELECT first_document FROM log_append WHERE kind = 'batch' AND subject = {batch:d}
                AND origin_id = {self.origin.number:d}"""  # noqa: S608 - numbers
        )
        return int(found or 0)

    @staticmethod
    def _is_own(line: bytes, batch: int | None) -> bool:
        """Whether a finding is the document's leaf's: all but those that later batches made."""
        found_by = line.rpartition(b"\t")[2]
        is_later = int(line.split(b"\t", 2)[1]) >= LATER_POSITIONS and found_by != b"\\N"
        return batch is None or not is_later or int(found_by) <= batch

    def _bounds(self, part: list[Append], what: str, *, is_last: bool) -> tuple[int, int]:
        """The numbers that fall to this part: from where the last one ended to where it ends."""
        low = self._until[what]
        ends = [end for each in part if (end := _end(each, what)) is not None]
        high = max([low - 1, *ends])
        if is_last:
            following = self.following
            high = HIGHEST if following is None else getattr(following, f"first_{what}") - 1
        self._until[what] = high + 1
        return low, high

    # --- leaves --------------------------------------------------------------------------------

    def _append(
        self, each: Append, rows: "dict[tuple[str, int], list[Row]]"
    ) -> Iterator[Finding | int]:
        place = f"log_append at leaf {each.first_leaf}"
        if each.first_leaf != self._edge.size or not _is_sound(each):
            yield Finding("APPEND_WRONG", place, "its leaves do not follow those before it")
            return
        names = [*_leaf_names(each)]
        salted = salts(self.salting, each.first_leaf, each.leaves)
        for place_of, name in enumerate(names):
            at = slice(place_of * HASH_BYTES, (place_of + 1) * HASH_BYTES)
            found = rows.pop(name, [])
            finding = self._leaf(name, found, (salted[at], each.commitments[at], each.facts[at]))
            if finding is not None:
                yield finding
        entries = [
            each.commitments[at : at + HASH_BYTES]
            for at in range(0, len(each.commitments), HASH_BYTES)
        ]
        grown = grow(self._edge, leaf_hashes(entries))
        for tile in grown.tiles:
            self._tiles += 1
            stored = appends.stored_tile(self.session, each.origin, tile.level, tile.index)
            if stored != (tile.hashes, tile.root):
                name_of = f"log_tile {tile.level}/{tile.index}"
                yield Finding("TILES_WRONG", name_of, "it is not what the leaves make")
        self._edge = grown.edge
        self.leaves += each.leaves
        yield from self._checkpoint(each, grown.root)

    def _checkpoint(self, each: Append, computed: bytes) -> Iterator[Finding]:
        where = f"the checkpoint of {each.size} leaves"
        try:
            signed = note.parse(each.checkpoint)
            signed.verified_by(self.keys)
            head = Checkpoint.parse(signed.text)
        except VerificationError as error:
            yield Finding("CHECKPOINT_WRONG", where, f"it cannot be believed: {error}")
            return
        if head != Checkpoint(self.origin.name, each.size, computed):
            yield Finding("CHECKPOINT_WRONG", where, "the leaves do not give the root it signs")

    def _leaf(
        self, name: tuple[str, int], rows: list[Row], held: tuple[bytes, bytes, bytes]
    ) -> Finding | None:
        """What is wrong with one leaf, if anything."""
        salt, commitment, facts = held
        computed = _facts(name[0], rows)
        told = self._statement(name, rows, computed)
        if computed == facts and told is not None:
            if statement.commitment(salt, told) == commitment:
                return None
            told_of = "its rows are as they were; its commitment in the log was changed"
            return Finding("COMMITMENT_WRONG", f"log_append, {name[0]} {name[1]}", told_of)
        if told is not None and statement.commitment(salt, told) == commitment:
            told_of = "its rows are as they were; the hash of them in the log was changed"
            return Finding("APPEND_WRONG", f"log_append, {name[0]} {name[1]}", told_of)
        return self._diagnosed(name, rows, facts)

    def _diagnosed(self, name: tuple[str, int], rows: list[Row], facts: bytes) -> Finding:
        """Which row it was, as far as the hash of all of them together can tell."""
        for place, row in enumerate(rows):
            if _facts(name[0], rows[:place] + rows[place + 1 :]) == facts:
                return Finding("INSERTED", _named(row), "it was not there when its leaf was made")
        heads = {"document": {*HEADS, REFUSAL}, "event": {EVENT[0]}, "batch": {"batch"},
                 "list": {"list"}, "artefact": {"log_artefact"}}[name[0]]  # fmt: skip
        if not any(table in heads for table, _ in rows):
            return Finding("DELETED", f"{name[0]} {name[1]}", "its own row is no longer there")
        positions: dict[str, list[int]] = defaultdict(list)
        for table, line in rows:
            if table.endswith("_item") or (table == FOUND and name[0] == "document"):
                positions[table].append(int(line.split(b"\t")[1]))
        for table, found in positions.items():
            absent = sorted({*range(len(found))} - {*found})
            if absent and found[-1] < LATER_POSITIONS:
                where = f"{table} {name[1]}, position {absent[0]}"
                return Finding("DELETED", where, "it is no longer there")
        named = ", ".join(map(_named, rows[:ROWS_NAMED]))
        more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
        return Finding("CHANGED", f"{name[0]} {name[1]}",
                       f"a row of it was changed or deleted; there are: {named}{more}")  # fmt: skip

    def _statement(self, name: tuple[str, int], rows: list[Row], facts: bytes) -> bytes | None:
        """What the leaf says, by the rows that are there now; None where they can say nothing."""
        try:
            return statement.to_bytes(self._said(name, rows, facts))
        except (VerificationError, ValueError, LookupError, StopIteration, TypeError):
            return None

    def _said(self, name: tuple[str, int], rows: list[Row], facts: bytes) -> Statement:
        what, number = name
        if what == "document":
            table, line = next(row for row in rows if row[0] in HEADS or row[0] == REFUSAL)
            value = dict(zip(self._names[table], line.split(b"\t"), strict=True))
            receipt = sha256(_plain(value["receipt"])).digest()
            if table == REFUSAL:
                return DocumentStatement(number, None, None, "rejected", None, receipt, facts)
            content = bytes.fromhex(value["content_hash"][3:].decode())
            answer, status = value["answer"].decode(), int(value["status"])
            kind = HEADS[table]
            return DocumentStatement(number, kind, content, answer, status, receipt, facts)
        if what == "event":
            line = next(line for table, line in rows if table == EVENT[0])
            value = dict(zip(self._names[EVENT[0]], line.split(b"\t"), strict=True))
            lane = None if value["lane"] == b"\\N" else value["lane"].decode()
            answered = value["receipt"] != b"\\N"
            return EventStatement(
                number, int(value["document_id"]), value["status"].decode(), lane,
                date.fromisoformat(value["legal_day"].decode()),
                sha256(_plain(value["receipt"])).digest() if answered else None, facts,
            )  # fmt: skip
        if what == "artefact":
            _, of, hashed, *_ = rows[0][1].split(b"\t")
            return ArtefactStatement(number, of.decode(), bytes.fromhex(hashed[3:].decode()), facts)
        return (BatchStatement if what == "batch" else ListStatement)(number, facts)


def _is_sound(each: Append) -> bool:
    """Whether the numbers of an append can be those of one."""
    documents, events = each.documents, each.events
    if each.kind != "batch":
        numbers = (each.leaves, each.first_document, documents, each.first_event, events)
        return numbers == (1, 0, 0, 0, 0)
    counted = (each.first_document > 0, each.first_event > 0) == (documents > 0, events > 0)
    return each.leaves == documents + events + 1 and documents + events > 0 and counted


def _below(first: int) -> int:
    """From where rows are looked for: a log that began with the first fact has none before it."""
    return LOWEST if first <= 1 else first


def _end(each: Append, what: str) -> int | None:
    """The last number of a kind that an append has; None where it has none."""
    if what == "document" and each.documents:
        return each.first_document + each.documents - 1
    if what == "event" and each.events:
        return each.first_event + each.events - 1
    return each.subject if each.kind == what else None


def _leaf_names(each: Append) -> Iterator[tuple[str, int]]:
    """The leaves of an append in their order."""
    if each.kind == "batch":
        last_document = each.first_document + each.documents
        yield from (("document", n) for n in range(each.first_document, last_document))
        yield from (("event", n) for n in range(each.first_event, each.first_event + each.events))
    yield each.kind, each.subject


def _facts(what: str, rows: Sequence[Row]) -> bytes:
    lines = [table.encode() + b"\t" + line + b"\n" for table, line in rows]
    if what != "batch":
        return sha256(b"".join(lines)).digest()
    of: dict[str, list[bytes]] = {table: [] for table in BATCH}
    for (table, _), line in zip(rows, lines, strict=True):
        of[table].append(line)
    return batch_facts(of)


def _number(line: bytes) -> int:
    return int(line.partition(b"\t")[0])


def _plain(text: bytes) -> bytes:
    """A text as it was before COPY escaped it."""
    if b"\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: _SIGNS.get(found[1], found[1]), text)


def _named(row: Row) -> str:
    """A row by its table and the first of its columns, which are its key; nothing personal."""
    table, line = row
    fields = line.split(b"\t")
    key = fields[1] if table == PERSON_KEY else fields[0]
    if table.endswith("_item") or table in (FOUND, "charge"):
        key += b", position " + fields[1]
    return f"{table} {key.decode()}"


def against(session: Session, origins: Sequence[Origin], signed: bytes) -> Finding | None:
    """What speaks against this store, by a checkpoint that lies elsewhere."""
    try:
        head = head_of(signed)
    except VerificationError as error:
        return Finding("CHECKPOINT_WRONG", "a checkpoint given", f"it cannot be read: {error}")
    where = f"the checkpoint of {head.size} leaves of {head.origin}"
    origin = next((each for each in origins if each.name == head.origin), None)
    if origin is None:
        return Finding("ORIGIN_UNKNOWN", where, "this node has no log of that name")
    tiles = read_tile(session, origin.number)
    try:
        if root(edge_at(head.size, tiles)) == head.root:
            return None
    except VerificationError:
        return Finding("WENT_BACK", where, "the log in the database has fewer leaves: it went back")
    return Finding("FORKED", where, "the log in the database has other leaves: it was made anew")
