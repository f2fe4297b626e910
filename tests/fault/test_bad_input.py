"""Bad input gets a clear answer, in bounded memory, and nothing that could be read is lost."""

import gzip
import itertools
import json
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest

from tumen.codelist.violations import violation
from tumen.documents.check import judge
from tumen.documents.fields import Kind
from tumen.documents.formats.envelope import MESSAGES, NAMESPACE
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import Source

EXAMPLE = Path(__file__).parents[2] / "examples/consignment.ndjson"
MEMORY_MAX = 64 << 20
"""Bytes that one refused source may take beside its own block."""

TRANSFER = (
    "<ceb:BaseTransfer><ceb:copCode>1</ceb:copCode><ceb:copName/><ceb:dxpMode>DXP</ceb:dxpMode>"
    "<ceb:dxpId/></ceb:BaseTransfer>"
)
GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"
PAYMENT = (
    "<ceb:Payment><ceb:PaymentHead><ceb:orderNo>1</ceb:orderNo></ceb:PaymentHead></ceb:Payment>"
)


def opening(root: str = "CEB411Message") -> str:
    return f'<ceb:{root} guid="{GUID}" version="1.0" xmlns:ceb="{NAMESPACE}">'


def message(body: str, root: str = "CEB411Message", tail: str = TRANSFER) -> bytes:
    return f"{opening(root)}{body}{tail}</ceb:{root}>".encode()


