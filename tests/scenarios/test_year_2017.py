"""A day of 2017 goes down the road by the law of its day."""

from datetime import date
from pathlib import Path

from clearing import Clearing
from tumen.simulation import Plan, bundles
from tumen.store.database import Database


def test_an_indivisible_item_of_2017_takes_nothing_of_the_years_allowance(
    database: Database, tmp_path: Path
) -> None:
    (bundle,) = bundles(Plan(1, 7, date(2017, 8, 3), fault="over_single_indivisible"))
    clearing = Clearing(database, seed="no lot")
    clearing.documents(bundle.documents, tmp_path)
    assert list(clearing.status().values()) == ["released"]
    ((verdict, unverified),) = clearing.query("SELECT verdict, unverified FROM assessment")
    assert verdict == "over_single_indivisible"
    assert "cn.cbec.over_single_counts_to_annual" in unverified
    assert clearing.query("SELECT entry, amount_fen FROM allowance_entry") == [("used", 0)]
