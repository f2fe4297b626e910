"""Periods of a table, and the last day of each."""

import re
from calendar import monthrange
from datetime import date
from typing import Final

PERIOD: Final = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")
"""A year, a quarter or a month; a longer period is two of them with a stroke between."""


def is_period(text: str) -> bool:
    """Whether a text names a period.

    >>> is_period("2023-01/2023-07"), is_period("2022-Q4"), is_period("2023-13")
    (True, True, False)
    """
    parts = text.split("/")
    return len(parts) <= 2 and all(
        PERIOD.fullmatch(part) is not None and not part.startswith("0000") for part in parts
    )


def last_day(period: str) -> date:
    """The day on which a period ends.

    >>> last_day("2023-01/2023-07"), last_day("2022-Q4")
    (datetime.date(2023, 7, 31), datetime.date(2022, 12, 31))

    Raises:
        ValueError: it is no period.
    """
    found = PERIOD.fullmatch(period.rpartition("/")[2])
    if found is None:
        raise ValueError(f"{period!r} is no period")
    year, quarter, month = found.groups()
    last = int(month or 0) or 3 * int(quarter or 4)
    return date(int(year), last, monthrange(int(year), last)[1])
