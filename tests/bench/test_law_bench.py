"""The bench of the law: the same shipments from the same seed, and no time of a wrong result."""

import json
import os
import subprocess
import sys
from pathlib import Path

import law_measure
import mix
import polars as pl
import pytest
import quoted
from codes import HEADINGS, Codes, frequent_codes, tariff_codes
from lanes import LANES
from odd import COLUMNS
from verdict import WrongResult

from tumen import law
from tumen.law.native.flat import EXCHANGE_RATE, ITEM, NESTED, RATE
from tumen.law.native.reading import read

LAW = Path(__file__).parents[2] / "bench/law.py"
HEAD = (
    "shipment", "destination", "dispatch", "date", "currency", "regime", "transport", "purpose",
    "freight", "insurance", "ordered_at", "arrived_at", "platform", "seller", "related",
)  # fmt: skip


@pytest.fixture(scope="module")
def shipments() -> pl.DataFrame:
    return mix.shipments(20_000, seed=7)


def test_the_same_seed_gives_the_same_rows_and_another_one_others(
    shipments: pl.DataFrame,
) -> None:
    assert shipments.equals(mix.shipments(20_000, seed=7))
    assert not shipments.equals(mix.shipments(20_000, seed=8))


def test_a_smaller_table_is_the_beginning_of_a_larger_one(shipments: pl.DataFrame) -> None:
    assert mix.shipments(500, seed=7).equals(shipments.head(500))
    beyond = mix.shipments(100_001, seed=7)
    assert beyond.height == 100_001
    assert beyond.head(20_000).equals(shipments)


def test_the_mix_is_the_one_that_is_told(shipments: pl.DataFrame) -> None:
    heads = shipments.unique("shipment")
    assert 1.5 < shipments.height / heads.height < 1.7
    for name, lane in LANES.items():
        share = heads.filter(destination=name).height / heads.height
        assert abs(share - lane.share) < 0.02, name
    often = shipments["hs"].str.slice(0, 4).is_in(HEADINGS).mean()
    assert isinstance(often, float)
    assert 0.88 < often < 0.95
    assert shipments["date"].max() <= mix.FIRST.replace(year=2026, month=10, day=30)  # type: ignore[operator]
    assert shipments.filter(pl.col("transport") == "bonded")["destination"].unique().to_list() == [
        "CN"
    ]


def test_the_columns_are_those_of_a_flat_frame(shipments: pl.DataFrame) -> None:
    stated = {name for name in shipments.columns if name.startswith((RATE, EXCHANGE_RATE))}
    assert set(shipments.columns) == {*HEAD, *ITEM, *NESTED} | stated
    assert set(COLUMNS) <= set(shipments.columns)


def test_ordinary_shipments_can_all_be_read() -> None:
    rows = mix.shipments(400, seed=3, odd=0)
    assert rows.select(list(COLUMNS)).null_count().row(0) == (rows.height,) * len(COLUMNS)
    for native in quoted.natives(rows):
        told, faults = read(native)
        assert told is not None, faults


def test_the_most_frequent_codes_are_few_and_the_tail_is_the_whole_tariff() -> None:
    every = tariff_codes("JP")
    frequent = frequent_codes(every, 0)
    assert len(frequent) == len(set(frequent)) == 400
    assert {len(code) for code in every} == {9}
    assert set(Codes(every, 0).every) == set(every)


def test_assessments_of_odd_shipments_are_their_quotes() -> None:
    rows = mix.shipments(250, seed=1, odd=0.7)
    kinds = [name for name in COLUMNS if rows[name].null_count() < rows.height]
    assert kinds == list(COLUMNS)
    assessed = law.assess(rows)
    assert quoted.check(rows, assessed, 1_000) == assessed.height
    assert set(assessed["status"]) >= {"payable", "exempt", "unknown"}


def test_a_wrong_amount_or_a_lost_shipment_is_no_result() -> None:
    rows = mix.shipments(60, seed=2)
    assessed = law.assess(rows)
    with pytest.raises(WrongResult, match="rows for"):
        quoted.check(rows, assessed.head(-1), 60)
    wrong = assessed.with_columns(pl.col("total") + 1)
    with pytest.raises(WrongResult, match="total is"):
        quoted.check(rows, wrong, 60)


def test_the_mark_of_answers_does_not_tell_their_file() -> None:
    rows = mix.shipments(60, seed=2)
    assessed = law.assess(rows)
    moved = assessed.with_columns(source=pl.lit("a.csv"), row=pl.col("row") + 1)
    assert quoted.fingerprint(assessed) == quoted.fingerprint(moved)
    other = assessed.with_columns(pl.col("total") + 1)
    assert quoted.fingerprint(assessed) != quoted.fingerprint(other)


def test_every_part_of_the_mix_is_counted_once() -> None:
    found = law_measure.mix(300)
    assert sum(count for *_, count in found["statuses"]) == found["shipments"]
    assert sum(found["scalar"].values()) <= found["shipments"]
    assert set(found["scalar"]) <= {*LANES, "None"}


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_a_tiny_run_ends_with_all_tables(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, LAW, "--quick", "--sizes", "60", "--peer-items", "2000", "--json"]
    done = subprocess.run([*command, "--write", page], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert set(found) == {
        "machine", "shared", "mix", "assess", "texts", "odd", "files", "quotes", "shell", "peer",
    }  # fmt: skip
    text = page.read_text(encoding="utf-8")
    assert "were held against their quotes" in text
    assert "Both gave the same answers." in text
    assert "| a year, three laws | Tumen | 2,000 |" in text
