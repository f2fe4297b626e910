"""Proofs for holders: that a receipt's statement is in the log, as tlog-proof files (ADR 6)."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from tumen.kernel.errors import LogDamaged
from tumen.kernel.limits import HASH_BYTES
from tumen.store.session import Session
from tumen.trust import statement
from tumen.trust.proof import EXTRA, FIRST_LINE, INDEX
from tumen.trust.published import head_of
from tumen.trust.statement import ArtefactStatement, DocumentStatement, EventStatement
from tumen.trust.tree import inclusion_lines
from tumen.window.leaves import HEADS, REFUSAL
from tumen.window.ledger.log import Origin, newest, origins, read_tile, salt_key, salts

_PLACES: Final = """
    SELECT n.number, a.origin_id, a.first_leaf + {before} + n.number - a.first_{what} AS leaf
    FROM unnest(%(numbers)s) AS n (number) CROSS JOIN LATERAL (
        SELECT * FROM log_append WHERE kind = 'batch' AND first_{what} <= n.number
          AND first_{what} > 0 ORDER BY first_{what} DESC LIMIT 1
    ) a WHERE n.number < a.first_{what} + a.{what}s ORDER BY 2, 3
"""
_PLACE_SCHEMA: Final = pl.Schema({"number": pl.Int64(), "origin": pl.Int32(), "leaf": pl.Int64()})

_HELD: Final = """
    SELECT n.leaf, substr(a.commitments, (32 * (n.leaf - a.first_leaf) + 1)::int, 32),
           substr(a.facts, (32 * (n.leaf - a.first_leaf) + 1)::int, 32), a.seed
    FROM unnest(%(leaves)s) AS n (leaf) CROSS JOIN LATERAL (
        SELECT * FROM log_append WHERE origin_id = {origin:d} AND first_leaf <= n.leaf
        ORDER BY first_leaf DESC LIMIT 1
    ) a
"""
_HELD_SCHEMA: Final = pl.Schema(
    {"leaf": pl.Int64(), "commitment": pl.Binary(), "facts": pl.Binary(), "seed": pl.Binary()}
)

_RECEIPT: Final = "sha256(convert_to(receipt, 'UTF8'))"
_HEAD_SCHEMA: Final = pl.Schema(
    {
        "number": pl.Int64(), "kind": pl.String(), "content": pl.Binary(), "answer": pl.String(),
        "status": pl.Int32(), "receipt": pl.Binary(),
    }
)  # fmt: skip
_EVENT_SCHEMA: Final = pl.Schema(
    {
        "number": pl.Int64(), "document": pl.Int64(), "status": pl.String(), "lane": pl.String(),
        "day": pl.Date(), "receipt": pl.Binary(),
    }
)  # fmt: skip

_ARTEFACTS: Final = """
    SELECT artefact_id, kind, content FROM log_artefact WHERE artefact_id = ANY(%(numbers)s)
"""
_ARTEFACT_SCHEMA: Final = pl.Schema(
    {"number": pl.Int64(), "kind": pl.String(), "content": pl.Binary()}
)
_ARTEFACT_PLACES: Final = """
    SELECT subject, origin_id, first_leaf FROM log_append
    WHERE kind = 'artefact' AND subject = ANY(%(numbers)s) ORDER BY origin_id, first_leaf
"""


def documents(session: Session, node_key: bytes, numbers: Sequence[int]) -> dict[int, str]:
    """The proof of each document that is under a leaf.

    Raises:
        LogDamaged: what is recorded is not what the leaf says.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    parts = [
        f"""SELECT document_id, '{kind}', content_hash, answer, status, {_RECEIPT} FROM {table}
            WHERE document_id = ANY(%(numbers)s)"""  # noqa: S608 - our own constants
        for table, kind in HEADS.items()
    ]
    parts.append(
        f"""SELECT document_id, NULL, NULL, 'rejected', NULL, {_RECEIPT} FROM {REFUSAL}
            WHERE document_id = ANY(%(numbers)s)"""  # noqa: S608 - our own constants
    )
    found = session.read(" UNION ALL ".join(parts), {"numbers": wanted}, _HEAD_SCHEMA)
    said = {number: values for number, *values in found.iter_rows()}
    places = _places(session, wanted, "document", "0")
    return _proven(session, node_key, places, DocumentStatement, said)


