"""The worked study is published whole: every link leads somewhere, every number to its source."""

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browsing import PHONE, browser, is_too_wide, needs_axe, needs_browser, offences, reader

from tumen.observatory.finding import NOT_CHECKABLE
from tumen.observatory.publication.build import Built, build
from tumen.observatory.publication.edition import fails
from tumen.observatory.publication.index_section import index_section
from tumen.observatory.worked import WORKED_STUDY

LIGHT_BYTES = 60_000
KINDS = ("audit/section", "audit/index", "tables/", "figures/", "pages/")


class Page(HTMLParser):
    """The links, anchors, pictures and scripts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.anchors += [told["id"] or ""] if "id" in told else []
        self.links += [told[key] or "" for key in ("href", "src") if key in told]
        if tag == "img":
            self.pictures.append(told)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("published") / "site"


@pytest.fixture(scope="module")
def built(folder: Path) -> Built:
    return build(WORKED_STUDY, folder)


@pytest.fixture(scope="module")
def pages(built: Built, folder: Path) -> dict[str, Page]:
    return {
        path.relative_to(folder).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def one_of_each_kind(pages: dict[str, Page]) -> list[str]:
    """The pages of their own kind, and of those of which there are many the first."""
    first = {kind: next(name for name in pages if name.startswith(kind)) for kind in KINDS}
    return ["index.html", "sources.html", "audit/findings.html", *first.values()]


@needs_browser
@needs_axe
def test_no_reader_is_kept_out_of_a_page_and_it_fits_a_phone(
    pages: dict[str, Page], folder: Path
) -> None:
    with browser() as opened, reader(opened, "about:blank", "en", viewport=PHONE) as page:
        for name in one_of_each_kind(pages):
            page.goto((folder / name).as_uri())
            assert offences(page) == [], name
            assert not is_too_wide(page), name


def targets(pages: dict[str, Page], folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every link that stays in the site: from where, to which file, to which anchor."""
    for name, page in pages.items():
        for link in page.links:
            if not link.startswith("https://"):
                file, _, anchor = link.partition("#")
                path = (folder / name).parent / file if file else folder / name
                yield name, path.resolve().relative_to(folder.resolve()).as_posix(), anchor


def test_every_link_leads_to_a_file_and_to_an_anchor_in_it(
    pages: dict[str, Page], folder: Path
) -> None:
    found = list(targets(pages, folder))
    assert len(found) > 2000
    assert not [link for link in found if not (folder / link[1]).is_file()]
    assert not [link for link in found if link[2] and link[2] not in pages[link[1]].anchors]


def test_no_anchor_stands_twice_on_a_page(pages: dict[str, Page]) -> None:
    assert not [name for name, page in pages.items() if len(page.anchors) != len(set(page.anchors))]


def test_pages_are_light_and_need_no_script(pages: dict[str, Page], folder: Path) -> None:
    assert not [name for name, page in pages.items() if "script" in page.tags]
    assert not [name for name in pages if (folder / name).stat().st_size > LIGHT_BYTES]


def test_every_picture_is_described_and_has_a_size(pages: dict[str, Page]) -> None:
    pictures = [each for page in pages.values() for each in page.pictures]
    assert len(pictures) > 30
    assert not [each for each in pictures if not each["alt"] or each["width"] in (None, "0")]


