"""The log in the store: appended to in the transaction of the facts, read back for proofs.

Every function runs in a session of the caller. Whoever appends holds the sequencer's lock, so
that leaves have no gaps and no two of them one place.
"""

import os
from dataclasses import dataclass, field
from functools import partial
from hmac import digest
from typing import Final

import polars as pl
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tumen.kernel.columns import from_rows
from tumen.kernel.errors import LogDamaged, LogNotExtended
from tumen.kernel.limits import HASH_BYTES
from tumen.store.session import Query, Session
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.continuity import Tree, need_extension
from tumen.trust.published import head_of
from tumen.trust.signer import NoteSigner, signed_note
from tumen.trust.statement import SALT_BYTES, commitments
from tumen.trust.tree import TILE_WIDTH, Edge, ReadTile, edge_at, grow, leaf_hashes, root
from tumen.window.leaves import Leaves

BLOCKS_A_SALT: Final = 2
"""Blocks of AES in one salt."""

SEED_BYTES: Final = 16


def salt_key(node_key: bytes, origin: str) -> bytes:
    """The key of a log's salts: HKDF-SHA256 of the node's sealing key and the origin (ADR 6)."""
    return HKDF(hashes.SHA256(), HASH_BYTES, None, f"tumen.salt.v1 {origin}".encode()).derive(
        node_key
    )


def salts(key: bytes, seed: bytes | None, first: int, count: int) -> bytes:
    """The salts of leaves that one append has in a row: a slice of an AES-256-CTR key stream.

    Args:
        key: of the log's salts.
        seed: drawn for the append, so that a restored log never salts two leaves alike; None for
            one that is older than the seeds.
        first: the number of the first leaf.
        count: how many there are.
    """
    if seed is not None:
        key = digest(key, seed, "sha256")
    start = (first * BLOCKS_A_SALT).to_bytes(16, "big")
    stream = Cipher(algorithms.AES(key), modes.CTR(start)).encryptor()
    return stream.update(bytes(SALT_BYTES * count))


@dataclass(frozen=True, slots=True)
class Origin:
    """One log of the node, and the first facts that are under its leaves."""

    number: int
    name: str
    first_batch: int
    first_document: int
    first_event: int
    first_list: int
    first_artefact: int


_ORIGIN_SCHEMA: Final = pl.Schema(
    {
        "origin_id": pl.Int32(),
        "name": pl.String(),
        **{
            f"first_{what}": pl.Int64()
            for what in ("batch", "document", "event", "list", "artefact")
        },
    }
)


def origins(session: Session) -> list[Origin]:
    """The node's logs, the oldest first; the last one is written on."""
    columns = ", ".join(_ORIGIN_SCHEMA)
    query = f"SELECT {columns} FROM log_origin ORDER BY origin_id"  # noqa: S608 - ours
    return [Origin(*row) for row in session.read(query, None, _ORIGIN_SCHEMA).iter_rows()]


def newest(session: Session, origin: int) -> bytes | None:
    """The newest checkpoint of a log; None where it has no leaf."""
    query = """SELECT checkpoint FROM log_append WHERE origin_id = %(origin)s
               ORDER BY first_leaf DESC LIMIT 1"""
    found = session.read(query, {"origin": origin}, pl.Schema({"checkpoint": pl.Binary}))
    return None if found.is_empty() else bytes(found.item())


WRITTEN_ON: Final = Query(
    """
    SELECT origin_id, checkpoint FROM log_append ORDER BY origin_id DESC, first_leaf DESC LIMIT 1
    """,
    pl.Schema({"origin": pl.Int32(), "checkpoint": pl.Binary()}),
)
"""The newest checkpoint of the node, and in which of its logs."""


