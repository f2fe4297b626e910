"""Receipts: what they say, and what they never say."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from lxml import etree

from tumen.documents.fields import Kind
from tumen.documents.receipt import NAMESPACE, envelope, info_text, render
from tumen.kernel.errors import UsageError

GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"
KEYS = (
    "source", "source_message", "platform_code", "merchant_code", "order_number",
    "payment_provider_code",
    "payment_number", "carrier_code", "waybill_number", "agent_code", "customs_office",
    "own_reference", "preliminary_number", "declaration_number",
)  # fmt: skip


def answers(*lines):
    frame = pl.DataFrame(
        [
            {
                "kind": "order",
                "format": "ceb",
                "guid": GUID,
                "is_format_failure": False,
                "answer": "accepted",
                "declaration": None,
                "status": 120,
                "codes": [],
                "paths": [],
                "recorded_at": datetime(2026, 11, 23, 16, 30, 5, 678_000, tzinfo=UTC),
                "place": 7,
                **dict.fromkeys(KEYS, "A1"),
                **line,
            }
            for line in lines
        ],
        schema_overrides={
            "kind": pl.String,
            "declaration": pl.String,
            "status": pl.Int32,
            "codes": pl.List(pl.String),
            "paths": pl.List(pl.String),
            **dict.fromkeys(KEYS, pl.String),
        },
    )
    return frame.with_columns(info_text(frame))


def body(**line):
    return render(answers(line))[0]


def parsed(**line):
    return etree.fromstring(envelope(Kind(line.get("kind", "order")), [body(**line)], GUID))[0]


def text(element, tag):
    return element.findtext(f"{{{NAMESPACE}}}{tag}")


def test_no_answers_give_no_receipts():
    assert render(answers({})[:0]).to_list() == []


def test_a_ceb_receipt_prints_the_time_of_china_to_the_millisecond():
    assert text(parsed(), "returnTime") == "20261124003005678"


def test_an_accepted_order_says_so_in_chinese():
    assert text(parsed(), "returnInfo") == "海关入库"


def test_a_refused_order_opens_with_the_official_text_and_names_code_and_field():
    refused = parsed(status=-301010, codes=["DOCUMENT_EXISTS"], paths=["order_number"])
    assert text(refused, "returnStatus") == "-301010"
    assert text(refused, "returnInfo") == "已存在相同编号的订单; DOCUMENT_EXISTS order_number"


def test_marks_of_xml_in_a_value_are_escaped():
    assert text(parsed(order_number="<a> & b"), "orderNo") == "<a> & b"


def test_control_characters_are_left_out():
    assert text(parsed(order_number="a\x00b\x1f"), "orderNo") == "ab"


def test_a_value_longer_than_the_schema_allows_is_cut():
    assert len(text(parsed(order_number="9" * 80), "orderNo")) == 60


def test_a_missing_reference_is_filled_with_the_word_for_none():
    declaration = parsed(kind="declaration", own_reference=None, preliminary_number=None)
    assert text(declaration, "copNo") == "无"
    assert text(declaration, "preNo") == "B00000000000000000"


def test_an_optional_number_of_the_wrong_length_is_left_out():
    assert text(parsed(kind="declaration", declaration_number="123"), "invtNo") is None


def test_a_format_failure_carries_no_part_of_the_message():
    failure = etree.fromstring(body(is_format_failure=True, status=-1, source_message=None))
    assert failure.tag == "MessageReturn"
    assert failure.findtext("oriBizMessage") == ""
    assert failure.findtext("oriMessageType") == "Unknown"


def test_a_native_receipt_is_one_json_line_with_stable_keys():
    line = body(format="ndjson", kind="waybill")
    assert "\n" not in line
    assert list(json.loads(line)) == [
        "kind", "carrier_code", "waybill_number", "file", "place", "answer", "status", "codes",
        "info", "recorded_at",
    ]  # fmt: skip


def test_a_native_receipt_has_the_time_in_utc():
    assert json.loads(body(format="csv"))["recorded_at"] == "2026-11-23T16:30:05.678Z"


def test_a_native_receipt_of_a_list_tells_its_answer_and_what_became_of_the_declaration():
    line = json.loads(body(format="ndjson", kind="declaration", status=100, declaration="rejected"))
    assert (line["answer"], line["declaration"]) == ("accepted", "rejected")


def test_a_row_of_unknown_kind_is_answered_without_a_key():
    line = json.loads(body(format="ndjson", kind=None, is_format_failure=True, status=-1))
    assert line["kind"] is None
    assert "order_number" not in line


def test_mixed_answers_keep_their_order():
    bodies = render(
        answers({"kind": "waybill"}, {"format": "csv"}, {"kind": "payment"}, {"kind": "waybill"})
    )
    assert [text[:12] for text in bodies] == [
        "<LogisticsRe", '{"kind":"ord', "<PaymentRetu", "<LogisticsRe",
    ]  # fmt: skip


def test_an_envelope_holds_a_hundred_returns_at_most():
    assert envelope(Kind.ORDER, [body()] * 100, GUID).startswith(b"<?xml")
    with pytest.raises(UsageError):
        envelope(Kind.ORDER, [body()] * 101, GUID)
    with pytest.raises(UsageError):
        envelope(Kind.ORDER, [], GUID)


def test_an_envelope_of_a_format_failure_holds_exactly_one():
    failure = body(is_format_failure=True)
    assert b"CEB900Message" in envelope(None, [failure], GUID)
    with pytest.raises(UsageError):
        envelope(None, [failure, failure], GUID)
