"""The amounts of lines to China in fen, and what their taxes miss; Polars alone, for its 128 bits.

Each price is rounded by itself. Retail import rounds freight and insurance apart, general trade
their sum (``docs/law-cn.md`` 1 and 7).
"""

from typing import Final, cast

import narwhals as nw
import polars as pl

from tumen.kernel.limits import AMOUNT_MINOR_MAX
from tumen.kernel.money import Rounding
from tumen.law.cn.apportionment import rounded
from tumen.law.cn.vector_rates import LITRE_ELSE_KILOGRAM
from tumen.law.vector.worth import converted

FEN: Final = 100
E5_OF_FEN: Final = 1_000
"""Parts of a yuan at scale 10^5 in a fen."""

LACKING: Final = ("law_missing_tax", "law_missing_duty", "law_missing_post")
"""What a line may miss: of the consumption tax, of the tariff, the weight of an article."""


def values(lines: pl.DataFrame) -> pl.DataFrame:
    """The prices, freight and insurance of lines in fen, and what the goods before an item cost."""
    has_insurance = bool(lines["insurance_e6"].max())
    freight = converted(pl.col("freight_e6"), Rounding.HALF_UP, FEN)
    insurance = converted(pl.col("insurance_e6"), Rounding.HALF_UP, FEN)
    extra = converted(pl.col("extra_e6"), Rounding.HALF_UP, FEN)
    found = lines.with_columns(
        _bounded(converted(pl.col("price_e6"), Rounding.HALF_UP, FEN)).alias("value_fen"),
        _bounded(freight).alias("law_freight"),
        (_bounded(insurance) if has_insurance else pl.lit(0, pl.Int64)).alias("law_insurance"),
        converted(pl.col("goods_e6"), Rounding.UP, FEN).alias("law_price_up"),
        used_before_fen=_fen(pl.col("used_e5")),
    )
    together = _bounded(extra) if has_insurance else pl.col("law_freight")
    return _summed(_lacking(found).with_columns(law_together=together))


def _lacking(lines: pl.DataFrame) -> pl.DataFrame:
    """What each line misses, and of a whole shipment the first line that misses any.

    A tax that turns on a quantity misses the field that would tell it.
    """
    needs = pl.col("law_pick") == LITRE_ELSE_KILOGRAM
    untold = needs & pl.col("litre_e5").is_null() & pl.col("kg_e5").is_null()
    lines = lines.with_columns(law_missing_post=pl.lit(None, pl.String))
    if lines.select(untold.any()).item():
        field = pl.format("items[{}].volume_l or net_weight_kg", "item")
        of_tax = pl.when(untold).then(field).otherwise(pl.col("law_missing_tax"))
        of_post = pl.when(untold & pl.col("law_postal_turns")).then(field)
        lines = lines.with_columns(law_missing_tax=of_tax, law_missing_post=of_post)
    return lines.with_columns(**{f"{name}_first": _first(lines, name) for name in LACKING})


def _first(lines: pl.DataFrame, name: str) -> pl.Expr:
    """The first text of a shipment, asked for on its first line."""
    if lines[name].null_count() == len(lines):
        return pl.lit(None, pl.String)
    text = pl.col(name)
    of_shipment = pl.when(text.is_not_null()).then(pl.col("shipment")).backward_fill()
    return pl.when(of_shipment == pl.col("shipment")).then(text.backward_fill())


def _fen(yuan_e5: pl.Expr) -> pl.Expr:
    """Yuan at scale 10^5 in fen; the words of Polars are those of Narwhals."""
    return cast("pl.Expr", rounded(cast("nw.Expr", yuan_e5), 1, E5_OF_FEN))


def _bounded(amount: pl.Expr) -> pl.Expr:
    return pl.when(amount <= AMOUNT_MINOR_MAX).then(amount)


def _summed(lines: pl.DataFrame) -> pl.DataFrame:
    """The value of all items of a shipment, of those up to each item, and of those before it."""
    value = pl.col("value_fen")
    if lines.is_empty() or lines["items"].max() == 1:
        return lines.with_columns(law_total=value, law_until=value, law_before=pl.lit(0, pl.Int64))
    running = value.cum_sum()
    first, last = pl.col("item") == 0, pl.col("item") == pl.col("items") - 1
    start = pl.when(first).then(running - value).forward_fill()
    end = pl.when(last).then(running).backward_fill()
    return lines.with_columns(
        law_total=end - start, law_until=running - start, law_before=running - value - start
    )
