"""The vectorised law of every economy gives the same on Polars, DuckDB and PySpark.

Each twin's stages run over the same lines on each engine. PySpark is no dependency of ours: where
it, or a Java, is missing, its part is skipped and says so.
"""

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import polars as pl
import pytest

from tumen import law
from tumen.law.columns import run
from tumen.law.tariffs import table_of
from tumen.law.twins import TWINS
from tumen.law.vector.assessed import prepared
from tumen.law.vector.lines import read
from tumen.law.vector.twin import Twin

SHIPMENTS = 400
SEED = 20261124
NAMES = [twin.economy for twin in TWINS]
PRICES = {"CNY": 100, "USD": 15, "EUR": 14, "KRW": 20_000, "JPY": 2_000}


@cache
def lines(economy: str) -> pl.DataFrame:
    """Lines that are ready for the stages of a twin, with a key that every engine can sort by."""
    twin = next(each for each in TWINS if each.economy == economy)
    made = read(pl.DataFrame([*rows(economy)], infer_schema_length=None), None)
    ordinary = made.filter("law_is_ordinary").with_row_index("row")
    ready = prepared(ordinary.cast({"row": pl.Int64}), twin, None, ())
    return ready.select(pl.exclude(pl.Int128))


def rows(economy: str) -> Iterator[dict[str, str | None]]:
    """Flat rows of shipments to an economy, of one to four items."""
    dice = random.Random(SEED)
    table = table_of(economy)
    assert table is not None
    codes = sorted({line.partition(",")[0] for line in table.lines})
    codes = [code for code in codes if len(code) >= 6] or ["6109100000", "4202210000"]
    for number in range(SHIPMENTS):
        currency = dice.choice([*PRICES])
        head = {
            "shipment": f"S{number}",
            "destination": economy,
            "dispatch": dice.choice(["CN", "KR", "DE"]),
            "date": (date(2023, 1, 1) + timedelta(days=dice.randrange(1_300))).isoformat(),
            "currency": currency,
            "transport": dice.choice(["post", "courier", "cargo"]),
            "purpose": dice.choice(["personal", "personal", "commercial"]),
            "buyer_kind": dice.choice(["person", "person", "business"]),
            "freight": dice.choice(["0", "3.5", None]),
        }
        for _ in range(dice.choice([1, 1, 2, 4])):
            yield head | {
                "hs": dice.choice(codes),
                "quantity": str(dice.randint(1, 3)),
                "unit_price": str(dice.randint(1, 9 * PRICES[currency])),
                "net_weight_kg": f"0.{dice.randint(1, 99999):05d}",
                "origin": dice.choice(["CN", "KR", "JP", "BY", None]),
            }


def twin_of(economy: str) -> Twin:
    return next(each for each in TWINS if each.economy == economy)


def answers(found: pl.DataFrame, twin: Twin) -> list[tuple[Any, ...]]:
    """What the framework reads of the lines, in their order."""
    names = ["row", "regime", "status", "customs_value", "line_notices", "law_is_covered"]
    names += [*twin.charges]
    names += [name for name in ("unknown", "missing", "asks_usd", "asks_eur") if name in found]
    return found.sort("row").select(names).rows()


def on_polars(twin: Twin) -> list[tuple[Any, ...]]:
    return answers(run(lines(twin.economy), twin.stages, ()), twin)


@pytest.mark.parametrize("economy", NAMES)
def test_polars_answers_most_of_the_lines(economy: str) -> None:
    twin = twin_of(economy)
    assessed = run(lines(economy), twin.stages, ())
    assert assessed["law_is_covered"].sum() > len(assessed) // 2


@pytest.mark.parametrize("economy", NAMES)
def test_duckdb_gives_what_polars_gives(economy: str) -> None:
    twin = twin_of(economy)
    with duckdb.connect() as connection:
        relation = connection.from_arrow(lines(economy).to_arrow())
        found: Any = run(relation, twin.stages, ())
        assert answers(found.pl(), twin) == on_polars(twin)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session of Spark in this process."""
    pyspark = pytest.importorskip(
        "pyspark.sql", reason="PySpark is not installed: pip install pyspark"
    )
    if shutil.which("java") is None:
        pytest.skip("PySpark needs a Java, and none is on the path")
    session = (
        pyspark.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.codegen.wholeStage", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.parametrize("economy", NAMES)
def test_pyspark_gives_what_polars_gives(economy: str, spark: Any) -> None:
    twin = twin_of(economy)
    table = lines(economy)
    frame = spark.createDataFrame(table.to_arrow())
    found: Any = run(frame, twin.stages, ())
    assert answers(pl.DataFrame(found.toArrow()), twin) == on_polars(twin)


def test_a_frame_of_pyspark_gives_one_with_the_answers_of_polars(spark: Any) -> None:
    told = pl.DataFrame([*rows("KR")][:40], infer_schema_length=None)
    found: Any = law.assess(spark.createDataFrame(told.to_arrow()))
    assert isinstance(found, type(spark.range(1)))
    assert pl.DataFrame(found.toArrow()).equals(law.assess(told))
