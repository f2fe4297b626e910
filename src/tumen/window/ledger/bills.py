"""Bills as they are read: a page at a time, one with its lines, a month summed up.

Every query runs in a session of who may see the rows. The state of a bill follows from the
statements that cover it; see :data:`~tumen.window.billing.BILL_TRANSITIONS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.law.figures import plain_amount
from tumen.store.literal import Value
from tumen.store.session import Session
from tumen.window.bill_statements import Month
from tumen.window.billing import BillState
from tumen.window.ledger.stretches import Line, Lines, Stretch, filled
from tumen.window.story import plain

COVERING: Final = """
    SELECT bool_or(s.entry = 'voided' AND s.first_bill = s.last_bill) AS is_void,
           bool_or(s.entry = 'paid') AS is_paid,
           max(s.own_reference) FILTER (WHERE s.entry = 'summarised') AS notice,
           max(s.happened_on) FILTER (WHERE s.entry = 'paid') AS paid_on,
           max(s.reason) FILTER (WHERE s.entry = 'voided') AS reason
    FROM bill_statement s
    WHERE s.payer = b.payer AND s.first_bill <= b.document_id AND s.last_bill >= b.document_id
      AND s.is_guaranteed = b.is_guaranteed AND s.currency = b.currency
      AND s.authority = b.economy
"""
"""What was stated of a bill ``b``, by itself or among others of its payer."""

STATE: Final = f"""
    CASE WHEN s.is_void THEN '{BillState.VOIDED}' WHEN s.is_paid THEN '{BillState.PAID}'
         WHEN s.notice IS NOT NULL THEN '{BillState.SUMMARISED}' ELSE '{BillState.MADE}' END
"""

_COLUMNS: Final = f"""
    b.document_id, b.own_reference AS number, b.declaration, b.economy, b.regime, b.filer, b.payer,
    b.is_guaranteed, b.kind, {STATE} AS state,
    CASE WHEN s.is_void THEN NULL ELSE s.notice END AS notice, s.paid_on, s.reason, b.released_on,
    b.made_on, b.due_from, b.due_by, b.citation, b.is_verified, b.currency, b.charged_minor,
    b.total_minor
"""

_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "number": pl.String(), "declaration": pl.Int64(),
        **dict.fromkeys(("economy", "regime", "filer", "payer"), pl.String()),
        "is_guaranteed": pl.Boolean(),
        **dict.fromkeys(("kind", "state", "notice"), pl.String()),
        "paid_on": pl.Date(), "reason": pl.String(),
        **dict.fromkeys(("released_on", "made_on", "due_from", "due_by"), pl.Date()),
        "citation": pl.String(), "is_verified": pl.Boolean(), "currency": pl.String(),
        "charged_minor": pl.Int64(), "total_minor": pl.Int64(),
    }
)  # fmt: skip

_PAGE: Final = """
    WITH b AS MATERIALIZED (
        SELECT * FROM ({parts}) b ORDER BY b.document_id LIMIT {most}
    )
    SELECT {columns} FROM b CROSS JOIN LATERAL ({covering}) s
    ORDER BY b.document_id
"""

_PART: Final = """
    (SELECT * FROM bill b WHERE b.document_id > %(after)s {conditions} {whose}
     ORDER BY b.document_id LIMIT {most})
"""
_OWN: Final = (
    "AND b.payer = %(own)s",
    "AND b.filer = %(own)s AND b.payer <> %(own)s",
)
"""What an organisation pays, and what others pay of what it lodged: each by its index."""

_CONDITIONS: Final[Mapping[str, str]] = {
    "payer": "AND b.payer = %(payer)s",
    "filer": "AND b.filer = %(filer)s",
    "declaration": "AND b.declaration = %(declaration)s",
    "first": "AND b.made_on >= %(first)s",
    "until": "AND b.made_on < %(until)s",
}


@dataclass(frozen=True, slots=True)
class ChosenBills:
    """Which bills a list shows; None chooses all.

    Attributes:
        state: where they stand.
        payer: who pays them.
        filer: who lodged their declarations.
        declaration: the document that they charge.
        month: in which they were made.
        own: who pays them or lodged their declarations: found without a look at those of others.
    """

    state: BillState | None = None
    payer: str | None = None
    filer: str | None = None
    declaration: int | None = None
    month: Month | None = None
    own: str | None = None


def bills(
    session: Session, chosen: ChosenBills, after: int = 0, limit: int = LIST_ROWS_MAX
) -> Lines:
    """Bills in the order of their making, from the number ``after`` on."""
    named: dict[str, Value] = {
        "payer": chosen.payer, "filer": chosen.filer, "declaration": chosen.declaration,
        "first": None if chosen.month is None else chosen.month.first,
        "until": None if chosen.month is None else chosen.month.until,
    }  # fmt: skip
    given = {name: value for name, value in named.items() if value is not None}
    conditions = " ".join(_CONDITIONS[name] for name in given)
    given |= {} if chosen.own is None else {"own": chosen.own}

    def look(after: int, most: int) -> Stretch:
        query = _listing(conditions, most, is_own=chosen.own is not None)
        found = session.read(query, {**given, "after": after}, _SCHEMA)
        fitting = [
            line
            for line in found.iter_rows(named=True)
            if chosen.state is None or line["state"] == chosen.state
        ]
        return Stretch(found["document_id"].to_list(), fitting)

    return filled(look, after, limit, "document_id", is_filtered=chosen.state is not None)


def _listing(conditions: str, most: int, *, is_own: bool) -> str:
    parts = " UNION ALL ".join(
        _PART.format(conditions=conditions, whose=whose, most=most)
        for whose in (_OWN if is_own else ("",))
    )
    return _PAGE.format(parts=parts, most=most, columns=_COLUMNS, covering=COVERING)


_ONE: Final = f"""
    SELECT {_COLUMNS} FROM bill b CROSS JOIN LATERAL ({COVERING}) s
    WHERE b.own_reference = %(number)s
