"""What a witness remembers, in the node's PostgreSQL: the port of :mod:`tumen.trust.witness`.

Any number of processes may share it. ``witness_checkpoint`` has the primary key (origin, number):
who writes the number after the one that he read was not overtaken, and of two exactly one can.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.kernel.errors import StoreConflict, UsageError
from tumen.store.session import Session
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.note import ED25519, VerifierKey
from tumen.trust.witness import Cosigned, Witnessed

OpenSession = Callable[[], AbstractContextManager[Session]]

_KEYS: Final = """
SELECT origin, verifier_key FROM (
    SELECT DISTINCT ON (origin, verifier_key) * FROM witness_log
    ORDER BY origin, verifier_key, entry DESC
) AS latest
WHERE is_witnessed AND (%(origin)s IS NULL OR origin = %(origin)s) ORDER BY entry
"""
_LATEST: Final = """
SELECT number, size, root, cosigned_at, note FROM witness_checkpoint
WHERE origin = %(origin)s ORDER BY number DESC LIMIT 1
"""
_KEYS_SCHEMA: Final = pl.Schema({"origin": pl.String, "verifier_key": pl.String})
_LATEST_SCHEMA: Final = pl.Schema(
    {
        "number": pl.Int64,
        "size": pl.Int64,
        "root": pl.Binary,
        "cosigned_at": pl.Int64,
        "note": pl.Binary,
    }
)


@dataclass(frozen=True, slots=True)
class Register:
    """The logs that a node witnesses, and how far.

    Attributes:
        open_session: a transaction of the store.
    """

    open_session: OpenSession

    def log(self, origin: str) -> Witnessed | None:
        """The log of an origin as it stands now; None where it is not witnessed."""
        with self.open_session() as session:
            keys = _keys(session, origin)
            return Witnessed(keys[origin], _latest(session, origin)) if keys else None

    def logs(self) -> dict[str, Witnessed]:
        """Every witnessed log by its origin."""
        with self.open_session() as session:
            found = _keys(session, None)
            return {name: Witnessed(keys, _latest(session, name)) for name, keys in found.items()}

    def advance(self, cosigned: Cosigned) -> bool:
        """Write down what is about to be cosigned; durable on return.

        Returns:
            Whether it was written down; another process was first where not.
        """
        head = cosigned.checkpoint
        row = {
            "origin": head.origin,
            "number": cosigned.number,
            "size": head.size,
            "root": head.root,
            "cosigned_at": cosigned.seconds,
            "note": cosigned.note,
        }
        try:
            with self.open_session() as session:
                # Whatever the server's default is: what was cosigned must not be forgotten.
                session.execute("SET LOCAL synchronous_commit = on")
                session.copy("witness_checkpoint", pl.DataFrame([row]))
        except StoreConflict:
            return False
        return True

    def set_witnessed(self, keys: Sequence[VerifierKey], at: datetime, *, wanted: bool) -> int:
        """Witness the logs of these keys from now on, or no longer.

        Args:
            keys: of logs; the name of a key is the origin of its log.
            at: the recorded time.
            wanted: whether they are to be witnessed.

        Returns:
            How many of them changed.

        Raises:
            UsageError: a key is not of a log.
        """
        for key in keys:
            if key.algorithm != ED25519:
                raise UsageError(
                    f"{key.name} is the key of a witness, not of a log",
                    next_step="Take the log's key, as `tumen log init` printed it there.",
                )
        with self.open_session() as session:
            session.sequence()  # two commands at once would both see the same rows
            held = {each.vkey for group in _keys(session, None).values() for each in group}
            changed = [key for key in keys if (key.vkey in held) is not wanted]
            rows = [
                {
                    "origin": key.name,
                    "verifier_key": key.vkey,
                    "is_witnessed": wanted,
                    "recorded_at": at,
                }
                for key in changed
            ]
            if rows:
                session.copy("witness_log", pl.DataFrame(rows))
        return len(changed)


def _keys(session: Session, origin: str | None) -> dict[str, tuple[VerifierKey, ...]]:
    found: dict[str, tuple[VerifierKey, ...]] = {}
    for name, vkey in session.read(_KEYS, {"origin": origin}, _KEYS_SCHEMA).iter_rows():
        found[name] = (*found.get(name, ()), VerifierKey.parse(vkey))
    return found


def _latest(session: Session, origin: str) -> Cosigned | None:
    rows = session.read(_LATEST, {"origin": origin}, _LATEST_SCHEMA).rows()
    if not rows:
        return None
    ((number, size, root, seconds, note),) = rows
    return Cosigned(number, Checkpoint(origin, size, root), seconds, note)
