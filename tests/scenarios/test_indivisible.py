"""What a single item that cannot be divided is: one piece, not one kilogram."""

from copy import deepcopy
from pathlib import Path

import pytest

from clearing import Clearing
from running import tumen
from tumen.simulation import one_bundle
from tumen.store.database import Database


@pytest.mark.parametrize(
    ("unit", "status"),
    [("011", "released"), ("142", "released"), ("035", "rejected"), ("127", "rejected")],
)
def test_one_kilogram_or_dozen_above_the_limit_is_no_indivisible_item(
    unit: str, status: str, database: Database, tmp_path: Path
) -> None:
    documents = deepcopy(one_bundle("over_single_indivisible", 7).documents)
    for paper in (documents[0], documents[3]):
        (line,) = paper["items"]
        assert line["quantity"] == "1"
        line["unit"] = unit
    clearing = Clearing(database, seed="no lot")
    clearing.documents(documents, tmp_path)
    assert list(clearing.status().values()) == [status]
    if status == "rejected":
        ((codes,),) = clearing.query("SELECT codes FROM declaration_event")
        assert codes == "OVER_SINGLE_LIMIT"
    number = documents[0]["order_number"]
    told = tumen(tmp_path, "show", number, "--database", database.url)
    assert told.returncode == 0
    assert "Differs from the record" not in told.stdout
