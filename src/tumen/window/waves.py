"""Waves: within one wave no document key comes twice, so that a wave is judged column-wise.

Documents of one consignment that stand in each other's way (versions of one document, a
revocation or a return after its declaration) go in one wave after the other, in the order of
arrival; all others go in the first wave together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.fields import Kind
from tumen.kernel.chains import is_among, kept, repeated

_FOLLOWERS = (Kind.REVOCATION, Kind.RETURN)
_IDENTITY = ["row", "key", "digest", "function_code", "is_refused"]


def _may_contend(batch: Batch) -> bool:
    """Whether anything may stand in something's way; a glance that is enough for most batches."""
    return any(
        kind in _FOLLOWERS
        or head["key"].n_unique() < head.height
        or (head["function_code"] != "1").any()
        for kind, head in batch.heads.items()
    )


def _identities(batch: Batch) -> pl.DataFrame:
    """One line a document that may take part; what is refused anyway need not stand in line."""
    frames = [
        head[_IDENTITY].hstack(
            [repeated("kind", str(kind), head.height, pl.String), _consignment(kind, head)]
        )
        for kind, head in batch.heads.items()
        if not head.is_empty()
    ]
    if not frames:
        return pl.DataFrame()
    return (
        pl.concat(frames)
        .filter(~pl.col("is_refused"))
        .with_columns(pl.col("order_number").fill_null(""), pl.col("function_code").fill_null("1"))
    )


def _consignment(kind: Kind, head: pl.DataFrame) -> pl.Series:
    """What keeps documents of one consignment together; a native shipment stands alone."""
    return head["key" if kind is Kind.SHIPMENT else "order_number"].alias("order_number")


def _contended(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents whose consignment needs an order, exact repeats aside."""
    first = documents.unique("digest", keep="first", maintain_order=True)
    in_line = first.filter(
        pl.struct("kind", "key").is_duplicated()
        | pl.col("kind").is_in([str(kind) for kind in _FOLLOWERS])
        | (pl.col("function_code") != "1")
    )
    if in_line.is_empty():
        return in_line
    return documents.join(in_line.select("order_number").unique(), on="order_number", how="semi")


@dataclass(slots=True)
class _Queue:
    """Where a consignment stands: its last wave, what went into it, whether more may follow."""

    wave: int = 0
    members: set[tuple[str, str]] = field(default_factory=set)
    is_closed: bool = False

    def place(self, document: tuple[str, str], *, alone: bool, not_before: int) -> int:
        """The wave of the next document: the last one, if nothing in it stands in the way."""
        meets = bool(self.members) and (alone or self.is_closed or document in self.members)
        wave = max(self.wave + meets, not_before)
        if wave > self.wave:
            self.wave, self.members, self.is_closed = wave, set(), False
        self.members.add(document)
        self.is_closed |= document[0] in _FOLLOWERS
        return wave


def _waves_of(contended: pl.DataFrame) -> dict[int, int]:
    """Row -> wave: as few waves as give what one document after the other would.

    Of one consignment a new wave begins with a second document of a key, with a change or a
    deletion, and with a revocation or return and after it; what comes between goes together.
    """
    queues: dict[str, _Queue] = {}
    last: dict[tuple[str, str], int] = {}
    waves = {}
    for row, kind, key, order, function in (
        contended.sort("row")
        .select("row", "kind", "key", "order_number", "function_code")
        .iter_rows()
    ):
        queue = queues.setdefault(order, _Queue())
        alone = kind in _FOLLOWERS or function != "1"
        wave = queue.place((kind, key), alone=alone, not_before=last.get((kind, key), -1) + 1)
        last[kind, key] = waves[row] = wave
    return waves


def select_rows(batch: Batch, rows: pl.Series) -> Batch:
    """The part of a batch that consists of the given rows."""
    chosen = set(rows.to_list())

    def keep(frame: pl.DataFrame) -> pl.DataFrame:
        return kept(frame, is_among(frame["row"], chosen))

    def parts(frames: Mapping[Kind, pl.DataFrame]) -> dict[Kind, pl.DataFrame]:
        there = {kind: keep(frame) for kind, frame in frames.items()}
        return {kind: frame for kind, frame in there.items() if not frame.is_empty()}

    return replace(
        batch,
        rows=keep(batch.rows),
        heads=parts(batch.heads),
        items=parts(batch.items),
        violations=keep(batch.violations),
    )


def waves(batch: Batch) -> Iterator[Batch]:
    """Cut a batch into waves; mostly there is one.

    Heads must have ``key``, ``digest`` and ``is_refused``.
    """
    if not _may_contend(batch):
        yield batch
        return
    documents = _identities(batch)
    contended = documents if documents.is_empty() else _contended(documents)
    if contended.is_empty():
        yield batch
        return
    later: dict[int, list[int]] = {}
    for row, wave in _waves_of(contended).items():
        if wave:
            later.setdefault(wave, []).append(row)
    held_back = pl.Series("row", [row for rows in later.values() for row in rows], pl.UInt32)
    first = batch.rows["row"]
    yield select_rows(batch, first.filter(~first.is_in(held_back.implode())))
    for wave in sorted(later):
        yield select_rows(batch, pl.Series("row", later[wave], pl.UInt32))
