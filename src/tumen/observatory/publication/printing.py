"""A table for other programs: CSV as laid out, cells as CSV, Typst and LaTeX."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from tumen.observatory.dataset import Cell
from tumen.observatory.publication.layout import Entry, Layout

CELL_COLUMNS: Final = (
    "series", "economy", "period", "value", "unit", "status", "belongs_to", "place", "note",
    "method", "confidence", "basis",
)  # fmt: skip

COLUMN_WIDEST: Final = 15.0
"""Percent of a page's width that a column of figures takes at most."""

COLUMNS_TOGETHER: Final = 66.0
"""Percent of a page's width that all columns of figures take together; the rest is labels."""

CROWD_TOGETHER: Final = 80.0
"""The same of a crowded table."""

CROWDED_FROM: Final = 7
"""A table of more columns than these is set smaller."""

_LATEX: Final = str.maketrans(
    {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
     "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
     "–": "--"}
)  # fmt: skip
_TYPST: Final = str.maketrans({char: f"\\{char}" for char in "\\#$*_`<>@[]~=/"})


def cells_csv(cells: Iterable[Cell]) -> str:
    """Every cell with its source: one row each."""
    return _csv(
        [CELL_COLUMNS]
        + [
            (
                cell.series, cell.economy, cell.period, cell.text, cell.unit.text, cell.status,
                cell.belongs_to, cell.place, cell.note, cell.method, cell.confidence,
                " ".join(sorted(cell.basis)),
            )
            for cell in cells
        ]
    )  # fmt: skip


def layout_csv(layout: Layout) -> str:
    """The table as it is laid out; a column's heads are joined by a stroke."""
    heads = [_spread([(head.text, head.span) for head in row]) for row in layout.heads]
    names = [" / ".join(column) for column in zip(*heads, strict=True)]
    rows = [[row.label, *map(_text, row.entries)] for row in layout.rows]
    return _csv([[layout.corner, *names], *rows])


def layout_typst(layout: Layout) -> str:
    """The table as a Typst figure."""
    corner = f"table.cell(rowspan: {len(layout.heads)})[{typst(layout.corner)}]"
    lines = [
        f"#[#set text(size: {'7pt' if _is_crowded(layout) else '9pt'})",
        "#figure(",
        f"  caption: [{typst(_title(layout))}],",
        "  table(",
        f"    columns: (auto,) + ({_width(layout):.1f}%,) * {layout.columns},",
        "    align: (column, _) => if column == 0 { left } else { right },",
        f"    table.header({corner},",
    ]
    for heads in layout.heads:
        cells = (
            f"table.cell(colspan: {head.span}, align: center)[{typst(head.text)}]" for head in heads
        )
        lines.append(f"      {', '.join(cells)},")
    lines.append("    ),")
    lines += [
        f"    {', '.join([f'[{typst(row.label)}]', *map(_typst_entry, row.entries)])},"
        for row in layout.rows
    ]
    notes = " #linebreak() ".join(f"#super[{mark}] {typst(text)}" for mark, text in layout.notes)
    return "\n".join([*lines, "  ),", ")", f"#text(size: 8pt)[{notes}]" if notes else "", "]", ""])


def layout_latex(layout: Layout) -> str:
    """The table for LaTeX with the packages array and booktabs."""
    column = rf">{{\raggedleft\arraybackslash}}p{{{_breadth(layout, 1)}}}"
    size = r"\scriptsize" if _is_crowded(layout) else r"\footnotesize"
    lines = [
        r"\begin{table}",
        rf"\centering{size}\setlength{{\tabcolsep}}{{2pt}}",
        rf"\caption{{{latex(_title(layout))}}}",
        rf"\begin{{tabular}}{{l*{{{layout.columns}}}{{{column}}}}}",
        r"\toprule",
    ]
    for depth, heads in enumerate(layout.heads):
        corner = latex(layout.corner) if depth == len(layout.heads) - 1 else ""
        spans = (
            rf"\multicolumn{{{head.span}}}{{>{{\centering\arraybackslash}}"
            rf"p{{{_breadth(layout, head.span)}}}}}{{{latex(head.text)}}}"
            if head.span > 1
            else latex(head.text)
            for head in heads
        )
        lines.append(" & ".join([corner, *spans]) + r" \\")
    lines.append(r"\midrule")
    lines += [
        " & ".join([latex(row.label), *map(_latex_entry, row.entries)]) + r" \\"
        for row in layout.rows
    ]
    lines += [r"\bottomrule", r"\end{tabular}"]
    notes = r" \\ ".join(
        rf"\textsuperscript{{{mark}}} {latex(text)}" for mark, text in layout.notes
    )
    return "\n".join([*lines, rf"\par\footnotesize {notes}" if notes else "", r"\end{table}", ""])


def latex(text: str) -> str:
    r"""A text with LaTeX's own signs made plain.

    >>> latex("90 % of A&B")
    '90 \\% of A\\&B'
    """
    return text.translate(_LATEX)


def typst(text: str) -> str:
    r"""A text with Typst's own signs made plain.

    >>> typst("table11.rank[CN, 2019]")
    'table11.rank\\[CN, 2019\\]'
    """
    return text.translate(_TYPST)


def _width(layout: Layout) -> float:
    """The part of a page that a column of figures takes, in percent.

    All are equally wide: a long head above two of them would widen the last alone.
    """
    together = CROWD_TOGETHER if _is_crowded(layout) else COLUMNS_TOGETHER
    return min(COLUMN_WIDEST, together / layout.columns)


def _is_crowded(layout: Layout) -> bool:
    return layout.columns > CROWDED_FROM


def _breadth(layout: Layout, span: int) -> str:
    r"""The width of so many columns in LaTeX, the room between them told apart.

    One column of five is ``\dimexpr0.150\linewidth-2\tabcolsep``.
    """
    return rf"\dimexpr{span * _width(layout) / 100:.3f}\linewidth-2\tabcolsep"


def _title(layout: Layout) -> str:
    """The caption without a number: a typesetter counts by itself."""
    return layout.title + (f" ({layout.unit})" if layout.unit else "")


def _text(entry: Entry | None) -> str:
    return entry.cell.text if entry else ""


def _typst_entry(entry: Entry | None) -> str:
    marks = f"#super[{entry.marks}]" if entry and entry.marks else ""
    return f"[{_text(entry).replace('-', '−') or '–' if entry else ''}{marks}]"


def _latex_entry(entry: Entry | None) -> str:
    if entry is None:
        return ""
    text = entry.cell.text.replace("-", "$-$") or "--"
    return text + (rf"\textsuperscript{{{entry.marks}}}" if entry.marks else "")


def _spread(heads: Iterable[tuple[str, int]]) -> list[str]:
    return [text for text, span in heads for _ in range(span)]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
