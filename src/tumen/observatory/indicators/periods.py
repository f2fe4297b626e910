"""Years of observations, and spans of years as they are asked for."""

import re
from typing import Final

import polars as pl

from tumen.observatory.indicators.errors import IndicatorError

SPAN: Final = re.compile(r"([0-9]{4})?(?:(\.\.)([0-9]{4})?)?")
YEAR_FIRST: Final = 1
YEAR_LAST: Final = 9999


def year_of(column: str) -> pl.Expr:
    """The year in which a period lies."""
    return pl.col(column).str.head(4).cast(pl.Int32)


def span_of(text: str) -> tuple[int, int]:
    """The first and the last year of a span.

    >>> span_of("2015..2022"), span_of("2020"), span_of("2015..")
    ((2015, 2022), (2020, 2020), (2015, 9999))

    Raises:
        IndicatorError: it is no span of years.
    """
    found = SPAN.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise IndicatorError("PERIOD_WRONG", f"{text!r} is no year and no span of years.")
    first, dots, last = found.groups()
    begins = int(first) if first else YEAR_FIRST
    ends = int(last) if last else YEAR_LAST if dots else begins
    if begins > ends:
        raise IndicatorError("PERIOD_WRONG", f"{text} ends before it begins.")
    return begins, ends