def events(session: Session, node_key: bytes, numbers: Sequence[int]) -> dict[int, str]:
    """The proof of each event that is under a leaf.

    Raises:
        LogDamaged: what is recorded is not what the leaf says.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    query = f"""SELECT event_id, document_id, status, lane, legal_day, {_RECEIPT}
                FROM declaration_event WHERE event_id = ANY(%(numbers)s)"""  # noqa: S608
    found = session.read(query, {"numbers": wanted}, _EVENT_SCHEMA)
    said = {number: values for number, *values in found.iter_rows()}
    places = _places(session, wanted, "event", "a.documents")
    return _proven(session, node_key, places, EventStatement, said)


def artefacts(session: Session, node_key: bytes, numbers: Sequence[int]) -> dict[int, str]:
    """The proof of each artefact that is under a leaf.

    Raises:
        LogDamaged: what is recorded is not what the leaf says.
    """
    known = {"numbers": sorted(set(numbers))}
    found = session.read(_ARTEFACTS, known, _ARTEFACT_SCHEMA)
    said = {number: values for number, *values in found.iter_rows()}
    places = session.read(_ARTEFACT_PLACES, known, _PLACE_SCHEMA)
    return _proven(session, node_key, places, ArtefactStatement, said)


def _places(session: Session, numbers: list[int], what: str, before: str) -> pl.DataFrame:
    if not numbers:
        return pl.DataFrame(schema=_PLACE_SCHEMA)
    query = _PLACES.format(what=what, before=before)
    return session.read(query, {"numbers": numbers}, _PLACE_SCHEMA)


def _proven(
    session: Session,
    node_key: bytes,
    places: pl.DataFrame,
    form: type[statement.Statement],
    said: Mapping[int, list[object]],
) -> dict[int, str]:
    proofs: dict[int, str] = {}
    for origin in origins(session):
        mine = places.filter(pl.col("origin") == origin.number)
        if not mine.is_empty():
            proofs |= _of_log(session, node_key, origin, mine, form, said)
    return proofs


def _of_log(
    session: Session,
    node_key: bytes,
    origin: Origin,
    places: pl.DataFrame,
    form: type[statement.Statement],
    said: Mapping[int, list[object]],
) -> dict[int, str]:
    """The proofs of leaves of one log, by the newest checkpoint and all its cosignatures."""
    signed = newest(session, origin.number)
    assert signed is not None  # noqa: S101 - it has leaves
    size, told = head_of(signed).size, with_cosignatures(session, origin.number, signed).decode()
    leaves = places["leaf"].to_list()
    held = session.read(_HELD.format(origin=origin.number), {"leaves": leaves}, _HELD_SCHEMA)
    facts = {leaf: tuple(values) for leaf, *values in held.iter_rows()}
    tiles, key = read_tile(session, origin.number), salt_key(node_key, origin.name)
    proofs: dict[int, str] = {}
    numbers = places["number"].to_list()
    for run in runs([(leaf, n, facts[leaf][2]) for leaf, n in zip(leaves, numbers, strict=True)]):
        lines = inclusion_lines(run[0][0], len(run), size, tiles)
        salted = salts(key, run[0][2], run[0][0], len(run))
        rows = [(number, *said[number], facts[leaf][1]) for leaf, number, _ in run]
        statements = statement.encode(form, *zip(*rows, strict=True))
        made = statement.commitments(salted, statements)
        for at, (leaf, number, _) in enumerate(run):
            if made[at] != facts[leaf][0]:
                raise LogDamaged(f"what is recorded under {number} is not what its leaf says")
            extra = salted[at * HASH_BYTES : (at + 1) * HASH_BYTES] + statements[at]
            proofs[number] = proof_text(extra, leaf, lines[at], told)
    return proofs


Leaf = tuple[int, int, bytes | None]
"""A leaf, the number of what it is of, and the seed of its append."""


def runs(leaves: Sequence[Leaf]) -> Iterator[list[Leaf]]:
    """Leaves that stand in a row in one append, together.

    >>> list(runs([(1, 7, b"s"), (2, 8, b"s"), (3, 9, b"t"), (5, 11, b"t")]))
    [[(1, 7, b's'), (2, 8, b's')], [(3, 9, b't')], [(5, 11, b't')]]
    """
    run: list[Leaf] = []
    for each in leaves:
        if run and (each[0] != run[-1][0] + 1 or each[2] != run[-1][2]):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def proof_text(extra: bytes, index: int, lines: str, checkpoint: str) -> str:
    """A proof as a file (C2SP tlog-proof)."""
    told = b64encode(extra).decode()
    return f"{FIRST_LINE}\n{EXTRA}{told}\n{INDEX}{index}\n{lines}\n{checkpoint}"


def with_cosignatures(session: Session, origin: int, signed: bytes) -> bytes:
    """A checkpoint with what witnesses are known to have signed below it."""
    query = """SELECT line FROM log_cosignature WHERE origin_id = %(origin)s AND size = %(size)s
               ORDER BY witness"""
    known = {"origin": origin, "size": head_of(signed).size}
    lines = session.read(query, known, pl.Schema({"line": pl.String()}))["line"]
    return signed + "".join(f"{line.rstrip()}\n" for line in lines).encode()
