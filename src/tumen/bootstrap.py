"""The composition root: wires store, law, documents, keys and clock into a desk."""

import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Final

from tumen.documents.rules import KnownCodes
from tumen.kernel.clock import Clock, SystemClock
from tumen.kernel.errors import OutsideError, PathAbsent, UsageError, VerificationError
from tumen.kernel.garbage import keep_what_is_loaded
from tumen.kernel.limits import CERTIFICATES_TRUSTED_MAX, TOLERANCE_FEN_MAX
from tumen.law.goods import duty_rates
from tumen.law.quoting import NO_BOOKS, Books
from tumen.store import embedded
from tumen.store.database import Database, resolve
from tumen.store.session import Session
from tumen.trust.bundle_model import Role
from tumen.trust.continuity import Tree, need_continuity, shown_before
from tumen.trust.folder import DiskFolder
from tumen.trust.key_files import write_once
from tumen.trust.key_ring import KeyRing, NamedSecret
from tumen.trust.note import VerifierKey
from tumen.trust.published import head_of
from tumen.trust.publisher import publish
from tumen.trust.signer import KeySigner
from tumen.trust.witness import Witness
from tumen.trust.xmldsig.certificate import Certificate
from tumen.trust.xmldsig.signing_key import from_pem
from tumen.window import ledger
from tumen.window.decision import Policy
from tumen.window.desk import Desk
from tumen.window.examinations import Recognition
from tumen.window.ledger import artefacts
from tumen.window.ledger.cosignatures import CosignedLog
from tumen.window.ledger.log import NodeLog
from tumen.window.parties import PartyIndex
from tumen.window.prepare import Preparation
from tumen.window.privacy import NodeKeys
from tumen.window.recognition import recognitions
from tumen.window.signatures import MessageSignatures, SignaturePolicy
from tumen.witnessing.register import Register

KEY_BYTES: Final = 32
DEFAULT_SENDER: Final = "local"
DEFAULT_SEED: Final = "tumen"


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

    def preparation(self, sender: str, books: Books = NO_BOOKS) -> Preparation:
        """What a sender's batches are prepared with.

        Args:
            sender: who lodges.
            books: imported tariffs and rates, for native shipments.
        """
        codes = known_codes()
        return Preparation(
            sender, self.keys, codes, self.parties, self.clock, books, self.signatures,
            tolerance_fen(),
        )  # fmt: skip

    def desk(
        self, sender: str, open_session: Callable[[], AbstractContextManager[Session]]
    ) -> Desk:
        """A desk that records what a sender lodges, with its leaves in the log."""
        return Desk(open_session, sender, self.policy, self.clock, self.log)

    def log_artefact(self, kind: str, content: bytes, name: str) -> int:
        """Enter an artefact into the log by its hash; its number, the old one where it is there."""
        with self.database.session() as session:
            return artefacts.record(session, self.log, kind, content, name, self.clock.now())

    def with_lists_in_force(self) -> "Node":
        """The same node with the lists that are in force now: others may have been imported."""
        with self.database.session() as session:
            newest = ledger.newest_list(session)  # first, so that a later one is seen to be new
            lists, names = ledger.lists(session)
            positive_list = ledger.positive_list(session)
        policy = replace(self.policy, lists=lists, positive_list=positive_list)
        return replace(self, policy=policy, parties=PartyIndex.build(names), newest_list=newest)

    def publish_log(self) -> None:
        """Bring the log's files up to the newest checkpoint; nothing where there is none.

        Raises:
            LogUnpublished: the disk refused; what is recorded stays recorded.
        """
        with self.database.session() as session:
            if ledger.newest_checkpoint(session, self.log.origin.number) is not None:
                source = CosignedLog(session, self.log.origin.number)
                publish(source, DiskFolder(self.log_folder))


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


def keys_file(location: str | None) -> Path:
    """Where the secrets of a node lie: $TUMEN_KEYS, or beside the embedded server's directory."""
    stated = os.environ.get("TUMEN_KEYS")
    if stated:
        return Path(stated)
    home = Path(os.environ.get("TUMEN_HOME") or Path.home() / ".local/share/tumen")
    if location is None or location.startswith(("postgresql://", "postgres://")):
        return home / "node.keys"
    return Path(location).expanduser().absolute().with_suffix(".keys")


def is_at_hand(location: str | None) -> bool:
    """Whether there is a node at a location, so that opening it makes nothing new."""
    _, directory = resolve(location)
    return directory is None or embedded.is_made(directory)


def key_ring(location: str | None) -> KeyRing:
    """The signing keys of a node, beside its secrets or where the settings say."""
    return KeyRing(keys_file(location), os.environ)


