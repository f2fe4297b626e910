"""Observations of others taken into a folder of one's own, with their source; none overwritten."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from tumen.observatory.indicators.collection import Collection
from tumen.observatory.indicators.csv_table import text_of
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.forms import Published, chosen
from tumen.observatory.indicators.model import Indicator, Source
from tumen.observatory.indicators.observations import COLUMNS, checked
from tumen.observatory.indicators.registry import (
    INDICATOR_COLUMNS,
    SOURCE_KEYS,
    economy_codes,
    indicators_of,
    read_sources,
    sources_of,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import."""

    rows: int
    economies: int
    left_out: Mapping[str, int]


NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
"""The name of a source: it is a name of a file, too."""

SOURCE_TABLE: Final = "sources.toml"
INDICATOR_TABLE: Final = "indicators.csv"


def take(
    folder: Path,
    held: Collection,
    published: Published,
    where: Mapping[str, str],
    told: tuple[Indicator, Source],
) -> Taken:
    """Write the observations of one series into the folder, with what they are and whence.

    Rows of economies that ISO does not know, such as aggregates of a bank, are left out and
    counted. Another indicator may be added to a source of the same edition.

    Raises:
        IndicatorError: the vintage is held already, the unit is another than the indicator's, a
            row cannot be an observation, or several series are left.
    """
    indicator, source = told
    _refuse_held(folder, held, indicator, source)
    rows = chosen(published, where)
    known = economy_codes()
    codes = pl.col("economy").str.to_uppercase().replace_strict(known, default=None)
    left_out = rows.filter(codes.is_null()).group_by("economy").len().sort("economy")
    kept = rows.filter(codes.is_not_null()).with_columns(
        pl.lit(indicator.code).alias("indicator"), codes.alias("economy")
    )
    if kept.is_empty():
        raise IndicatorError("NOTHING_HELD", "No row is of a known economy.", file=published.file)
    checked(kept, {indicator.code: indicator}, published.file)
    _write(folder, kept.sort("economy", "period"), source)
    if indicator.code not in held.indicators:
        _write_indicator(folder, indicator)
    _write_source(folder, source)
    return Taken(
        kept.height, kept["economy"].n_unique(),
        dict(zip(left_out["economy"].fill_null(""), left_out["len"], strict=True)),
    )  # fmt: skip


def _refuse_held(folder: Path, held: Collection, indicator: Indicator, source: Source) -> None:
    known = held.indicators.get(indicator.code)
    if known is not None and known.unit != indicator.unit:
        raise IndicatorError(
            "UNIT_MISMATCH", f"{indicator.code} is held in {known.unit!r}, not {indicator.unit!r}."
        )
    if not NAME.fullmatch(source.id):
        raise IndicatorError("SOURCE_INCOMPLETE", f"{source.id!r} is no name of a source.")
    # What is written must be readable: a registry that is not would hide all that it holds.
    sources_of(source_text(source), "the source")
    indicators_of(_indicator_text(indicator, ""), "the indicator")
    if source.id not in held.sources:
        return
    own = read_sources(folder) if (folder / SOURCE_TABLE).exists() else {}
    if own.get(source.id) != source:
        raise IndicatorError("VINTAGE_EXISTS", f"A source {source.id} is held that says otherwise.")
    same = pl.col("indicator") == indicator.code, pl.col("source") == source.id
    if not held.observations.filter(*same).is_empty():
        raise IndicatorError("VINTAGE_EXISTS", f"{indicator.code} of {source.id} is held already.")


def _write(folder: Path, rows: pl.DataFrame, source: Source) -> None:
    """Add the rows to the table of the source; the registry names it last."""
    table = folder / source.file
    table.parent.mkdir(parents=True, exist_ok=True)
    before = text_of(table) if table.exists() else f"{','.join(COLUMNS)}\n"
    replace_text(table, before + csv_lines(rows.select(COLUMNS).rows()))


def _write_indicator(folder: Path, indicator: Indicator) -> None:
    named = folder / INDICATOR_TABLE
    replace_text(named, _indicator_text(indicator, text_of(named) if named.exists() else ""))


def _indicator_text(indicator: Indicator, before: str) -> str:
    told = tuple(str(getattr(indicator, column)) for column in INDICATOR_COLUMNS)
    return (before or f"{','.join(INDICATOR_COLUMNS)}\n") + csv_lines([told])


def _write_source(folder: Path, source: Source) -> None:
    path = folder / SOURCE_TABLE
    before = text_of(path) if path.exists() else "# What was imported, and whence.\n"
    if source.id not in (read_sources(folder) if path.exists() else {}):
        replace_text(path, before + source_text(source))


def source_text(source: Source) -> str:
    """A source as it stands in the registry."""
    told: dict[str, str] = {
        key: json.dumps(getattr(source, key), ensure_ascii=False)
        for key in SOURCE_KEYS
        if key not in ("source", "retrieved")
    }
    told |= {"source": json.dumps(source.title, ensure_ascii=False)}
    told |= {"retrieved": source.retrieved.isoformat()}
    if source.note:
        told |= {"note": json.dumps(source.note, ensure_ascii=False)}
    return f"\n[{source.id}]\n" + "".join(f"{key} = {value}\n" for key, value in told.items())


def csv_lines(rows: Iterable[tuple[str | None, ...]]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    waiting = path.with_name(f"{path.name}.new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(path)
