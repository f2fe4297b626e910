"""A batch: a few tables that flow one way down the road.

``Texts`` is what a reader yields: every field still text, nothing judged but the form.
``Batch`` is what the format check makes of it: typed columns, and the violations so far.
Both keep every input row, so that every row ends as a receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.violation import no_violations

ROW_SCHEMA: Final = pl.Schema(
    {
        "row": pl.UInt32,  # 0, 1, 2 … within the batch, in the order of arrival
        "source": pl.String,  # the file's name as the caller gave it
        "place": pl.UInt32,  # 1-based line (NDJSON, CSV) or ordinal of the document (CEB)
        "format": pl.String,  # ceb | ndjson | csv
        "kind": pl.String,  # a Kind, or null where none could be told
        "message": pl.String,  # CEB: the message's root name, such as CEB311Message; else null
        "content": pl.String,  # a hash of what stood there, if it became no document; else null
        "signature": pl.String,  # CEB: what the message's signature is worth, if it has one
    }
)


SHIPMENT_SCHEMA: Final = pl.Schema(
    {
        "row": pl.UInt32,
        "own_reference": pl.String,  # the sender's; null where it is missing or faulty
        "native": pl.String,  # the line as ASCII JSON: numbers as texts, keys as they stood
    }
)


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents as read: every value is text as it stood, or null where it was absent.

    Attributes:
        rows: one line for each input row, with the columns of :data:`ROW_SCHEMA`.
        heads: for each kind present, ``row`` and a String column for every head field.
        items: for each kind present that has items, ``row``, ``index`` (UInt16, 0-based) and a
            String column for every item field.
        violations: what the form itself broke: unreadable, duplicate key, unknown field …
        shipments: native shipments, as :data:`SHIPMENT_SCHEMA`; None where there are none.
    """

    rows: pl.DataFrame
    heads: Mapping[Kind, pl.DataFrame] = field(default_factory=dict)
    items: Mapping[Kind, pl.DataFrame] = field(default_factory=dict)
    violations: pl.DataFrame = field(default_factory=no_violations)
    shipments: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents with typed columns, on their way down the road.

    Text fields stay String; ``decimal`` fields are Int64 at scale 10^5; ``integer`` fields are
    Int32. A value that breaks the format is null in the typed column and has a violation.
    Each head frame has, besides ``row`` and its fields, ``key`` (the document key, String) and
    ``content_hash`` (Binary, 32 bytes).

    Attributes:
        rows: as in :class:`Texts`.
        heads: for each kind present, its typed head columns.
        items: for each kind present that has items, its typed item columns.
        violations: all violations found so far.
    """

    rows: pl.DataFrame
    heads: Mapping[Kind, pl.DataFrame]
    items: Mapping[Kind, pl.DataFrame]
    violations: pl.DataFrame

    def head(self, kind: Kind) -> pl.DataFrame | None:
        """The head frame of a kind, or None where the batch has none."""
        frame = self.heads.get(kind)
        return None if frame is None or frame.is_empty() else frame
