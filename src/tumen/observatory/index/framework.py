"""The framework of an index: pillars and indicators, the choices made, and those that are tried."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tumen.observatory.indicators.collection import economy_of
from tumen.observatory.indicators.csv_table import text_of
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.registry import SHIPPED

FRAMEWORK: Final = SHIPPED / "divide.toml"
"""The framework that comes with the package."""

IMPUTATIONS: Final = ("carry", "median", "neighbour")
NORMALISATIONS: Final = ("min_max", "z_score", "rank", "distance")
AGGREGATIONS: Final = ("arithmetic", "geometric")
TRANSFORMS: Final = ("none", "log")
KNOWN: Final = {
    "imputation": IMPUTATIONS,
    "normalisation": NORMALISATIONS,
    "aggregation": AGGREGATIONS,
}
REFERENCE_MIN: Final = 5
"""Economies without which a normalisation says nothing."""


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator of a pillar, and how its values are transformed before."""

    code: str
    pillar: int
    transform: str = "none"


@dataclass(frozen=True, slots=True)
class Framework:
    """All that an index is made by."""

    title: str
    year: int
    age: int
    economies: tuple[str, ...]
    reference: tuple[str, ...]
    pillars: tuple[str, ...]
    measures: tuple[Measure, ...]
    choices: Mapping[str, str]
    trials: Mapping[str, tuple[str, ...]]
    weight_low: float
    weight_high: float
    leave_one_out: bool


def read_framework(path: Path = FRAMEWORK) -> Framework:
    """Read a framework.

    Raises:
        IndicatorError: it cannot be read, or is not of the form; the line is told.
    """
    text = text_of(path)
    try:
        told = tomllib.loads(text)
        return _framework(told)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line ([0-9]+)", str(error))
        line = int(found[1]) if found else 0
        raise IndicatorError("FRAMEWORK_WRONG", f"{error}.", file=path.name, line=line) from error
    except _Wrong as error:
        line = next(
            (at for at, row in enumerate(text.splitlines(), 1) if error.where in row), 0
        )  # fmt: skip
        raise IndicatorError("FRAMEWORK_WRONG", str(error), file=path.name, line=line) from error


class _Wrong(Exception):
    """What is wrong, and a text of the line where it is."""

    def __init__(self, message: str, where: str) -> None:
        self.where = where
        super().__init__(message)


def _framework(told: Mapping[str, Any]) -> Framework:
    trials, choices = _table(told, "trials"), _table(told, "choices")
    pillars = told.get("pillars")
    if not isinstance(pillars, list) or not pillars:
        raise _Wrong("There are no [[pillars]].", "pillars")
    economies, reference = (_economies(told, key) for key in ("economies", "reference"))
    if len(reference) < REFERENCE_MIN or not set(economies) <= set(reference):
        raise _Wrong(
            f"The reference needs {REFERENCE_MIN} economies, and all that are compared.",
            "reference",
        )
    low, high = (_number(trials, key) for key in ("weight_low", "weight_high"))
    if not 0 < low <= high:
        raise _Wrong("weight_low must be above 0 and not above weight_high.", "weight_low")
    return Framework(
        title=str(told.get("title", "")),
        year=int(_number(told, "year")),
        age=int(_number(told, "age")),
        economies=economies,
        reference=reference,
        pillars=tuple(str(pillar.get("name", "")) for pillar in pillars),
        measures=tuple(_measures(pillars)),
        choices={name: _one_of(choices.get(name), name) for name in KNOWN},
        trials={name: _some_of(trials.get(name), name) for name in KNOWN},
        weight_low=low,
        weight_high=high,
        leave_one_out=bool(trials.get("leave_one_out", False)),
    )


def _table(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise _Wrong(f"There is no [{name}].", name)
    return found


def _number(told: Mapping[str, Any], name: str) -> float:
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _Wrong(f"{name} must be a number.", name)
    return float(found)


def _economies(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = told.get(name)
    if not isinstance(found, list) or not found:
        raise _Wrong(f"{name} must list economies.", name)
    try:
        codes = tuple(economy_of(str(text)) for text in found)
    except IndicatorError as error:
        raise _Wrong(str(error), name) from error
    return tuple(dict.fromkeys(codes))


def _measures(pillars: Sequence[Mapping[str, Any]]) -> list[Measure]:
    found: list[Measure] = []
    for at, pillar in enumerate(pillars):
        told = pillar.get("indicators")
        if not isinstance(told, list) or not told or not pillar.get("name"):
            raise _Wrong("Every pillar needs a name and indicators.", str(pillar.get("name", "[[")))
        for each in told:
            code, transform = str(each.get("code", "")), str(each.get("transform", "none"))
            if transform not in TRANSFORMS or any(code == other.code for other in found):
                raise _Wrong(f"{code} stands twice, or has an unknown transform.", code)
            found.append(Measure(code, at, transform))
    return found


def _one_of(value: Any, name: str) -> str:
    if value not in KNOWN[name]:
        raise _Wrong(f"{name} must be one of {', '.join(KNOWN[name])}.", name)
    return str(value)


def _some_of(values: Any, name: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not values:
        raise _Wrong(f"{name} must list some of {', '.join(KNOWN[name])}.", name)
    return tuple(dict.fromkeys(_one_of(value, name) for value in values))
