"""Sources are found in order and opened as bounded streams."""

import gzip
from pathlib import Path

import pytest

from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find, lines_of, opened
from tumen.kernel.errors import PathAbsent
from tumen.kernel.limits import DOCUMENT_BYTES_MAX

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.csv", "a.xml.gz", "c/d.jsonl", "c/.hidden.xml", ".git/x.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = [(source.path.name, source.format, source.compressed) for source in find([tmp_path])]
    assert found == [
        ("a.xml.gz", "ceb", True),
        ("b.csv", "csv", False),
        ("d.jsonl", "ndjson", False),
    ]


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(PathAbsent):
        find([tmp_path / "nowhere.xml"])


def test_a_file_with_an_unknown_ending_is_answered_in_one_row(tmp_path: Path) -> None:
    (tmp_path / "orders.pdf").write_bytes(b"%PDF")
    (texts,) = read(find([tmp_path]))
    assert texts.rows.row(0)[2:6] == (1, None, None, None)
    assert texts.violations["code"].to_list() == ["SOURCE_FORMAT_UNKNOWN"]


def test_a_link_that_leads_nowhere_is_answered_in_one_row_and_the_folder_is_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.ndjson").symlink_to(tmp_path / "gone.ndjson")
    (tmp_path / "b.ndjson").write_bytes((EXAMPLES / "consignment.ndjson").read_bytes())
    (texts,) = read(find([tmp_path]))
    assert texts.rows.height == 5
    assert texts.violations["code"].to_list() == ["SOURCE_ABSENT"]


def test_a_compressed_source_reads_as_the_plain_one(tmp_path: Path) -> None:
    plain = EXAMPLES / "consignment.ndjson"
    packed = tmp_path / "consignment.ndjson.gz"
    packed.write_bytes(
        gzip.compress(plain.read_bytes()[:900]) + gzip.compress(plain.read_bytes()[900:])
    )
    (texts,), (again,) = read(find([plain])), read(find([packed]))
    for kind, head in texts.heads.items():
        assert head.equals(again.heads[kind])


def test_lines_are_cut_just_above_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "long.ndjson"
    path.write_bytes(b"a\n" + b"x" * (5 * DOCUMENT_BYTES_MAX) + b"\nb\n\nlast")
    with opened(find([path])[0]) as stream:
        lines = list(lines_of(stream))
    assert [line[:4] for line in lines] == [b"a", b"xxxx", b"b", b"", b"last"]
    assert DOCUMENT_BYTES_MAX < len(lines[1]) <= 2 * DOCUMENT_BYTES_MAX + 1


def test_small_sources_of_one_format_share_a_batch(tmp_path: Path) -> None:
    line = (EXAMPLES / "consignment.ndjson").read_bytes()
    for name in ("1.ndjson", "2.ndjson", "3.ndjson"):
        (tmp_path / name).write_bytes(line)
    (texts,) = read(find([tmp_path]))
    assert texts.rows["row"].to_list() == list(range(12))
    assert texts.rows["place"].to_list() == [1, 2, 3, 4] * 3
    sizes = [texts.rows.height for texts in read(find([tmp_path]), documents_max=5)]
    assert sizes == [5, 5, 2]


def test_formats_do_not_share_a_batch() -> None:
    batches = list(read(find([EXAMPLES / "consignment.csv", EXAMPLES / "consignment.ndjson"])))
    assert [set(texts.rows["format"]) for texts in batches] == [{"csv"}, {"ndjson"}]
