"""How a log of the node begins: its row, and the leaf that tells of which log it is (ADR 6).

The leaf is that of an artefact of the kind ``origin``. Its content is a public text, which tells
what the log before it last showed and why it is not written on; anyone can check the text by its
proof, and the audit has the row of the log under the same leaf.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import polars as pl

from tumen.kernel.errors import LogDamaged, LogUnpublished, UsageError
from tumen.store.session import Session
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.continuity import Tree, is_extended, numbered_origin
from tumen.trust.folder import Folder
from tumen.trust.published import head_of
from tumen.trust.signer import KeySigner, SecretKey
from tumen.window.leaves import HEADS, REFUSAL
from tumen.window.ledger import artefacts, proofs
from tumen.window.ledger.log import NodeLog, Origin, StoredLog, newest, origins, salt_key

ORIGIN: Final = "origin"
"""The kind of the artefact."""

FILE: Final = "origin.json"
PROOF_FILE: Final = "origin.json.tlog-proof"
"""The public text and its proof, beside the log's checkpoint."""

TYPE: Final = "tumen.origin.v1"

_NUMBERS: Final = ("batch", "document", "event", "list", "artefact")
_FIRST_SCHEMA: Final = pl.Schema({f"first_{what}": pl.Int64() for what in _NUMBERS})
_ROW_SCHEMA: Final = pl.Schema(
    {
        "origin_id": pl.Int32(), "name": pl.String(), **_FIRST_SCHEMA,
        "begun_at": pl.Datetime("us", "UTC"), "reason": pl.String(), "previous": pl.Binary(),
    }
)  # fmt: skip
_NEXT: Final = """
    SELECT (SELECT coalesce(max(batch_id), 0) + 1 FROM batch),
           greatest({documents}) + 1,
           (SELECT coalesce(max(event_id), 0) + 1 FROM declaration_event),
           (SELECT coalesce(max(list_id), 0) + 1 FROM list),
           (SELECT coalesce(max(artefact_id), 0) + 1 FROM log_artefact)
"""


@dataclass(frozen=True, slots=True)
class Signing:
    """What the node's logs are signed and salted with.

    Attributes:
        name: the name of the node's first log.
        secret: the key that all of them sign with.
        node_key: what their salts are derived from.
    """

    name: str
    secret: SecretKey
    node_key: bytes

    def log(self, origin: Origin) -> NodeLog:
        """The log of an origin."""
        signer = KeySigner(origin.name, self.secret)
        return NodeLog(origin, signer, salt_key(self.node_key, origin.name))


@dataclass(frozen=True, slots=True)
class Succession:
    """Why a log is begun though there was one before it.

    Attributes:
        previous: the largest checkpoint that the log before it is known to have shown.
        reason: in the operator's words; nothing personal, for it is published.
    """

    previous: bytes
    reason: str


def opened_log(session: Session, signing: Signing, at: datetime) -> NodeLog:
    """The node's log, begun if there is none yet.

    Args:
        session: a session of its own.
        signing: the node's keys.
        at: the recorded time, for a log that is begun.

    Raises:
        UsageError: the store's log has another name.
    """
    known = origins(session)
    if not known:  # only then is there something to wait in line for
        session.sequence()
        known = origins(session)
    if not known:
        return begin(session, signing, at)
    origin = known[-1]
    if numbered_origin(signing.name, origin.number) != origin.name:
        raise UsageError(
            f"The log of this database is {origin.name}, and the key is that of {signing.name}.",
            next_step="Name the key file of this log in TUMEN_LOG_KEY, or put it back.",
        )
    return signing.log(origin)


def begin(
    session: Session, signing: Signing, at: datetime, after: Succession | None = None
) -> NodeLog:
    """Begin a log: all facts from now on are under its leaves, and its own row is under the first.

    Args:
        session: the sequencer's.
        signing: the node's keys.
        at: the recorded time.
        after: why, where there is a log already.

    Raises:
        LogDamaged: the store has leaves, and the row of their log is gone.
    """
    known = origins(session)
    if not known and newest(session, 1) is not None:
        raise LogDamaged("the database has leaves of a log, and not the row of that log")
    number = len(known) + 1
    name = numbered_origin(signing.name, number)
    log = signing.log(Origin(number, name, *_firsts(session)))
    told = (None, None) if after is None else (after.reason, after.previous)
    row = pl.DataFrame([(*_columns(log.origin), at, *told)], schema=_ROW_SCHEMA, orient="row")
    content = sha256(public_text(row.row(0, named=True))).digest()
    found = artefacts.Found(ORIGIN, content, name)
    artefacts.record(session, log, found, at, beside=("log_origin", row))
    return log


