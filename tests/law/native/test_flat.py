"""Flat rows become native shipments: grouped, typed, and nothing overlooked."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shipments

from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX
from tumen.law.native.flat import ITEM, NESTED, Flat
from tumen.law.native.reading import read
from tumen.law.native.shipment import Item, Shipment
from tumen.law.native.told import Told, notice

HEAD = {"destination": "JP", "dispatch": "CN", "date": "2026-08-01", "currency": "JPY"}
GOODS = {"hs": "610910010", "quantity": "1", "unit_price": "9000"}
BROKEN = notice("CSV_RAGGED", value="3", expected="8")


def told(rows: Sequence[dict[str, Any]]) -> list[Told]:
    flat = Flat([*rows[0]])
    found = [each for row, cells in enumerate(rows, 1) for each in flat.put(row, [*cells.values()])]
    return [*found, *flat.close()]


def codes(each: Told) -> list[tuple[str, str]]:
    return [(fault.code, fault.path) for fault in each.faults]


def row(reference: str | None, **changed: Any) -> dict[str, Any]:
    return {"shipment": reference, **HEAD, **GOODS, **changed}


def test_flat_rows_tell_the_same_as_the_native_shipments_they_were_made_of() -> None:
    native = [*shipments.shipments(60)]
    found = told(shipments.flat(native))
    assert [each.native for each in found] == native
    assert [each.reference for each in found] == [f"S{number}" for number in range(60)]


def test_every_field_of_the_native_shipment_has_a_column() -> None:
    nested = {"buyer_id", "buyer_kind", "used_this_year", "preference"}
    cells = {
        **HEAD, **GOODS, "regime": "general", "transport": "post", "purpose": "personal",
        "freight": "1", "insurance": "1", "ordered_at": "2026-07-01", "arrived_at": "2026-07-02",
        "related": '[{"value": "3", "seller": "A"}]', "platform": "A", "seller": "B",
        "exchange_rate_USD": "150", "buyer_id": "X", "buyer_kind": "business",
        "used_this_year": "5", "preference_agreement": "RCEP", "preference_proof": "declaration",
        "preference_direct_transport": "TRUE", "description": "shirt", "unit": "piece",
        "net_weight_kg": "0.2", "volume_l": "1", "origin": "CN", "category": "clothing",
        "rate_duty": "0.1",
    }  # fmt: skip
    (each,) = told([cells])
    shipment, faults = read(each.native)
    assert shipment is not None, faults
    plain = {field.name for field in fields(Shipment)} - {"day"}
    assert all(getattr(shipment, name) for name in plain)
    assert all(getattr(shipment.items[0], field.name) for field in fields(Item))
    assert shipment.preference is not None
    assert shipment.preference.direct_transport is True
    assert nested - {"preference"} <= NESTED.keys()
    assert {field.name for field in fields(Item)} - {"rates"} == {*ITEM}


def test_rows_without_a_reference_are_shipments_of_their_own() -> None:
    rows = [{**HEAD, **GOODS}, {**HEAD, **GOODS}]
    assert [(each.row, each.items, each.reference) for each in told(rows)] == [
        (1, 1, None),
        (2, 1, None),
    ]
    found = told([row(""), row(""), row("A"), row("A"), row(None)])
    assert [(each.row, each.items) for each in found] == [(1, 1), (2, 1), (3, 2), (5, 1)]


def test_a_reference_that_comes_again_later_is_another_shipment() -> None:
    found = told([row("A"), row("B"), row("A")])
    assert [each.reference for each in found] == ["A", "B", "A"]


def test_a_head_that_changes_within_a_shipment_is_told_by_its_column() -> None:
    (each,) = told([row("A"), row("A", currency="USD"), row("A", date="x")])
    assert codes(each) == [("FIELD_DIFFERS", "currency")]


def test_an_unknown_column_is_refused_only_where_it_is_filled() -> None:
    first, second = told([row("A", wieght=""), row("B", wieght="1")])
    assert read(first.native)[1] == ()
    (fault,) = read(second.native)[1]
    assert (fault.code, fault.path) == ("FIELD_UNKNOWN", "wieght")


def test_a_column_named_items_is_no_list_of_items() -> None:
    (each,) = told([row("A", items="[]")])
    assert codes(each) == [("FIELD_UNKNOWN", "items")]


def test_a_list_of_related_parcels_that_is_no_json_is_refused() -> None:
    (each,) = told([row("A", related="[{")])
    assert codes(each) == [("JSON_MALFORMED", "related")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        ("", None),
        (float("nan"), None),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+2"), "100"),
        (7, 7),
        (date(2026, 8, 1), date(2026, 8, 1)),
    ],
)
def test_a_cell_of_any_type_is_told_exactly_or_absent(cell: object, expected: object) -> None:
    (each,) = told([row("A", unit_price=cell)])
    assert isinstance(each.native, dict)
    assert each.native["items"][0].get("unit_price") == expected


def test_a_number_in_a_column_of_text_is_taken_by_its_digits() -> None:
    (each,) = told([row("A", buyer_id=123)])
    assert isinstance(each.native, dict)
    assert each.native["buyer"] == {"id": "123"}


@pytest.mark.parametrize("more", [-1, 0, 1, 2])
def test_a_shipment_of_too_many_rows_is_refused_whole_and_in_bounded_pieces(more: int) -> None:
    found = told([row("A")] * (ITEMS_PER_DOCUMENT_MAX + more))
    assert sum(each.items for each in found) == ITEMS_PER_DOCUMENT_MAX + more
    assert max(each.items for each in found) <= ITEMS_PER_DOCUMENT_MAX + 1
    refused = [each for each in found if each.faults or read(each.native)[1]]
    assert refused == ([] if more <= 0 else found)


def test_a_header_with_a_column_twice_refuses_every_row() -> None:
    flat = Flat(["hs", "hs"])
    found = [*flat.put(1, ["1", "2"]), *flat.put(2, ["1", "2"]), *flat.close()]
    assert [codes(each) for each in found] == [[("CSV_HEADER_TWICE", "hs")]] * 2


def broken_between(following: str | None, cells: Sequence[str] = ()) -> list[Told]:
    flat = Flat([*row("A")])
    found = [*flat.put(2, [*row("A").values()]), *flat.put_broken(3, BROKEN, cells)]
    if following is not None:
        found += flat.put(4, [*row(following).values()])
    return [*found, *flat.close()]


def test_a_broken_row_within_a_shipment_refuses_it_for_an_item_would_be_missing() -> None:
    found = broken_between("A")
    assert [(each.row, codes(each)) for each in found] == [
        (2, [("CSV_RAGGED", "")]),
        (3, [("CSV_RAGGED", "")]),
    ]
    assert found[0].items == 2


def test_a_broken_row_between_shipments_refuses_neither() -> None:
    assert [codes(each) for each in broken_between("B")] == [[], [("CSV_RAGGED", "")], []]
    assert [codes(each) for each in broken_between(None)] == [[], [("CSV_RAGGED", "")]]


def test_a_broken_row_that_names_the_shipment_refuses_it() -> None:
    assert [codes(each) for each in broken_between(None, ["A", "JP"])] == [
        [("CSV_RAGGED", "")],
        [("CSV_RAGGED", "")],
    ]


def test_a_flood_of_broken_rows_is_not_kept_waiting() -> None:
    flat = Flat([*row("A")])
    found = [*flat.put(1, [*row("A").values()])]
    for place in range(2, 1_000):
        found += flat.put_broken(place, BROKEN)
        assert place - len(found) <= ITEMS_PER_DOCUMENT_MAX + 1
    assert len([*found, *flat.close()]) == 999
