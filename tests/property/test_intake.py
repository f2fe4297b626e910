"""Intake never raises, and every row is answered once, whatever the bytes."""

import json
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.documents.batch import ROW_SCHEMA
from tumen.documents.check import judge
from tumen.documents.fields import Kind, Part, field_names
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import Source

EXAMPLES = Path(__file__).parents[2] / "examples"
NDJSON = (EXAMPLES / "consignment.ndjson").read_bytes()
CSV = (EXAMPLES / "consignment.csv").read_bytes()
XML = (
    b'<?xml version="1.0" encoding="UTF-8"?><ceb:CEB411Message guid="4CDE1CFD-EDED-46B1-946C-'
    b'B8022E42FC94" version="1.0" xmlns:ceb="http://www.chinaport.gov.cn/ceb"><ceb:Payment>'
    b"<ceb:PaymentHead><ceb:orderNo>1</ceb:orderNo></ceb:PaymentHead></ceb:Payment>"
    b"<ceb:BaseTransfer><ceb:copCode>1</ceb:copCode></ceb:BaseTransfer></ceb:CEB411Message>"
)
SEEDS = {
    "x.ndjson": NDJSON,
    "x.csv": CSV,
    "x.xml": XML,
    "x.ndjson.gz": b"\x1f\x8b\x08",
    "x.pdf": b"",
}


def rows_of(name: str, content: bytes) -> pl.DataFrame:
    """All rows of a source, with what must hold of every batch."""
    frames = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        for texts in read([Source.of(path)]):
            batch = judge(texts)
            assert batch.rows.schema == ROW_SCHEMA
            assert batch.rows["row"].to_list() == list(range(batch.rows.height))
            heads = [row for head in batch.heads.values() for row in head["row"]]
            assert len(heads) == len(set(heads))
            assert set(heads) <= set(batch.rows["row"])
            unread = set(batch.rows["row"]) - set(heads)
            assert unread <= set(batch.violations["row"]), "what was not read has a reason"
            assert set(batch.violations["row"]) <= set(batch.rows["row"])
            frames.append(batch.rows)
    assert frames
    return pl.concat(frames)


@pytest.mark.parametrize("name", list(SEEDS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_intake_never_raises_for_any_bytes(name: str, data: st.DataObject) -> None:
    rows_of(name, data.draw(st.binary(max_size=300)))


@pytest.mark.parametrize("name", ["x.ndjson", "x.csv", "x.xml"])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_intake_never_raises_for_damaged_documents(name: str, data: st.DataObject) -> None:
    content = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        end = data.draw(st.sampled_from([at, at, at + 1, at + 20]))
        content[at:end] = data.draw(st.binary(max_size=4))
    rows_of(name, bytes(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    sorted({n for k in Kind for p in Part for n in field_names(k, p)} | {"kind"})
)
DOCUMENT = st.dictionaries(NAMES, JSON | st.sampled_from(list(Kind)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=5))
def test_every_json_line_gets_exactly_one_row(documents: list[dict[str, object]]) -> None:
    content = "\n".join(json.dumps(document) for document in documents)
    rows = rows_of("x.ndjson", content.encode())
    assert rows["place"].to_list() == list(range(1, len(documents) + 1))
