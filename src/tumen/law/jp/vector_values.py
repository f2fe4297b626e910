"""The customs value of imports into Japan on whole columns, in yen, and the buyer's number."""

from datetime import date
from fractions import Fraction
from math import ceil, lcm
from typing import Final

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import RATE_SCALE
from tumen.kernel.money import Rounding
from tumen.law.overlay import remembered
from tumen.law.parameters import history, integer_at
from tumen.law.vector.worth import borne, converted

SHARE: Final = "jp.personal_use.share"
BIGGEST: Final = 2**63 - 1
YEN_PER_UNIT_MAX: Final = 10**6
"""No currency is worth more: amounts of yen then stay below those that are refused as too large."""

NUMBER_DIGITS: Final = 13
FIRST_DIGIT: Final = 10 ** (NUMBER_DIGITS - 1)
WEIGHTS: Final = (1, 2)
"""Of the other digits, from the last one on, in turn."""
NINE: Final = 9
ASCII_BLANKS: Final = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"


OF_ITEMS: Final = (
    *("price_e6", "goods_e6", "extra_e6", "rate_num", "rate_den"),
    *("law_is_personal", "law_times"),
)
"""What the value of an item of several turns on."""


ROW: Final = pl.int_range(pl.len(), dtype=pl.Int64)


def values(lines: pl.DataFrame) -> pl.DataFrame:
    """Add the customs value of each item and of the whole, rounded down to the yen.

    Returns:
        The lines with ``law_value``, ``law_total``, ``law_is_personal``, ``law_is_ending``,
        ``law_is_number_wrong``, ``law_first`` and ``law_last``: the rows of the first and the last
        item of the shipment, and ``law_is_valued``: whether the rest holds.
    """
    shares = _shares(lines)
    over = lcm(*(each.denominator for each in shares.values()))
    most = max(over, *(ceil(each * over) for each in shares.values()))
    is_personal = (pl.col("purpose") == "personal") & (pl.col("buyer_kind") == "person")
    told = lines.with_columns(
        law_is_personal=is_personal,
        law_times=pl.when(is_personal).then(_times(shares, over)).otherwise(over),
        law_is_ending=is_personal & _is_ending(),
        law_is_number_wrong=_is_number_wrong(lines),
        law_first=ROW - pl.col("item"),
        law_last=ROW - pl.col("item") + pl.col("items") - 1,
    )
    whole = pl.col("goods_e6") + pl.when(is_personal).then(0).otherwise(pl.col("extra_e6"))
    is_valued = (
        pl.col("law_times").is_not_null()
        & (pl.col("price_e6") > 0)
        & (whole <= BIGGEST // most)
        & (pl.col("rate_num") // pl.col("rate_den") <= YEN_PER_UNIT_MAX)
    )
    told = told.with_columns(law_is_valued=is_valued, law_total=_converted(whole, over))
    return told.with_columns(law_value=_of_items(told, over))


def _of_items(told: pl.DataFrame, over: int) -> pl.Series:
    """The value of each item; of the only item of a shipment it is the whole."""
    places = (told["items"] > 1).arg_true()
    if places.is_empty():
        return told["law_total"]
    by_price = _converted(pl.col("price_e6"), over)
    is_borne = ~pl.col("law_is_personal") & (pl.col("extra_e6") > 0)
    by_share = borne(pl.col("price_e6"), Rounding.DOWN)
    several = told.select(*OF_ITEMS).select(pl.all().gather(places))
    found = several.select(value=pl.when(is_borne).then(by_share).otherwise(by_price))
    return told["law_total"].scatter(places, found["value"])


def _converted(amount_e6: pl.Expr, over: int) -> pl.Expr:
    """An amount times its share of the value, in yen."""
    return converted(amount_e6 * pl.col("law_times"), Rounding.DOWN, over=over)


def _shares(lines: pl.DataFrame) -> dict[date, Fraction]:
    """The share of the retail price in each period that has one."""
    found = {date.min: Fraction(1)}
    for period in lines["period"].unique():
        try:
            found[period] = Fraction(integer_at(SHARE, period), RATE_SCALE)
        except LawError:
            continue
    return found


def _times(shares: dict[date, Fraction], over: int) -> pl.Expr:
    """The numerator of the share of each line's period, over a common denominator."""
    tops = {
        period: share.numerator * (over // share.denominator) for period, share in shares.items()
    }
    periods, numbers = [*tops], [*tops.values()]
    if len({*numbers[1:]}) == 1:
        return pl.when(pl.col("period").is_in(periods)).then(pl.lit(numbers[1]))
    return pl.col("period").replace_strict(periods, numbers, default=None, return_dtype=pl.Int64)


@remembered
def _is_ending() -> pl.Expr:
    """Whether an end of the rule is announced whose day is not known."""
    ending = [each for each in history(SHARE) if each.evidence == "proposed"]
    found = pl.lit(value=False)
    for each in ending:
        begun = pl.col("period") >= each.first
        found |= begun if each.last is None else begun & (pl.col("period") <= each.last)
    return found


def _is_number_wrong(lines: pl.DataFrame) -> pl.Series:
    """Whether a business tells a corporate number of 13 digits whose check digit is another one.

    Null where the scalar law must look.
    """
    wrong = pl.Series("wrong", [False], dtype=pl.Boolean).new_from_index(0, len(lines))
    is_asked = (lines["buyer_kind"] == "business") & lines["buyer_id"].is_not_null()
    places = is_asked.arg_true()
    if places.is_empty():
        return wrong
    asked = lines.select(pl.col("buyer_id").gather(places)).select(_wrong_number())
    return wrong.scatter(places, asked.to_series())


def _wrong_number() -> pl.Expr:
    number = pl.col("buyer_id").str.strip_chars(ASCII_BLANKS)
    is_plain = pl.col("buyer_id").str.len_bytes() == pl.col("buyer_id").str.len_chars()
    digits = number.cast(pl.Int64, strict=False)
    is_number = (number.str.len_chars() == NUMBER_DIGITS) & ~number.str.contains_any(["+", "-"])
    is_number &= digits >= 0
    total = pl.lit(0)
    for place in range(NUMBER_DIGITS - 1):
        digit = digits // 10**place % 10
        total += digit * WEIGHTS[place % 2]
    check = NINE - total % NINE
    is_wrong = is_number.fill_null(value=False) & (check != digits // FIRST_DIGIT)
    return pl.when(is_plain).then(is_wrong.fill_null(value=False))
