"""Whatever is told as a native shipment is read or refused, and nothing raises."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lodging import one

from clearing import CLOCK, KEYS, NO_PARTIES
from tumen.bootstrap import known_codes
from tumen.documents.fields import Kind
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.window.prepare import Preparation

TEXTS = st.text(max_size=8) | st.sampled_from(
    ["", "0", "-1", "1e5", "1e999", "NaN", "9" * 30, "2026-08-01", "9999-12-31", "CN", "KR", "auto",
     "cbec", "digital_service", "software", "t", "ml", "\u0000", "6109100000", "999999999999"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
HEAD = st.sampled_from(
    ["shipment", "destination", "dispatch", "date", "regime", "transport", "purpose", "currency",
     "freight", "insurance", "exchange_rates", "buyer", "platform", "seller", "preference",
     "related", "items", "ordered_at", "no such field"]
)  # fmt: skip
ITEM = st.sampled_from(
    ["hs", "description", "quantity", "unit", "unit_price", "net_weight_kg", "volume_l", "origin",
     "category", "rates", "no such field"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.dictionaries(HEAD, JSON, max_size=3),
    item=st.dictionaries(ITEM, JSON, max_size=3),
)
def test_a_shipment_with_any_values_is_one_document_with_printable_findings(
    head: dict[str, Any], item: dict[str, Any], tmp_path: Path
) -> None:
    items = [{**one()["items"][0], **item}]
    (tmp_path / "one.ndjson").write_text(json.dumps({**one(items=items), **head}), "utf-8")
    (texts,) = read(find([tmp_path]))
    prepared = Preparation("tests", KEYS, known_codes(), NO_PARTIES, CLOCK).prepare(texts)
    (batch,) = prepared.waves
    shipment = batch.heads[Kind.SHIPMENT]
    assert shipment.height == texts.rows.height == 1
    found = batch.violations
    assert bool(shipment["is_refused"].item()) == (found.height > 0)
    if not found.height:
        assert shipment["verdict"].item() in ("payable", "exempt", "not_admissible", "unknown")
    for value in found.select("path", "value", "expected").row(0) if found.height else ():
        assert value is None or "\x00" not in value
