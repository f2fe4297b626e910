"""Changes columns of facts as nobody may, and tells what an audit does not see, for tests."""

import polars as pl

from auditing import findings
from tumen.store.session import Session
from tumen.window.leaves import KEYS as LEAF_KEYS
from tumen.window.ledger.finding import Finding

TAMPERED = {
    "bigint": "coalesce({0}, 0) + 1000003", "integer": "coalesce({0}, 0) + 100003",
    "smallint": "coalesce({0}, 0) + 1003",
    "numeric": "coalesce({0}, 0) + 0.1",
    "text": "coalesce({0}, '') || 'x'", "uuid": "gen_random_uuid()", "date": "{0} + 1",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "bytea": "set_byte(coalesce({0}, '\\x00'), 0, (get_byte(coalesce({0}, '\\x00'), 0) + 1) % 256)",
}  # fmt: skip
KIND = {"list": "CASE kind WHEN 'parties' THEN 'prices' ELSE 'parties' END",
        "log_artefact": "kind || 'x'",
        "log_append": "CASE kind WHEN 'batch' THEN 'list' ELSE 'batch' END"}  # fmt: skip
CHECKED = {
    ("log_append", "leaves"): "log_append_check",
    ("contingency_entry", "act"): "contingency_entry_act_check",
}
"""Columns in which the database itself suffers no nonsense."""

ANY_ROW = "(SELECT ctid FROM {0} ORDER BY md5(ctid::text || '{1}') LIMIT 1)"
ALONE = {"log_append", "log_tile", "log_origin", "document_violation", "person_key", "erased_key"}
"""Tables in which one change may reach more leaves than one."""


def unseen(session: Session, table: str, mine: list[tuple[str, str]]) -> list[str]:
    """The columns whose change nothing tells.

    Columns are changed together, each in a row of a leaf of its own, so that an audit must have a
    finding for each; where it has fewer, each is changed alone.
    """
    rows = [] if table in ALONE else of_different_leaves(session, table)
    others = [each for each in mine if table not in ALONE and each[0] != LEAF_KEYS[table][0]]
    alone = [each for each in mine if each not in others]
    for first in range(0, len(others), max(1, len(rows))):
        pairs = [*zip(others[first:], rows, strict=False)]
        if len(found_of(session, table, pairs)) < len(pairs):
            alone += [each for each, _ in pairs]
    return [
        column
        for column, kind in alone
        if not found_of(session, table, [((column, kind), ANY_ROW.format(table, column))])
    ]


def of_different_leaves(session: Session, table: str) -> list[str]:
    number = LEAF_KEYS[table][0]
    found = session.read(
        f"SELECT DISTINCT ON ({number}) ctid::text AS ctid FROM {table}"  # noqa: S608
        f" ORDER BY {number}, md5(ctid::text)",
        None,
        pl.Schema({"ctid": pl.String}),
    )
    return [f"'{ctid}'::tid" for ctid in found["ctid"]]


def found_of(
    session: Session, table: str, changes: list[tuple[tuple[str, str], str]]
) -> list[Finding]:
    """What an audit finds once columns were changed, each in a row; it is as before afterwards."""
    session.execute("SAVEPOINT untouched")
    for (column, kind), row in changes:
        if (table, column) in CHECKED:
            checked = CHECKED[table, column]
            session.execute(f"ALTER TABLE {table} DROP CONSTRAINT {checked}")
        value = KIND.get(table) if column == "kind" else None
        value = value or TAMPERED[kind].format(f'"{column}"')
        session.execute(f'UPDATE {table} SET "{column}" = {value} WHERE ctid = {row}')  # noqa: S608
    found = findings(session)
    session.execute("ROLLBACK TO untouched")
    return found
