"""Everything that the node holds of an organisation, for it to take away.

The rows are those that row-level security shows to the organisation as a sender, table by table, as
lines of JSON; ``owned`` says where they lie. What is found out about it for the authorities alone
is kept back, and named.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

import polars as pl

from tumen.access.owned import OWNED
from tumen.access.rows import TEXT, rows
from tumen.store.literal import bind, identifier
from tumen.store.session import Session

KEPT_BACK: Final = {
    "party_hits": "is for the authorities alone",
    "person": "is a mark of a person that only this node uses",
    "used_before_fen": "tells what a person bought elsewhere, and is for the authorities alone",
    "…_index": "is a mark of a person's data that only this node uses",
}
"""Columns that an organisation is not given, and why."""

CODES: Final = "codes"
PERSONAL: Final = "Personal fields are held sealed and apart; they are not in this file."
PAGE_ROWS: Final = 5_000

_COLUMNS: Final = """
    SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
      AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege(c.oid, a.attnum, 'SELECT')
      AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive)
    ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds.

    Attributes:
        rows: how many of each table.
    """

    rows: dict[str, int]


def export(session: Session, sender: str, target: IO[bytes], at: datetime) -> Exported:
    """Write a zip file of all that is a sender's own.

    Args:
        session: of the application's role, for this sender as a viewer who is no authority.
        sender: whose rows.
        target: where to; it is only written on, never sought in.
        at: now, for the page in the file.
    """
    counts: dict[str, int] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, columns in _tables(session).items():
            counts[table] = 0
            with archive.open(f"{table}.ndjson", "w", force_zip64=True) as file:
                for page in _pages(session, table, columns, sender):
                    file.write("".join(f"{line}\n" for line in page).encode())
                    counts[table] += len(page)
        found = Exported(counts)
        archive.writestr("README.json", _page(found, at))
    return found


def _tables(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows(session, _COLUMNS, {}, {"table": TEXT, "column": TEXT}):
        if row["column"] not in KEPT_BACK and not row["column"].endswith("_index"):
            found.setdefault(row["table"], []).append(row["column"])
    return found


def _pages(session: Session, table: str, columns: list[str], sender: str) -> Iterator[list[str]]:
    """The rows of a table as JSON, some thousand at a time."""
    named = ", ".join(map(_selected, columns))
    where = bind(OWNED.get(table, "true"), {"sender": sender})
    # Names of tables and columns are the catalogue's, and quoted.
    query = f"""SELECT row_to_json(r)::text
                FROM (SELECT {named} FROM {identifier(table)} WHERE {where}) r"""  # noqa: S608
    session.execute(f"DECLARE exported NO SCROLL CURSOR FOR {query}")
    while True:
        page = session.read(f"FETCH {PAGE_ROWS:d} FROM exported", None, pl.Schema({"row": TEXT}))
        yield page["row"].to_list()
        if page.height < PAGE_ROWS:
            break
    session.execute("CLOSE exported")


def _selected(column: str) -> str:
    """A column as the organisation is told it: of reasons those that a receipt names."""
    name = identifier(column)
    return f"told_codes({name}) AS {name}" if column == CODES else name


def _page(found: Exported, at: datetime) -> str:
    told = {
        "made_at": at.isoformat(timespec="seconds"),
        "rows": found.rows,
        "kept_back": KEPT_BACK,
        "personal_fields": PERSONAL,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
