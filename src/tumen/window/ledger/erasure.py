"""The erasure of a person: keys are destroyed, facts and their leaves stay (docs/erasure.md).

1. The keys of the person are found, one for each batch that recorded something about them.
2. The hash of each key's row goes into ``erased_key``, under the leaf of an artefact of the kind
   ``erasure``; the leaf of the batch is derived from the hash as it was from the row.
3. The database destroys exactly the keys that the erasure names (``destroy_keys``), in the same
   transaction. Nothing else in it can delete a fact.

Blind indexes stay: matching, the allowance and every receipt work as before, and no name, number,
telephone or address can be opened any more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec
import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.errors import UsageError
from tumen.store.session import Session
from tumen.window.facts import TABLES
from tumen.window.leaves import ERASED_KEY, PERSON_KEY, line_hash
from tumen.window.ledger import artefacts, inquiry
from tumen.window.ledger.log import NodeLog

KIND: Final = "erasure"
"""The kind of the artefact."""

TYPE: Final = "tumen.erasure.v1"


class Part(StrEnum):
    """Which of the persons of a consignment is meant."""

    BUYER = "buyer"
    PAYER = "payer"
    CONSIGNEE = "consignee"


_KINDS: Final = {
    Part.PAYER: (Kind.PAYMENT,),
    Part.CONSIGNEE: (Kind.WAYBILL,),
    Part.BUYER: (Kind.ORDER, Kind.DECLARATION, Kind.REVOCATION, Kind.RETURN, Kind.SHIPMENT),
}
"""Under whose key the fields of a document are sealed (``window.facts.PERSON``)."""

_PERSON: Final = pl.Schema({"person": pl.String})

_OWN_WAYBILLS: Final = """
    SELECT DISTINCT encode(uuid_send(consignee_telephone_index), 'hex') FROM trade_order
    WHERE encode(uuid_send(buyer_index), 'hex') = ANY(%(persons)s)
      AND consignee_name_index = buyer_name_index AND consignee_telephone_index IS NOT NULL
"""
_DOCUMENTS: Final = """
    SELECT count(*) FROM personal_data d JOIN person_key k USING (person)
    WHERE encode(uuid_send(d.person), 'hex') = ANY(%(persons)s) AND k.batch_id = d.batch_id
"""
_ROW: Final = pl.Schema({"person": pl.String(), "batch_id": pl.Int64(), "line_hash": pl.Binary()})
_COUNT: Final = pl.Schema({"count": pl.Int64()})


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did.

    Attributes:
        number: of the artefact.
        text: its content, which tells the hash of every key that was destroyed.
        keys: how many they were.
    """

    number: int
    text: bytes
    keys: int


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    person: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    batch: int
    key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the text of an erasure says (``_text``)."""

    type: Literal["tumen.erasure.v1"]
    at: str
    reason: str
    keys: list[_Key]


def of_consignment(session: Session, reference: str, part: Part) -> list[str]:
    """The persons of a consignment, by the marks that their keys have.

    Args:
        session: reads the store.
        reference: an order, waybill, payment or list number.
        part: who of them.
    """
    numbers = inquiry.order_numbers(session, reference)
    query = " UNION ".join(
        f"""SELECT encode(uuid_send(p.person), 'hex') FROM personal_data p
            JOIN {TABLES[kind]} t USING (document_id)
            WHERE t.{inquiry.LINKS[kind]} = ANY(%(numbers)s)"""  # noqa: S608 - our own constants
        for kind in _KINDS[part]
    )
    return session.read(f"{query} ORDER BY 1", {"numbers": numbers}, _PERSON)["person"].to_list()


def with_own_waybills(session: Session, persons: Sequence[str]) -> list[str]:
    """The same, and the marks under which their own waybills are sealed: those of their telephones.

    A telephone is a buyer's own where an order was sent to the buyer's own name.
    """
    found = session.read(_OWN_WAYBILLS, {"persons": [*persons]}, _PERSON)["person"].to_list()
    return sorted({*persons, *found})


def documents(session: Session, persons: Sequence[str]) -> int:
    """How many documents have fields that the keys of these persons open."""
    return int(session.read(_DOCUMENTS, {"persons": [*persons]}, _COUNT).item())


def erase(
    session: Session, log: NodeLog, persons: Sequence[str], reason: str, at: datetime
) -> Erasure:
    """Destroy all keys of persons, and enter into the log that it was done, and of which.

    Args:
        session: one transaction.
        log: the node's.
        persons: their marks, 32 hexadecimal digits each.
        reason: why, without anything personal.
        at: the recorded time.

    Raises:
        UsageError: there is no key of theirs.
    """
    session.sequence()
    rows = _rows(session, persons)
    if rows.is_empty():
        raise UsageError(
            "There is no key of this person: nothing personal can be opened.",
            next_step="It was erased before, or nothing was recorded about the person.",
        )
    return _destroy(session, log, rows, reason, at)


def again(session: Session, log: NodeLog, told: bytes, at: datetime) -> Erasure | None:
    """Destroy once more the keys that an earlier erasure told of and a restored backup holds.

    What was recorded of a person later has other keys, and stays.

    Args:
        session: one transaction.
        log: the node's.
        told: the text of the earlier erasure.
        at: the recorded time.

    Returns:
        What was destroyed; None where none of the keys is there.

    Raises:
        ValueError: the text is none of an erasure.
    """
    earlier = msgspec.json.decode(told, type=_Told)  # its errors are a ValueError
    session.sequence()
    named = pl.DataFrame([(each.person, each.batch, bytes.fromhex(each.key))
                          for each in earlier.keys], schema=_ROW, orient="row")  # fmt: skip
    persons = sorted({*named["person"]})
    rows = _rows(session, persons).join(named, on=[*_ROW], how="semi") if persons else named
    if rows.is_empty():
        return None
    return _destroy(session, log, rows, earlier.reason, at)


def _destroy(
    session: Session, log: NodeLog, rows: pl.DataFrame, reason: str, at: datetime
) -> Erasure:
    text = _text(rows, reason, at)
    found = artefacts.Found(KIND, sha256(text).digest(), reason)
    number = artefacts.record(session, log, found, at, beside=(ERASED_KEY, rows))
    destroyed = session.read("SELECT destroy_keys(%(number)s)", {"number": number}, _COUNT).item()
    if destroyed != rows.height:
        raise RuntimeError(f"{destroyed} keys were destroyed, and {rows.height} were named.")
    return Erasure(number, text, rows.height)


def _rows(session: Session, persons: Sequence[str]) -> pl.DataFrame:
    """A row of ``erased_key`` for each key, in the order of its own key."""
    named = ", ".join(f"'{int(each, 16):032x}'::uuid" for each in persons)
    query = f"""SELECT * FROM {PERSON_KEY} WHERE person IN ({named})
                ORDER BY person, batch_id"""  # noqa: S608 - digits
    rows = []
    for line in session.text(query).splitlines():
        person, batch, _ = line.split(b"\t")
        hashed = bytes.fromhex(line_hash(line).decode())
        rows.append((person.decode().replace("-", ""), int(batch), hashed))
    return pl.DataFrame(rows, schema=_ROW, orient="row")


def _text(rows: pl.DataFrame, reason: str, at: datetime) -> bytes:
    """The content of the artefact: one line of JSON."""
    keys = [
        {"person": person, "batch": batch, "key": hashed.hex()}
        for person, batch, hashed in rows.select("person", "batch_id", "line_hash").iter_rows()
    ]
    told = {"type": TYPE, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "reason": reason, "keys": keys}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
