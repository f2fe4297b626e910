"""Every receipt that can be rendered is valid against the official schema."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tumen.documents.fields import TABLED
from tumen.documents.receipt import envelope, info_text, render

SCHEMAS = Path(__file__).parents[2] / "../shared/conformance/ceb/xsd"
SCHEMA_NAME = "海关跨境进口业务节点报文定义202205.xsd"
GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"

TEXT_COLUMNS = (
    "source_message", "platform_code", "merchant_code", "order_number", "payment_provider_code",
    "payment_number", "carrier_code", "waybill_number", "agent_code", "customs_office",
    "own_reference", "preliminary_number", "declaration_number",
)  # fmt: skip

texts = st.none() | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=70
) | st.text("<>&]\"'A1 ", max_size=25) | st.just("150032133004000520")  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    path = SCHEMAS / SCHEMA_NAME
    if not path.exists():
        pytest.skip("the official schema is not here: ../shared/conformance/ceb/xsd is absent")
    return etree.XMLSchema(etree.parse(str(path)))


def a_frame(lines):
    return pl.DataFrame(
        lines,
        schema={
            "kind": pl.String,
            "format": pl.String,
            "guid": pl.String,
            "is_format_failure": pl.Boolean,
            "status": pl.Int32,
            "codes": pl.List(pl.String),
            "paths": pl.List(pl.String),
            "recorded_at": pl.Datetime("us", "UTC"),
            "place": pl.UInt32,
            **dict.fromkeys(TEXT_COLUMNS, pl.String),
        },
        orient="row",
    )


def an_answer(kind):
    told = st.lists(
        st.tuples(st.sampled_from(["DATE_INVALID", "MATCH_AMOUNT"]), texts), max_size=30
    )
    return st.builds(
        lambda kind, failed, status, told, columns: {
            "kind": kind,
            "format": "ceb",
            "guid": GUID,
            "is_format_failure": failed,
            "status": status,
            "codes": [code for code, _ in told],
            "paths": [path for _, path in told],
            "recorded_at": datetime(2026, 11, 23, 16, 30, 5, 678_000, tzinfo=UTC),
            "place": 1,
            **columns,
        },
        kind=kind,
        failed=st.just(False),
        status=st.sampled_from([120, 800, 100, -621001, -1, 7]),
        told=told,
        columns=st.fixed_dictionaries(dict.fromkeys(TEXT_COLUMNS, texts)),
    )


def rendered(lines):
    answers = a_frame(lines)
    return render(answers.with_columns(info_text(answers)))


@pytest.mark.parametrize("kind", TABLED)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_receipt_of_a_kind_is_valid(schema, kind, data):
    lines = data.draw(st.lists(an_answer(st.just(str(kind))), min_size=1, max_size=4))
    message = etree.fromstring(envelope(kind, rendered(lines), GUID))
    assert schema.validate(message), schema.error_log
    assert len(message) == len(lines)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(line=an_answer(st.sampled_from([None, "order", "declaration"])))
def test_every_receipt_of_a_format_failure_is_valid(schema, line):
    message = etree.fromstring(envelope(None, rendered([line | {"is_format_failure": True}]), GUID))
    assert schema.validate(message), schema.error_log
    assert message.findtext(".//{*}oriBizMessage") == ""
