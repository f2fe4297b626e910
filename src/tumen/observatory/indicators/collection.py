"""All indicators that are held, of every source; vintages stand side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import OBSERVATION, PRIMARY, Indicator, Source
from tumen.observatory.indicators.observations import KEY, SCHEMA, read_observations
from tumen.observatory.indicators.periods import year_of
from tumen.observatory.indicators.registry import (
    SHIPPED,
    economies,
    economy_codes,
    read_indicators,
    read_sources,
)

OF_ECONOMIES: Final = "economies.csv"
"""The file of the one source that holds no observations."""


@dataclass(frozen=True)
class Collection:
    """Sources, indicators and their observations."""

    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    observations: pl.DataFrame

    def indicator(self, code: str) -> Indicator:
        """What an indicator is.

        Raises:
            IndicatorError: there is none of that code.
        """
        found = self.indicators.get(code)
        if found is None:
            near = ", ".join(name for name in self.indicators if code[:4] in name)
            hint = f" There are: {near}." if near else ""
            raise IndicatorError("INDICATOR_UNKNOWN", f"No indicator is called {code!r}.{hint}")
        return found

    def vintages(self, code: str) -> pl.DataFrame:
        """Every observation of an indicator, of every source, with all its columns."""
        unit = self.indicator(code).unit
        rows = self.observations.filter(pl.col("indicator") == code)
        return rows.join(self._sources(), on="source").with_columns(unit=pl.lit(unit))

    def best(self, code: str, source: str | None = None) -> pl.DataFrame:
        """One observation for each economy and period.

        A primary source stands before a secondary one, then the later edition.

        Raises:
            IndicatorError: no such indicator or source, or two vintages of one day overlap.
        """
        rows = self.vintages(code)
        if source is not None:
            self._known(source)
            rows = rows.filter(pl.col("source") == source)
        rows = rows.sort("is_primary", "edition", descending=True, maintain_order=True)
        _refuse_overlap(rows)
        chosen = rows.unique(KEY, keep="first", maintain_order=True)
        return chosen.sort("economy", "period").select(OBSERVATION)

    def _known(self, source: str) -> None:
        if source not in self.sources:
            held = ", ".join(name for name, each in self.sources.items() if _is_of_data(each))
            raise IndicatorError(
                "SOURCE_UNKNOWN", f"No source is called {source!r}. There are: {held}."
            )

    def _sources(self) -> pl.DataFrame:
        rows = [
            (each.id, each.edition, each.retrieved, each.rank == PRIMARY)
            for each in self.sources.values()
        ]
        columns = ["source", "edition", "retrieved", "is_primary"]
        return pl.DataFrame(rows, schema=columns, orient="row")


def _refuse_overlap(rows: pl.DataFrame) -> None:
    ranked = [*KEY, "is_primary", "edition"]
    equal = rows.filter(pl.struct(ranked).is_duplicated())
    for row in equal.head(1).iter_rows(named=True):
        names = sorted(equal.filter(*(pl.col(key) == row[key] for key in KEY))["source"])
        raise IndicatorError(
            "VINTAGES_OVERLAP",
            f"{' and '.join(names)} both hold {row['indicator']} of {row['economy']} in "
            f"{row['period']}, of one edition and rank.",
        )


def _is_of_data(source: Source) -> bool:
    return source.file != OF_ECONOMIES


def read_collection(*folders: Path) -> Collection:
    """Read folders of indicators, the ones that come with the package first.

    Raises:
        IndicatorError: a registry or a table is not of the form, or two folders hold one source.
    """
    sources: dict[str, Source] = {}
    indicators: dict[str, Indicator] = {}
    frames = [pl.DataFrame(schema=SCHEMA)]
    for folder in folders:
        told = read_sources(folder)
        _refuse_twice("VINTAGE_EXISTS", sources, told)
        sources |= told
        named = read_indicators(folder)
        _refuse_twice("INDICATOR_TWICE", indicators, named)
        indicators |= named
        frames += [
            read_observations(folder, each, indicators)
            for each in told.values()
            if _is_of_data(each)
        ]
    return Collection(sources, indicators, pl.concat(frames))


def _refuse_twice(code: str, held: Mapping[str, object], more: Mapping[str, object]) -> None:
    for name in held.keys() & more.keys():
        raise IndicatorError(code, f"{name} is held by two folders.")


@cache
def shipped() -> Collection:
    """What comes with the package."""
    return read_collection(SHIPPED)


def narrowed(
    rows: pl.DataFrame, wanted: Iterable[str] = (), years: tuple[int, int] | None = None
) -> pl.DataFrame:
    """The rows of these economies and years; all where none are named.

    Raises:
        IndicatorError: an economy is not known, or nothing is held.
    """
    codes = [economy_of(text) for text in wanted]
    if codes:
        rows = rows.filter(pl.col("economy").is_in(codes))
    if years is not None:
        rows = rows.filter(year_of("period").is_between(*years))
    if rows.is_empty():
        of = f" of {', '.join(codes)}" if codes else ""
        within = f" in {years[0]}..{years[1]}" if years else ""
        raise IndicatorError("NOTHING_HELD", f"Nothing is held{of}{within}.")
    return rows


def economy_of(text: str) -> str:
    """Our code of an economy, given by a code of two or three letters.

    >>> economy_of("chn"), economy_of("WLD")
    ('CN', 'WLD')

    Raises:
        IndicatorError: there is none.
    """
    code = economy_codes().get(text.strip().upper())
    if code is None:
        raise IndicatorError("ECONOMY_UNKNOWN", f"{text!r} is no economy.")
    return code


def name_of(code: str) -> str:
    """The English name of an economy."""
    return economies()[code].name
