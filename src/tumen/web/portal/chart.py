"""Small charts as SVG within a page: no script, no picture to load, readable in one colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

WIDTH: Final = 700
HEIGHT: Final = 150
FOOT: Final = 24
HEAD: Final = 18


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what stands below it, and how high it is."""

    label: str
    count: int


_BAR: Final = Markup(
    '<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#0b3d6e"/>'
    '<text x="{middle}" y="{over}" fill="#1b1f24"{is_less}>{count}</text>'
    '<text x="{middle}" y="{under}" fill="#4b5563"{is_between}>{label}</text>'
)

_MINOR: Final = Markup(' class="minor"')
"""On a narrow screen letters are larger, and these are not shown."""

NAMED_ON_A_PHONE: Final = 4
"""There every fourth bar has its label, and the highest its count; the table has them all."""


def bars(values: Sequence[Bar]) -> Markup:
    """Bars side by side with their counts above them; hidden from who listens to the page.

    The page tells the same numbers as a table beside it.
    """
    most = max((each.count for each in values), default=0) or 1
    step = WIDTH // max(len(values), 1)
    drawn = Markup("").join(
        _BAR.format(
            x=place * step + 4,
            y=HEIGHT - FOOT - (height := (HEIGHT - FOOT - HEAD) * each.count // most),
            width=step - 8,
            height=height,
            middle=place * step + step // 2,
            over=HEIGHT - FOOT - height - 4,
            count=short(each.count) if each.count else "",
            under=HEIGHT - 6,
            label=each.label,
            is_less=_MINOR if each.count < most else "",
            is_between=_MINOR if place % NAMED_ON_A_PHONE != 1 else "",
        )
        for place, each in enumerate(values)
    )
    frame = Markup(
        '<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true" overflow="visible"'
        ' text-anchor="middle" font-size="12">{}</svg>'
    )
    return frame.format(WIDTH, HEIGHT, drawn)


def short(count: int) -> str:
    """A count in at most five characters.

    >>> short(950), short(40_100), short(2_400_000)
    ('950', '40k', '2.4M')
    """
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f}M"
    return f"{count // 1_000}k" if count >= 10_000 else str(count)
