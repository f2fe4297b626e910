"""A day of 2017 goes down the road by the law of its day."""

from datetime import date
from pathlib import Path
from typing import Any

from clearing import Clearing
from tumen.simulation import Plan, bundles
from tumen.store.database import Database


def of_2017(document: dict[str, Any]) -> dict[str, Any]:
    """A document two years earlier: simulations begin with the limits of 2019."""
    return {name: _of_2017(value) for name, value in document.items()}


def _of_2017(value: object) -> object:
    is_time = isinstance(value, str) and value.isdigit() and len(value) in {8, 14}
    return f"2017{str(value)[4:]}" if is_time and str(value).startswith("2019") else value


def test_an_indivisible_item_of_2017_takes_nothing_of_the_years_allowance(
    database: Database, tmp_path: Path
) -> None:
    (bundle,) = bundles(Plan(1, 7, date(2019, 8, 3), fault="over_single_indivisible"))
    clearing = Clearing(database, seed="no lot")
    clearing.documents(map(of_2017, bundle.documents), tmp_path)
    assert list(clearing.status().values()) == ["released"]
    ((verdict, unverified),) = clearing.query("SELECT verdict, unverified FROM assessment")
    assert verdict == "over_single_indivisible"
    assert "cn.cbec.over_single_counts_to_annual" in unverified
    assert clearing.query("SELECT entry, amount_fen FROM allowance_entry") == [("used", 0)]
