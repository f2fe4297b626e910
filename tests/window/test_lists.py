"""List files: every row becomes names or prices, or is reported with its line and reason."""

import gzip
from pathlib import Path

import pytest

from tumen.kernel.errors import UsageError
from tumen.simulation.goods import reference_prices
from tumen.window.lists import ListKind, Refused, check_name, names_in, read_list

SANCTIONS = Path(__file__).parents[2] / "../shared/data/sanctions"

PARTIES = """id,name_en,name_zh,aliases,country
d1,Demo Trading (DT),演示贸易,Demo Traders | Demo Handel,CN
,"Demov, Aleksandr",,,
d3,,,,CN
d4,too,few
d5,"Demo ""Quoted"" Works",,,
"""


def test_names_aliases_and_ids_are_read_by_the_header() -> None:
    found = read_list(PARTIES, ListKind.PARTIES)
    assert found.rows == 3
    assert found.frame.rows() == [
        ("d1", "Demo Trading"),
        ("d1", "演示贸易"),
        ("d1", "Demo Traders"),
        ("d1", "Demo Handel"),
        ("line 3", "Demov, Aleksandr"),
        ("d5", 'Demo "Quoted" Works'),
    ]


def test_rows_that_cannot_be_read_are_reported_with_line_and_reason() -> None:
    assert read_list(PARTIES, ListKind.PARTIES).refused == (
        Refused(4, "no name"),
        Refused(5, "3 fields, the header has 5"),
    )


def test_a_quote_that_never_closes_is_reported() -> None:
    found = read_list('name\nDemo Works\n"Demo\nOther\n', ListKind.PARTIES)
    assert found.rows == 1
    assert [refused.reason for refused in found.refused] == ["not CSV: unexpected end of data"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Demov (Demoff)", ["Demov"]),
        ("Demov (Demoff Alex)", ["Demov", "Demoff Alex"]),
        ("A・デモ (a.k.a.: A. Demo)", ["A・デモ", "A. Demo"]),
        ("(a)デモ・一郎(b)デモ・二郎", ["デモ・一郎", "デモ・二郎"]),
        ("Demo (born 1 May 1901)", ["Demo"]),
        ("P-000", ["P"][:0]),
        ("Demo; Demo; DEMO", ["Demo", "DEMO"]),
    ],
)
def test_a_cell_may_hold_several_names(cell: str, names: list[str]) -> None:
    assert names_in(cell) == names


def test_a_mark_without_words_is_still_a_name() -> None:
    found = read_list("uid,name\n1,P-000\n", ListKind.PARTIES)
    assert found.frame.rows() == [("1", "P-000")]


def test_a_json_list_with_entries_is_read() -> None:
    text = '{"entries": [{"uid": 7, "name": "Demo A", "alternateNames": ["Demo B"]}, {"uid": 8}]}'
    found = read_list(text, ListKind.PARTIES)
    assert found.frame.rows() == [("7", "Demo A"), ("7", "Demo B")]
    assert [refused.line for refused in found.refused] == [2]


PRICES = """hs_code,unit,low_fen,high_fen
1901101090,122,10000,30000
190110109,122,1,2
1901101090,035,5,4
1901101090,122,1,2
1901101090,007,1e3,2000
1901101010,122,-1,5
"""


def test_prices_are_read_and_what_is_no_range_is_refused() -> None:
    found = read_list(PRICES, ListKind.PRICES)
    assert found.frame.rows() == [("1901101090", "122", 10_000, 30_000)]
    assert [refused.line for refused in found.refused] == [3, 4, 5, 6, 7]


def test_the_reference_prices_of_the_simulation_are_read_whole() -> None:
    rows = reference_prices()
    text = "\n".join(",".join(row) for row in rows)
    found = read_list(text, ListKind.PRICES)
    assert (found.rows, found.refused) == (len(rows) - 1, ())


@pytest.mark.parametrize(
    "text", ["", "colour,size\nred,1\n", "name\n", "name,name\na b,c d\n", "{"]
)
def test_a_file_that_is_no_list_is_refused_whole(text: str) -> None:
    with pytest.raises(UsageError):
        read_list(text, ListKind.PARTIES)


@pytest.mark.parametrize("text", ["hs_code,unit,low_fen\n1901101090,122,1\n", PARTIES])
def test_a_list_of_prices_needs_its_columns(text: str) -> None:
    with pytest.raises(UsageError, match="high_fen"):
        read_list(text, ListKind.PRICES)


def test_the_name_of_a_list_has_no_comma() -> None:
    assert check_name("UN consolidated 2026") == "UN consolidated 2026"
    assert check_name("名单") == "名单"
    for name in ("", "a,b", " a", "a\n"):
        with pytest.raises(UsageError):
            check_name(name)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("cn_export_control_uel_antisanction_2022_2026.csv", 323),
        ("jp_meti_foreign_user_list_2025-09-29.csv.gz", 835),
        ("jp_mof_meti_freeze_export_bans_2026-03-06.csv.gz", 2_862),
        ("ofac_sdn_2026-08-22.csv.gz", 19_249),
        ("ofac_sdn_2026-08-22.json.gz", 19_249),
        ("un_consolidated_2026-08-22.csv.gz", 1_011),
    ],
)
def test_every_row_of_the_shared_lists_is_read(name: str, rows: int) -> None:
    file = SANCTIONS / name
    if not file.exists():
        pytest.skip(f"the shared folder with {name} is absent")
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    found = read_list(data.decode("utf-8-sig"), ListKind.PARTIES)
    assert (found.rows, found.refused) == (rows, ())
    assert found.frame["entry_id"].n_unique() == rows
    assert found.frame.height >= rows
