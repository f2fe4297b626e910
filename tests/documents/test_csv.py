"""CSV lines become documents; a shop's own export is read by a column map."""

from pathlib import Path

import pytest

from tumen.documents.batch import Texts
from tumen.documents.check import judge
from tumen.documents.fields import Kind
from tumen.documents.formats import csv, ndjson
from tumen.documents.formats.columns import ColumnMap
from tumen.documents.formats.sources import Source
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import CSV_RECORD_LINES_MAX

ROOT = Path(__file__).parents[2]
RETAIL = ROOT / "../shared/data/orders/online_retail_uci_asia_all.csv.gz"
HEADER = "kind,platform_code,order_number,note,item.item_number,item.item_name\n"


def read(tmp_path: Path, text: str | bytes, columns: ColumnMap | None = None) -> Texts:
    path = tmp_path / "lines.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (texts,) = csv.read(Source.of(path), columns)
    return texts


def told(texts: Texts) -> list[tuple[int, str, str]]:
    return texts.violations.select("row", "code", "path").rows()


def test_the_same_consignment_is_the_same_from_csv_and_from_ndjson() -> None:
    (one,) = csv.read(Source.of(ROOT / "examples/consignment.csv"))
    (other,) = ndjson.read(Source.of(ROOT / "examples/consignment.ndjson"))
    for kind, head in judge(one).heads.items():
        assert head.equals(judge(other).heads[kind])


def test_consecutive_lines_of_one_key_are_one_document(tmp_path: Path) -> None:
    texts = read(
        tmp_path, HEADER + "order,P,1,,1,a\norder,P,1,,2,b\norder,P,2,,1,c\norder,P,1,,1,d\n"
    )
    assert texts.rows["place"].to_list() == [2, 4, 5]
    assert texts.items[Kind.ORDER].select("row", "index", "item_name").rows() == [
        (0, 0, "a"), (0, 1, "b"), (1, 0, "c"), (2, 0, "d"),
    ]  # fmt: skip


def test_a_head_that_differs_within_a_document_is_told(tmp_path: Path) -> None:
    texts = read(tmp_path, HEADER + "order,P,1,x,1,a\norder,P,1,y,2,b\n")
    assert told(texts) == [(0, "FIELD_DIFFERS", "note")]


def test_a_kind_without_items_has_one_line_each(tmp_path: Path) -> None:
    texts = read(tmp_path, HEADER + "payment,P,1,,,\npayment,P,1,,,\n")
    assert texts.rows.height == 2


def test_a_filled_cell_of_another_kind_is_an_unknown_field(tmp_path: Path) -> None:
    texts = read(tmp_path, HEADER + "payment,P,1,,1,\n")
    assert told(texts) == [(0, "FIELD_UNKNOWN", "item.item_number")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"order,P,1,,1", "CSV_RAGGED"),
        (b"order,P,1,,1,a,b", "CSV_RAGGED"),
        (b'order,P,1,"x"y,1,a', "CSV_QUOTES"),
        (b'order,P,1,"never closed,1,a', "CSV_QUOTES"),
        (b"order,P,1,\xff,1,a", "TEXT_NOT_UTF8"),
        (b"ordre,P,1,,1,a", "KIND_UNKNOWN"),
        (b",P,1,,1,a", "KIND_MISSING"),
    ],
)
def test_each_broken_line_gets_its_own_row_and_the_others_are_read(
    tmp_path: Path, line: bytes, code: str
) -> None:
    text = HEADER.encode() + b"order,P,0,,1,a\n" + line + b"\norder,P,2,,1,c\norder,P,3,,1,d"
    texts = read(tmp_path, text)
    assert texts.rows["place"].to_list() == [2, 3, 4, 5]
    assert [(row, each) for row, each, _ in told(texts)] == [(1, code)]


