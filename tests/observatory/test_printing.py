"""A table for Typst and LaTeX has the right number of columns, and a text is never a command."""

import re

import pytest

from tumen.observatory.publication.edition import Edition, edition_of
from tumen.observatory.publication.layout import Layout, layout_of
from tumen.observatory.publication.printing import (
    latex,
    layout_csv,
    layout_latex,
    layout_typst,
    typst,
)
from tumen.observatory.worked import WORKED_STUDY


@pytest.fixture(scope="module")
def edition() -> Edition:
    return edition_of(WORKED_STUDY)


@pytest.fixture(scope="module")
def layouts(edition: Edition) -> list[Layout]:
    found = [layout_of(edition, table) for table in edition.tables]
    return [layout for layout in found if layout is not None]


def test_every_table_of_the_study_is_laid_out(layouts: list[Layout]) -> None:
    assert [layout.number for layout in layouts] == [str(number) for number in range(1, 14)]


def test_every_value_of_a_table_stands_in_it_once(edition: Edition, layouts: list[Layout]) -> None:
    for layout in layouts:
        cells = [entry.cell for row in layout.rows for entry in row.entries if entry]
        held = edition.study.catalogue.of_dataset(layout.dataset)
        assert sorted(cell.key for cell in cells) == sorted(cell.key for cell in held)


def test_every_head_spans_all_columns(layouts: list[Layout]) -> None:
    for layout in layouts:
        assert {sum(head.span for head in heads) for heads in layout.heads} == {layout.columns}


def test_every_row_for_latex_fills_its_columns(layouts: list[Layout]) -> None:
    for layout in layouts:
        text = layout_latex(layout)
        body = text.partition(r"\midrule")[2].partition(r"\bottomrule")[0].strip().splitlines()
        assert len(body) == len(layout.rows)
        assert {len(re.findall(r"(?<!\\)&", line)) for line in body} == {layout.columns}


def test_every_row_for_typst_fills_its_columns(layouts: list[Layout]) -> None:
    for layout in layouts:
        text = layout_typst(layout)
        assert f"%,) * {layout.columns}," in text
        body = text.partition("\n    ),\n")[2].partition("\n  ),\n")[0].splitlines()
        assert [line.count("], [") for line in body] == [layout.columns] * len(layout.rows)
        assert text.count("(") == text.count(")")


def test_a_mark_of_a_table_has_its_note(layouts: list[Layout]) -> None:
    for layout in layouts:
        entries = [entry for row in layout.rows for entry in row.entries if entry]
        marks = {mark for entry in entries for mark in entry.marks}
        assert marks == {mark for mark, _ in layout.notes}


def test_a_missing_value_is_a_dash_in_print_and_nothing_as_data(layouts: list[Layout]) -> None:
    table = layouts[3]
    assert "Russia,45,45,50,42,\n" in layout_csv(table)
    assert r"Russia & 45 & 45 & 50 & 42 & -- \\" in layout_latex(table)
    assert "[Russia], [45], [45], [50], [42], [–]," in layout_typst(table)


def test_signs_of_the_typesetter_are_made_plain() -> None:
    assert latex(r"100% \input{a} & $b_c$") == (
        r"100\% \textbackslash{}input\{a\} \& \$b\_c\$"
    )  # fmt: skip
    assert typst('#read("a") [b] *c* $d$ // e') == (
        r'\#read("a") \[b\] \*c\* \$d\$ \/\/ e'
    )  # fmt: skip
