"""Numbers: of every document that is recorded, and those that customs gives a list (ADR 1)."""

from itertools import count

import polars as pl

from tumen.window.cases import Accepted


def preliminary(first: int) -> pl.Expr:
    """`B`, the day of the declaration, nine digits."""
    serial = (pl.int_range(pl.len(), dtype=pl.Int64) + first).cast(pl.String).str.zfill(9)
    return pl.concat_str(pl.lit("B"), "declared_on", serial).alias("preliminary_number")


def declaration(first: int) -> pl.Expr:
    """Customs office, year, `I`, nine digits."""
    serial = (pl.int_range(pl.len(), dtype=pl.Int64) + first).cast(pl.String).str.zfill(9)
    year = pl.col("declared_on").str.slice(0, 4)
    return pl.concat_str("customs_office", year, pl.lit("I"), serial).alias("declaration_number")


def numbered(answered: pl.DataFrame, first: int) -> pl.DataFrame:
    """Give every document that is recorded its number, in the order of arrival."""
    numbers = count(first)
    answers = zip(answered["answer"].to_list(), answered["original_id"].to_list(), strict=True)
    given = [known if answer == "duplicate" else next(numbers) for answer, known in answers]
    return answered.hstack([pl.Series("document_id", given, pl.Int64)])


def with_numbers(accepted: Accepted, answered: pl.DataFrame) -> Accepted:
    """The heads with the numbers of their documents."""
    number = dict(zip(answered["row"].to_list(), answered["document_id"].to_list(), strict=True))
    return {
        kind: head.hstack(
            [pl.Series("document_id", [number[row] for row in head["row"].to_list()], pl.Int64)]
        )
        for kind, head in accepted.items()
    }