def test_a_cell_may_hold_line_ends_and_quotes(tmp_path: Path) -> None:
    texts = read(tmp_path, HEADER + 'order,P,1,"two\nlines, ""quoted""",1,a\norder,P,2,,1,b\n')
    assert texts.heads[Kind.ORDER]["note"].to_list() == ['two\nlines, "quoted"', None]
    assert texts.rows["place"].to_list() == [2, 4]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("order_number,note\n1,2\n", [(0, "CSV_HEADER_MISSING", "kind")]),
        ("kind,note,note\norder,1,2\n", [(0, "CSV_HEADER_TWICE", "note")]),
        ("kind,order_numer\norder,1\n", [(0, "FIELD_UNKNOWN", "column 2")]),
        ("kind,ORDER_NUMER\norder,1\n", [(0, "FIELD_UNKNOWN", "column 2")]),
        ("kind;order_number\norder;1\n", [(0, "CSV_SEPARATOR", "")]),
        ("kind\torder_number\norder\t1\n", [(0, "CSV_SEPARATOR", "")]),
        ("kind,order_number\rorder,1\r", [(0, "CSV_LINE_ENDS", "")]),
        ("\n\n", [(0, "SOURCE_EMPTY", "")]),
        (HEADER, [(0, "SOURCE_EMPTY", "")]),
    ],
)
def test_a_source_without_a_fitting_header_is_answered_in_one_row(
    tmp_path: Path, header: str, expected: list[tuple[int, str, str]]
) -> None:
    assert told(read(tmp_path, header)) == expected


def test_a_header_in_capitals_is_told_the_names_that_were_meant(tmp_path: Path) -> None:
    texts = read(tmp_path, "kind,ORDER_NUMBER\norder,1\n")
    assert texts.violations["expected"].to_list() == ["order_number"]


@pytest.mark.parametrize("over", [0, 1])
def test_a_cell_goes_over_a_bounded_number_of_lines(tmp_path: Path, over: int) -> None:
    """Else a file of quotes that are never closed is read once for each of its lines."""
    cell = "\n" * (CSV_RECORD_LINES_MAX - 1 + over)
    texts = read(tmp_path, HEADER + f'order,P,1,"{cell}",1,a\n')
    assert texts.rows["place"][0] == 2
    assert [code for _, code, _ in told(texts)][:over] == ["CSV_QUOTES"] * over
    assert (Kind.ORDER in texts.heads) == (not over)


def test_a_column_map_renames_counts_multiplies_and_adds_up_exactly(tmp_path: Path) -> None:
    columns = ColumnMap.of(
        'kind = "order"\ngroup = ["No"]\n[rename]\norder_number = "No"\n'
        '[constant]\nplatform_code = "P"\n'
        '[number]\n"item.item_number" = "lines"\n[product]\n"item.total_price" = ["Q", "Price"]\n'
        '[sum]\ngoods_value = "item.total_price"\n'
    )
    texts = read(tmp_path, "No,Q,Price,Colour\n7,3,0.1,red\n7,2,0.25,blue\n8,x,1,red\n", columns)
    heads = texts.heads[Kind.ORDER].select("order_number", "platform_code", "goods_value")
    assert heads.rows() == [("7", "P", "0.80"), ("8", "P", None)]
    assert texts.items[Kind.ORDER].select("item_number", "total_price").rows() == [
        ("1", "0.3"), ("2", "0.50"), ("1", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["kind = 1", 'kind = "ordre"', "[rename", '[rename]\nordre = "x"', '[colour]\na = "b"',
     "[rename]\nnote = 1", 'group = "No"', '[product]\nnote = "x"'],
)  # fmt: skip
def test_a_column_map_that_does_not_fit_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError):
        ColumnMap.of(text)


@pytest.mark.skipif(not RETAIL.exists(), reason="needs ../shared/data/orders")
def test_a_real_export_is_read_by_the_example_map() -> None:
    columns = ColumnMap.of((ROOT / "examples/online-retail.toml").read_text(encoding="utf-8"))
    (texts,) = csv.read(Source.of(RETAIL), columns)
    batch = judge(texts)
    clean = batch.heads[Kind.ORDER].join(batch.violations, on="row", how="anti")
    assert batch.rows.height == 138
    assert clean.height > 100
    assert clean.filter(order_number="536389")["goods_value"].to_list() == [358_25000]


def test_of_a_header_with_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    texts = read(tmp_path, "kind," + ",".join(f"colour{n}" for n in range(20_000)) + "\n")
    assert told(texts) == [(0, "FIELD_UNKNOWN", f"column {n}") for n in range(2, 102)]
