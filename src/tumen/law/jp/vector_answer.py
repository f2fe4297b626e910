"""The answer to imports into Japan on whole columns: the regime that is taken, and the remarks.

The last stages of :mod:`tumen.law.jp.vector`.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Final

import narwhals as nw
import polars as pl

from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX
from tumen.law.columns import Columns, at_column
from tumen.law.overlay import remembered
from tumen.law.vector.twin import bit

REGIMES: Final = ("auto", "simplified", "general")
CODES: Final = (
    "duty",
    "excise",
    "liquor_tax",
    "consumption_tax_national consumption_tax_local",  # the one with the other
)
PLACES: Final = {place: f"items[{place}]." for place in range(ITEMS_PER_DOCUMENT_MAX)}
PLACE_DIGITS: Final = 2
IN_ORDER: Final = {place: f"{place:0{PLACE_DIGITS}d}" for place in PLACES}
UNKNOWN_CHARGES: Final = {
    kind: " ".join(code for place, code in enumerate(CODES) if kind >> place & 1) or None
    for kind in range(1 << len(CODES))
}
"""Which charges are unknown, by a number with a bit for each of :data:`CODES`."""

MISSING_EXCISES: Final = {
    kind: "; ".join(
        name
        for bit_of, name in ((1, ""), (2, "jp.excise.rate"), (4, "jp.liquor_tax.rate"))
        if kind & bit_of
    )
    or None
    for kind in UNKNOWN_CHARGES
}
"""The rates of excises that are missing, behind what an unknown duty misses."""


@remembered
def chosen(x: ModuleType) -> Columns:
    """Stage 9: what is payable by the regime that is taken, and what of it is unknown."""
    is_simplified = x.col("law_is_simplified")

    def of(name: str) -> nw.Expr:
        by_class = x.when(is_simplified).then(x.col(f"law_{name}_s"))
        found: nw.Expr = by_class.otherwise(x.col(f"law_{name}_g"))
        return found

    is_duty_known, is_tax_known = of("count_duty") == 0, of("count_tax") == 0
    return (
        x.when(is_duty_known).then(of("pay_duty")).alias("duty"),
        x.when(is_tax_known).then(of("pay_tax")).alias("consumption_tax_national"),
        x.when(is_tax_known).then(of("pay_local")).alias("consumption_tax_local"),
        of("duty").is_null().alias("law_is_duty_unknown"),
        ((of("sum_duty") + of("sum_tax")) > 0).alias("law_is_taxed"),
        (is_simplified & ~x.col("law_is_general")).alias("law_is_by_class"),
        x.when(is_simplified & ~x.col("law_is_general"))
        .then(x.col("law_s_missing"))
        .otherwise(x.col("law_missing"))
        .alias("law_name_missing"),
    )


@remembered
def unknowns(x: ModuleType) -> Columns:
    """Stage 10: what is unknown as one number, and what the first unknown duty misses."""
    flags = (
        x.col("duty").is_null(),
        x.col("law_count_excise") > 0,
        x.col("law_count_liquor_tax") > 0,
        x.col("consumption_tax_local").is_null(),
    )
    nothing = x.lit(0, x.Int64)
    kinds = (
        x.when(flag).then(x.lit(1 << place, x.Int64)).otherwise(nothing)
        for place, flag in enumerate(flags)
    )
    of_line = _missing_of_line(x).fill_null("")  # of a line that is not read, which is not told
    of_first = x.when(x.col("law_is_duty_unknown")).then(of_line)
    return (
        sum(kinds, nothing).alias("law_unknown"),
        _first(x, of_first).alias("law_missing_duty"),
    )


def _first(x: ModuleType, column: nw.Expr) -> nw.Expr:
    """What the first line of a shipment that has a value says, on the shipment's first line.

    Polars takes the next value below: where a shipment has none, nobody asks. Other engines keep
    no order, so that the line's place is written before the text.
    """
    if x is pl:
        return column.fill_null(strategy="backward")
    place = _worded(x, x.col("item"), IN_ORDER)
    found: nw.Expr = x.concat_str([place, column]).min().over("shipment").str.slice(PLACE_DIGITS)
    return found


def _missing_of_line(x: ModuleType) -> nw.Expr:
    """What the duty of a line misses: a rate of the tariff, or a field of the item."""
    is_by_class, is_untold = x.col("law_is_by_class"), x.col("law_is_untold_here")
    lacks = x.when(is_by_class).then(x.col("law_s_lacks")).otherwise(x.col("law_lacks"))
    field = x.when(is_untold).then(x.lit("category")).otherwise(lacks)
    place = _worded(x, x.col("item"), PLACES)
    is_of_rate = ~x.col("law_name_missing").is_null() & ~is_untold
    is_of_rate = is_of_rate & ~x.col("law_quantity").is_null()
    by_rate = x.when(is_of_rate).then(x.col("law_name_missing"))
    found: nw.Expr = by_rate.otherwise(x.concat_str([place, field]))
    return found


@remembered
def answer(x: ModuleType) -> Columns:
    """Stage 11: regime, value and status."""
    due = x.col("duty") + x.col("consumption_tax_national") + x.col("consumption_tax_local")
    status = x.when(due > 0).then(x.lit("payable")).otherwise(x.lit("exempt"))
    regime = x.when(x.col("law_is_simplified")).then(x.lit("simplified"))
    kind = x.col("law_unknown")
    return (
        x.col("law_total").alias("customs_value"),
        regime.otherwise(x.lit("general")).alias("regime"),
        x.when(kind > 0).then(x.lit("unknown")).otherwise(status).alias("status"),
        _worded(x, kind, UNKNOWN_CHARGES).alias("unknown"),
        _worded(x, kind, MISSING_EXCISES).alias("law_missing_excise"),
    )


def _worded(x: ModuleType, kind: nw.Expr, words: Mapping[int, str | None]) -> nw.Expr:
    found: nw.Expr = kind.replace_strict(
        [*words], [*words.values()], default=None, return_dtype=x.String
    )
    return found


def _missing(x: ModuleType) -> nw.Expr:
    """What is missing: of the first unknown duty a rate or a field, of an excise its rate."""
    duty, excise = x.col("law_missing_duty"), x.col("law_missing_excise")
    both = x.when(excise.is_null()).then(duty).otherwise(x.concat_str([duty, excise]))
    found: nw.Expr = x.when(x.col("duty").is_null()).then(both).otherwise(excise)
    return found


@remembered
def remarks(x: ModuleType) -> Columns:
    """Stage 12: what is missing, what is told, and whether the columns answer at all."""
    is_personal, is_within = x.col("law_is_personal"), x.col("law_is_within")
    is_excluded = is_within & x.col("law_is_listed")
    is_asked = ~x.col("law_is_free_of_duty") & ~x.col("law_is_untold_here")
    by_class, by_general = x.col("law_is_by_class"), ~x.col("law_is_by_class")
    is_known = ~x.col("law_is_duty_unknown")
    is_rate_missing = ~x.col("law_name_missing").is_null() & ~x.col("law_quantity").is_null()
    bits = {
        "JP_PERSONAL_VALUE_MAY_HAVE_ENDED": x.col("law_is_ending"),
        "JP_PERSONAL_VALUE_FREIGHT": is_personal & (x.col("extra_e6") > 0),
        "JP_EXEMPTION_EXCLUDED": is_excluded,
        "JP_GIFT_NOT_TOLD": is_excluded & is_personal,
        "JP_EXEMPTION_UNCERTAIN": x.col("law_is_untold_here"),
        "RATE_UNKNOWN": (is_asked & is_rate_missing) | (x.col("law_excise") > 0),
        "JP_CORPORATE_NUMBER_INVALID": x.col("law_is_number_wrong"),
        "REGIME_NOT_COMPARED": x.col("law_is_not_compared"),
        **_procedure(x),
    }
    masks = {
        "law_told": is_asked & by_general,
        "law_used": is_asked & by_general & is_known,
        "law_s_told": is_asked & x.col("law_is_simplified"),
        "law_s_used": is_asked & by_class & is_known,
    }
    nothing = x.lit(0, x.Int64)
    told = (
        x.when(on).then(x.lit(bit(code), x.Int64)).otherwise(nothing) for code, on in bits.items()
    )
    looked_up = (x.when(on).then(x.col(name)).otherwise(nothing) for name, on in masks.items())
    return (
        x.when(x.col("item") == 0).then(_missing(x)).alias("missing"),
        sum((*told, *looked_up), x.col("law_mask")).alias("line_notices"),
        _is_covered(x).alias("law_is_covered"),
    )


def _procedure(x: ModuleType) -> dict[str, nw.Expr]:
    """What the consignment needs besides taxes; before a rule's first day nothing."""
    day, is_post = x.col("period"), x.col("transport") == "post"
    limit = at_column("jp.postal.assessed_limit", day)
    is_above = x.col("law_total") > limit
    has_fee = ~at_column("jp.postal.fee", day).is_null()
    platform = at_column("jp.declaration.platform_data", day).fill_null(value=False)
    return {
        "JP_POST_NEEDS_DECLARATION": is_post & is_above,
        "JP_POST_FEE": is_post & ~is_above & x.col("law_is_taxed") & has_fee,
        "JP_PLATFORM_NOT_TOLD": ~is_post & x.col("platform").is_null() & platform,
    }


def _is_covered(x: ModuleType) -> nw.Expr:
    """Whether the columns answer."""
    found: nw.Expr = (
        x.col("law_is_read")
        & x.col("law_is_valued")
        & x.col("law_is_exemption_held")
        & x.col("law_is_admitted")
        & x.col("asked").is_in(REGIMES)
        & ~x.col("law_is_number_wrong").is_null()
    )
    return found
