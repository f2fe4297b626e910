"""Personal data: blind indexes to compare by, and sealed fields to keep (docs/erasure.md).

A blind index is BLAKE2b of a normalised value under the node's index key, so that equal
values can be matched and nothing can be read. The personal fields of a document are sealed
with AES-GCM under a key of the person that is made anew in each batch and wrapped by the node's
sealing key: erasure destroys the person's wrapped keys, and the facts stay.
"""

import os
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b

import polars as pl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tumen.documents.batch import Batch
from tumen.documents.fields import Kind
from tumen.kernel.chains import without
from tumen.kernel.columns import column, frame_of
from tumen.window.facts import INDEXES, PERSON, personal_fields

KEY_BYTES = 16
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """The two secrets of a node, 32 bytes each.

    Attributes:
        index: keys the blind indexes; losing it makes old and new indexes differ.
        sealing: wraps the persons' keys.
    """

    index: bytes
    sealing: bytes

    def fingerprint(self) -> str:
        """A public mark of both keys, so that a store refuses keys that are not its own."""
        return blake2b(self.index + self.sealing, digest_size=16, person=b"node keys").hexdigest()

    @property
    def seeds(self) -> bytes:
        """The key under which seeds of sign-in codes are sealed; it opens nothing else."""
        return blake2b(key=self.sealing, digest_size=32, person=b"sign-in seeds").digest()

    @property
    def tickets(self) -> bytes:
        """The key under which keys of questions to the help desk are sealed."""
        return blake2b(key=self.sealing, digest_size=32, person=b"help desk").digest()

    @property
    def webhooks(self) -> bytes:
        """The key under which secrets of webhooks are sealed; it opens nothing else."""
        return blake2b(key=self.sealing, digest_size=32, person=b"webhook secrets").digest()


@dataclass(frozen=True, slots=True)
class Concealed:
    """A batch without personal text.

    Attributes:
        batch: heads have blind index columns, ``person`` (hex) and ``sealed`` (Binary) in place
            of their personal fields.
        person_keys: person (hex), wrapped (Binary): one line for each person in the batch.
    """

    batch: Batch
    person_keys: pl.DataFrame


def blind(values: pl.Series, what: str, keys: NodeKeys) -> pl.Series:
    """The blind index of each value, as 32 hexadecimal digits; null stays null.

    Args:
        values: personal text.
        what: the class of value (`id_number`, `name`, `telephone`, `address`): equal texts of
            different classes have different indexes.
        keys: the node's keys.
    """
    person = what.encode()[:16]
    indexes = [
        None
        if value is None
        else blake2b(
            value.strip().upper().encode(), key=keys.index, digest_size=16, person=person
        ).hexdigest()
        for value in values.to_list()
    ]
    return column(values.name, indexes, pl.String)


def _class_of(field: str) -> str:
    """`buyer_id_number` and `payer_id_number` are one class, so that they compare."""
    return field.partition("_")[2]


def _blind_columns(batch: Batch, keys: NodeKeys) -> dict[tuple[Kind, str], pl.Series]:
    """Blind every indexed column of the batch, each distinct value of a class once."""
    wanted = [
        (kind, index, field)
        for kind, indexes in INDEXES.items()
        if batch.head(kind) is not None
        for index, field in indexes.items()
    ]
    columns: dict[tuple[Kind, str], pl.Series] = {}
    for what in sorted({_class_of(field) for _, _, field in wanted}):
        same = [(kind, index, field) for kind, index, field in wanted if _class_of(field) == what]
        stacked = pl.concat([batch.heads[kind][field].rename("value") for kind, _, field in same])
        values = stacked.to_list()
        known = list(dict.fromkeys(values))
        indexes = blind(column("value", known, pl.String), what, keys).to_list()
        index_of = dict(zip(known, indexes, strict=True))
        blinded = column("value", list(map(index_of.__getitem__, values)), pl.String)
        start = 0
        for kind, index, _ in same:
            size = batch.heads[kind].height
            columns[kind, index] = blinded.slice(start, size).rename(index)
            start += size
    return columns


class _Sealer:
    """Seals under one fresh key for each person; nonces count up, so none repeats under a key."""

    def __init__(self, keys: NodeKeys) -> None:
        self._wrapping = AESGCM(keys.sealing)
        self._ciphers: dict[str, AESGCM] = {}
        self._count = 0
        self.wrapped: dict[str, bytes] = {}

    def seal(self, person: str, text: str, digest: str) -> bytes:
        cipher = self._ciphers.get(person)
        if cipher is None:
            cipher = self._new_cipher(person)
        self._count += 1
        nonce = self._count.to_bytes(NONCE_BYTES, "big")
        return nonce + cipher.encrypt(nonce, text.encode(), digest.encode())

    def _new_cipher(self, person: str) -> AESGCM:
        key = os.urandom(KEY_BYTES)
        nonce = os.urandom(NONCE_BYTES)
        self.wrapped[person] = nonce + self._wrapping.encrypt(nonce, key, person.encode())
        cipher = self._ciphers[person] = AESGCM(key)
        return cipher


def unseal(sealed: bytes, wrapped: bytes, *, person: str, digest: str, keys: NodeKeys) -> str:
    """The personal fields of one document, as the JSON object that was sealed.

    Raises:
        cryptography.exceptions.InvalidTag: the row, its key or its place was changed.
    """
    key = AESGCM(keys.sealing).decrypt(
        wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person.encode()
    )
    nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(key).decrypt(nonce, text, digest.encode()).decode()


def _conceal_head(head: pl.DataFrame, kind: Kind, sealer: _Sealer) -> pl.DataFrame:
    told = head.select_seq(_concealed(kind))
    digests = head["digest"].to_list()
    persons = [one or digest for one, digest in zip(told["person"], digests, strict=True)]
    sealed = [
        sealer.seal(person, text, digest)
        for person, text, digest in zip(persons, told["sealed"].to_list(), digests, strict=True)
    ]
    personal = {*personal_fields(kind)}
    return without(head, *personal).hstack(
        [column("person", persons, pl.String), column("sealed", sealed, pl.Binary)]
    )


@cache
def _concealed(kind: Kind) -> list[pl.Expr]:
    """Whose personal fields these are, and the fields as a JSON object."""
    text = pl.struct(personal_fields(kind)).struct.json_encode()
    return [pl.col(PERSON[kind]).alias("person"), text.alias("sealed")]


def conceal(batch: Batch, keys: NodeKeys) -> Concealed:
    """Replace personal text by blind indexes and sealed bytes. Heads must have ``digest``."""
    columns = _blind_columns(batch, keys)
    sealer = _Sealer(keys)
    heads = {}
    for kind, head in batch.heads.items():
        indexed = head.hstack([columns[kind, index] for index in INDEXES[kind]])
        heads[kind] = _conceal_head(indexed, kind, sealer)
    person_keys = frame_of(
        [
            column("person", [*sealer.wrapped], pl.String),
            column("wrapped", [*sealer.wrapped.values()], pl.Binary),
        ]
    )
    return Concealed(replace(batch, heads=heads), person_keys)
