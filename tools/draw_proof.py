"""Draws the picture of what a receipt proves: ``draw_proof.py docs/what-a-receipt-proves.svg``."""

import sys
from pathlib import Path
from typing import Final

WIDTH, HEIGHT = 960, 560
INK, LINE, PAPER, SURE, PLAIN = "#1b2a38", "#5b7083", "#f6f3ec", "#2f6f4f", "#8a5a1c"
FONT: Final = "font-family='Georgia, serif'"
BUNDLE: Final = "Trust bundle: whom you believe, until when, and how many must agree"
NEEDED: Final = (
    "You got it from an authority that you trust. Nothing else is needed: no network, no key, no "
    "database."
)
HEAD: Final = (
    "<defs><marker id='head' markerWidth='8' markerHeight='8' refX='7' refY='4' orient='auto'>"
    f"<path d='M0,0 L8,4 L0,8 z' fill='{LINE}'/></marker></defs>"
)
SIGNED: Final = ("CN", "JP", "KR", "MN")


def text(x: int, y: int, words: str, size: int = 14, colour: str = INK) -> str:
    """One line of words around a point."""
    return (
        f"<text x='{x}' y='{y}' font-size='{size}' fill='{colour}' text-anchor='middle' "
        f"{FONT}>{words}</text>"
    )


def box(x: int, y: int, width: int, height: int, *lines: str) -> str:
    """A box with a bold first line."""
    middle = x + width // 2
    first, *others = lines
    rest = [text(middle, y + 44 + 18 * row, each, 13, LINE) for row, each in enumerate(others)]
    frame = f"<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='6' "
    return f"{frame}fill='{PAPER}' stroke='{INK}'/>{text(middle, y + 24, first, 15)}{''.join(rest)}"


def arrow(x1: int, y1: int, x2: int, y2: int) -> str:
    """A line with a head."""
    return (
        f"<line x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='{LINE}' stroke-width='2' "
        "marker-end='url(#head)'/>"
    )


def edge(x1: int, y1: int, x2: int, y2: int, colour: str) -> str:
    """A branch of the tree."""
    return f"<line x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='{colour}' stroke-width='2'/>"


def tree() -> str:
    """Eight leaves under one root; the way of one leaf, and the hashes that stand beside it."""
    parts = []
    levels = [[(390 + 30 * place * 2**level + 15 * (2**level - 1), 392 - 52 * level)
               for place in range(8 >> level)] for level in range(4)]  # fmt: skip
    way, beside = {(0, 0), (1, 0), (2, 0), (3, 0)}, {(0, 1), (1, 1), (2, 1)}
    for level in range(3):
        for place, (x, y) in enumerate(levels[level]):
            above = levels[level + 1][place // 2]
            parts.append(edge(x, y, *above, SURE if (level, place) in way else "#c9d1d8"))
    for level, row in enumerate(levels):
        for place, (x, y) in enumerate(row):
            colour = "#c9d1d8"
            colour = PLAIN if (level, place) in beside else colour
            colour = SURE if (level, place) in way else colour
            parts.append(f"<circle cx='{x}' cy='{y}' r='8' fill='{colour}'/>")
    return "".join(parts)


def witnesses() -> str:
    """Five economies, four of which cosigned."""
    parts = []
    for row, economy in enumerate(("CN", "JP", "KR", "MN", "RU")):
        y, has_signed = 196 + 42 * row, economy in SIGNED
        colour = SURE if has_signed else "#9aa7b2"
        parts.append(f"<circle cx='752' cy='{y}' r='15' fill='none' stroke='{colour}'/>")
        parts.append(text(752, y + 5, economy, 13, colour))
        parts.append(text(826, y + 5, "saw it so" if has_signed else "not yet", 14, colour))
    return "".join(parts)


def drawing() -> str:
    """The whole picture."""
    return "\n".join(
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'>",
            "<title>From a receipt to the witnesses of five economies</title>",
            HEAD,
            f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#ffffff'/>",
            text(150, 36, "1  You hold", 17),
            text(495, 36, "2  The log of an authority", 17),
            text(800, 36, "3  Five economies", 17),
            box(30, 60, 240, 88, "Receipt", "what was answered,", "byte for byte"),
            arrow(150, 148, 150, 186),
            text(205, 173, "its hash", 13, LINE),
            box(30, 190, 240, 88, "Statement", "order 7, accepted,", "hash of this receipt"),
            arrow(150, 278, 150, 316),
            text(212, 303, "and a salt", 13, LINE),
            box(30, 320, 240, 88, "Commitment", "tells nothing to whoever", "has not the proof"),
            arrow(270, 392, 378, 392),
            tree(),
            text(495, 428, "Green: the way from your entry to the root.", 13, SURE),
            text(495, 448, "Brown: the hashes in your proof that lead there.", 13, PLAIN),
            box(375, 60, 240, 110, "Checkpoint", "name of the log, number of",
                "entries, the root", "signed by the log"),
            arrow(495, 228, 495, 174),
            box(690, 60, 220, 88, "Witnesses", "each saw this checkpoint",
                "and what it grew out of"),
            arrow(615, 104, 686, 104),
            witnesses(),
            text(800, 418, "4 of 5 are enough", 15, SURE),
            box(30, 475, 880, 62, BUNDLE, NEEDED),
            "</svg>\n",
        )
    )  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(drawing(), encoding="utf-8")
