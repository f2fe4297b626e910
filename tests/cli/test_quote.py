"""`tumen quote` as it is typed: a file or flags, and files as editors leave them."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from running import tumen
from tumen.cli import quote_flags
from tumen.law.native import flat, reading

SHIPMENT: dict[str, Any] = {
    "destination": "JP",
    "dispatch": "CN",
    "date": "2026-06-01",
    "currency": "JPY",
    "items": [{"hs": "851762090", "quantity": "1", "unit_price": "20000"}],
}
BOM = "\ufeff"


EVERY_FACT = {
    "destination": "KR",
    "dispatch": "CN",
    "date": "2026-08-03",
    "currency": "USD",
    "regime": "general",
    "ordered_at": "2026-07-20",
    "arrived_at": "2026-08-01",
    "exchange_rates": {"USD": "1400", "CNY": "200"},
    "buyer": {"id": "P123456789012", "kind": "person", "used_this_year": "100"},
    "preference": {"agreement": "CKFTA", "proof": "certificate", "direct_transport": False},
    "platform": "A platform",
    "seller": "A shop",
    "items": [
        {"hs": "6109100000", "unit_price": "300", "quantity": "1", "origin": "CN",
         "rates": {"vat": "0.05", "liquor_tax": "0"}}
    ],
}  # fmt: skip
THE_SAME_BY_FLAGS = (
    *(
        "--to",
        "KR",
        "--from",
        "CN",
        "--date",
        "2026-08-03",
        "--currency",
        "USD",
        "--regime",
        "general",
    ),
    *("--ordered-at", "2026-07-20", "--arrived-at", "2026-08-01"),
    *("--exchange-rate", "USD=1400", "--exchange-rate", "CNY=200"),
    *("--buyer", "person", "--buyer-id", "P123456789012", "--used-this-year", "100"),
    *("--agreement", "CKFTA", "--origin-proof", "certificate", "--not-direct"),
    *("--platform", "A platform", "--seller", "A shop"),
    *("--hs", "6109100000", "--price", "300", "--origin", "CN"),
    *("--rate", "vat=0.05", "--rate", "liquor_tax=0"),
)


def test_an_export_is_told_without_the_destinations_currency_in_which_nothing_is_due(
    tmp_path: Path,
) -> None:
    file = tmp_path / "shipment.json"
    goods = [{**SHIPMENT["items"][0], "hs": "6109100021"}]
    told = {**SHIPMENT, "regime": "export_9610", "items": goods}
    file.write_text(json.dumps(told), encoding="utf-8")
    said = tumen(tmp_path, "quote", file).stdout
    assert "export to JP, regime export_9610, law of 2026-06-01\n" in said
    assert "customs value" not in said
    assert " JPY" not in said


def test_flags_tell_every_fact_of_one_item_that_a_file_tells(tmp_path: Path) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(EVERY_FACT), encoding="utf-8")
    by_file = tumen(tmp_path, "quote", file, "--json")
    by_flags = tumen(tmp_path, "quote", *THE_SAME_BY_FLAGS, "--json")
    assert json.loads(by_flags.stdout) == json.loads(by_file.stdout)
    warnings = {each["code"] for each in json.loads(by_flags.stdout)["warnings"]}
    assert "PREFERENCE_REFUSED" in warnings


def test_every_field_of_the_native_shipment_but_lists_has_a_flag() -> None:
    fields = {*quote_flags.HEAD.values(), *quote_flags.ITEM.values()}
    assert fields == {*reading.HEAD_FIELDS, *flat.ITEM, "exchange_rates", "rates"}
    nested = {*quote_flags.BUYER.values(), *quote_flags.PREFERENCE.values()}
    assert nested == {field for _, field in flat.NESTED.values()}


@pytest.mark.parametrize("entry", ["duty", "duty=", "=0.1"])
def test_a_rate_that_names_no_charge_and_share_is_refused(tmp_path: Path, entry: str) -> None:
    done = tumen(tmp_path, "quote", "--to", "JP", "--rate", entry)
    assert (done.returncode, done.stdout) == (2, "")
    assert "NAME=VALUE" in done.stderr


FLAGS = [
    ("--to", "KR"),
    ("--quantity", "2"),
    ("--regime", "general"),
    ("--buyer-id", "P123456789012"),
    ("--not-direct",),
]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_beside_a_file_is_refused_and_not_overlooked(
    tmp_path: Path, flag: tuple[str, ...]
) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    done = tumen(tmp_path, "quote", file, *flag)
    assert done.returncode == 2
    assert flag[0].replace("--not-", "--") in done.stderr
    assert done.stdout == ""


def test_a_mark_of_byte_order_is_no_part_of_a_shipment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = BOM + json.dumps(SHIPMENT)
    file = tmp_path / "shipment.json"
    file.write_text(marked, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(marked.encode())))
    answers = [tumen(tmp_path, "quote", source, "--json") for source in (file, "-")]
    assert [json.loads(each.stdout)["total"] for each in answers] == ["1100", "1100"]


def test_a_file_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    done = tumen(tmp_path, "quote", "absent.json")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "PATH_ABSENT")
    assert "absent.json does not exist" in done.stderr
    assert "Errno" not in done.stderr
