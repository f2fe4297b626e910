"""The dataflows of the observatory: the indicators, the tables of a study, the divide index."""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from tumen.observatory.dataset import Cell
from tumen.observatory.index.divide import Divide, Standing
from tumen.observatory.indicators.collection import Collection
from tumen.observatory.indicators.model import MISSING_STATUSES, VALUE_STATUSES, Source
from tumen.observatory.indicators.registry import economies
from tumen.observatory.sdmx.flow import (
    ATTRIBUTE,
    DIMENSION,
    NO_DAY,
    CodeList,
    Column,
    Flow,
    code_of,
    number_of,
    period_of,
    tail,
    unit_codes,
)
from tumen.observatory.study import Study

STATUS: Final = CodeList(
    "CL_OBS_STATUS",
    "Observation status",
    {
        code: (told or "normal value", "")
        for code, told in (VALUE_STATUSES | MISSING_STATUSES).items()
    },
)
MEASURES: Final = {
    "SCORE": "score",
    "SCORE_LOW": "score_low",
    "SCORE_HIGH": "score_high",
    "RANK": "rank",
    "RANK_LOW": "rank_low",
    "RANK_HIGH": "rank_high",
    "GAP": "gap",
}
"""What is told of a standing, by its code."""


def _areas(codes: Iterable[str]) -> CodeList:
    known = economies()
    named = {code: (known[code].name if code in known else code, "") for code in sorted({*codes})}
    return CodeList("CL_AREA", "Economies (ISO 3166), provinces and cities", named)


def _comment() -> Column:
    return Column("COMMENT_OBS", "Note", ATTRIBUTE, is_required=False)


def indicator_flow(collection: Collection, rows: pl.DataFrame) -> Flow:
    """Observations as a dataflow: the vintage is a dimension, so that all stand side by side."""
    indicators = {
        code: (each.name, each.definition) for code, each in collection.indicators.items()
    }
    sources = {name: (each.title, _cited(each)) for name, each in collection.sources.items()}
    units = {each.unit for each in collection.indicators.values()}
    columns = (
        Column("INDICATOR", "Indicator", DIMENSION,
               codes=CodeList("CL_INDICATOR", "Indicators", indicators)),
        Column("REF_AREA", "Economy", DIMENSION, codes=_areas(economies())),
        Column("VINTAGE", "Source and edition", DIMENSION,
               codes=CodeList("CL_VINTAGE", "Sources and their editions", sources)),
        *tail(STATUS, unit_codes(units)),
        Column("EDITION", "Edition", ATTRIBUTE),
        Column("RETRIEVED", "Day of retrieval", ATTRIBUTE),
        _comment(),
    )  # fmt: skip
    told = rows.sort("indicator", "economy", "source", "period").select(
        pl.col("indicator").alias("INDICATOR"),
        pl.col("economy").alias("REF_AREA"),
        pl.col("source").alias("VINTAGE"),
        pl.col("period").map_elements(period_of, pl.String).alias("TIME_PERIOD"),
        pl.col("value").map_elements(number_of, pl.String).alias("OBS_VALUE"),
        pl.col("unit")
        .replace_strict({unit: code_of(unit) for unit in units})
        .alias("UNIT_MEASURE"),
        pl.col("status").alias("OBS_STATUS"),
        pl.col("edition").alias("EDITION"),
        pl.col("retrieved").cast(pl.String).alias("RETRIEVED"),
        pl.col("note").alias("COMMENT_OBS"),
    )
    day = max(rows["retrieved"], default=NO_DAY)
    name = "Indicators of the digital economy"
    return Flow("DF_INDICATORS", name, "DSD_INDICATORS", day, columns, told)


def _cited(source: Source) -> str:
    return (
        f"{source.citation}. {source.licence}. Retrieved {source.retrieved}. {source.note}".strip()
    )


def study_flows(study: Study) -> list[Flow]:
    """Every table of a study as a dataflow of one structure."""
    cells = [*study.catalogue.cells.values()]
    series = {code_of(cell.series): (cell.series, "") for cell in cells}
    columns = (
        Column("SERIES", "Series", DIMENSION, codes=CodeList("CL_SERIES", "Series", series)),
        Column("REF_AREA", "Economy", DIMENSION, codes=_areas(cell.economy for cell in cells)),
        *tail(STATUS, unit_codes(cell.unit.text for cell in cells)),
        Column("BELONGS_TO", "The period that the value is of", ATTRIBUTE),
        Column("CONFIDENCE", "How surely a recovered value is known", ATTRIBUTE, is_required=False),
        Column("PLACE", "Where it is printed", ATTRIBUTE, is_required=False),
        _comment(),
    )
    name = code_of(str(study.facts.get("id", "study")))
    day = study.document.get("accepted", NO_DAY)
    tables: dict[str, list[Cell]] = {}
    for cell in cells:
        tables.setdefault(cell.dataset, []).append(cell)
    return [
        Flow(f"DF_{name}_{code_of(table)}", f"{study.facts['title']}: {table}", f"DSD_{name}",
             day, columns, pl.DataFrame([_cell(cell) for cell in told]))
        for table, told in tables.items()
    ]  # fmt: skip


def _cell(cell: Cell) -> Mapping[str, str | None]:
    return {
        "SERIES": code_of(cell.series),
        "REF_AREA": cell.economy,
        "TIME_PERIOD": period_of(cell.period),
        "OBS_VALUE": cell.text or None,
        "UNIT_MEASURE": code_of(cell.unit.text),
        "OBS_STATUS": cell.status,
        "BELONGS_TO": period_of(cell.belongs_to),
        "CONFIDENCE": cell.confidence,
        "PLACE": cell.place,
        "COMMENT_OBS": cell.note,
    }


def divide_flow(collection: Collection, found: Divide) -> Flow:
    """The standings of the index as a dataflow."""
    pillars = {f"GAP_{code_of(pillar)}": at for at, pillar in enumerate(found.framework.pillars)}
    codes = {code: (name.replace("_", " "), "") for code, name in MEASURES.items()}
    codes |= {code: (f"gap by {found.framework.pillars[at]}", "") for code, at in pillars.items()}
    columns = (
        Column("MEASURE", "What is told", DIMENSION,
               codes=CodeList("CL_MEASURE", "Measures", codes)),
        Column("REF_AREA", "Economy", DIMENSION, codes=_areas(found.framework.economies)),
        *tail(STATUS, unit_codes(("points", "rank"))),
    )  # fmt: skip
    rows = [
        {
            "MEASURE": code, "REF_AREA": each.economy, "TIME_PERIOD": f"{found.framework.year}",
            "OBS_VALUE": number_of(_measured(each, code, pillars)),
            "UNIT_MEASURE": code_of("rank" if code.startswith("RANK") else "points"),
            "OBS_STATUS": "E",
        }
        for code in codes
        for each in found.standings
    ]  # fmt: skip
    name = found.framework.title or "Digital-divide index"
    day = max(collection.sources[each].retrieved for each in found.matrix.sources)
    return Flow("DF_DIVIDE", name, "DSD_DIVIDE", day, columns, pl.DataFrame(rows))


def _measured(standing: Standing, code: str, pillars: Mapping[str, int]) -> float:
    if code in pillars:
        return standing.gap_of_pillars[pillars[code]]
    return float(getattr(standing, MEASURES[code]))
