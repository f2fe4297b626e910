"""Many shipments at once say what a quote says of each, and add up to what they say."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
import shipments

from tumen.law.answer import Answer, ChargeLine
from tumen.law.assessing import ITEMS, SHIPMENTS, Assessed, Assessor, joined
from tumen.law.native.told import Told, notice
from tumen.law.quoting import NO_BOOKS, quote
from tumen.law.ruling import CHARGE_CODES
from tumen.law.tally import Tally

NATIVE = [*shipments.shipments(80), *shipments.BROKEN]
TOLD = [Told(row, native, f"S{row}") for row, native in enumerate(NATIVE, start=1)]
ASSESSOR = Assessor(None, NO_BOOKS, with_items=True)


@pytest.fixture(scope="module")
def assessed() -> Assessed:
    return ASSESSOR.assess(TOLD)


def decimals(lines: list[ChargeLine]) -> dict[str, Decimal | None]:
    amounts = {line.code: line.amount for line in lines}
    return {code: decimal(amounts.get(code)) for code in CHARGE_CODES}


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def unknown(lines: list[ChargeLine]) -> list[str]:
    return [line.code for line in lines if line.amount is None]


def check(row: dict[str, Any], answer: Answer) -> None:
    assert (row["regime"], row["status"]) == (answer.regime, answer.status)
    assert (row["destination"], row["currency"]) == (answer.destination, answer.currency)
    assert row["customs_value"] == decimal(answer.customs_value)
    assert row["total"] == decimal(answer.total)
    assert {code: row[code] for code in CHARGE_CODES} == decimals(answer.charges)
    assert (row["unknown_charges"] or "").split() == unknown(answer.charges)
    assert {*(row["warnings"] or "").split()} == {each.code for each in answer.warnings}
    told = [f"{each.code} {each.path}".strip() for each in answer.violations]
    assert row["violations"] == ("; ".join(dict.fromkeys(told)) or None)
    assert row["law_version"] == answer.law_version


def test_every_row_says_what_a_quote_of_the_shipment_says(assessed: Assessed) -> None:
    rows = assessed.shipments.rows(named=True)
    assert len(rows) == len(NATIVE)
    for row, native in zip(rows, NATIVE, strict=True):
        check(row, quote(native))
    assert {row["status"] for row in rows} >= {"payable", "exempt", "unknown"}


def test_every_item_row_has_the_charges_of_the_quote(assessed: Assessed) -> None:
    assert assessed.items is not None
    by_row = assessed.items.partition_by("row", as_dict=True)
    for told in TOLD:
        answer, rows = quote(told.native), by_row[told.row,].rows(named=True)  # type: ignore[arg-type]
        assert [row["item"] for row in rows] == [*range(told.items)]
        for row, line in zip(rows, answer.items, strict=False):
            assert row["hs"] == line.hs
            assert {code: row[code] for code in CHARGE_CODES} == decimals(line.charges)


def test_shipments_that_cannot_be_read_are_unknown_and_say_why(assessed: Assessed) -> None:
    refused = assessed.shipments.tail(len(shipments.BROKEN))
    assert refused["status"].to_list() == ["unknown"] * len(shipments.BROKEN)
    assert refused["total"].to_list() == [None] * len(shipments.BROKEN)
    told = refused["violations"].to_list()
    assert "FIELD_MISSING destination" in told[0]
    assert "WORD_UNKNOWN destination" in told[1]
    assert "AMOUNT_NEGATIVE items[0].quantity" in told[2]
    assert told[3:] == ["CURRENCY_UNKNOWN currency", "AMOUNT_TOO_LARGE items"]


def test_columns_are_the_same_whatever_the_shipments() -> None:
    empty = joined([])
    assert empty.items is not None
    assert dict(empty.shipments.schema) == dict(SHIPMENTS)
    assert dict(empty.items.schema) == dict(ITEMS)
    one = Assessor(None, NO_BOOKS).assess([Told(1, {}, faults=(notice("JSON_NOT_OBJECT"),))])
    assert one.shipments.schema == empty.shipments.schema
    assert one.items is None


def test_half_a_character_in_a_reference_or_a_field_becomes_a_question_mark() -> None:
    told = Told(1, {"\ud800": "x"}, "A\ud800")
    (row,) = ASSESSOR.assess([told]).shipments.rows(named=True)
    assert row["shipment"] == "A?"
    assert "FIELD_UNKNOWN ?" in row["violations"]


def test_where_no_regime_admits_the_goods_the_reasons_are_told() -> None:
    native = {**NATIVE[0], "regime": "export_9610"}
    (row,) = ASSESSOR.assess([Told(1, native)]).shipments.rows(named=True)
    assert row["status"] == "not_admissible"
    assert row["refusals"].startswith("export_9610 ")


def test_the_tally_adds_up_what_the_rows_say(assessed: Assessed) -> None:
    tally = Tally()
    tally.add(ASSESSOR.assess(TOLD[:30]))
    tally.add(ASSESSOR.assess(TOLD[30:]))
    summary = tally.summary(2.0)
    frame = assessed.shipments
    assert (
        summary["shipments"]
        == frame.height
        == sum(sum(counts.values()) for counts in summary["statuses"].values())
    )
    assert summary["items"] == frame["items"].sum()
    assert summary["shipments_a_second"] == round(frame.height / 2)
    owed = frame.filter(pl.col("status").is_in(["payable", "exempt"]))
    for economy, charges in summary["charges"].items():
        of_economy = owed.filter(destination=economy)
        total = sum((Decimal(each["total"]) for each in charges.values()), Decimal(0))
        assert total == of_economy["total"].sum()
    assert summary["statuses"]["unknown"] == {"unknown": 2}
    assert summary["violations"]["AMOUNT_TOO_LARGE"] == 1


def test_what_is_unknown_is_counted_apart_and_never_added(assessed: Assessed) -> None:
    tally = Tally()
    tally.add(assessed)
    vat = tally.summary(0.0)["charges"]["MN"]["vat"]
    frame = assessed.shipments.filter(destination="MN")
    assert vat["unknown"] == frame["unknown_charges"].str.contains(r"\bvat\b").sum() > 0
    assert tally.summary(0.0)["shipments_a_second"] is None
