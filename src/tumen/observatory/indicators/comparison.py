"""How far economies are from the leader and from the world, and whether the gap closes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final

import polars as pl

from tumen.observatory.indicators.collection import Collection, economy_of
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import RANK, REGION, WORLD, Indicator
from tumen.observatory.indicators.periods import year_of
from tumen.observatory.indicators.registry import economies

AGE_YEARS_MAX: Final = 3
"""How many years before the year asked for a value may be."""

WORLD_ECONOMIES_MIN: Final = 100
"""From so many economies on their median stands for a world whose value nobody publishes."""

Values = Mapping[str, Mapping[str, Any]]
"""An observation of each economy."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one economy stands: its value, its place, and its distances."""

    economy: str
    value: float
    period: str
    source: str
    rank: int
    to_leader: float
    of_leader: float | None
    to_world: float | None
    of_world: float | None
    of_leader_before: float | None = None

    @property
    def is_closing(self) -> bool | None:
        """Whether the gap to the leader became smaller; None where it is not known."""
        if self.of_leader is None or self.of_leader_before is None:
            return None
        return abs(1 - self.of_leader) < abs(1 - self.of_leader_before)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An indicator compared in one year."""

    indicator: Indicator
    year: int
    leader: str
    world: float | None
    world_is: str
    places: tuple[Place, ...]
    absent: tuple[str, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """The places as a frame."""
        return pl.DataFrame([asdict(each) for each in self.places])


def compare(
    collection: Collection,
    code: str,
    wanted: Sequence[str] = REGION,
    *,
    year: int | None = None,
    since: int | None = None,
    age: int = AGE_YEARS_MAX,
) -> Comparison:
    """Compare economies in a year, by default the last in which one of them has a value.

    Where none is named, all that are held are compared, without aggregates.

    Raises:
        IndicatorError: the indicator or an economy is not known, or nothing is held.
    """
    indicator = collection.indicator(code)
    rows = collection.best(code)
    codes = [economy_of(text) for text in wanted] or _all_economies(rows)
    year = year or _last_year(rows, codes, code)
    found = latest(rows, year, age)
    held = {economy: found[economy] for economy in codes if economy in found}
    if not held:
        raise IndicatorError("NOTHING_HELD", f"No value of {code} is held for {year}.")
    before = latest(rows, since, age) if since is not None else {}
    yardstick = _Yardstick(
        indicator, held, {economy: before[economy] for economy in codes if economy in before},
        *_world(found, indicator),
    )  # fmt: skip
    places = sorted(map(yardstick.place, held), key=lambda each: (each.rank, each.economy))
    absent = tuple(economy for economy in codes if economy not in held)
    return Comparison(
        indicator, year, yardstick.leader, yardstick.world, yardstick.world_is, tuple(places),
        absent,
    )  # fmt: skip


@dataclass(frozen=True)
class _Yardstick:
    """What every economy is measured against."""

    indicator: Indicator
    held: Values
    before: Values
    world: float | None
    world_is: str

    @property
    def leader(self) -> str:
        return _leader(self.held, self.indicator)

    def place(self, economy: str) -> Place:
        row, best = self.held[economy], self.held[self.leader]["value"]
        value, world = row["value"], self.world
        ahead = sum(
            _sign(self.indicator) * (each["value"] - value) > 0 for each in self.held.values()
        )
        return Place(
            economy, value, row["period"], row["source"], 1 + ahead,
            to_leader=value - best,
            of_leader=self._ratio(value, best),
            to_world=None if world is None else value - world,
            of_world=self._ratio(value, world),
            of_leader_before=self._ratio_before(economy),
        )  # fmt: skip

    def _ratio_before(self, economy: str) -> float | None:
        if economy not in self.before:
            return None
        best = self.before[_leader(self.before, self.indicator)]
        return self._ratio(self.before[economy]["value"], best["value"])

    def _ratio(self, value: float, whole: float | None) -> float | None:
        """One value over another; places have no ratio: the second is not half the first."""
        return value / whole if whole and self.indicator.unit != RANK else None


def latest(rows: pl.DataFrame, year: int, age: int) -> Values:
    """The last value of each economy that is not after the year, nor older than so many years."""
    within = rows.filter(
        year_of("period").is_between(year - age, year), pl.col("value").is_not_null()
    )
    last = within.sort("period").unique("economy", keep="last", maintain_order=True)
    return {row["economy"]: row for row in last.iter_rows(named=True)}


def _all_economies(rows: pl.DataFrame) -> list[str]:
    return [code for code in sorted(set(rows["economy"])) if economies()[code].kind == "economy"]


def _last_year(rows: pl.DataFrame, codes: Sequence[str], code: str) -> int:
    of_them = pl.col("economy").is_in([*codes]) & pl.col("value").is_not_null()
    years = rows.filter(of_them).select(year_of("period").max()).item()
    if years is None:
        raise IndicatorError("NOTHING_HELD", f"No value of {code} is held of {', '.join(codes)}.")
    return int(years)


def _leader(held: Values, indicator: Indicator) -> str:
    return min(held, key=lambda economy: (-_sign(indicator) * held[economy]["value"], economy))


def _sign(indicator: Indicator) -> int:
    return -1 if indicator.better == "lower" else 1


def _world(found: Values, indicator: Indicator) -> tuple[float | None, str]:
    if indicator.unit == RANK:
        return None, "a rank has none"
    if WORLD in found:
        return found[WORLD]["value"], f"the world in {found[WORLD]['period']}"
    values = [row["value"] for code, row in found.items() if economies()[code].kind == "economy"]
    if len(values) >= WORLD_ECONOMIES_MIN:
        return median(values), f"the median of {len(values)} economies"
    return None, "not held"
