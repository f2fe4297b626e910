"""One run of the simulator: a node, its publisher, its feeder and five witnesses, from one seed.

The script of a run is drawn first (appends, publishing, feeding, crashes, restores of old copies,
clocks that jump by up to a day); the network drops, doubles, delays and reorders. After every step
what the world can see is held against what was promised; :class:`Broken` tells the seed and all
that happened, and the same seed does it again.
"""

import heapq
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.simulator.parts import (
    Crash,
    Fuse,
    Recorded,
    SimulatedClock,
    SimulatedFolder,
    SimulatedStore,
    SimulatedWitness,
)
from tests.trust.growing_log import KEY

from tumen.kernel.errors import LogNotExtended
from tumen.trust import note, tree
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.continuity import Tree, keep_cosigned, need_continuity, shown_before
from tumen.trust.feeder import Fed, Feeding, Send
from tumen.trust.merkle import verify_consistency
from tumen.trust.note import VerifierKey
from tumen.trust.published import PublishedLog, head_of
from tumen.trust.publisher import publish
from tumen.trust.tiles import tiles_between
from tumen.trust.witness import OK, AddCheckpoint, Answer

WITNESSES = 5
DAY = 86_400
SCRIPT_SECONDS = 900
ANSWER_SECONDS = 60
STEPS = 24
APPENDS = (1, 1, 2, 5, 60, 255, 256, 300)
DOINGS = (
    ["append"] * 8 + ["publish"] * 5 + ["feed"] * 4 + ["crash"] * 3
    + ["restore", "skew", "crash_witness"]
)  # fmt: skip


class Broken(AssertionError):
    """A promise was broken; the message has the seed and the whole story."""


@dataclass
class Dialogue:
    """One feeding under way, in one life of the node: which request waits for an answer."""

    witness: SimulatedWitness
    feeding: Feeding
    signed: bytes
    life: int
    waiting: int = 0