def log_folder(location: str | None) -> Path:
    """Where the log is published: $TUMEN_LOG, or beside the node's keys."""
    stated = os.environ.get("TUMEN_LOG")
    return Path(stated) if stated else keys_file(location).with_suffix(".log")


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
        UsageError: the file holds something else.
    """
    try:
        if not file.exists():
            write_once(file, "\n".join(secrets.token_hex(KEY_BYTES) for _ in range(2)))
        lines = file.read_text().split()
    except OSError as error:
        raise OutsideError(f"The node's keys at {file} cannot be used: {error}") from error
    if len(lines) != 2 or any(len(line) != 2 * KEY_BYTES for line in lines):
        raise UsageError(f"{file} does not hold the two keys of a node")
    return NodeKeys(bytes.fromhex(lines[0]), bytes.fromhex(lines[1]))


def signatures() -> MessageSignatures:
    """How a node judges signatures: $TUMEN_SIGNATURES, by the certificates of $TUMEN_CERTIFICATES.

    Raises:
        UsageError: the policy is none, or it requires what nobody could fulfil.
    """
    stated = os.environ.get("TUMEN_SIGNATURES", SignaturePolicy.RECORD)
    folder = os.environ.get("TUMEN_CERTIFICATES")
    if stated not in set(SignaturePolicy):
        raise UsageError(f"TUMEN_SIGNATURES is {stated}; it must be record or require.")
    policy = SignaturePolicy(stated)
    if policy is SignaturePolicy.REQUIRE and not folder:
        raise UsageError(
            "TUMEN_SIGNATURES=require needs TUMEN_CERTIFICATES.",
            next_step="Name the folder of the certificates that this node trusts.",
        )
    return MessageSignatures(policy, certificates(Path(folder)) if folder else None)


def certificates(folder: Path) -> tuple[bytes, ...]:
    """The certificates of a folder as DER: files .pem, .crt, .cer and .der, each with one.

    Raises:
        PathAbsent: there is no such folder.
        UsageError: a file holds no certificate that can be read, or there are too many.
    """
    if not folder.is_dir():
        raise PathAbsent(f"There is no folder {folder}.")
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _CERTIFICATES)
    if len(files) > CERTIFICATES_TRUSTED_MAX:
        raise UsageError(f"{folder} holds more than {CERTIFICATES_TRUSTED_MAX} certificates.")
    return tuple(certificate(file) for file in files)


def certificate(file: Path) -> bytes:
    """The certificate in a file, PEM or DER, as DER.

    Raises:
        UsageError: there is none that can be read.
    """
    content = file.read_bytes()
    der = from_pem(content, "CERTIFICATE") if b"-----BEGIN" in content else content
    try:
        return Certificate.read(der).der
    except VerificationError as error:
        raise UsageError(f"{file} holds no certificate that can be read.") from error


_CERTIFICATES: Final = frozenset({".pem", ".crt", ".cer", ".der"})


def open_node(location: str | None = None, clock: Clock | None = None) -> Node:
    """Open the node at a location; starts and migrates the embedded server where needed.

    Args:
        location: a directory, a `postgresql://` address, or None for the default.
        clock: the recorded time; the machine's where none is given.
    """
    database, keys = _recognised(location)
    key = log_key(location, keys)
    with database.session() as session:
        newest = ledger.newest_list(session)
        lists, names = ledger.lists(session)
        positive_list = ledger.positive_list(session)
    folder = log_folder(location)
    signing = partial(_log_keys, (key, *key_ring(location).retired(Role.LOG)))
    log = _log(database, key, keys, folder, signing)
    policy = Policy(
        payer_must_be_buyer=payer_must_be_buyer(),
        seed=os.environ.get("TUMEN_SCREENING_SEED", DEFAULT_SEED),
        lists=lists,
        positive_list=positive_list,
    )
    parties = PartyIndex.build(names)
    place = published_at(folder, log)
    keep_what_is_loaded()
    return Node(
        database, keys, policy, parties, clock or SystemClock(), log, place, signing,
        signatures(), newest,
    )  # fmt: skip


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


def payer_must_be_buyer() -> bool:
    """Whether this node asks that who pays is who buys; $TUMEN_PAYER_MUST_BE_BUYER."""
    return os.environ.get("TUMEN_PAYER_MUST_BE_BUYER", "1") != "0"


def tolerance_fen() -> int:
    """By how many fen a total may miss its parts on this node; $TUMEN_TOLERANCE_FEN, 0 if unset.

    Raises:
        UsageError: it is no whole number of fen within the limit.
    """
    stated = os.environ.get("TUMEN_TOLERANCE_FEN", "0")
    if not stated.isascii() or not stated.isdigit() or int(stated) > TOLERANCE_FEN_MAX:
        raise UsageError(
            f"TUMEN_TOLERANCE_FEN is {stated}; it must be fen, from 0 to {TOLERANCE_FEN_MAX}."
        )
    return int(stated)


def recognised() -> tuple[Recognition, ...]:
    """Whose results of examinations stand for whose: the table of $TUMEN_RECOGNITION, or none.

    Raises:
        PathAbsent: there is no such file.
        UsageError: it is no table of recognition.
    """
    stated = os.environ.get("TUMEN_RECOGNITION")
    if not stated:
        return recognitions(files("tumen.window").joinpath("data/recognition.toml").read_text())
    if not Path(stated).is_file():
        raise PathAbsent(f"There is no file {stated}.")
    return recognitions(Path(stated).read_text(encoding="utf-8"))


def published_at(folder: Path, log: NodeLog) -> Path:
    """The folder of one of the node's logs: the first lies at the top, a later one below it."""
    return folder if log.origin.number == 1 else folder / str(log.origin.number)


def _log_keys(held: Iterable[NamedSecret], origin: str) -> tuple[VerifierKey, ...]:
    """What a log of this origin is and was signed with: its key, and those rotated out."""
    keys = (KeySigner(origin, each.secret).verifier_key for each in held)
    return tuple(map(VerifierKey.parse, keys))


def _log(
    database: Database,
    key: NamedSecret,
    keys: NodeKeys,
    folder: Path,
    signing: Callable[[str], tuple[VerifierKey, ...]],
) -> NodeLog:
    """The node's log, if it goes on from all that was shown of it.

    Raises:
        LogNotExtended: the database is an older copy than what was published.
    """
    with database.session() as session:
        log = ledger.opened_log(session, key.name, key.secret, keys.sealing)
    place = DiskFolder(published_at(folder, log))
    shown = shown_before(place, signing(log.origin.name))
    with database.session() as session:  # what was shown was read before, so it is in there
        signed = ledger.newest_checkpoint(session, log.origin.number)
        size = 0 if signed is None else head_of(signed).size
        source = ledger.StoredLog(session, log.origin.number)
        need_continuity(Tree(log.origin.name, size, source.tile), shown)
    return log


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
