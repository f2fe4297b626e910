"""Commodity codes as parcels have them: some hundred frequent ones, and a long tail.

The frequent codes are the lines of each tariff under headings that are much sold across the
border; the first of a list drawn by chance is the most frequent, by Zipf's law. The tail is every
line of the tariff, a horse and a locomotive among them, each as likely as the next. Which code is
how frequent is made up: no economy publishes it by parcel.
"""

import gzip
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tumen.codelist.lists import subheadings
from tumen.law.parameters import DATA

HEADINGS: Final = (
    "1806", "1905", "2101", "2106", "2202", "2204", "2208", "3004", "3303", "3304", "3305", "3307",
    "3401", "3923", "3926", "4202", "4203", "4819", "4820", "4901", "4911", "6104", "6105", "6106",
    "6108", "6109", "6110", "6114", "6115", "6201", "6202", "6203", "6204", "6205", "6206", "6211",
    "6212", "6214", "6217", "6301", "6302", "6307", "6402", "6403", "6404", "6505", "6601", "6912",
    "6913", "7013", "7117", "7323", "8211", "8215", "8302", "8414", "8443", "8467", "8471", "8473",
    "8481", "8504", "8507", "8508", "8509", "8513", "8516", "8517", "8518", "8519", "8523", "8525",
    "8527", "8528", "8536", "8543", "8544", "8708", "8712", "8714", "9004", "9019", "9025", "9102",
    "9207", "9401", "9403", "9404", "9405", "9503", "9504", "9505", "9506", "9507", "9603", "9608",
    "9616", "9617",
)  # fmt: skip
"""Headings that are much sold across the border by parcel."""

FREQUENT_CODES: Final = 400
TAIL_SHARE: Final = 0.10
ZIPF_EXPONENT: Final = 0.8
KOREAN_LINE: Final = "0000"
"""What stands behind a subheading here: the Korean lines themselves are not held."""


def tariff_codes(economy: str) -> list[str]:
    """Every national code of an economy's tariff; of Korea every subheading of the system."""
    if economy == "KR":
        return sorted(f"{code}{KOREAN_LINE}" for code in subheadings())
    path = DATA / "tariff" / f"{economy.lower()}.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    codes = {line.partition(",")[0] for line in lines[1:]}
    longest = max(map(len, codes))
    return sorted(code for code in codes if len(code) == longest)


def frequent_codes(codes: list[str], seed: int) -> list[str]:
    """The frequent ones of some codes, the most frequent first."""
    known = [code for code in codes if code[:4] in HEADINGS]
    order = np.random.default_rng(seed).permutation(len(known))
    return [known[at] for at in order[:FREQUENT_CODES]]


class Codes:
    """Draws codes.

    Args:
        tail: every code that may be drawn.
        seed: of the order of the frequent ones.

    Attributes:
        every: the frequent ones, and all of the tail.
    """

    def __init__(self, tail: list[str], seed: int) -> None:
        frequent = frequent_codes(tail, seed)
        self.every = np.array([*frequent, *tail], dtype=object)
        rank = np.arange(1, len(frequent) + 1, dtype=float)
        weights = rank**-ZIPF_EXPONENT
        often = weights / weights.sum() * (1 - TAIL_SHARE)
        seldom = np.full(len(tail), TAIL_SHARE / len(tail))
        self._cumulated = np.cumsum(np.concatenate([often, seldom]))

    def draw(self, chance: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Places in ``every``."""
        places = np.searchsorted(self._cumulated, chance.random(count))
        return np.minimum(places, len(self.every) - 1)
