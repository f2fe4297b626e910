"""What the simulator puts in the place of the world: clocks, disks, stores, memories of witnesses.

All that happens follows from one seed. A :class:`Fuse` burns down with every step that a disk or a
store makes, and where it ends, the process dies: between any two steps, at any of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from tests.trust.growing_log import KEY, ORIGIN, SIGNER

from tumen.trust import tree
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.continuity import numbered_origin
from tumen.trust.signer import KeyCosigner, MemorySecret, signed_note
from tumen.trust.tree import Edge
from tumen.trust.witness import Answer, Cosigned, Witness, Witnessed

START = datetime(2026, 1, 1, tzinfo=UTC)


class Crash(Exception):
    """The process died here."""


@dataclass
class Fuse:
    """How many steps are left until the process dies; None where it lives on."""

    steps: int | None = None

    def burn(self) -> None:
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                self.steps = None
                raise Crash


@dataclass
class SimulatedClock:
    """The world's seconds, and how far this party's clock is off."""

    seconds: int = 0
    skew: int = 0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds + self.skew)


class SimulatedFolder:
    """A folder that forgets, when the power goes, what was not made durable."""

    def __init__(self, fuse: Fuse) -> None:
        self.fuse = fuse
        self.files: dict[str, bytes] = {}
        self.durable: dict[str, bytes] = {}
        self.aside: dict[str, bytes] = {}

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        self.aside = {}
        yield

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def put(self, path: str, data: bytes) -> None:
        self.fuse.burn()
        self.aside[path] = data

    def sync(self) -> None:
        for path, data in self.aside.items():
            self.fuse.burn()
            self.files[path] = data
        self.fuse.burn()
        self.aside = {}
        self.durable = dict(self.files)

    def remove(self, path: str) -> None:
        self.fuse.burn()
        self.files = {
            name: data for name, data in self.files.items() if not name.startswith(f"{path}/")
        }

    def lose_power(self, random: Random) -> None:
        """Each name that was not made durable is there or not, as the disk pleases."""
        self.files = self.durable | {
            path: data
            for path, data in self.files.items()
            if self.durable.get(path) != data and random.random() < 0.5
        }
        self.durable = dict(self.files)


@dataclass(frozen=True)
class Recorded:
    """What the store of a node holds at one commit; a later one is another object."""

    number: int = 1
    entries: tuple[bytes, ...] = ()
    edge: Edge = field(default_factory=Edge)
    full: tuple[tuple[tuple[int, int], bytes], ...] = ()
    sizes: tuple[int, ...] = ()
    signed: bytes = b""

    @property
    def origin(self) -> str:
        return numbered_origin(ORIGIN, self.number)

    def begun(self) -> "Recorded":
        """A log of this origin without leaves, its head signed."""
        empty = Recorded(self.number)
        return replace(empty, signed=empty.sign(Edge()))

    def appended(self, entries: list[bytes]) -> "Recorded":
        """After one more commit of the sequencer."""
        grown = tree.grow(self.edge, tree.leaf_hashes(entries))
        tiles = tuple(((tile.level, tile.index), tile.hashes) for tile in grown.tiles)
        return replace(
            self,
            entries=(*self.entries, *entries),
            edge=grown.edge,
            full=self.full + tiles,
            sizes=(*self.sizes, grown.edge.size),
            signed=self.sign(grown.edge),
        )

    def sign(self, edge: Edge) -> bytes:
        text = Checkpoint(self.origin, edge.size, tree.root(edge)).text()
        return signed_note(text, [SIGNER])


class SimulatedStore:
    """A database: commits are whole or absent, and old states are kept as backups."""

    def __init__(self, fuse: Fuse) -> None:
        self.fuse = fuse
        self.now = Recorded().begun()
        self.backups = [self.now]

    def commit(self, recorded: Recorded) -> None:
        self.fuse.burn()
        self.now = recorded
        self.backups.append(recorded)
        self.fuse.burn()  # committed, and the process may die before it can say so

    # --- the port of the publisher -----------------------------------------------------------
    def checkpoint(self) -> bytes:
        self.fuse.burn()
        return self.now.signed

    def sizes_after(self, size: int) -> list[int]:
        return [each for each in self.now.sizes if each > size]

    def tile(self, level: int, index: int, width: int) -> bytes:
        held = dict(self.now.full).get((level, index)) or self.now.edge.levels[level]
        return held[: 32 * width]

    def entries(self, first: int, count: int) -> list[bytes]:
        return list(self.now.entries[first : first + count])


class WitnessMemory:
    """What a witness wrote down, durably and by compare-and-set; it dies before or after."""

    def __init__(self, fuse: Fuse) -> None:
        self.fuse = fuse
        self.written: dict[str, list[Cosigned]] = {}

    def log(self, origin: str) -> Witnessed | None:
        if not origin.startswith(ORIGIN):
            return None
        latest = self.written.get(origin)
        return Witnessed((KEY,), latest[-1] if latest else None)

    def advance(self, cosigned: Cosigned) -> bool:
        self.fuse.burn()
        row = self.written.setdefault(cosigned.checkpoint.origin, [])
        if cosigned.number != len(row) + 1:
            return False
        row.append(cosigned)
        self.fuse.burn()
        return True


class SimulatedWitness:
    """A witness, honest or colluding: a colluding one remembers each history apart."""

    def __init__(self, name: str, *, colludes: bool) -> None:
        self.name, self.colludes = name, colludes
        self.fuse = Fuse()
        self.clock = SimulatedClock()
        secret = MemorySecret.from_seed(sha256(name.encode()).digest())
        self.cosigner = KeyCosigner(name, secret)
        self.memories: dict[str, WitnessMemory] = {}

    def add_checkpoint(self, body: bytes, history: str) -> Answer | None:
        """The answer; None where the witness died over it."""
        memory = self.memories.setdefault(
            history if self.colludes else "", WitnessMemory(self.fuse)
        )
        try:
            return Witness(self.cosigner, memory, self.clock).add_checkpoint(body)
        except Crash:
            return None

    @property
    def written(self) -> dict[str, list[Cosigned]]:
        """What an honest witness wrote down, by origin."""
        return self.memories[""].written if "" in self.memories else {}