def latest_origin(session: Session) -> Origin:
    """The log that is written on.

    Raises:
        UsageError: the node has none yet.
    """
    known = origins(session)
    if not known:
        raise UsageError(
            "This node has no log yet.", next_step="`tumen log init` begins the first one."
        )
    return known[-1]


@dataclass(frozen=True, slots=True)
class Succeeded:
    """What came of beginning another log.

    Attributes:
        old: the one that is written on no more.
        held: how many leaves of it the store has.
        lost: the largest checkpoint of it that the store does not go on from.
        new: the one that is written on.
    """

    old: Origin
    held: int
    lost: Checkpoint
    new: NodeLog


def succeed(
    session: Session, signing: Signing, shown: Sequence[bytes], reason: str, at: datetime
) -> Succeeded:
    """Begin the next log, if the last one cannot go on from all that it showed.

    Args:
        session: the sequencer's.
        signing: the node's keys.
        shown: the checkpoints that it is known to have shown, each signed by it.
        reason: in the operator's words.
        at: the recorded time.

    Raises:
        UsageError: it goes on from all of them: a new one would have no reason.
    """
    old = latest_origin(session)
    signed = newest(session, old.number)
    held = 0 if signed is None else head_of(signed).size
    tree = Tree(old.name, held, StoredLog(session, old.number).tile)
    lost = [each for each in shown if not is_extended(tree, head_of(each))]
    if not lost:
        raise UsageError(
            f"The log {old.name} goes on from all that it is known to have shown.",
            next_step="Work on as before. Where a witness or a holder has a checkpoint that this"
            " node lost, name the file with --against.",
        )
    previous = max(lost, key=lambda each: head_of(each).size)
    new = begin(session, signing, at, Succession(previous, reason))
    return Succeeded(old, held, head_of(previous), new)


def _columns(origin: Origin) -> tuple[Any, ...]:
    firsts = (getattr(origin, each) for each in _FIRST_SCHEMA)
    return (origin.number, origin.name, *firsts)


def _firsts(session: Session) -> tuple[int, ...]:
    documents = ", ".join(
        f"(SELECT coalesce(max(document_id), 0) FROM {table})"  # noqa: S608 - ours
        for table in (*HEADS, REFUSAL)
    )
    return session.read(_NEXT.format(documents=documents), None, _FIRST_SCHEMA).row(0)


def public_text(row: Mapping[str, Any]) -> bytes:
    """What a log says of itself, one line of JSON: the content of its first leaf.

    Args:
        row: of ``log_origin``.
    """
    previous = row["previous"]
    told = {
        "type": TYPE,
        "origin": row["name"],
        "number": row["origin_id"],
        "begun_at": f"{row['begun_at']:%Y-%m-%dT%H:%M:%S.%fZ}",
        "first": {what: row[f"first_{what}"] for what in _NUMBERS},
        "previous": None if previous is None else previous.decode(),
        "reason": row["reason"],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def told(session: Session, number: int) -> tuple[int, bytes] | None:
    """What a log says of itself, and the number of the artefact that proves it.

    None for a log that began before its row had a leaf.
    """
    schema = pl.Schema({**_ROW_SCHEMA, "artefact_id": pl.Int64()})
    query = f"SELECT {', '.join(schema)} FROM log_origin WHERE origin_id = %(number)s"  # noqa: S608
    found = session.read(query, {"number": number}, schema)
    if found.is_empty() or found["artefact_id"].item() is None:
        return None
    row = found.row(0, named=True)
    return row["artefact_id"], public_text(row)


def publish_origin(session: Session, log: NodeLog, node_key: bytes, folder: Folder) -> None:
    """Put what a log says of itself beside its files, with the proof; once, after a checkpoint."""
    if folder.read(FILE) is not None:
        return
    found = told(session, log.origin.number)
    if found is None:
        return
    number, text = found
    proof = proofs.artefacts(session, node_key, [number])[number]
    try:
        with folder.exclusive():
            folder.put(PROOF_FILE, proof.encode())
            folder.put(FILE, text + b"\n")
            folder.sync()
    except OSError as error:
        raise LogUnpublished(f"the log's files cannot be written: {error.strerror}") from error
