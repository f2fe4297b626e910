"""Times of clearance, told only where enough filers and cases stand behind them."""

import polars as pl

from tumen.observatory.disclosure.cube import Rules

MEASURES = ("mean", "median", "p90")
MILLISECONDS_OF_HOUR = 3_600_000


def told_times(rows: pl.DataFrame, rules: Rules | None = None) -> pl.DataFrame:
    """The rows in hours; those with few cases or filers keep their names, and lose all numbers.

    No total over the rows is told, so there is nothing to take a difference from.
    """
    rules = rules or Rules()
    few = (pl.col("contributors") < rules.contributors_min) | (pl.col("cases") < rules.cases_min)
    told = {"cases": pl.col("cases")} | {
        f"{name}_hours": pl.col(f"{name}_ms") / MILLISECONDS_OF_HOUR for name in MEASURES
    }
    hidden = [pl.when(few).then(None).otherwise(each).alias(name) for name, each in told.items()]
    status = pl.when(few).then(pl.lit("Q")).otherwise(pl.lit("A")).alias("status")
    return rows.select("direction", "office", "stage", *hidden, status)
