"""The composition root: wires store, law, documents, keys and clock into a desk."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from tumen.documents.rules import KnownCodes
from tumen.kernel.clock import Clock, SystemClock
from tumen.kernel.errors import OutsideError, UsageError
from tumen.kernel.garbage import keep_what_is_loaded
from tumen.law.goods import duty_rates
from tumen.law.quoting import NO_BOOKS, Books
from tumen.settings import (
    guarantee_must_suffice,
    key_ring,
    keys_file,
    log_folder,
    payer_must_be_buyer,
    screening_seed,
    signatures,
    tolerance_fen,
)
from tumen.store import embedded
from tumen.store.database import Database, resolve
from tumen.store.session import Session
from tumen.trust.bundle_model import Role
from tumen.trust.continuity import Tree, need_continuity, notes_shown, shown_before
from tumen.trust.folder import DiskFolder
from tumen.trust.key_files import need_alone, write_once
from tumen.trust.key_ring import NamedSecret
from tumen.trust.note import ED25519, VerifierKey
from tumen.trust.published import head_of, is_signed_by
from tumen.trust.publisher import publish
from tumen.trust.witness import Witness
from tumen.window import ledger
from tumen.window.decision import Policy
from tumen.window.desk import Desk
from tumen.window.ledger import Signing, artefacts
from tumen.window.ledger.beginning import Succeeded, latest_origin, publish_origin, succeed
from tumen.window.ledger.cosignatures import CosignedLog
from tumen.window.ledger.log import NodeLog
from tumen.window.parties import PartyIndex
from tumen.window.positive_list import PositiveList
from tumen.window.prepare import Preparation
from tumen.window.privacy import NodeKeys
from tumen.window.screening import ScreeningLists
from tumen.window.signatures import MessageSignatures
from tumen.witnessing.register import Register

KEY_BYTES: Final = 32
DEFAULT_SENDER: Final = "local"


@dataclass(frozen=True, slots=True)
class Node:
    """An open node: its database, keys, lists and policy.

    Attributes:
        database: the node's store.
        keys: its secrets.
        policy: what it has chosen, with the lists in force.
        parties: the watch lists in force, indexed.
        clock: the recorded time.
        log: where the leaves of all facts go.
        log_folder: where the log is published.
        log_keys: the public keys that its logs are and were signed with, by origin.
        signatures: how signatures of messages are judged.
        newest_list: the number of the list that was imported last when they were read.
    """

    database: Database
    keys: NodeKeys
    policy: Policy
    parties: PartyIndex
    clock: Clock
    log: NodeLog
    log_folder: Path
    log_keys: Callable[[str], tuple[VerifierKey, ...]]
    signatures: MessageSignatures
    newest_list: int = 0

    def preparation(
        self, sender: str, books: Books = NO_BOOKS, others: Mapping[str, str] | None = None
    ) -> Preparation:
        """What batches are prepared with.

        Args:
            sender: who lodges.
            books: imported tariffs and rates, for native shipments.
            others: by source, who lodged it where documents of several senders go together.
        """
        codes = known_codes()
        return Preparation(
            sender, self.keys, codes, self.parties, self.clock, books, self.signatures,
            tolerance_fen(), others or {},
        )  # fmt: skip

    def desk(self, open_session: Callable[[], AbstractContextManager[Session]]) -> Desk:
        """A desk that records what is lodged, with its leaves in the log."""
        return Desk(open_session, self.policy, self.clock, self.log)

    def log_artefact(self, kind: str, content: bytes, name: str) -> int:
        """Enter an artefact into the log by its hash; its number, the old one where it is there."""
        with self.database.session() as session:
            found = artefacts.Found(kind, content, name)
            return artefacts.record(session, self.log, found, self.clock.now())

    def renew_head(self) -> None:
        """Sign the head anew with a key that was put in the place of the one that signed it."""
        with self.database.session() as session:
            artefacts.renew_head(session, self.log, self.clock.now())

    def with_lists_in_force(self) -> "Node":
        """The same node with the lists that are in force now: others may have been imported."""
        held = _lists_held(self.database)
        policy = replace(self.policy, lists=held.screening, positive_list=held.positive)
        return replace(self, policy=policy, parties=held.parties, newest_list=held.newest)

    def publish_log(self) -> None:
        """Bring the log's files up to the newest checkpoint; nothing where there is none.

        Raises:
            LogUnpublished: the disk refused; what is recorded stays recorded.
        """
        if not self._published():
            self.renew_head()
            self._published()

    def _published(self) -> bool:
        """Publish, unless the head is signed by a key that was rotated out; whether it was not."""
        with self.database.session() as session:
            signed = ledger.newest_checkpoint(session, self.log.origin.number)
            if signed is None:
                return True
            if not is_signed_by(signed, self.log.signer.verifier_key):
                return False
            folder = DiskFolder(self.log_folder)
            publish(CosignedLog(session, self.log.origin.number), folder)
            publish_origin(session, self.log, self.keys.sealing, folder)
            return True


ORIGIN_DIGITS: Final = 16
"""Digits of the node's mark in the name of a log that nobody named."""

