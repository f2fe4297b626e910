"""Lines of NDJSON over columns say what the scalar law says of them, one by one."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shipments

from tumen.cli.assess import answers
from tumen.cli.assess_in import Intake
from tumen.documents.formats.sources import Source
from tumen.law.assessing import Assessor, joined
from tumen.law.native.flat import Flat
from tumen.law.native.flattening import flat_rows
from tumen.law.native.told import Told
from tumen.law.quoting import NO_BOOKS

ASSESSOR = Assessor(date(2026, 11, 23), NO_BOOKS)
WHOLE = list(shipments.shipments(400))
PLAIN = {
    "destination": "JP", "dispatch": "CN", "date": "2026-08-01", "currency": "JPY",
    "items": [{"hs": "6109100101", "quantity": 2, "unit_price": "4500", "net_weight_kg": "0.3"}],
}  # fmt: skip
NO_ROWS = [
    {**PLAIN, "seller": ""},
    {**PLAIN, "colour": "red"},
    {**PLAIN, "seller": 5},
    {**PLAIN, "buyer": {}},
    {**PLAIN, "freight": 1.5},
    {**PLAIN, "freight": True},
    {**PLAIN, "related": []},
    {**PLAIN, "items": []},
    {**PLAIN, "items": [{"hs": "6109100101", "rates": {"toll": "0.1"}}]},
    {**PLAIN, "exchange_rates": {"XYZW": "1"}},
    {**PLAIN, "preference": {"direct_transport": "true"}},
]


def lines(folder: Path, native: Iterable[Any]) -> Source:
    file = folder / "in.ndjson"
    file.write_text("".join(json.dumps(each) + "\n" for each in native), encoding="utf-8")
    return Source("in.ndjson", file, "ndjson")


def both(source: Source) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What columns say of a file, and what the scalar law says."""
    found = joined(answers(Intake([source]).blocks(), ASSESSOR, 1)).shipments
    return found, ASSESSOR.assess(list(Intake([source]).shipments())).shipments


def test_every_line_is_answered_as_by_itself_and_in_its_place(tmp_path: Path) -> None:
    told = [*WHOLE, *shipments.BROKEN, *NO_ROWS, PLAIN, PLAIN, {**PLAIN, "shipment": ""}, "x", 5]
    found, alone = both(lines(tmp_path, told))
    assert found["row"].to_list() == list(range(1, len(told) + 1))
    assert found.equals(alone)


def test_two_lines_of_one_reference_stay_two_shipments(tmp_path: Path) -> None:
    again = {**PLAIN, "shipment": "a"}
    found, alone = both(lines(tmp_path, [again, again, *[{**again, "shipment": "b"}] * 300]))
    assert found.equals(alone)
    assert found.height == 302


def test_what_has_rows_is_told_by_them_as_it_stands() -> None:
    flattened = 0
    for native in WHOLE:
        rows = flat_rows({k: v for k, v in native.items() if k != "shipment"})
        if rows is None:
            continue
        flattened += 1
        names = list(dict.fromkeys(name for row in rows for name in row))
        flat = Flat(["shipment", *names])
        told = [each for at, row in enumerate(rows, 1)
                for each in flat.put(at, ["r", *(row.get(name) for name in names)])]  # fmt: skip
        (again,) = [*told, *flat.close()]
        assert again == Told(1, {k: v for k, v in native.items() if k != "shipment"}, "r")
    assert flattened > len(WHOLE) // 2


@pytest.mark.parametrize("native", [*NO_ROWS, None, [], {"items": None}])
def test_what_columns_cannot_tell_has_no_rows(native: object) -> None:
    assert flat_rows(native) is None


def test_whole_numbers_are_told_by_their_digits() -> None:
    assert flat_rows(PLAIN) == [
        {
            "destination": "JP", "dispatch": "CN", "date": "2026-08-01", "currency": "JPY",
            "hs": "6109100101", "quantity": "2", "unit_price": "4500", "net_weight_kg": "0.3",
        }
    ]  # fmt: skip
