"""`tumen quote` as it is typed: a file or flags, and files as editors leave them."""

import io
import json
import sys
from pathlib import Path

import pytest

from running import tumen

SHIPMENT = {
    "destination": "JP",
    "dispatch": "CN",
    "date": "2026-06-01",
    "currency": "JPY",
    "items": [{"hs": "851762090", "quantity": "1", "unit_price": "20000"}],
}
BOM = "\ufeff"


@pytest.mark.parametrize("flag", [("--to", "KR"), ("--quantity", "2"), ("--regime", "general")])
def test_a_flag_beside_a_file_is_refused_and_not_overlooked(
    tmp_path: Path, flag: tuple[str, str]
) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    done = tumen(tmp_path, "quote", file, *flag)
    assert done.returncode == 2
    assert flag[0] in done.stderr
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
