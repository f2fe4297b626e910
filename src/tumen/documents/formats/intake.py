"""Intake: sources of any format become full batches, in the order in which they are given."""

from collections.abc import Iterable, Iterator

from tumen.documents.batch import Texts
from tumen.documents.formats import ceb, csv, ndjson
from tumen.documents.formats.columns import ColumnMap
from tumen.documents.formats.gathering import Fault, Gathering
from tumen.documents.formats.signed import Signatures
from tumen.documents.formats.sources import SUFFIXES, Source
from tumen.kernel.limits import BATCH_DOCUMENTS_MAX


def read(
    sources: Iterable[Source],
    columns: ColumnMap | None = None,
    documents_max: int = BATCH_DOCUMENTS_MAX,
    signatures: Signatures | None = None,
) -> Iterator[Texts]:
    """The documents of all sources, in batches of one format each.

    Small sources share a batch, so that a folder of a thousand CEB messages goes down the road
    in a few batches. A batch may exceed ``documents_max`` by the documents of one message.

    Args:
        sources: what to read, in order.
        columns: how a shop's own CSV columns are to be understood; None for our names.
        documents_max: documents that go together at most.
        signatures: who judges the signatures of messages; None where nobody does.

    Raises:
        SourceUnreadable: a source cannot be opened, or the disk failed while it was read.
    """
    gathering = Gathering(None, documents_max)
    for source in sources:
        if source.format != gathering.format:
            if len(gathering):
                yield gathering.texts()
            gathering = Gathering(source.format, documents_max)
        yield from _fill(source, gathering, columns, signatures)
    if len(gathering):
        yield gathering.texts()


def _fill(
    source: Source,
    gathering: Gathering,
    columns: ColumnMap | None,
    signatures: Signatures | None,
) -> Iterator[Texts]:
    if not source.is_there:
        row = gathering.row(source.name, 1, content=source.digest())
        gathering.fault(row, Fault("SOURCE_ABSENT"))
        if gathering.full:
            yield gathering.texts()
    elif source.format == "ceb":
        yield from ceb.fill(source, gathering, signatures)
    elif source.format == "ndjson":
        yield from ndjson.fill(source, gathering)
    elif source.format == "csv":
        yield from csv.fill(source, gathering, columns)
    else:
        row = gathering.row(source.name, 1, content=source.digest())
        gathering.fault(row, Fault("SOURCE_FORMAT_UNKNOWN", expected=", ".join(SUFFIXES)))
        if gathering.full:
            yield gathering.texts()
