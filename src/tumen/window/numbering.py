"""The numbers that customs assigns to a declaration when it accepts it (ADR 1)."""

import polars as pl


def preliminary(first: int) -> pl.Expr:
    """`B`, the day of the declaration, nine digits."""
    serial = (pl.int_range(pl.len(), dtype=pl.Int64) + first).cast(pl.String).str.zfill(9)
    return pl.concat_str(pl.lit("B"), "declared_on", serial).alias("preliminary_number")


def declaration(first: int) -> pl.Expr:
    """Customs office, year, `I`, nine digits."""
    serial = (pl.int_range(pl.len(), dtype=pl.Int64) + first).cast(pl.String).str.zfill(9)
    year = pl.col("declared_on").str.slice(0, 4)
    return pl.concat_str("customs_office", year, pl.lit("I"), serial).alias("declaration_number")