TARIFF_LINE_DIGITS: Final = 8


@cache
def known_codes() -> KnownCodes:
    """The commodity codes that the law's tariff holds, with 10 and with 8 digits.

    One object for the process: two equal ones cost a comparison of all codes at every rule.
    """
    codes = frozenset(duty_rates())
    return KnownCodes(codes | {code[:TARIFF_LINE_DIGITS] for code in codes})


def is_at_hand(location: str | None) -> bool:
    """Whether there is a node at a location, so that opening it makes nothing new."""
    _, directory = resolve(location)
    return directory is None or embedded.is_made(directory)


def log_key(location: str | None, keys: NodeKeys, name: str | None = None) -> NamedSecret:
    """The log's key, made on first use.

    Args:
        location: of the node.
        keys: its secrets, whose public mark is in the name where none is given.
        name: the origin of the log.
    """
    ring = key_ring(location)
    if name is None and ring.has(Role.LOG):
        return ring.held(Role.LOG)
    return ring.make(Role.LOG, name or f"tumen.invalid/{keys.fingerprint()[:ORIGIN_DIGITS]}")


def load_keys(file: Path) -> NodeKeys:
    """Read the node's keys, or make them on first use, readable by the owner alone.

    Raises:
        OutsideError: the file cannot be read or written.
        UsageError: the file holds something else, or others can read it.
    """
    try:
        if not file.exists():
            write_once(file, "\n".join(secrets.token_hex(KEY_BYTES) for _ in range(2)))
        need_alone(file)
        lines = file.read_text().split()
    except OSError as error:
        raise OutsideError(f"The node's keys at {file} cannot be used: {error}") from error
    if len(lines) != 2 or any(len(line) != 2 * KEY_BYTES for line in lines):
        raise UsageError(f"{file} does not hold the two keys of a node")
    return NodeKeys(bytes.fromhex(lines[0]), bytes.fromhex(lines[1]))


def open_node(location: str | None = None, clock: Clock | None = None) -> Node:
    """Open the node at a location; starts and migrates the embedded server where needed.

    Args:
        location: a directory, a `postgresql://` address, or None for the default.
        clock: the recorded time; the machine's where none is given.
    """
    database, keys = _recognised(location)
    key = log_key(location, keys)
    held = _lists_held(database)
    folder = log_folder(location)
    signing = partial(_log_keys, _log_publics(location, key))
    clock = clock or SystemClock()
    log = _log(database, ledger.Signing(key.name, key.secret, keys.sealing), folder, signing, clock)
    policy = Policy(
        payer_must_be_buyer=payer_must_be_buyer(),
        seed=screening_seed(),
        lists=held.screening,
        positive_list=held.positive,
        guarantee_must_suffice=guarantee_must_suffice(),
    )
    place = published_at(folder, log.origin.number)
    keep_what_is_loaded()
    return Node(
        database, keys, policy, held.parties, clock, log, place, signing, signatures(), held.newest,
    )  # fmt: skip


