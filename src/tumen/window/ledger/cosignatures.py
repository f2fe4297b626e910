"""What witnesses answered of the node's log: kept once it is verified, published with the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.trust.note import Signature
from tumen.window.ledger.log import StoredLog
from tumen.window.ledger.proofs import with_cosignatures

_LARGEST: Final = """
    SELECT size, line FROM log_cosignature
    WHERE origin_id = %(origin)s AND witness = %(witness)s ORDER BY size DESC LIMIT 1
"""


def keep(session: Session, origin: int, size: int, signature: Signature, at: datetime) -> None:
    """Keep a cosignature that was verified; one of this witness and size that is there stays."""
    session.execute(
        """INSERT INTO log_cosignature (origin_id, size, witness, line, received_at)
           VALUES (%(origin)s, %(size)s, %(witness)s, %(line)s, %(at)s) ON CONFLICT DO NOTHING""",
        {
            "origin": origin,
            "size": size,
            "witness": signature.name,
            "line": signature.line(),
            "at": at,
        },
    )


def largest(session: Session, origin: int, witness: str) -> tuple[int, Signature] | None:
    """The largest size that a witness cosigned, with its signature; None where it never did."""
    schema = pl.Schema({"size": pl.Int64, "line": pl.String})
    rows = session.read(_LARGEST, {"origin": origin, "witness": witness}, schema).rows()
    return None if not rows else (rows[0][0], Signature.parse(rows[0][1].removesuffix("\n")))


@dataclass(frozen=True, slots=True)
class CosignedLog(StoredLog):
    """What the store has of a log, its newest checkpoint with the cosignatures of its size."""

    def checkpoint(self) -> bytes:
        """The newest checkpoint, signed by the log and cosigned by whom it was brought to.

        Raises:
            LogDamaged: there is none.
        """
        signed = StoredLog.checkpoint(self)
        return with_cosignatures(self.session, self.origin, signed)