@dataclass(slots=True)
class NodeLog:
    """A log that this node signs and appends to.

    Attributes:
        origin: which.
        signer: its key, of the same name.
        salting: the key of its salts.
        shown: the largest checkpoint that this process knows to be recorded, and so may have been
            seen by anyone; the log goes on from it, or not at all.
    """

    origin: Origin
    signer: NoteSigner
    salting: bytes = field(repr=False)
    shown: Checkpoint | None = None
    _signed: bytes = field(default=b"", repr=False)
    _edge: Edge = field(default_factory=Edge, repr=False)

    def append(
        self, session: Session, leaves: Leaves, newest_there: pl.DataFrame | None = None
    ) -> None:
        """Append leaves in the session of their facts, and sign the checkpoint after them.

        Args:
            session: of the sequencer.
            leaves: what to append.
            newest_there: what :data:`WRITTEN_ON` gave in this session, once it was the
                sequencer's; asked now where it was not asked with something else.

        Raises:
            LogDamaged: the tree in the store is not the one that was signed.
            LogNotExtended: the store was restored below this process, or another log was begun.
        """
        edge = self._newest_edge(session, newest_there)
        count, seed = len(leaves.statements), os.urandom(SEED_BYTES)
        entries = commitments(salts(self.salting, seed, edge.size, count), leaves.statements)
        grown = grow(edge, leaf_hashes(entries))
        head = Checkpoint(self.origin.name, grown.edge.size, grown.root)
        signed = signed_note(head.text(), [self.signer])
        session.copy("log_append", self._row(edge.size, leaves, seed, b"".join(entries), signed))
        if grown.tiles:
            tiles = [
                (self.origin.number, each.level, each.index, each.hashes, each.root)
                for each in grown.tiles
            ]
            session.copy("log_tile", from_rows(tiles, _TILE_SCHEMA))
        self._signed, self._edge = signed, grown.edge
        session.once_durable(partial(self._show, head))

    def _show(self, head: Checkpoint) -> None:
        self.shown = head

    def _newest_edge(self, session: Session, newest_there: pl.DataFrame | None) -> Edge:
        """The edge of the tree: kept while the newest checkpoint is the one written last.

        What was kept of a transaction that was rolled back is another checkpoint than the
        store's, so it is read anew; and so is what another process wrote, or a restored copy has.
        """
        if newest_there is None:
            newest_there = session.ask(WRITTEN_ON)[0]
        signed = self._written_on(newest_there)
        if not signed or signed != self._signed:
            tree = self._tree(session, signed)
            if self.shown is not None:
                need_extension(tree, self.shown)
            self._edge, self._signed = _whole_edge(tree, signed), signed
        return self._edge

    def need_going_on(self, session: Session) -> None:
        """Refuse a store in which this process may not go on signing; it changes nothing.

        Raises:
            LogNotExtended: the store was restored below this process, or another log was begun.
        """
        shown = self.shown  # read before the store, which only grows
        signed = self._written_on(session.ask(WRITTEN_ON)[0])
        if shown is not None:
            need_extension(self._tree(session, signed), shown)

    def _tree(self, session: Session, signed: bytes) -> Tree:
        size = head_of(signed).size if signed else 0
        return Tree(self.origin.name, size, StoredLog(session, self.origin.number).tile)

    def _written_on(self, found: pl.DataFrame) -> bytes:
        """The newest checkpoint of this log, which is the one written on; empty where it has none.

        A log has a leaf from its first moment, so one that was begun meanwhile is seen here.
        """
        number, signed = (0, b"") if found.is_empty() else found.row(0)
        if number > self.origin.number:
            raise LogNotExtended(
                f"another log was begun after {self.origin.name}, which is written on no more",
                next_step="Start this process again: it then writes on the newer one.",
            )
        return bytes(signed) if number == self.origin.number else b""

    def _row(
        self, first: int, leaves: Leaves, seed: bytes, entries: bytes, signed: bytes
    ) -> pl.DataFrame:
        row = (
            self.origin.number, first, len(leaves.statements), leaves.kind, leaves.subject,
            leaves.first_document, leaves.documents, leaves.first_event, leaves.events, entries,
            leaves.facts, signed, seed,
        )  # fmt: skip
        return from_rows([row], _APPEND_SCHEMA)


def _whole_edge(tree: Tree, signed: bytes) -> Edge:
    """The edge of a tree, if its tiles give the root that was signed."""
    edge = edge_at(tree.size, tree.read_tile)
    if signed and root(edge) != head_of(signed).root:
        raise LogDamaged("the tiles in the database do not give the root that was signed")
    return edge


_APPEND_SCHEMA: Final = pl.Schema(
    {
        "origin_id": pl.Int32(),
        "first_leaf": pl.Int64(),
        "leaves": pl.Int64(),
        "kind": pl.String(),
        "subject": pl.Int64(),
        "first_document": pl.Int64(),
        "documents": pl.Int64(),
        "first_event": pl.Int64(),
        "events": pl.Int64(),
        **dict.fromkeys(("commitments", "facts", "checkpoint", "seed"), pl.Binary()),
    }
)

_TILE_SCHEMA: Final = pl.Schema(
    {
        "origin_id": pl.Int32(),
        "level": pl.Int32(),
        "index": pl.Int64(),
        "hashes": pl.Binary(),
        "root": pl.Binary(),
    }
)

