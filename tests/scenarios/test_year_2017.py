"""A day of 2017 goes down the road by the law of its day."""

import json
from pathlib import Path

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.simulation.plan import DAY_DEFAULT
from tumen.store.database import Database


def test_an_indivisible_item_of_2017_takes_nothing_of_the_years_allowance(
    database: Database, tmp_path: Path
) -> None:
    text = json.dumps(one_bundle("over_single_indivisible", 7).documents)
    clearing = Clearing(database, seed="no lot")
    clearing.documents(json.loads(text.replace(f"{DAY_DEFAULT:%Y%m%d}", "20170803")), tmp_path)
    assert list(clearing.status().values()) == ["released"]
    ((verdict, unverified),) = clearing.query("SELECT verdict, unverified FROM assessment")
    assert verdict == "over_single_indivisible"
    assert "cn.cbec.over_single_counts_to_annual" in unverified
    assert clearing.query("SELECT entry, amount_fen FROM allowance_entry") == [("used", 0)]
