"""Whose names are compared with the watch lists: docs/screening.md says buyer and merchant."""

import json
from pathlib import Path

import polars as pl
import pytest

from clearing import CLOCK, KEYS
from tumen.bootstrap import known_codes
from tumen.documents.fields import Kind
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.simulation import one_bundle
from tumen.window.parties import PartyIndex
from tumen.window.prepare import Preparation

LISTED = "Nonsuch Trading Company Limited"


@pytest.mark.parametrize(
    ("field", "hits"),
    [("buyer_name", ["demo"]), ("merchant_name", ["demo"]), ("agent_name", []), ("note", [])],
)
def test_buyer_and_merchant_of_a_declaration_are_compared_and_nobody_else(
    field: str, hits: list[str], tmp_path: Path
) -> None:
    declaration = {**one_bundle("clean", 5).documents[3], field: LISTED}
    (tmp_path / "one.ndjson").write_text(json.dumps(declaration) + "\n", encoding="utf-8")
    parties = PartyIndex.build(
        pl.DataFrame({"name": [LISTED], "list_name": ["demo"], "entry_id": ["1"]})
    )
    preparation = Preparation("tests", KEYS, known_codes(), parties, CLOCK)
    (texts,) = read(find([tmp_path]), documents_max=10)
    head = preparation.prepare(texts).waves[0].heads[Kind.DECLARATION]
    found = head["party_hits"].to_list()[0] or []
    assert [hit[: len("demo")] for hit in found] == hits
