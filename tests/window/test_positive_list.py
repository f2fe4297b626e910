"""The positive list: an edition holds from its day, and what is not held refuses nobody."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clearing import Clearing
from tumen.cli.lists import app
from tumen.kernel.errors import UsageError
from tumen.settings import tolerance_fen
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.window import ledger
from tumen.window.positive_list import PositiveList

HAIR_CARE = "33059000"


def bundle() -> list[dict[str, Any]]:
    return deepcopy(one_bundle("clean", 3).documents)


def codes_of(documents: list[dict[str, Any]]) -> list[str]:
    return [item["hs_code"] for item in documents[3]["items"]]


def told(clearing: Clearing, code: str) -> list[tuple[str, str, str]]:
    """Path, value and what was expected of every finding of a code."""
    return [
        (line["path"], line["value"], line["expected"])
        for outcome in clearing.outcomes
        for line in outcome.violations.iter_rows(named=True)
        if line["code"] == code
    ]


def test_goods_outside_the_list_of_their_day_are_refused_item_by_item(
    database: Database, tmp_path: Path
) -> None:
    documents = bundle()
    held = PositiveList((date(2020, 1, 1),), ({HAIR_CARE: ""},))
    clearing = Clearing(database, positive_list=held)
    clearing.documents(documents, tmp_path)
    assert list(clearing.status().values()) == ["rejected"]
    assert told(clearing, "NOT_ON_POSITIVE_LIST") == [
        (f"items[{place}].hs_code", code, "a code of the list of 2020-01-01")
        for place, code in enumerate(codes_of(documents))
    ]


@pytest.mark.parametrize("digits", [8, 10])
def test_goods_on_the_list_by_eight_or_ten_digits_are_released(
    digits: int, database: Database, tmp_path: Path
) -> None:
    documents = bundle()
    listed = {code[:digits]: "" for code in codes_of(documents)}
    held = PositiveList((date(2020, 1, 1),), (listed,))
    clearing = Clearing(database, seed="no lot", positive_list=held)
    clearing.documents(documents, tmp_path)
    assert list(clearing.status().values()) == ["released"]


@pytest.mark.parametrize("is_paid_later", [False, True])
def test_a_remark_of_the_list_is_told_once_beside_its_goods_and_refuses_nobody(
    is_paid_later: bool, database: Database, tmp_path: Path
) -> None:
    documents = bundle()
    first, *others = codes_of(documents)
    listed = {first[:8]: "仅限网购保税商品"} | dict.fromkeys(others, "")
    clearing = Clearing(
        database, seed="no lot", positive_list=PositiveList((date(2020, 1, 1),), (listed,))
    )
    later = [each for each in documents if each["kind"] == "payment"] if is_paid_later else []
    clearing.documents([each for each in documents if each not in later], tmp_path)
    clearing.documents(later, tmp_path)
    assert told(clearing, "POSITIVE_LIST_REMARK") == [
        ("items[0].hs_code", first, "仅限网购保税商品")
    ]
    assert list(clearing.status().values()) == ["released"]


def test_a_list_that_begins_after_the_legal_day_refuses_nobody(
    database: Database, tmp_path: Path
) -> None:
    held = PositiveList((date(2999, 1, 1),), ({HAIR_CARE: ""},))
    clearing = Clearing(database, seed="no lot", positive_list=held)
    clearing.documents(bundle(), tmp_path)
    assert list(clearing.status().values()) == ["released"]


def test_the_last_import_of_a_day_is_its_edition_and_unreadable_rows_are_told(
    database: Database, tmp_path: Path
) -> None:
    for number, text in enumerate(
        (
            "hs_code,remark\n33049900,\n",
            "hs_code,remark\n33059000,bonded only\n3305,\n33059000,again\n",
        )
    ):
        file = tmp_path / f"{number}.csv"
        file.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(
            app,
            ["import", str(file), "--kind", "codes", "--list", f"CBEC {number}",
             "--day", "2022-03-01", "--database", database.url],
        )  # fmt: skip
        assert done.exception is None
    assert "line 3: hs_code must have eight or ten digits" in done.output
    assert "line 4: 33059000 stands in the list twice" in done.output
    with database.session() as session:
        held = ledger.positive_list(session)
    assert held == PositiveList((date(2022, 3, 1),), ({HAIR_CARE: "bonded only"},))


@pytest.mark.parametrize(("tolerance", "answer"), [(0, "rejected"), (1, "accepted")])
def test_a_total_may_miss_its_parts_by_the_tolerance_of_the_node(
    tolerance: int, answer: str, database: Database, tmp_path: Path
) -> None:
    order = bundle()[0]
    whole, _, cents = order["amount_paid"].partition(".")
    paid = int(whole) * 100 + int(cents.ljust(2, "0")[:2] or "0") + 1
    order["amount_paid"] = f"{paid // 100}.{paid % 100:02}"
    clearing = Clearing(database, tolerance_fen=tolerance)
    clearing.documents([order], tmp_path)
    assert [row["answer"] for row in clearing.rows()] == [answer], json.dumps(order)


@pytest.mark.parametrize("stated", ["-1", "1.5", "101", "", "one"])
def test_a_tolerance_that_is_none_is_told(stated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUMEN_TOLERANCE_FEN", stated)
    with pytest.raises(UsageError, match="TUMEN_TOLERANCE_FEN"):
        tolerance_fen()


def test_the_tolerance_of_a_node_is_read_from_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUMEN_TOLERANCE_FEN", "3")
    assert tolerance_fen() == 3
