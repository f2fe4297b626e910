"""A line of one row for the terminal: its height tells the value, a space that there is none."""

from collections.abc import Sequence
from typing import Final

STEPS: Final = "▁▂▃▄▅▆▇█"
ABSENT: Final = "·"


def spark_line(values: Sequence[float | None], low: float, high: float) -> str:
    """The values between a lowest and a highest one.

    >>> spark_line([0, None, 5, 10], 0, 10)
    '▁·▄█'
    """
    span = high - low or 1.0
    top = len(STEPS) - 1
    return "".join(
        ABSENT if value is None else STEPS[int((value - low) / span * top + 1e-9)]
        for value in values
    )
