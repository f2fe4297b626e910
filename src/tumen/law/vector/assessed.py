"""The answers of the vectorised law: columns of shipments, as the scalar law would give them.

1. The rows are read; shipments that are not ordinary are left to the scalar law.
2. The shipments to one economy get their rates of exchange, their period, and what depends on
   the code; then the economy's stages run over them.
3. Of each shipment whose lines are all covered a row is made; the others are declined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.law.columns import run
from tumen.law.exchange_import import OfficialRate
from tumen.law.parameters import law_version
from tumen.law.ruling import CHARGE_CODES
from tumen.law.tariffs import SUBHEADING_DIGITS
from tumen.law.vector import remarks
from tumen.law.vector.alike import with_codes, with_rates_of_goods
from tumen.law.vector.lines import read
from tumen.law.vector.periods import periods_of, seasonal
from tumen.law.vector.twin import BITS_MAX, Twin, words

AMOUNT: Final = pl.Decimal(38, 2)
_HUNDREDTH: Final = Decimal("0.01")
_DECLINED: Final = 1 << BITS_MAX - 1
"""The bit of a mask that no warning has: the scalar law must answer."""


_TOLD: Final = (
    *("shipment", "item", "items", "row", "reference", "destination", "day"),
    *("regime", "status", "customs_value", "unknown", "missing"),
)
"""Columns of the lines that an answer is made of, besides its charges and remarks."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the vectorised law says of some rows.

    Attributes:
        shipments: columns of answers, one row for each shipment that was covered; ``row`` is
            that of its first line, from 1 on, with those before.
        declined: for each row whether its shipment is left to the scalar law.
        shipment: for each row to which shipment it belongs.
    """

    shipments: pl.DataFrame
    declined: pl.Series
    shipment: pl.Series


def assess(
    rows: pl.DataFrame,
    twins: Iterable[Twin],
    today: date | None,
    folder: Path | None = None,
    official: tuple[OfficialRate, ...] = (),
    before: int = 0,
) -> Answered:
    """What the vectorised law says of flat rows (docs/assess.md).

    Args:
        rows: a row for each goods item, shipments in order.
        twins: the vectorised law of each economy.
        today: the legal date of shipments that name none.
        folder: where imported tariffs lie; None for those that come with the program.
        official: imported official rates of exchange.
        before: rows that stand before these; ``row`` counts them, too.
    """
    lines = read(rows, today).with_row_index("row", offset=before + 1)
    lines = lines.with_columns(pl.col("row").cast(pl.Int64))
    answers = []
    for twin in twins:
        of_twin = pl.col("law_is_ordinary") & (pl.col("destination") == twin.economy)
        part = lines.filter(of_twin).drop("law_is_ordinary")
        if len(part):
            answers.append(answer(part, twin, folder, official))
    answers = [each for each in answers if len(each)]  # without rows the columns have no kind
    shipments = pl.concat(answers) if answers else pl.DataFrame()
    return Answered(shipments, _left_over(lines, shipments), lines["shipment"])


def _left_over(lines: pl.DataFrame, shipments: pl.DataFrame) -> pl.Series:
    """Which rows belong to a shipment that was not answered."""
    if shipments.is_empty():
        return pl.repeat(True, len(lines), dtype=pl.Boolean, eager=True)
    answered = lines.select(pl.col("row").is_in(shipments["row"].implode())).to_series()
    return lines.select(~pl.when(pl.col("item") == 0).then(answered).forward_fill()).to_series()


def answer(
    lines: pl.DataFrame, twin: Twin, folder: Path | None, official: tuple[OfficialRate, ...]
) -> pl.DataFrame:
    """The answers for ordinary lines of shipments to one economy."""
    assessed = run(prepared(lines, twin, folder, official), twin.stages, twin.drop)
    return _rows(_heads(assessed, twin), twin)


def prepared(
    lines: pl.DataFrame, twin: Twin, folder: Path | None, official: tuple[OfficialRate, ...]
) -> pl.DataFrame:
    """The lines with all that the stages of a twin need."""
    lines = _with_periods(lines, twin.economy, folder)
    lines = remarks.with_rates(lines, twin.economy, official, twin.currencies)
    lines = with_codes(lines, twin, folder)
    lines = remarks.with_sender_notices(lines, twin.economy)
    lines = remarks.with_weight_notices(lines)
    return twin.values(with_rates_of_goods(lines, twin, folder))


def _with_periods(lines: pl.DataFrame, economy: str, folder: Path | None) -> pl.DataFrame:
    """The lines with the first day of their period of one law; some goods have seasons."""
    days, in_season = lines["day"], seasonal(economy, folder)
    period = periods_of(days, economy, folder, by_season=False)
    if not in_season:
        return lines.with_columns(period=period)
    is_seasonal = pl.col("hs").str.head(SUBHEADING_DIGITS).is_in([*in_season])
    by_season = periods_of(days, economy, folder)
    return lines.with_columns(period=pl.when(is_seasonal).then(by_season).otherwise(period))


def _heads(lines: pl.DataFrame, twin: Twin) -> pl.DataFrame:
    """The first line of each shipment that is covered, with the remarks of all its lines."""
    is_covered = (
        pl.col("law_is_covered").fill_null(value=False)
        & pl.col("rate_num").is_not_null()
        & (pl.col("code_notices") >= 0)
        & (pl.col("sender_notices") >= 0)
    )
    told = pl.col("line_notices") | pl.col("rate_notices") | pl.col("code_notices")
    told = told | pl.col("sender_notices") | pl.col("weight_notices")
    for name in map(str.lower, twin.currencies):
        asked = pl.col(f"asks_{name}").fill_null(value=False)
        told = told | pl.when(asked).then(pl.col(f"{name}_notices")).otherwise(0)
    declined = pl.when(~is_covered).then(_DECLINED).otherwise(0)
    kept = [name for name in (*_TOLD, *twin.charges) if name in lines.columns]
    marked = lines.select(*kept, notices=told.fill_null(0) | declined)
    most = int(marked["items"].max() or 1)  # type: ignore[arg-type]  # a column of numbers
    heads = _or_over_lines(marked, most).filter(pl.col("item") == 0)
    return heads.filter((pl.col("notices") & _DECLINED) == 0)


def _or_over_lines(lines: pl.DataFrame, most: int) -> pl.DataFrame:
    """The masks of each line and all that follow it in its shipment, put together.

    Each step looks twice as far; a bit that is met twice counts once.
    """
    reach = 1
    while reach < most:
        further = pl.when(pl.col("shipment") == pl.col("shipment").shift(-reach)).then(
            pl.col("notices").shift(-reach)
        )
        lines = lines.with_columns(notices=pl.col("notices") | further.fill_null(0))
        reach += reach
    return lines


def _rows(heads: pl.DataFrame, twin: Twin) -> pl.DataFrame:
    """Heads as rows of an answer."""
    own = CURRENCY_OF[twin.economy]
    hundredths = currency(own).minor_digits > 0
    amounts = [pl.col(code) for code in twin.charges]
    told = {mask: words(mask, twin.economy) for mask in heads["notices"].unique()}
    text = pl.lit(None, pl.String)
    return heads.select(
        source=text,
        row="row",
        shipment="reference",
        items="items",
        destination="destination",
        regime="regime",
        date="day",
        currency=pl.lit(own),
        status="status",
        customs_value=_amount(pl.col("customs_value"), hundredths=hundredths),
        total=_amount(_total(heads, amounts), hundredths=hundredths),
        **{
            code: _amount(pl.col(code), hundredths=hundredths)
            if code in twin.charges
            else pl.lit(None, AMOUNT)
            for code in CHARGE_CODES
        },
        unknown_charges=pl.col("unknown") if "unknown" in heads.columns else text,
        missing=pl.col("missing") if "missing" in heads.columns else text,
        warnings=pl.col("notices").replace_strict(
            [*told], [*told.values()], return_dtype=pl.String
        ),
        violations=text,
        refusals=text,
        law_version=pl.lit(law_version()),
    )


def _total(heads: pl.DataFrame, amounts: Sequence[pl.Expr]) -> pl.Expr:
    """The sum of what is levied; nothing while any of it is unknown."""
    total = pl.sum_horizontal(amounts)
    if "unknown" not in heads.columns:
        return total
    return pl.when(pl.col("unknown").is_null()).then(total)


def _amount(minor: pl.Expr, *, hundredths: bool) -> pl.Expr:
    """An amount of minor units as an exact decimal."""
    if not hundredths:
        return minor.cast(AMOUNT)
    return (minor.cast(pl.Decimal(38, 0)) * _HUNDREDTH).cast(AMOUNT)