TILES_AT_ONCE: Final = 64
"""Tiles that are read together: whoever reads one mostly reads those after it."""

_ENTRIES_SCHEMA: Final = pl.Schema({"first_leaf": pl.Int64(), "commitments": pl.Binary()})
_STORED_SCHEMA: Final = pl.Schema({"index": pl.Int64(), "hashes": pl.Binary(), "root": pl.Binary()})

_APPENDS_OVER: Final = """
    SELECT first_leaf + greatest(0, %(first)s - first_leaf),
           substr(commitments, (32 * greatest(0, %(first)s - first_leaf) + 1)::int,
                  (32 * least(leaves, %(until)s - greatest(first_leaf, %(first)s)))::int)
    FROM log_append
    WHERE origin_id = %(origin)s AND first_leaf < %(until)s AND first_leaf >= (
        SELECT max(first_leaf) FROM log_append
        WHERE origin_id = %(origin)s AND first_leaf <= %(first)s)
    ORDER BY first_leaf
"""


@dataclass(frozen=True, slots=True)
class StoredLog:
    """What the store has of a log, for whoever publishes or proves it.

    Attributes:
        session: where it is read.
        origin: the number of the log.
    """

    session: Session
    origin: int
    _ahead: list[tuple[int, bytes]] = field(default_factory=list, repr=False)
    _tiles: dict[tuple[int, int], tuple[bytes, bytes]] = field(default_factory=dict, repr=False)

    def checkpoint(self) -> bytes:
        """The newest checkpoint, signed.

        Raises:
            LogDamaged: there is none.
        """
        signed = newest(self.session, self.origin)
        if signed is None:
            raise LogDamaged("the log has no leaf yet")
        return signed

    def sizes_after(self, size: int) -> list[int]:
        """The sizes above this one that a checkpoint was signed for, in their order."""
        query = """SELECT first_leaf + leaves AS size FROM log_append
                   WHERE origin_id = %(origin)s AND first_leaf + leaves > %(size)s
                     AND first_leaf >= %(size)s - 2147483647 ORDER BY first_leaf"""
        found = self.session.read(
            query, {"origin": self.origin, "size": size}, pl.Schema({"size": pl.Int64})
        )
        return found["size"].to_list()

    def entries(self, first: int, count: int) -> list[bytes]:
        """The entries of leaves that stand in a row."""
        start, held = self._ahead[-1] if self._ahead else (0, b"")
        if not start <= first <= first + count <= start + len(held) // HASH_BYTES:
            start, held = first, self._read_entries(first, max(count, TILES_AT_ONCE * TILE_WIDTH))
            self._ahead[:] = [(start, held)]
        places = range(first - start, min(first - start + count, len(held) // HASH_BYTES))
        return [held[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in places]

    def _read_entries(self, first: int, count: int) -> bytes:
        known = {"origin": self.origin, "first": first, "until": first + count}
        found = self.session.read(_APPENDS_OVER, known, _ENTRIES_SCHEMA)
        return b"".join(found["commitments"])

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first hashes of a tile: of a full one, or of what does not fill one yet."""
        stored = self._stored(level, index)
        if stored is not None:
            return stored[0][: width * HASH_BYTES]
        first = index * TILE_WIDTH
        if level == 0:
            return b"".join(leaf_hashes(self.entries(first, width)))
        below = (self._stored(level - 1, first + place) for place in range(width))
        return b"".join(each[1] for each in below if each is not None)

    def _stored(self, level: int, index: int) -> tuple[bytes, bytes] | None:
        """Hashes and root of a full tile, which never changes; None where it is not full yet."""
        if (level, index) not in self._tiles:
            query = """SELECT index, hashes, root FROM log_tile WHERE origin_id = %(origin)s
                       AND level = %(level)s AND index >= %(first)s AND index < %(until)s"""
            known = {"origin": self.origin, "level": level, "first": index,
                     "until": index + TILES_AT_ONCE}  # fmt: skip
            if len(self._tiles) >= 2 * TILES_AT_ONCE:
                self._tiles.clear()
            for place, hashed, root in self.session.read(query, known, _STORED_SCHEMA).iter_rows():
                self._tiles[level, place] = (hashed, root)
        return self._tiles.get((level, index))


def read_tile(session: Session, origin: int) -> ReadTile:
    """The tiles of a log, each read once."""
    stored, known = StoredLog(session, origin), dict[tuple[int, int, int], bytes]()

    def read(level: int, index: int, width: int) -> bytes:
        place = (level, index, width)
        if place not in known:
            known[place] = stored.tile(*place)
        return known[place]

    return read