def test_all_tables_come_in_four_forms_and_all_figures_in_three(folder: Path, built: Built) -> None:
    for number in range(1, 14):
        forms = [f"table{number:02d}{end}" for end in (".csv", ".html", ".typ", ".tex")]
        assert not [name for name in forms if not (folder / "tables" / name).stat().st_size]
    figures = [f"fig{number:02d}" for number in range(1, 9)] + ["fig09a", "fig09b"]
    for name in figures:
        assert (folder / f"figures/{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (folder / f"figures/{name}.svg").read_text(encoding="utf-8").startswith("<svg")
        json.loads((folder / f"figures/{name}.vl.json").read_text(encoding="utf-8"))


def test_a_table_as_csv_has_the_printed_values_at_their_places(folder: Path, built: Built) -> None:
    with (folder / "tables/table13.csv").open(encoding="utf-8") as file:
        rows = {row["Period"]: row for row in csv.DictReader(file)}
    assert rows["Jan–Jul 2023"]["Jilin / Trade with Russia, billion CNY"] == "163.77"
    assert rows["2022"]["Jilin / Growth in a year, percent"] == "54.1"


def test_what_is_lost_is_said_to_be_lost_and_drawn_as_nothing(folder: Path, built: Built) -> None:
    spec = json.loads((folder / "figures/fig09a.vl.json").read_text(encoding="utf-8"))
    rows = [row for rows in spec["datasets"].values() for row in rows if "kind" in row]
    assert [row["kind"] for row in rows] == ["lost"] * 4
    assert "could be recovered" in (folder / "figures/fig09a.svg").read_text(encoding="utf-8")
    page = (folder / "figures/fig01.html").read_text(encoding="utf-8")
    assert page.count("<td>lost</td>") == 4


def test_a_line_ends_where_a_value_is_lost(folder: Path, built: Built) -> None:
    spec = json.loads((folder / "figures/fig01.vl.json").read_text(encoding="utf-8"))
    share = next(row for row in spec["vconcat"][1]["layer"] if row["mark"]["type"] == "line")
    rows = {row["period"]: row["value"] for row in spec["datasets"][share["data"]["name"]]}
    assert rows["2019"] is None
    assert rows["2020"] == 43.7


def test_a_recovered_value_is_drawn_within_its_bounds_and_told_how_it_was_had(
    folder: Path, built: Built
) -> None:
    spec = json.loads((folder / "figures/fig05.vl.json").read_text(encoding="utf-8"))
    rows = [row for rows in spec["datasets"].values() for row in rows]
    level = next(row for row in rows if row.get("measures") == "Digital economy"
                 and row["period"] == "2021")  # fmt: skip
    assert (level["low"], level["value"], level["high"]) == (930.4, 963.1, 1157.2)
    assert "from a recalled, unverified" in (folder / "figures/fig05.html").read_text("utf-8")


def test_every_claim_has_its_article_and_every_failing_one_stands_among_the_findings(
    pages: dict[str, Page], built: Built
) -> None:
    claims = built.edition.audit.claims
    sections = [page for name, page in pages.items() if name.startswith("audit/section-")]
    told = [anchor for page in sections for anchor in page.anchors]
    assert {claim.claim.id.lower() for claim in claims} <= set(told)
    failing = {each.claim.id.lower() for each in claims if fails(each)}
    assert failing == set(pages["audit/findings.html"].anchors) - {"main"}


def test_what_cannot_be_checked_says_why(folder: Path, built: Built) -> None:
    text = (folder / "audit/findings.html").read_text(encoding="utf-8")
    missing = [each for each in built.edition.audit.claims if each.verdict == NOT_CHECKABLE]
    assert missing
    assert all(f">{each.claim.id}</a>" in text for each in missing)


def test_a_doubted_cell_is_marked_in_its_table_and_leads_to_the_finding(
    folder: Path, built: Built
) -> None:
    text = (folder / "tables/table13.html").read_text(encoding="utf-8")
    assert re.search(r'class="number doubted"><a href="[^"]*cn-jl-2023[^"]*">163\.77</a>', text)
    assert 'audit/section-table-13.html#c129">in doubt</a>' in text


def test_every_number_of_a_page_is_computed_and_led_to_its_cells(
    folder: Path, built: Built
) -> None:
    assert built.gaps == ()
    text = (folder / "pages/scale.html").read_text(encoding="utf-8")
    assert '<a href="#n3">107.5\u00a0%</a>' in text
    made = text.partition('<li id="n3">')[2].partition("</li>")[0]
    assert "growth(text.digital[CN, 2016], text.digital[CN, 2021])" in made
    assert made.count('href="../tables/text.html#') == 2


def test_the_corrected_series_stands_beside_the_printed_one(folder: Path, built: Built) -> None:
    spec = json.loads((folder / "figures/growth.vl.json").read_text(encoding="utf-8"))
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert {"economy": "China", "year": "2021", "printed": 24.1, "over_start": 31.75} in rows


def test_the_page_on_the_divide_has_the_index_with_its_rank_intervals(
    folder: Path, built: Built
) -> None:
    text = (folder / "pages/divide.html").read_text(encoding="utf-8")
    index = index_section()
    assert len(index.standings) == 5
    for row in index.standings:
        cells = "".join(f'<td class="number">{each}</td>' for each in row[1:])
        assert f'<tr><th scope="row">{row[0]}</th>{cells}</tr>' in text
    assert all(licence in text for _, licence in index.sources)
    assert "index by public indicators" not in (folder / "pages/scale.html").read_text("utf-8")


def test_the_audit_is_published_as_data_too(folder: Path, built: Built) -> None:
    told = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    assert len(told["claims"]) == len(built.edition.audit.claims)


def test_a_second_build_draws_and_writes_nothing(folder: Path, built: Built) -> None:
    again = build(WORKED_STUDY, folder)
    assert (again.written, again.drawn, again.removed) == ((), (), ())
