"""The format check: what must be there, how long, which numbers; keys and hashes."""

import json
from pathlib import Path

import polars as pl
import pytest

from tumen.codelist.violations import violation
from tumen.documents.batch import Batch, Texts
from tumen.documents.check import judge
from tumen.documents.fields import Kind, Part, field_names
from tumen.documents.formats import canonical
from tumen.documents.formats.gathering import Gathering

EXAMPLE = Path(__file__).parents[2] / "examples/consignment.ndjson"
DOCUMENTS = [json.loads(line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
ORDER, PAYMENT = DOCUMENTS[:2]


def texts_of(*documents: dict[str, object], form: str = "ndjson") -> Texts:
    gathering = Gathering(form)
    for place, document in enumerate(documents, start=1):
        kind = Kind(document["kind"])
        row = gathering.row("test", place, kind)
        head = [document.get(name) for name in field_names(kind, Part.HEAD)]
        items = [
            [item.get(name) for name in field_names(kind, Part.ITEM)]
            for item in document.get("items", [])
        ]
        gathering.document(row, kind, head, items)
    return gathering.texts()


def judged(*documents: dict[str, object], form: str = "ndjson") -> Batch:
    return judge(texts_of(*documents, form=form))


def told(batch: Batch) -> list[tuple[str, str, str | None, str | None]]:
    return batch.violations.select("code", "path", "value", "expected").rows()


def with_item(**changed: object) -> dict[str, object]:
    return {**ORDER, "items": [{**ORDER["items"][0], **changed}]}


def test_the_example_consignment_is_clean_and_typed() -> None:
    batch = judged(*DOCUMENTS)
    assert batch.violations.is_empty()
    order = batch.heads[Kind.ORDER]
    assert order["amount_paid"].to_list() == [141_83000]
    assert order.schema["amount_paid"] == pl.Int64
    items = batch.items[Kind.ORDER]
    assert items.select("row", "index", "item_number", "quantity").rows() == [
        (0, 0, 1, 400_000), (0, 1, 2, 200_000),
    ]  # fmt: skip
    assert items.schema["item_number"] == pl.Int32


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({**PAYMENT, "amount_paid": None}, ("FIELD_MISSING", "amount_paid", None, None)),
        ({**PAYMENT, "payment_number": "x" * 61},
         ("TEXT_TOO_LONG", "payment_number", "x" * 61, "60")),
        ({**PAYMENT, "payer_name": "汉" * 61}, ("TEXT_TOO_LONG", "payer_name", None, "60")),
        ({**PAYMENT, "currency": "14"}, ("TEXT_TOO_SHORT", "currency", "14", "3")),
        ({**PAYMENT, "note": "a\0b"}, ("CONTROL_CHARACTER", "note", None, None)),
        ({**PAYMENT, "platform_name": "a\x1fb"},
         ("CONTROL_CHARACTER", "platform_name", "a\ufffdb", None)),
        ({**PAYMENT, "amount_paid": "1e999"},
         ("NUMBER_MALFORMED", "amount_paid", "1e999", "a decimal number")),
        ({**PAYMENT, "amount_paid": "1,5"},
         ("NUMBER_MALFORMED", "amount_paid", "1,5", "a decimal number")),
        ({**PAYMENT, "amount_paid": "1.123456"},
         ("NUMBER_TOO_PRECISE", "amount_paid", "1.123456", "5")),
        ({**PAYMENT, "amount_paid": "1" * 13},
         ("NUMBER_TOO_LARGE", "amount_paid", "1" * 13, "12")),
        (with_item(quantity="x"),
         ("NUMBER_MALFORMED", "items[0].quantity", "x", "a decimal number")),
        (with_item(item_number="2147483648"),
         ("INTEGER_TOO_LARGE", "items[0].item_number", "2147483648", "2147483647")),
        (with_item(item_name=None), ("FIELD_MISSING", "items[0].item_name", None, None)),
        ({**ORDER, "items": []}, ("ITEMS_MISSING", "items", None, None)),
        ({**ORDER, "items": ORDER["items"] * 50}, ("ITEMS_TOO_MANY", "items", "100", "99")),
    ],
)  # fmt: skip
def test_each_breach_is_told_with_path_value_and_what_was_expected(
    document: dict[str, object], expected: tuple[str, str, str | None, str | None]
) -> None:
    assert told(judged(document)) == [expected]
    assert violation(expected[0]).layer == "format"