"""  # noqa: S608 - our own constants
_ITEMS: Final = """
    SELECT goods_item, code, amount_minor FROM bill_item WHERE document_id = %(bill)s
    ORDER BY position
"""
_ITEM_SCHEMA: Final = pl.Schema(
    {"goods_item": pl.Int32(), "code": pl.String(), "amount_minor": pl.Int64()}
)
_RECEIPT: Final = "SELECT receipt FROM bill WHERE document_id = %(bill)s"


def one_bill(session: Session, number: str) -> Line | None:
    """A bill with its lines and its receipt; None where the session sees none of this number."""
    found = session.read(_ONE, {"number": number}, _SCHEMA)
    if found.is_empty():
        return None
    line = found.row(0, named=True)
    known = {"bill": line["document_id"]}
    items = session.read(_ITEMS, known, _ITEM_SCHEMA)
    receipt = session.read(_RECEIPT, known, pl.Schema({"receipt": pl.String()}))
    return {**line, "items": items.to_dicts(), "receipt": receipt.item()}


_MONTH: Final = f"""
    SELECT b.made_on, b.payer, b.is_guaranteed, b.currency, {STATE} AS state, count(*) AS bills,
           sum(b.charged_minor)::bigint, (sum(b.charged_minor) - sum(b.total_minor))::bigint,
           sum(b.total_minor)::bigint
    FROM bill b CROSS JOIN LATERAL ({COVERING}) s
    WHERE b.made_on >= %(first)s AND b.made_on < %(until)s {{conditions}}
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 - our own constants
_MONTH_SCHEMA: Final = pl.Schema(
    {
        "made_on": pl.Date(), "payer": pl.String(), "is_guaranteed": pl.Boolean(),
        "currency": pl.String(), "state": pl.String(), "bills": pl.Int64(),
        "charged_minor": pl.Int64(), "taken_off_minor": pl.Int64(), "total_minor": pl.Int64(),
    }
)  # fmt: skip


_AMONG_OWN: Final = """
    AND b.document_id IN (SELECT document_id FROM bill WHERE payer = %(own)s
                          UNION ALL SELECT document_id FROM bill WHERE filer = %(own)s)
"""


def month_of_bills(
    session: Session, month: Month, payer: str | None = None, own: str | None = None
) -> list[Line]:
    """The bills of a month, summed up by day, payer, currency and state.

    Args:
        session: what it may see is summed up.
        month: in which they were made.
        payer: who pays them; None for all.
        own: who pays them or lodged their declarations; None for all.
    """
    known: dict[str, Value] = {"first": month.first, "until": month.until}
    conditions = ""
    if payer is not None:
        known["payer"], conditions = payer, _CONDITIONS["payer"]
    if own is not None:
        known["own"], conditions = own, conditions + _AMONG_OWN
    query = _MONTH.format(conditions=conditions)
    return session.read(query, known, _MONTH_SCHEMA).to_dicts()


def in_units(line: Mapping[str, Any]) -> Line:
    """A line for machines: its amounts in whole units of its currency, its days as texts.

    >>> in_units({"currency": "CNY", "total_minor": 1234})["total"]
    '12.34'
    """
    amounts = {
        name.removesuffix("_minor"): plain_amount(value, line["currency"])
        for name, value in line.items()
        if name.endswith("_minor")
    }
    kept = {name: plain(value) for name, value in line.items() if not name.endswith("_minor")}
    return {**kept, **amounts}


MONTH_COLUMNS: Final = (
    "made_on", "payer", "is_guaranteed", "currency", "state", "bills", "charged", "taken_off",
    "total",
)  # fmt: skip
"""What the summary of a month has of each line, once its amounts are in units."""