@dataclass
class World:
    """A node among witnesses; ``run`` gives the story, line by line."""

    seed: int
    checks_continuity: bool = True
    story: list[str] = field(default_factory=list)
    acknowledged: dict[str, dict[int, bytes]] = field(default_factory=dict)
    shown: dict[str, list[tuple[Checkpoint, tuple[bytes, ...]]]] = field(default_factory=dict)
    cosigned: dict[Checkpoint, list[str]] = field(default_factory=dict)
    histories: dict[Checkpoint, tuple[bytes, ...]] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.fuse = Fuse()
        self.clock = SimulatedClock()
        self.store = SimulatedStore(self.fuse)
        self.folders = {1: SimulatedFolder(self.fuse)}
        self.copies: list[dict[str, bytes]] = [{}]
        self.is_up = True
        self.is_calm = False
        self.life = 1
        self.made = 0
        self.witnesses = [
            SimulatedWitness(f"witness.example/{number}", colludes=False)
            for number in range(WITNESSES)
        ]
        self.events: list[tuple[int, int, Callable[[], None]]] = []
        self.histories[head_of(self.store.now.signed)] = ()

    # --- time ----------------------------------------------------------------------------------
    def at(self, seconds: int, happening: Callable[[], None]) -> None:
        self.made += 1
        heapq.heappush(self.events, (seconds, self.made, happening))

    def run(self) -> list[str]:
        """Play the script, then calm down and mend everything; the story."""
        for _ in range(STEPS):
            doing = self.random.choice(DOINGS)
            self.at(self.random.randrange(SCRIPT_SECONDS), getattr(self, doing))
        self._drain()
        self.is_calm, self.fuse.steps = True, None
        for witness in self.witnesses:
            witness.fuse.steps = None
        # Twice: a witness may tell only then that this log was forgotten, and a new one begins.
        for doing in 2 * (self.start, self.append, self.publish, self.feed):
            self.at(self.clock.seconds + 1, doing)
            self._drain()
        self._check_end()
        return self.story

    def _drain(self) -> None:
        while self.events:
            seconds, _, happening = heapq.heappop(self.events)
            self.clock.seconds = max(seconds, self.clock.seconds)
            for witness in self.witnesses:
                witness.clock.seconds = self.clock.seconds
            try:
                happening()
            except Crash:
                self._die()
            self._check_published()

    def tell(self, what: str) -> None:
        self.story.append(f"{self.clock.seconds:4} {what}")

    def need(self, holds: bool, promise: str) -> None:
        if not holds:
            raise Broken("\n".join([f"seed {self.seed}: {promise}", *self.story]))

    # --- the node ------------------------------------------------------------------------------
    @property
    def folder(self) -> SimulatedFolder:
        return self.folders.setdefault(self.store.now.number, SimulatedFolder(self.fuse))

    def start(self) -> None:
        """Come up, and sign on only by the rule; else begin a log of a new origin."""
        if self.is_up:
            return
        now = self.store.now
        if self.checks_continuity:
            try:
                shown = shown_before(self.folder, [KEY])
                need_continuity(Tree(now.origin, now.edge.size, self.store.tile), shown)
            except LogNotExtended as error:
                self._begin_anew(str(error))
        self.is_up = True
        self.tell(f"node up at {self.store.now.origin} {self.store.now.edge.size}")
        self.publish()  # what was seen in the folder may not last yet; nothing is fed before

    def _begin_anew(self, why: str) -> None:
        number = max(self.folders) + 1
        self.life += 1
        self.tell(f"begins log {number}: {why}")
        begun = Recorded(number).begun()
        self.histories[head_of(begun.signed)] = ()
        self.store.commit(begun)

    def append(self) -> None:
        if not self.is_up:
            return
        before = self.store.now
        count = self.random.choice(APPENDS)
        first = self.made * 1_000
        entries = [b"%d" % (first + number) for number in range(count)]
        recorded = before.appended(entries)
        self.histories[head_of(recorded.signed)] = recorded.entries
        self.store.commit(recorded)
        self._check_signed(recorded)
        told = self.acknowledged.setdefault(recorded.origin, {})
        told |= dict(enumerate(entries, before.edge.size))
        self.tell(f"acknowledged {recorded.origin} up to {recorded.edge.size}")

    def publish(self) -> None:
        if not self.is_up:
            return
        published = publish(self.store, self.folder).checkpoint
        self.copies.append(dict(self.folder.files))
        self.tell(f"published {published.origin} {published.size}")

    def feed(self) -> None:
        signed = self.folder.read("checkpoint")
        if not self.is_up or signed is None:
            return
        for witness in self.witnesses:
            key = VerifierKey.parse(witness.cosigner.verifier_key)
            feeding = Feeding(signed, key, self._prove)
            self._send(Dialogue(witness, feeding, signed, self.life), feeding.begin())

    def _prove(self, size1: int, size2: int) -> list[bytes]:
        return tree.consistency(size1, size2, PublishedLog(self.folder).tile)

    def crash(self) -> None:
        if not self.is_calm:
            self.fuse.steps = self.random.randrange(14)
            self.tell(f"the node has {self.fuse.steps} steps to live")

    def _die(self) -> None:
        self.is_up = False
        self.life += 1
        self.fuse.steps = None
        power = self.random.random() < 0.5
        if power:
            for number in self.folders:
                self.folders[number].lose_power(self.random)
        self.tell("power lost" if power else "killed")
        self.at(self.clock.seconds + self.random.randrange(1, 60), self.start)

    def restore(self) -> None:
        """Put an old copy of the database back, and sometimes of the folder beside it."""
        self.is_up = False
        self.life += 1
        self.fuse.steps = None
        self.store.now = self.random.choice(self.store.backups)
        origin, entries = self.store.now.origin, self.store.now.entries
        kept = dict(enumerate(entries))
        for name, told in self.acknowledged.items():
            held = kept if name == origin else {}
            self.acknowledged[name] = {
                at: each for at, each in told.items() if held.get(at) == each
            }
        self.tell(f"restored the database of {origin} {len(entries)}")
        if self.random.random() < 0.3:
            copies = [
                copy for copy in self.copies
                if not copy or head_of(copy["checkpoint"]).origin == origin
            ]  # fmt: skip
            self.folder.files = dict(self.random.choice(copies))
            self.folder.durable = dict(self.folder.files)
            self.forgotten.append(origin)
            self.tell("and the folder: nobody but the witnesses knows more")
        self.at(self.clock.seconds + self.random.randrange(1, 60), self.start)

    # --- the network ---------------------------------------------------------------------------
    def _send(self, dialogue: Dialogue, send: Send) -> None:
        dialogue.waiting += 1
        number, leaves_at = dialogue.waiting, self.clock.seconds + send.wait_seconds
        copies = 1 if self.is_calm else self.random.choices((0, 1, 2), (15, 75, 10))[0]
        for _ in range(copies):
            self.at(self._later(leaves_at), lambda: self._arrive(dialogue, send.body, number))
        self.at(leaves_at + ANSWER_SECONDS, lambda: self._answer(dialogue, number, None))

    def _later(self, seconds: int) -> int:
        return seconds + (1 if self.is_calm else self.random.randrange(1, 45))

    def _arrive(self, dialogue: Dialogue, body: bytes, number: int) -> None:
        answer = dialogue.witness.add_checkpoint(body, "")
        if answer is not None and answer.status == OK:
            head = head_of(AddCheckpoint.parse(body).note)
            self.cosigned.setdefault(head, []).append(dialogue.witness.name)
            self.tell(f"{dialogue.witness.name} cosigned {head.origin} {head.size}")
        self._check_witness(dialogue.witness)
        if answer is not None and (self.is_calm or self.random.random() > 0.15):
            self.at(self._later(self.clock.seconds), lambda: self._answer(dialogue, number, answer))

    def _answer(self, dialogue: Dialogue, number: int, answer: Answer | None) -> None:
        if number != dialogue.waiting or dialogue.life != self.life:
            return
        said = dialogue.feeding.answered(answer, int(self.clock.now().timestamp()))
        if isinstance(said, Send):
            self._send(dialogue, said)
            return
        dialogue.waiting += 1
        self._fed(dialogue, said)

    def _fed(self, dialogue: Dialogue, fed: Fed) -> None:
        codes = [fault.code for fault in fed.faults]
        self.tell(f"{dialogue.witness.name}: {codes or 'cosignature home'}")
        is_newest = dialogue.signed == self.store.now.signed
        if fed.signature is not None and is_newest:
            signed = note.parse(dialogue.signed)
            keep_cosigned(
                self.folder, note.Note(signed.text, (*signed.signatures, fed.signature)).to_bytes()
            )
        elif is_newest and {"WITNESS_AHEAD", "LOG_FORKED"} & set(codes):
            self._begin_anew(f"a witness says {codes}")

    def crash_witness(self) -> None:
        witness = self.random.choice(self.witnesses)
        witness.fuse.steps = self.random.randrange(3)
        self.tell(f"{witness.name} has {witness.fuse.steps} steps to live")

    def skew(self) -> None:
        clock = self.random.choice([self.clock, *[each.clock for each in self.witnesses]])
        clock.skew = self.random.randrange(-DAY, DAY)
        self.tell(f"a clock is {clock.skew} s off")

    # --- the promises --------------------------------------------------------------------------
    def _check_signed(self, recorded: Recorded) -> None:
        """After a restore a node signs only what extends all that it had shown."""
        if recorded.origin in self.forgotten:
            return  # the folder went back too: only the witnesses can say so, and they do
        for head, entries in self.shown.get(recorded.origin, []):
            self.need(
                recorded.entries[: head.size] == entries,
                f"signed {recorded.edge.size} of {recorded.origin}, which {head.size} contradicts",
            )

    def _check_published(self) -> None:
        """What is published and lasts is whole, and never goes back or aside.

        A file may be seen a moment before it lasts; a lost power in that moment takes it away
        until the node is up again and publishes it anew.
        """
        for number, folder in self.folders.items():
            signed = folder.durable.get("checkpoint")
            if signed is None:
                continue
            head = head_of(signed)
            seen = self.shown.setdefault(head.origin, [])
            if seen and seen[-1][0] == head:
                continue
            if seen and head.origin not in self.forgotten:
                last, entries = seen[-1]
                self.need(last.size <= head.size, f"log {number} went back to {head.size}")
                self.need(self.histories[head][: last.size] == entries, f"log {number} went aside")
            self._check_whole(folder, head)
            seen.append((head, self.histories[head]))

    def _check_whole(self, folder: SimulatedFolder, head: Checkpoint) -> None:
        """Every tile that a published checkpoint promises is there, and lasts."""
        published, entries = PublishedLog(folder), []
        for name in tiles_between(0, head.size):
            if name.level is None:
                entries += published.entries(name.index, name.width)
            else:
                published.tile(name.level, name.index, name.width)
        self.need(tuple(entries) == self.histories[head], "the published entries are others")
        is_lasting = all(
            folder.durable.get(name.path) == folder.read(name.path)
            for name in tiles_between(0, head.size) if folder.read(name.path) is not None
        )  # fmt: skip
        self.need(is_lasting, "a checkpoint was published before its tiles were durable")

    def _check_witness(self, witness: SimulatedWitness) -> None:
        """No witness goes back, aside, or back in its time."""
        for row in witness.written.values():
            for earlier, later in zip(row[-2:], row[-1:], strict=False):
                old, new = self.histories[earlier.checkpoint], self.histories[later.checkpoint]
                self.need(new[: len(old)] == old, f"{witness.name} cosigned two histories")
                self.need(earlier.seconds <= later.seconds, f"{witness.name} went back in time")

    def _check_end(self) -> None:
        self._check_quorums()
        now = self.store.now
        for at, each in self.acknowledged.get(now.origin, {}).items():
            self.need(
                at < len(now.entries) and now.entries[at] == each, f"acknowledged leaf {at} is lost"
            )
        newest = head_of(self.folder.read("checkpoint") or b"")
        self.need(newest == head_of(now.signed), "what was recorded last is not published")
        for head, _ in self.shown[now.origin]:
            if now.origin not in self.forgotten:
                proof = self._prove(head.size, newest.size)
                verify_consistency(head.size, newest.size, proof, head.root, newest.root)
        with suppress(KeyError):
            self.tell(f"the newest has {len(set(self.cosigned[newest]))} cosignatures")

    def _check_quorums(self) -> None:
        """With all witnesses honest (f = 0), no two histories both reach k = 3 of 5."""
        reached = [head for head, by in self.cosigned.items() if len(set(by)) >= 3]
        for one in reached:
            for other in reached:
                if one.origin == other.origin and one.size <= other.size:
                    old, new = self.histories[one], self.histories[other]
                    self.need(new[: len(old)] == old, "two histories reached the quorum")
