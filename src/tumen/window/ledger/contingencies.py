"""Contingencies in the store: when the decisions of an economy were suspended, why, by whom."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import polars as pl

from tumen.kernel.errors import UsageError
from tumen.store.session import Query, Session
from tumen.window.acts import Officer
from tumen.window.contingency import Turn, need_words
from tumen.window.leaves import CONTINGENCY
from tumen.window.ledger import artefacts
from tumen.window.ledger.log import NodeLog
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT
from tumen.window.states import Status

KIND: Final = "contingency"
"""The kind of the artefact."""

TYPE: Final = "tumen.contingency.v1"

_NEWEST: Final = """
    SELECT DISTINCT ON (economy) * FROM contingency_entry ORDER BY economy, artefact_id DESC
"""

SUSPENDED: Final = Query(
    f"SELECT economy FROM ({_NEWEST}) AS newest WHERE act = '{Turn.BEGIN}'",  # noqa: S608 - ours
    pl.Schema({"economy": pl.String()}),
)
"""Asks for the economies in whose name nothing is decided."""

_AWAITING: Final = f"""
    SELECT w.document_id, w.economy FROM (
        SELECT e.document_id, coalesce((
            SELECT {AUTHORITY_OF_SHIPMENT} FROM goods_shipment s
            LEFT JOIN shipment_assessment a USING (document_id)
            WHERE s.document_id = e.document_id), 'CN') AS economy
        FROM declaration_event e
        WHERE e.status = '{Status.AWAITING}' AND e.document_id > %(after)s
          AND NOT EXISTS (SELECT FROM declaration_event later
                          WHERE later.document_id = e.document_id AND later.event_id > e.event_id)
    ) w
"""  # noqa: S608 - our own constants

_STANDING: Final = f"""
    SELECT n.economy, n.reason, n.recorded_at,
           (SELECT count(*) FROM ({_AWAITING}) a WHERE a.economy = n.economy)
    FROM ({_NEWEST}) n WHERE n.act = '{Turn.BEGIN}' ORDER BY n.economy
"""  # noqa: S608 - our own constants
_STANDING_SCHEMA: Final = pl.Schema(
    {
        "economy": pl.String(),
        "reason": pl.String(),
        "since": pl.Datetime("us", "UTC"),
        "awaiting": pl.Int64(),
    }
)


_BEGUN: Final = f"""
    SELECT officer FROM ({_NEWEST}) n WHERE act = '{Turn.BEGIN}' AND economy = %(economy)s
"""  # noqa: S608 - our own constants


@dataclass(frozen=True, slots=True)
class Suspension:
    """Decisions of an economy that are suspended now.

    Attributes:
        economy: whose.
        reason: why, for everybody.
        since: the recorded time.
        awaiting: how many declarations and shipments wait.
    """

    economy: str
    reason: str
    since: datetime
    awaiting: int


def suspensions(session: Session) -> list[Suspension]:
    """All that holds now, by economy.

    Args:
        session: one that sees the whole node.
    """
    found = session.read(_STANDING, {"after": 0}, _STANDING_SCHEMA)
    return [Suspension(*line) for line in found.iter_rows()]


def awaiting(session: Session, economy: str, after: int, limit: int) -> pl.Series:
    """The next documents that wait for a decision of an economy, in the order of recording."""
    query = f"{_AWAITING} WHERE w.economy = %(economy)s ORDER BY 1 LIMIT {limit:d}"
    schema = pl.Schema({"document_id": pl.Int64(), "economy": pl.String()})
    return session.read(query, {"after": after, "economy": economy}, schema)["document_id"]


def is_suspended(session: Session, economy: str) -> bool:
    """Whether nothing is decided in the name of an economy."""
    return economy in session.ask(SUSPENDED)[0]["economy"].to_list()


def begun_by(session: Session, economy: str) -> str | None:
    """The mark under which the contingency of an economy that is on was begun; None of none."""
    found = session.read(_BEGUN, {"economy": economy}, pl.Schema({"officer": pl.String()}))
    return next(iter(found["officer"]), None)


def begin(session: Session, log: NodeLog, officer: Officer, reason: str, at: datetime) -> None:
    """Suspend the decisions of the officer's authority from the next batch on.

    Args:
        session: one transaction.
        log: the node's.
        officer: who says so.
        reason: why, for everybody.
        at: the recorded time.

    Raises:
        UsageError: they are suspended already, or the reason cannot be shown.
    """
    told = need_words(officer.authority, reason)
    session.sequence()
    if is_suspended(session, officer.authority):
        raise UsageError(
            f"The decisions of {officer.authority} are suspended already.",
            next_step="`GET /v1/contingencies`, or `tumen contingency status`, tells since when,"
            " and why.",
        )
    enter(session, log, officer, Turn.BEGIN, told, at)


def enter(
    session: Session, log: NodeLog, officer: Officer, turn: Turn, reason: str, at: datetime
) -> None:
    """Write an entry with its leaf. Under the sequencer's lock, so that no batch is half in it."""
    row = {
        "economy": officer.authority,
        "act": str(turn),
        "reason": reason,
        "organisation": officer.organisation,
        "officer": officer.mark,
        "recorded_at": at,
    }
    said = {**row, "type": TYPE, "recorded_at": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    found = artefacts.Found(KIND, sha256(text).digest(), f"{officer.authority} {turn}")
    rows = pl.DataFrame([row], schema_overrides={"recorded_at": pl.Datetime("us", "UTC")})
    artefacts.record(session, log, found, at, beside=(CONTINGENCY, rows))