def test_all_breaches_of_a_document_are_told_and_what_broke_is_null() -> None:
    broken = {**PAYMENT, "amount_paid": "x", "currency": "12345", "payer_name": None}
    batch = judged(PAYMENT, broken)
    assert sorted(code for code, *_ in told(batch)) == [
        "FIELD_MISSING", "NUMBER_MALFORMED", "TEXT_TOO_LONG",
    ]  # fmt: skip
    assert set(batch.violations["row"]) == {1}
    head = batch.heads[Kind.PAYMENT]
    assert head.select("amount_paid", "currency").rows() == [(141_83000, "142"), (None, None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("-0.5", -50_000), ("+.50", 50_000), ("007.", 700_000), (" 1.500000 ", 150_000),
     ("999999999999.99999", 99_999_999_999_999_999)],
)  # fmt: skip
def test_decimals_are_read_exactly_however_they_are_written(text: str, value: int) -> None:
    batch = judged({**PAYMENT, "amount_paid": text})
    assert batch.violations.is_empty()
    assert batch.heads[Kind.PAYMENT]["amount_paid"].to_list() == [value]


def test_an_empty_ceb_text_is_fine_where_the_schema_lets_it_be_and_empty_currency_is_fixed() -> (
    None
):
    native = texts_of(PAYMENT).heads[Kind.PAYMENT].row(0, named=True)
    full = {**native, "kind": "payment", "message_id": "g" * 36, "platform_name": "p",
            "payment_provider_name": "q"}  # fmt: skip
    assert told(judged({**full, "note": "", "currency": ""}, form="ceb")) == []
    assert told(judged({**full, "currency": "156"}, form="ceb")) == [
        ("VALUE_FIXED", "currency", "156", "142")
    ]
    assert told(judged({**full, "platform_name": ""}, form="ceb")) == [
        ("FIELD_EMPTY", "platform_name", "", "1")
    ]
    assert told(judged({**full, "platform_name": None}, form="ceb"))[0][0] == "FIELD_MISSING"


def test_keys_are_joined_by_a_bar_and_a_bar_within_is_escaped() -> None:
    one = judged({**ORDER, "platform_code": "a|b", "order_number": "c"})
    other = judged({**ORDER, "platform_code": "a", "order_number": "b|c"})
    assert one.heads[Kind.ORDER]["key"].to_list() == ["a\\|b|c"]
    assert other.heads[Kind.ORDER]["key"].to_list() == ["a|b\\|c"]


def hash_of(document: dict[str, object], *others: dict[str, object]) -> bytes:
    batch = judged(document, *others)
    return next(iter(batch.heads.values()))["content_hash"][0]


def test_the_content_hash_does_not_depend_on_the_batch() -> None:
    alone = hash_of(ORDER)
    assert len(alone) == 32
    assert alone == hash_of(ORDER, *([with_item(note="x\x1d")] * 100))


@pytest.mark.parametrize(
    "other",
    [
        {**ORDER, "note": "x"},
        {**ORDER, "note": "\x1d"},
        {**ORDER, "items": ORDER["items"][::-1]},
        {**ORDER, "items": ORDER["items"][:1]},
        {**ORDER, "items": [{**ORDER["items"][0], "note": "x"}, ORDER["items"][1]]},
        {**ORDER, "freight": "10.0"},
    ],
)
def test_the_content_hash_differs_with_any_value(other: dict[str, object]) -> None:
    assert hash_of(ORDER) != hash_of(other)


def test_marks_within_values_cannot_feign_other_values() -> None:
    one = hash_of({**PAYMENT, "payer_name": "a\x1fb", "payer_telephone": "c"})
    other = hash_of({**PAYMENT, "payer_name": "a", "payer_telephone": "b\x1fc"})
    assert one != other


def test_few_and_many_lines_have_the_same_canonical_bytes() -> None:
    frame = pl.DataFrame({"a": ["x", None, "", 'q"\n,'] * 40, "b": ["1", "2", None, "汉\t"] * 40})
    few = [line for at in range(160) for line in canonical.encoded(frame[at : at + 1], "ab", False)]
    assert few == canonical.encoded(frame, ["a", "b"], False)


def test_a_batch_of_two_forms_is_judged_by_the_rules_of_each() -> None:
    native, ceb = texts_of(PAYMENT), texts_of(PAYMENT, form="ceb")
    shift = pl.col("row") + 1
    mixed = Texts(
        rows=pl.concat([native.rows, ceb.rows.with_columns(shift)]),
        heads={
            Kind.PAYMENT: pl.concat(
                [native.heads[Kind.PAYMENT], ceb.heads[Kind.PAYMENT].with_columns(shift)]
            )
        },
    )
    batch = judge(mixed)
    assert batch.heads[Kind.PAYMENT]["row"].to_list() == [0, 1]
    assert set(batch.violations["row"]) == {1}
