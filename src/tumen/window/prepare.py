"""Preparation: all that needs no store, done before a batch stands in line for the sequencer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import blake2b
from typing import Final

import polars as pl

from tumen.codelist.violations import warning_codes
from tumen.documents import rules
from tumen.documents.batch import Batch, Texts
from tumen.documents.check import judge
from tumen.documents.fields import Kind
from tumen.documents.formats.signed import Signatures
from tumen.documents.rules import KnownCodes
from tumen.kernel.chains import repeated
from tumen.kernel.clock import Clock
from tumen.kernel.columns import column
from tumen.kernel.violation import gather, violations
from tumen.law.quoting import NO_BOOKS, Books
from tumen.window.parties import PartyIndex
from tumen.window.privacy import NodeKeys, conceal
from tumen.window.shipment_reading import ShipmentReader
from tumen.window.waves import waves

CHINA_AHEAD_OF_UTC: Final = timedelta(hours=8)

NAMED: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.DECLARATION: ("buyer_name", "merchant_name"),
    Kind.SHIPMENT: ("seller", "platform"),
}
"""The names that are compared with watch lists; a native shipment has no name of its buyer."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that is ready for the sequencer: judged, without personal text.

    Attributes:
        waves: its parts, to be judged one after the other; heads have key, digest (hex),
            is_refused, blind indexes, person and sealed.
        person_keys: the wrapped keys of the persons in it.
    """

    waves: Sequence[Batch]
    person_keys: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Preparation:
    """What preparing needs to know.

    Attributes:
        sender: who lodges; part of the identity of a submission.
        keys: the node's keys.
        known_codes: the commodity codes that the law knows.
        parties: the watch lists in force.
        clock: the recorded time; nothing is declared in the future.
        books: imported tariffs and rates, by which native shipments are assessed.
        signatures: who judges the signatures of messages while they are read.
        tolerance_fen: by how much totals may miss their parts; 0 is exact.
        others: by source, who lodged it where it is not ``sender``: documents of many senders
            may go together.
    """

    sender: str
    keys: NodeKeys
    known_codes: KnownCodes
    parties: PartyIndex
    clock: Clock
    books: Books = NO_BOOKS
    signatures: Signatures | None = None
    tolerance_fen: int = 0
    others: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, texts: Texts) -> Prepared:
        """Judge a batch of texts, conceal what is personal in it, and cut it into waves."""
        batch = self._dated(rules.check(judge(texts), self.known_codes, self.tolerance_fen))
        batch = replace(batch, rows=batch.rows.hstack([self._senders(batch.rows["source"])]))
        if texts.shipments is not None:
            today = (self.clock.now() + CHINA_AHEAD_OF_UTC).date()
            batch = ShipmentReader(today, self.books).add(batch, texts.shipments)
        marked = self._marked(batch)
        concealed = conceal(marked, self.keys)
        return Prepared([*waves(concealed.batch)], concealed.person_keys)

    def _senders(self, sources: pl.Series) -> pl.Series:
        """Who lodged each row."""
        if not self.others:
            return repeated("sender", self.sender, sources.len(), pl.String)
        senders = [self.others.get(each, self.sender) for each in sources.to_list()]
        return pl.Series("sender", senders, pl.String)

    def _dated(self, batch: Batch) -> Batch:
        """Refuse declarations of a day that has not come yet in China."""
        head = batch.head(Kind.DECLARATION)
        today = f"{self.clock.now() + CHINA_AHEAD_OF_UTC:%Y%m%d}"
        if head is None or not (head["declared_on"] > today).any():
            return batch
        early = head.filter(pl.col("declared_on") > today)
        declared = pl.col("declared_on")
        found = violations(
            early, "DECLARED_IN_FUTURE", "declared_on", value=declared, expected=today
        )
        return replace(batch, violations=gather(batch.violations, found))

    def _marked(self, batch: Batch) -> Batch:
        """Add digest, is_refused and signature to every head, and party hits to declarations."""
        told = zip(batch.violations["row"], batch.violations["code"], strict=True)
        refused = {row for row, code in told if code not in warning_codes()}
        signed = _signed(batch.rows)
        lodged_by = batch.rows["sender"].to_list()
        heads = {}
        for kind, head in batch.heads.items():
            rows = head["row"].to_list()
            marks = [
                digests(head["content_hash"], [lodged_by[row] for row in rows]),
                column("is_refused", [row in refused for row in rows], pl.Boolean),
                column("signature", [signed.get(row) for row in rows], pl.String),
            ]
            if kind in NAMED:
                marks.append(self._party_hits(head, *NAMED[kind]))
            heads[kind] = head.hstack(marks)
        return replace(batch, rows=_known_again(batch.rows), heads=heads)

    def _party_hits(self, head: pl.DataFrame, first: str, second: str) -> pl.Series:
        """The lists that one of two names resembles; null where there is none."""
        buyer, merchant = (self.parties.hits(head[name]) for name in (first, second))
        if merchant.null_count() == len(merchant):
            return buyer.alias("party_hits")
        both = pl.DataFrame([buyer.alias("buyer"), merchant.alias("merchant")])
        return both.select(_EITHER).to_series()


_EITHER: Final = pl.coalesce(
    pl.col("buyer").list.set_union("merchant"), pl.col("buyer"), pl.col("merchant")
).alias("party_hits")


def _known_again(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that became no document: their content is the sender's own, as documents are."""
    if rows["content"].null_count() == rows.height:
        return rows
    unread = rows.filter(pl.col("content").is_not_null())
    own = digests(unread["content"].cast(pl.Binary), unread["sender"].to_list())
    known = unread.select("row", own.alias("content"))
    return rows.drop("content").join(known, on="row", how="left", maintain_order="left")


def _signed(rows: pl.DataFrame) -> dict[int, str]:
    """What the signatures of the messages are worth, by row, where there is one."""
    if rows["signature"].null_count() == rows.height:
        return {}
    return dict(zip(rows["row"].to_list(), rows["signature"].to_list(), strict=True))


def digests(content_hashes: pl.Series, senders: Sequence[str]) -> pl.Series:
    """The identity of each submission: sender and content hash, as 32 hexadecimal digits."""
    salts = {each: blake2b(each.encode(), digest_size=32).digest() for each in set(senders)}
    return column(
        "digest",
        [
            blake2b(content_hash, key=salts[sender], digest_size=16).hexdigest()
            for content_hash, sender in zip(content_hashes.to_list(), senders, strict=True)
        ],
        pl.String,
    )