def answers(path: Path, content: bytes | Iterable[bytes]) -> list[tuple[str | None, set[str]]]:
    """The kind and the codes of each row, once read and judged."""
    with path.open("wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
    rows: list[tuple[str | None, set[str]]] = []
    for texts in read([Source.of(path)]):
        batch = judge(texts)
        found = batch.violations.group_by("row").agg("code")
        codes = {row: set(each) for row, each in found.iter_rows()}
        rows += [
            (kind, codes.get(row, set())) for row, kind in batch.rows.select("row", "kind").rows()
        ]
    assert rows, "every source has an answer"
    for code in set().union(*(codes for _, codes in rows)):
        assert violation(code).fix
    return rows


XML = {
    "not xml at all": (b"hello", "XML_MALFORMED"),
    "an empty file": (b"", "SOURCE_EMPTY"),
    "only a byte order mark": (b"\xef\xbb\xbf", "SOURCE_EMPTY"),
    "only white space": (b" \n\n", "SOURCE_EMPTY"),
    "a wrong root": (b"<html/>", "ROOT_UNKNOWN"),
    "the right root without its namespace": (b"<CEB411Message/>", "ROOT_UNKNOWN"),
    "a message that is not served": (message("", "CEB513Message"), "MESSAGE_NOT_SERVED"),
    "a receipt": (message("", "CEB412Message"), "MESSAGE_NOT_SERVED"),
    "an export message": (message("", "CEB603Message"), "MESSAGE_NOT_SERVED"),
    "a document type": (b"<!DOCTYPE a><a/>", "XML_DTD"),
    "a document type after a comment": (
        b"<?xml version='1.0'?><!--x--><!DOCTYPE a><a/>",
        "XML_DTD",
    ),
    "an entity bomb": (
        b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>",
        "XML_DTD",
    ),
    "an entity from a file": (
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "XML_DTD",
    ),
    "an entity that nobody declared": (message("&nobody;"), "XML_MALFORMED"),
    "utf-16": (message(PAYMENT).decode().encode("utf-16"), "TEXT_NOT_UTF8"),
    "utf-16 without a mark": (message(PAYMENT).decode().encode("utf-16-le"), "TEXT_NOT_UTF8"),
    "a declared other encoding": (
        b'<?xml version="1.0" encoding="GBK"?>' + message(PAYMENT),
        "TEXT_NOT_UTF8",
    ),
    "an unknown encoding": (
        b'<?xml version="1.0" encoding="klingon"?>' + message(PAYMENT),
        "TEXT_NOT_UTF8",
    ),
    "bytes that are no utf-8": (message("<ceb:x>") + b"\xff", "XML_MALFORMED"),
    "no documents": (message(""), "DOCUMENTS_MISSING"),
}


@pytest.mark.parametrize("case", list(XML))
def test_a_message_that_cannot_be_read_gets_one_coded_answer(case: str, tmp_path: Path) -> None:
    content, code = XML[case]
    ((_, codes),) = answers(tmp_path / "message.xml", content)
    assert code in codes


ENVELOPES = {
    "cut off in the middle": (f"{opening()}{PAYMENT}<ceb:Pay".encode(), "XML_MALFORMED"),
    "a second root": (message(PAYMENT) + b"<a/>", "XML_MALFORMED"),
    "no transfer block": (message(PAYMENT, tail=""), "ENVELOPE_FIELD_MISSING"),
    "transfer before the documents": (message(TRANSFER + PAYMENT, tail=""), "ENVELOPE_ORDER"),
    "two transfer blocks": (message(PAYMENT + TRANSFER), "ENVELOPE_ORDER"),
    "an unknown part": (message(PAYMENT + "<ceb:x/>"), "ENVELOPE_ELEMENT_UNKNOWN"),
    "text between the documents": (message(PAYMENT + "text"), "TEXT_MISPLACED"),
    "a wrong mode": (message(PAYMENT).replace(b"DXP", b"FTP!"), "ENVELOPE_FIELD_LENGTH"),
    "no guid": (message(PAYMENT).replace(b"guid=", b"uid="), "ENVELOPE_FIELD_MISSING"),
    "a null character": (message(PAYMENT).replace(b">1<", b">1\0<"), "CONTROL_CHARACTER"),
    "a control character": (message(PAYMENT).replace(b">1<", b">\x07<"), "CONTROL_CHARACTER"),
    "a control character by its number": (
        message(PAYMENT).replace(b">1<", b">&#0;<"),
        "CONTROL_CHARACTER",
    ),
}


@pytest.mark.parametrize("case", list(ENVELOPES))
def test_a_broken_envelope_refuses_every_document_of_the_message(case: str, tmp_path: Path) -> None:
    content, code = ENVELOPES[case]
    content = content.replace(PAYMENT.encode(), PAYMENT.encode() * 2, 1)
    rows = answers(tmp_path / "message.xml", content)
    assert {kind for kind, _ in rows} == {"payment"}
    assert all(code in codes for _, codes in rows)


@pytest.mark.parametrize("root", ["CEB621Message", "CEB623Message", "CEB625Message"])
def test_a_list_revocation_or_return_without_a_signature_is_refused(
    root: str, tmp_path: Path
) -> None:
    body = f"<ceb:{MESSAGES[root].document}/>"
    ((kind, codes),) = answers(tmp_path / "message.xml", message(body, root))
    assert kind == MESSAGES[root].kind
    assert "SIGNATURE_MISSING" in codes


def test_a_hundred_thousand_and_one_documents_are_refused_as_a_whole(tmp_path: Path) -> None:
    rows = answers(
        tmp_path / "message.xml",
        itertools.chain([opening().encode()], (PAYMENT.encode() for _ in range(100_001))),
    )
    assert len(rows) == 101
    assert all("DOCUMENTS_TOO_MANY" in codes for _, codes in rows)


FLOODS = {
    "one tag that never ends": (b"<ceb:Payment", b"x", {"XML_MALFORMED", "DOCUMENT_TOO_LARGE"}),
    "one attribute": (b'<ceb:Payment a="', b"x", {"XML_MALFORMED", "DOCUMENT_TOO_LARGE"}),
    "one comment": (b"<!--", b"x", {"XML_MALFORMED", "DOCUMENT_TOO_LARGE"}),
    "one text": (b"<ceb:Payment>", b"x", {"DOCUMENT_TOO_LARGE"}),
    "one tag again and again": (b"<ceb:Payment>", b"<ceb:note/>", {"DOCUMENT_TOO_LARGE"}),
    "one tag ever deeper": (b"", b"<ceb:Payment>", {"NESTING_TOO_DEEP"}),
    "one unknown part": (b"", b"<ceb:x/>", {"DOCUMENT_TOO_LARGE", "ENVELOPE_ELEMENT_UNKNOWN"}),
    "one known part": (b"", TRANSFER.encode(), {"ENVELOPE_ORDER"}),
    "white space": (b"", b" ", {"DOCUMENT_TOO_LARGE"}),
}


@pytest.mark.parametrize("case", list(FLOODS))
def test_a_hundred_mebibytes_of_one_thing_are_refused_early_and_in_bounded_memory(
    case: str, tmp_path: Path
) -> None:
    start, piece, expected = FLOODS[case]
    block = piece * ((1 << 20) // len(piece))
    path = tmp_path / "flood.xml.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(opening().encode() + start)
        for _ in range(100):
            file.write(block)
    tracemalloc.start()
    texts = [judge(texts) for texts in read([Source.of(path)])]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEMORY_MAX
    assert [batch.rows.height for batch in texts] == [1]
    assert set(texts[0].violations["code"]) & expected


def test_a_truncated_gzip_keeps_what_was_read_before(tmp_path: Path) -> None:
    lines = EXAMPLE.read_bytes() * 5_000
    rows = answers(tmp_path / "cut.ndjson.gz", gzip.compress(lines, mtime=0)[:-20_000])
    assert len(rows) > 4
    assert all(not codes for _, codes in rows[:-1])
    assert rows[-1] == (None, {"GZIP_TRUNCATED"})


def test_a_small_gzip_that_is_damaged_loses_nothing_that_stood_before(tmp_path: Path) -> None:
    content = gzip.compress(EXAMPLE.read_bytes(), mtime=0)
    for name, damaged, code in (
        ("cut.ndjson.gz", content[:-4], "GZIP_TRUNCATED"),
        ("garbage.ndjson.gz", content + b"garbage", "GZIP_CORRUPT"),
    ):
        *rows, last = answers(tmp_path / name, damaged)
        assert [codes for _, codes in rows] == [set()] * 4
        assert last == (None, {code})


BROKEN = {
    "not compressed": (b"not compressed", "GZIP_CORRUPT"),
    "empty": (b"", "SOURCE_EMPTY"),
    "cut off in its header": (gzip.compress(b"x" * 99, mtime=0)[:9], "GZIP_TRUNCATED"),
    "garbage behind its end": (gzip.compress(b"\n", mtime=0) + b"garbage", "GZIP_CORRUPT"),
}


@pytest.mark.parametrize("name", ["x.xml.gz", "x.ndjson.gz", "x.csv.gz"])
@pytest.mark.parametrize("case", list(BROKEN))
def test_a_broken_compression_gets_one_coded_answer(case: str, name: str, tmp_path: Path) -> None:
    content, code = BROKEN[case]
    ((_, codes),) = answers(tmp_path / name, content)
    assert codes == {code}


def test_a_gzip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ndjson.gz"
    with gzip.open(path, "wb") as file:
        file.write(EXAMPLE.read_bytes())
        for _ in range(128):
            file.write(b" " * (1 << 20))
    ((texts,)) = read([Source.of(path)])
    assert texts.rows.height == 5
    assert texts.violations.select("row", "code").rows() == [(4, "GZIP_BOMB")]


def test_a_line_above_the_limit_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    line = EXAMPLE.read_bytes().splitlines()[1]
    long = b'{"kind":"payment","note":"' + b"x" * (3 << 20) + b'"}'
    rows = answers(tmp_path / "long.ndjson", b"\n".join([line, long, line]))
    assert [codes for _, codes in rows] == [set(), {"DOCUMENT_TOO_LARGE"}, set()]


def test_utf_16_lines_are_refused_with_a_mark_and_without(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").splitlines()[1]
    assert answers(tmp_path / "a.ndjson", text.encode("utf-16")) == [(None, {"TEXT_NOT_UTF8"})]
    for encoding in ("utf-16-le", "utf-16-be"):
        rows = answers(tmp_path / "b.csv", f"kind,{text}".encode(encoding))
        assert rows == [(None, {"TEXT_NOT_UTF8"})]


@pytest.mark.parametrize("name", ["x.xml", "x.ndjson", "x.csv"])
@pytest.mark.parametrize("content", [gzip.compress(b"{}", mtime=0), b"PK\x03\x04spreadsheet"])
def test_a_packed_file_under_a_plain_name_is_told_as_packed(
    name: str, content: bytes, tmp_path: Path
) -> None:
    assert answers(tmp_path / name, content) == [(None, {"SOURCE_PACKED"})]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount_paid": "1e999"}, "NUMBER_MALFORMED"),
        ({"amount_paid": "9" * 400}, "NUMBER_TOO_LARGE"),
        ({"amount_paid": "Infinity"}, "NUMBER_MALFORMED"),
        ({"note": "a\0b"}, "CONTROL_CHARACTER"),
        ({"note": "a\x9fb"}, "CONTROL_CHARACTER"),
        ({"note": "a\u202eb"}, "CONTROL_CHARACTER"),
        ({"order_number": "x" * 5_000}, "TEXT_TOO_LONG"),
        ({"issued_at": "2026-08-01T12:31:00Z"}, "DATE_MALFORMED"),
        ({"issued_at": "01.08.2026 12:31"}, "DATE_MALFORMED"),
        ({"issued_at": "2026-08-01"}, "DATE_MALFORMED"),
    ],
)
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_bad_value_is_refused_by_its_code_in_every_form(
    changed: dict[str, str], code: str, form: str, tmp_path: Path
) -> None:
    document = {**json.loads(EXAMPLE.read_text(encoding="utf-8").splitlines()[1]), **changed}
    header, cells = ",".join(document), ",".join(document.values())
    content = json.dumps(document) if form == "ndjson" else f"{header}\n{cells}\n"
    assert answers(tmp_path / f"bad.{form}", content.encode()) == [("payment", {code})]


def test_a_number_literal_beyond_all_floats_is_no_crash(tmp_path: Path) -> None:
    line = EXAMPLE.read_text(encoding="utf-8").splitlines()[1].replace('"141.83"', "1e999")
    assert answers(tmp_path / "x.ndjson", line.encode()) == [("payment", {"NUMBER_MALFORMED"})]


def test_a_document_with_ten_thousand_unknown_elements_is_told_a_hundred_times(
    tmp_path: Path,
) -> None:
    body = f"<ceb:Payment><ceb:PaymentHead>{'<ceb:x/>' * 10_000}</ceb:PaymentHead></ceb:Payment>"
    path = tmp_path / "x.xml"
    path.write_bytes(message(body))
    (texts,) = read([Source.of(path)])
    assert texts.violations["code"].to_list() == ["FIELD_UNKNOWN"] * 100
    assert list(texts.heads) == [Kind.PAYMENT]
