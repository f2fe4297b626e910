"""NDJSON lines become rows; what the fast path cannot tell goes to the strict parser."""

import json
from pathlib import Path

import pytest

from tumen.documents.batch import Texts
from tumen.documents.check import judge
from tumen.documents.fields import Kind
from tumen.documents.formats import ndjson
from tumen.documents.formats.sources import Source

EXAMPLE = Path(__file__).parents[2] / "examples/consignment.ndjson"
ORDER = json.loads(EXAMPLE.read_text(encoding="utf-8").splitlines()[0])
PAYMENT = json.loads(EXAMPLE.read_text(encoding="utf-8").splitlines()[1])


def read(tmp_path: Path, *lines: str | bytes) -> Texts:
    path = tmp_path / "lines.ndjson"
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines))
    (texts,) = ndjson.read(Source.of(path))
    return texts


def told(texts: Texts) -> list[tuple[str, str]]:
    return list(zip(texts.violations["code"], texts.violations["path"], strict=True))


def payment(**changed: object) -> str:
    return json.dumps({**PAYMENT, **changed}, ensure_ascii=False)


def test_what_is_left_out_gets_the_value_of_the_field_table(tmp_path: Path) -> None:
    head = read(tmp_path, json.dumps(ORDER)).heads[Kind.ORDER]
    assert head.select("function_code", "currency", "discount", "message_id").row(0) == (
        "1", "142", "0", None,
    )  # fmt: skip


def test_iso_dates_and_times_are_written_in_digits(tmp_path: Path) -> None:
    head = read(tmp_path, payment(issued_at="2026-08-01 12:31:00")).heads[Kind.PAYMENT]
    assert head.select("issued_at", "paid_at").row(0) == ("20260801123100", "20260801123030")
    zoned = read(tmp_path, payment(paid_at="2026-08-01T12:30:30Z")).heads[Kind.PAYMENT]
    assert zoned["paid_at"][0] == "2026-08-01T12:30:30Z"


def test_numbers_keep_their_literal_text(tmp_path: Path) -> None:
    line = payment(amount_paid="#").replace('"#"', "141.830000000000000000001")
    assert read(tmp_path, line).heads[Kind.PAYMENT]["amount_paid"][0] == "141.830000000000000000001"


def test_empty_and_null_values_are_absent(tmp_path: Path) -> None:
    head = read(tmp_path, payment(note="", payer_telephone=None, currency="")).heads[Kind.PAYMENT]
    assert head.select("note", "payer_telephone", "currency").row(0) == (None, None, "142")


@pytest.mark.parametrize(
    "line",
    [
        payment().replace('{"kind"', '{"note":"first","note":"last","kind"'),
        payment().replace('{"kind"', '{"note" :"first","note"\t:"last","kind"'),
        payment().replace('{"kind"', '{"note":null,"note":"last","kind"'),
        payment().replace('{"kind"', '{"n\\u006fte":"first","note":"last","kind"'),
    ],
)
def test_a_key_that_stands_twice_is_found_however_it_is_written(tmp_path: Path, line: str) -> None:
    texts = read(tmp_path, line)
    assert told(texts) == [("KEY_TWICE", "note")]
    assert texts.rows["kind"].to_list() == ["payment"]


def test_a_key_twice_in_a_goods_item_is_found(tmp_path: Path) -> None:
    line = json.dumps(ORDER).replace('"quantity": "4"', '"quantity": "4", "quantity": "5"')
    assert told(read(tmp_path, line)) == [("KEY_TWICE", "items[0].quantity")]


def test_an_unknown_field_is_told_with_the_nearest_known_one(tmp_path: Path) -> None:
    texts = read(tmp_path, payment(amount_payd="1"))
    assert texts.violations.row(0)[1:] == (
        "FIELD_UNKNOWN",
        f"key {len(json.loads(payment())) + 1}",
        None,
        "amount_paid",
    )


def test_colons_in_values_do_not_confuse_the_count_of_keys(tmp_path: Path) -> None:
    texts = read(tmp_path, payment(note='12:30 "x":"y" a : b'))
    assert texts.violations.is_empty()
    assert texts.heads[Kind.PAYMENT]["note"][0] == '12:30 "x":"y" a : b'


@pytest.mark.parametrize(
    ("line", "code", "kind"),
    [
        (payment()[:-9], "JSON_MALFORMED", "payment"),
        ("[1, 2]", "JSON_NOT_OBJECT", None),
        ("null", "JSON_NOT_OBJECT", None),
        ('{"kind":"paymant"}', "KIND_UNKNOWN", None),
        ('{"note":"x"}', "KIND_MISSING", None),
        (payment(amount_paid=float("nan")), "NUMBER_MALFORMED", "payment"),
        (payment(amount_paid=float("-inf")), "NUMBER_MALFORMED", "payment"),
        (payment(note=["x"]), "VALUE_NOT_TEXT", "payment"),
        (payment(note=True), "VALUE_NOT_TEXT", "payment"),
        (json.dumps({**PAYMENT, "note": "\ud800"}), "TEXT_NOT_UNICODE", "payment"),
        (payment(note="x").encode() + b" \xff", "TEXT_NOT_UTF8", "payment"),
        (json.dumps({**ORDER, "items": {"a": 1}}), "ITEMS_NOT_LIST", "order"),
        (json.dumps({**ORDER, "items": ["a"]}), "JSON_NOT_OBJECT", "order"),
        ("[" * 100_000, "NESTING_TOO_DEEP", None),
        ('{"kind":' * 5_000, "NESTING_TOO_DEEP", None),
    ],
)
def test_each_broken_line_gets_its_own_row_and_code(
    tmp_path: Path, line: str | bytes, code: str, kind: str | None
) -> None:
    texts = read(tmp_path, payment(), line, payment())
    assert texts.rows["kind"].to_list() == ["payment", kind, "payment"]
    assert set(zip(texts.violations["row"], texts.violations["code"], strict=True)) == {(1, code)}


@pytest.mark.parametrize(
    "line",
    [
        payment(amount_paid=float("nan")),
        payment(amount_paid=["141.83"]),
        json.dumps({**ORDER, "items": {"a": 1}}),
        json.dumps({**ORDER, "items": ["a", *ORDER["items"]]}),
    ],
)
def test_a_value_that_is_there_but_unread_is_not_called_missing_too(
    tmp_path: Path, line: str
) -> None:
    found = judge(read(tmp_path, line, payment(amount_paid=None))).violations
    assert found.filter(code="FIELD_MISSING").select("row", "path").rows() == [(1, "amount_paid")]
    assert found.filter(row=0).height == 1


def test_blank_lines_are_no_rows_and_places_are_line_numbers(tmp_path: Path) -> None:
    texts = read(tmp_path, b"\xef\xbb\xbf" + payment().encode() + b"\r", "", " \r", payment())
    assert texts.rows["place"].to_list() == [1, 4]
    assert texts.violations.is_empty()


def test_no_row_is_lost_at_the_edge_of_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_text("\n".join(payment(payment_number=f"P{n}") for n in range(20_000)))
    batches = list(ndjson.read(Source.of(path)))
    assert [texts.rows.height for texts in batches] == [4_096, 8_192, 7_712]
    numbers = [n for texts in batches for n in texts.heads[Kind.PAYMENT]["payment_number"]]
    assert numbers == [f"P{n}" for n in range(20_000)]
