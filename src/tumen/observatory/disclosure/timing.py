"""Times of clearance, told only where enough filers and cases stand behind them."""

import polars as pl

from tumen.observatory.disclosure.cube import Rules

MEASURES = ("mean_hours", "median_hours", "p90_hours")


def told_times(rows: pl.DataFrame, rules: Rules | None = None) -> pl.DataFrame:
    """The rows; those with few cases or filers keep their names, and lose numbers and counts.

    No total over the rows is told, so there is nothing to take a difference from.
    """
    rules = rules or Rules()
    few = (pl.col("contributors") < rules.contributors_min) | (pl.col("cases") < rules.cases_min)
    hidden = [
        pl.when(few).then(None).otherwise(pl.col(name)).alias(name) for name in ("cases", *MEASURES)
    ]
    status = pl.when(few).then(pl.lit("Q")).otherwise(pl.lit("A")).alias("status")
    return rows.with_columns(*hidden, status).drop("contributors")
