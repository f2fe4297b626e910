"""What an indicator, a source and an economy are, and the columns of an observation."""

from dataclasses import dataclass
from datetime import date
from typing import Final

REGION: Final = ("CN", "JP", "KR", "MN", "RU")
"""The economies of Northeast Asia that the platform serves."""

WORLD: Final = "WLD"

RANK: Final = "rank"
"""The unit of a place among others: it has no ratios, and the first is at the top."""

TOPICS: Final = ("infrastructure", "use", "government", "security", "trade", "economy")

PRIMARY: Final = "primary"
SECONDARY: Final = "secondary"

VALUE_STATUSES: Final = {
    "A": "",
    "B": "break in the series",
    "D": "definition differs",
    "E": "estimated",
    "F": "forecast",
    "I": "imputed",
    "P": "provisional",
    "U": "low reliability",
    "V": "unvalidated",
}
"""SDMX observation statuses (CL_OBS_STATUS) of a value, and how they are told."""

MISSING_STATUSES: Final = {
    "L": "missing, not collected",
    "M": "missing, cannot exist",
    "O": "missing",
    "Q": "suppressed",
}
"""SDMX observation statuses where there is no value."""

OBSERVATION: Final = (
    "indicator", "economy", "period", "value", "unit", "status", "source", "edition", "retrieved",
    "note",
)  # fmt: skip
"""The columns of an observation, as it is shown and exported."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured, and in which unit."""

    code: str
    name: str
    unit: str
    topic: str
    better: str
    digits: int
    published_as: str
    definition: str


@dataclass(frozen=True, slots=True)
class Source:
    """One edition of a publication: a vintage. Its observations are never overwritten."""

    id: str
    title: str
    publisher: str
    edition: str
    licence: str
    citation: str
    retrieved: date
    rank: str
    file: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Economy:
    """A country or territory by ISO 3166-1, or an aggregate of them."""

    code: str
    alpha3: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How the values of an indicator are written: in which unit, with how many digits."""

    unit: str
    digits: int
    scale: float = 1

    def text(self, value: float | None) -> str:
        """A value for a reader; nothing where there is none.

        >>> Figures("USD", 1).text(1234.56), Figures("", 1).text(0.00019), Figures("", 1).text(None)
        ('1,234.6', '0.00019', '')
        """
        if value is None:
            return ""
        value /= self.scale
        is_lost = value != 0 and abs(value) < 0.5 / 10**self.digits
        return f"{value:.2g}" if is_lost else f"{value:,.{self.digits}f}"


def figures_of(indicator: Indicator, largest: float) -> Figures:
    """How to write values up to this one: large counts in millions or billions.

    >>> from tumen.observatory.indicators.collection import shipped
    >>> figures_of(shipped().indicator("gdp"), 2e13).unit
    'billion USD'
    """
    for word, scale in (("billion", 10**9), ("million", 10**6)):
        if indicator.digits == 0 and largest >= 10 * scale:
            return Figures(f"{word} {indicator.unit}", 1, scale)
    return Figures(indicator.unit, indicator.digits)