class _ListsHeld(NamedTuple):
    """The lists that are in force, and the number of the newest import."""

    newest: int
    screening: ScreeningLists
    parties: PartyIndex
    positive: PositiveList


def _lists_held(database: Database) -> _ListsHeld:
    with database.session() as session:
        newest = ledger.newest_list(session)  # first, so that a later one is seen to be new
        screening, names = ledger.lists(session)
        positive = ledger.positive_list(session)
    return _ListsHeld(newest, screening, PartyIndex.build(names), positive)


def open_store(location: str | None = None) -> Database:
    """The node's database, for who only reads what is recorded: its log is not asked for."""
    return _recognised(location)[0]


def _recognised(location: str | None) -> tuple[Database, NodeKeys]:
    """The database at a location and the keys that it was made with."""
    database = Database.from_location(location)
    keys = load_keys(keys_file(location))
    with database.session() as session:
        ledger.recognise(session, keys.fingerprint())
    return database, keys


def published_at(folder: Path, number: int) -> Path:
    """The folder of one of the node's logs: the first lies at the top, a later one below it."""
    return folder if number == 1 else folder / str(number)


def _log_publics(location: str | None, key: NamedSecret) -> tuple[bytes, ...]:
    """The public keys that the node's logs are and were signed with."""
    return (key.secret.public_key, *key_ring(location).retired(Role.LOG))


def _log_keys(held: Iterable[bytes], origin: str) -> tuple[VerifierKey, ...]:
    """What a log of this origin is and was signed with: its key, and those rotated out."""
    return tuple(VerifierKey(origin, ED25519, each) for each in held)


def _log(
    database: Database,
    signing: Signing,
    folder: Path,
    keys: Callable[[str], tuple[VerifierKey, ...]],
    clock: Clock,
) -> NodeLog:
    """The node's log, if it goes on from all that was shown of it.

    Raises:
        LogNotExtended: the database is an older copy than what was published.
    """
    with database.session() as session:
        log = ledger.opened_log(session, signing, clock.now())
    place = DiskFolder(published_at(folder, log.origin.number))
    shown = shown_before(place, keys(log.origin.name))
    with database.session() as session:  # what was shown was read before, so it is in there
        signed = ledger.newest_checkpoint(session, log.origin.number)
        head = None if signed is None else head_of(signed)
        source = ledger.StoredLog(session, log.origin.number)
        size = 0 if head is None else head.size
        need_continuity(Tree(log.origin.name, size, source.tile), shown)
    log.shown = head
    return log


def succeed_log(
    location: str | None, reason: str, kept: Mapping[str, bytes], clock: Clock | None = None
) -> Succeeded:
    """Begin the node's next log, where the last one cannot go on from all that it showed.

    Args:
        location: of the node.
        reason: in the operator's words; it is published.
        kept: checkpoints of the last log that lay elsewhere, by what they are called.
        clock: the recorded time; the machine's where none is given.

    Raises:
        UsageError: there is no log yet, or the last one goes on from all that is known.
        LogDamaged: a checkpoint is not signed by that log.
    """
    database, keys = _recognised(location)
    key = log_key(location, keys)
    signing = Signing(key.name, key.secret, keys.sealing)
    held = partial(_log_keys, _log_publics(location, key))
    with database.session() as session:
        session.sequence()
        last = latest_origin(session)
        place = DiskFolder(published_at(log_folder(location), last.number))
        shown = notes_shown(place, held(last.name), kept)
        return succeed(session, signing, shown, reason, (clock or SystemClock()).now())


def open_register(location: str | None) -> Register:
    """What the node at a location remembers as a witness; starts its server where needed."""
    return Register(Database.from_location(location).session)


def open_witness(location: str | None, clock: Clock | None = None) -> Witness:
    """The witness of the node at a location: its key, what it remembers, the clock.

    Raises:
        UsageError: it has no key yet; `tumen witness init` makes it.
    """
    cosigner = key_ring(location).cosigner()
    return Witness(cosigner, open_register(location), clock or SystemClock())
