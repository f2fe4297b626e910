"""Amounts, quantities and numbers of the lines to Korea that the stages of the law compare.

Won have no minor unit. What few lines need (business numbers) is computed for these alone.
"""

from typing import Any, Final, cast

import polars as pl

from tumen.kernel.limits import FIXED_POINT_SCALE, RATE_SCALE
from tumen.kernel.money import Rounding
from tumen.law.columns import product, quotient
from tumen.law.kr.vector_uses import with_missing, with_uses
from tumen.law.overlay import remembered
from tumen.law.parameters import Scalar, history
from tumen.law.vector.worth import WIDE, borne, rounded

CENTS_OF_E6: Final = 10_000
"""Millionths of a unit of currency in a cent."""

PERSONAL_CODE: Final = r"^P[0-9]{12}$"
BUSINESS_NUMBER: Final = r"^[0-9]{10}$"
WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)


WON_MAX: Final = 10**11
"""Of the customs value of a shipment: with a duty of tenfold and every tax at a rate of one no
product leaves int64. It is the worth of the largest ordinary shipment in a currency of 10,000 won;
the items of a larger one have no value here, and are left to the scalar law."""

FIXED: Final = ("kr.customs_value.rounding", "kr.tax.rounding", "kr.tax.rounding_unit")
"""Parameters that an expression takes as they first were; days on which they are another are left
to the scalar law."""


@remembered
def fixed(name: str) -> Scalar:
    """The first value of a parameter."""
    return history(name)[0].scalar


def rounding_of(name: str) -> Rounding:
    """How the first value of a parameter says to round."""
    return Rounding(fixed(name))


def tax_unit() -> int:
    """The multiple of a won to which taxes are cut."""
    return int(fixed("kr.tax.rounding_unit"))


def tax_scale() -> int:
    """The same in millionths of a won."""
    return tax_unit() * RATE_SCALE


def values(lines: pl.DataFrame) -> pl.DataFrame:
    """Add the amounts that the stages start from.

    Returns:
        The lines with ``law_value`` (customs value), ``customs_value`` (of the whole shipment),
        ``law_cents`` (its goods in cents of a dollar, rounded up), ``law_pieces`` (whole pieces;
        null where there are none), ``law_has_odd_id``, and those of
        :func:`~tumen.law.kr.vector_uses.with_uses` and ``with_missing``.
    """
    rounding = rounding_of("kr.customs_value.rounding")
    until = borne(pl.col("until_e6"), rounding)
    is_alone = bool((lines["items"] == 1).all())
    before = borne(pl.col("until_e6") - pl.col("price_e6"), rounding)
    whole = until if is_alone else borne(pl.col("goods_e6"), rounding)
    value = until if is_alone else until - before
    valued = lines.with_columns(
        law_value=pl.when(whole <= WON_MAX).then(value),
        customs_value=whole,
        law_cents=_cents(),
        law_pieces=_pieces(),
    )
    return with_missing(with_uses(_identities(valued)))


def _cents() -> pl.Expr:
    """The price of the goods in cents: an amount is within a limit if the next cent is."""
    top = product(_wide("goods_e6"), _wide("rate_num"))
    top = product(top, _wide("usd_den"))
    bottom = product(product(_wide("rate_den"), _wide("usd_num")), CENTS_OF_E6)
    return rounded(cast("pl.Expr", top), cast("pl.Expr", bottom), Rounding.UP)


def _wide(name: str) -> Any:
    """A column in 128 bits, for what takes those of any engine."""
    return pl.col(name).cast(WIDE)


def _pieces() -> pl.Expr:
    """How many pieces there are, where they are counted and whole."""
    counted: Any = pl.col("quantity_e5")
    is_whole = (pl.col("unit") == "piece") & (counted % FIXED_POINT_SCALE == 0)
    return pl.when(is_whole).then(cast("pl.Expr", quotient(counted, FIXED_POINT_SCALE)))


# --- who the buyer is ----------------------------------------------------------------------------


def _identities(lines: pl.DataFrame) -> pl.DataFrame:
    """Whether the number of a buyer has not the form that it must have."""
    code = pl.col("buyer_id")
    is_person = pl.col("buyer_kind") == "person"
    is_personal = code.str.contains(PERSONAL_CODE)
    is_odd = is_person & ~is_personal
    odd = lines.select(odd=is_odd.fill_null(value=False)).to_series()
    told = lines.select("buyer_kind", "buyer_id").with_row_index("law_place")
    business = told.filter((pl.col("buyer_kind") == "business") & code.is_not_null())
    if len(business):
        checked = business.select("law_place", law_number=_number())
        wrong = checked.filter(~_is_checked())["law_place"]
        odd = odd.scatter(wrong, True)
    return lines.with_columns(law_has_odd_id=odd)


def _number() -> pl.Expr:
    """A business number without its dashes; null where it is none."""
    told = pl.col("buyer_id").str.replace_all("-", "", literal=True)
    return pl.when(told.str.contains(BUSINESS_NUMBER)).then(told).cast(pl.Int64, strict=False)


def _is_checked() -> pl.Expr:
    """Whether the last of ten digits is their check digit."""
    number: Any = pl.col("law_number")
    digits: list[Any] = [quotient(number, 10**place) % 10 for place in range(9, -1, -1)]
    weighed: list[Any] = [
        product(digit, weight) for digit, weight in zip(digits, WEIGHTS, strict=False)
    ]
    weighed.append(quotient(product(digits[8], WEIGHTS[8]), 10))
    check: Any = (10 - pl.sum_horizontal(*weighed) % 10) % 10
    return pl.when(number.is_not_null()).then(check == digits[9]).otherwise(pl.lit(value=False))
