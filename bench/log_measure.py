"""The log's measurements, each in a process of its own (see own_process.py).

Every arm hashes the same entries and must end with the root of the bare tree; the arms of a run
take turns, so that a noisy moment meets all of them, and ratios are of neighbours.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from verdict import WrongResult

from tumen.trust import note, proof, tree
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.folder import DiskFolder
from tumen.trust.merkle import leaf_hash, verify_inclusion
from tumen.trust.note import VerifierKey
from tumen.trust.proof import Proof
from tumen.trust.publisher import publish
from tumen.trust.signer import KeySigner, MemorySecret, signed_note
from tumen.trust.statement import commitment
from tumen.trust.tiles import entry_bundle

ORIGIN: Final = "customs.example/log"
SALT: Final = bytes(32)
PROOFS: Final = 200


def entries_of(leaves: int, entry_bytes: int, seed: int) -> list[bytes]:
    """Entries that follow from the seed; the peer makes the same ones."""
    made = random.Random(seed)
    return [made.randbytes(entry_bytes) for _ in range(leaves)]


def bare_root(entries: list[bytes]) -> bytes:
    """The yardstick: each leaf and node hashed once, level by level, and nothing kept."""
    hashed = sha256
    level = [hashed(b"\0" + entry).digest() for entry in entries]
    while len(level) > 1:
        above = [
            hashed(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)
        ]
        level = above + level[len(above) * 2 :]
    return level[0]


class Log:
    """A log as the road writes it: an append, its full tiles and a signed checkpoint each time."""

    def __init__(self) -> None:
        self.signer = KeySigner(ORIGIN, MemorySecret.from_seed(sha256(b"bench").digest()))
        self.edge = tree.Edge()
        self.root = tree.EMPTY_ROOT
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.held: list[bytes] = []
        self.signed = b""
        self.sizes: list[int] = []

    def append(self, entries: list[bytes]) -> None:
        """Append entries and sign the new head."""
        grown = tree.grow(self.edge, tree.leaf_hashes(entries))
        for tile in grown.tiles:
            self.tiles[tile.level, tile.index] = tile.hashes
        self.edge, self.root = grown.edge, grown.root
        self.held += entries
        self.sizes.append(self.edge.size)
        text = Checkpoint(ORIGIN, self.edge.size, self.root).text()
        self.signed = signed_note(text, [self.signer])

    def bundles(self) -> int:
        """The bytes of all entry bundles, made as they would be published."""
        return sum(
            len(entry_bundle(self.held[at : at + tree.TILE_WIDTH]))
            for at in range(0, len(self.held), tree.TILE_WIDTH)
        )

    def checkpoint(self) -> bytes:
        """The newest checkpoint."""
        return self.signed

    def sizes_after(self, size: int) -> list[int]:
        """The sizes signed since; publishing follows every append, so the last two will do."""
        return [each for each in self.sizes[-2:] if each > size]

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first hashes of a tile."""
        return (self.tiles.get((level, index)) or self.edge.levels[level])[: 32 * width]

    def entries(self, first: int, count: int) -> list[bytes]:
        """The entries of leaves in a row."""
        return self.held[first : first + count]


def appended(entries: list[bytes], batch: int) -> Log:
    """Append all, a batch at a time."""
    log = Log()
    for at in range(0, len(entries), batch):
        log.append(entries[at : at + batch])
    return log


def in_memory(entries: list[bytes], batch: int) -> bytes:
    """Tree, hash tiles, entry bundles and a signed checkpoint a batch, without a disk."""
    log = appended(entries, batch)
    log.bundles()
    return log.root


def to_disk(entries: list[bytes], batch: int) -> bytes:
    """The same, and published after each batch: every file durable, the checkpoint last."""
    log = Log()
    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as place:
        folder = DiskFolder(Path(place) / "log")
        for at in range(0, len(entries), batch):
            log.append(entries[at : at + batch])
            publish(log, folder)
    return log.root


def append(leaves: int, entry_bytes: int, batch: int, runs: int, seed: int) -> dict[str, Any]:
    """Seconds of each arm, in turn, after one round to warm up."""
    entries = entries_of(leaves, entry_bytes, seed)
    arms: dict[str, Callable[[], bytes]] = {
        "bare": lambda: bare_root(entries),
        "memory": lambda: in_memory(entries, batch),
        "disk": lambda: to_disk(entries, batch),
    }
    found: list[dict[str, float]] = []
    root = bare_root(entries)
    for _ in range(runs + 1):
        round_of = {}
        for name, arm in arms.items():
            started = time.perf_counter()
            if arm() != root:
                raise WrongResult(f"the root of arm {name} is another")
            round_of[name] = time.perf_counter() - started
        found.append(round_of)
    return {"rounds": found[1:], "root": root.hex()}


def prove(leaves: int, batch: int, runs: int, seed: int) -> dict[str, Any]:
    """Microseconds of a proof: made alone, made in a row of a batch, read and verified."""
    statements = [b'{"type":"batch","id":%d,"facts":"%064d"}' % (at, seed) for at in range(leaves)]
    log = appended([commitment(SALT, each) for each in statements], batch)
    key = VerifierKey.parse(log.signer.verifier_key)
    first = leaves - batch
    chosen = random.Random(seed).sample(range(first, leaves), min(PROOFS, batch))
    rows: dict[str, list[float]] = {"single": [], "row": [], "verify": []}
    for _ in range(runs + 1):
        started = time.perf_counter()
        paths = [tree.inclusion(at, leaves, log.tile) for at in chosen]
        rows["single"].append(_micros(started, len(chosen)))
        started = time.perf_counter()
        tree.inclusion_lines(first, batch, leaves, log.tile)
        rows["row"].append(_micros(started, batch))
        files = [
            Proof(SALT + statements[at], at, tuple(path), log.signed).to_bytes()
            for at, path in zip(chosen, paths, strict=True)
        ]
        started = time.perf_counter()
        for file in files:
            verify(file, key)
        rows["verify"].append(_micros(started, len(files)))
    return {name: values[1:] for name, values in rows.items()}


def verify(file: bytes, key: VerifierKey) -> None:
    """One proof: strictly read, the log's signature, the commitment and the inclusion checked."""
    read = proof.parse(file)
    signed = note.parse(read.checkpoint)
    signed.verified_by([key])
    head = Checkpoint.parse(signed.text)
    leaf = leaf_hash(commitment(read.salt, read.statement))
    verify_inclusion(leaf, read.index, head.size, read.hashes, head.root)


def _micros(started: float, count: int) -> float:
    return (time.perf_counter() - started) / count * 1e6


MEASUREMENTS: Final[dict[str, Callable[..., dict[str, Any]]]] = {"append": append, "prove": prove}

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(MEASUREMENTS[sys.argv[1]](**json.loads(sys.argv[2]))) + "\n")
