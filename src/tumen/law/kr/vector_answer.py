"""What the vectorised law of Korea answers: the regime taken, charges, status, warnings.

What is said of a whole shipment stands on its first line; elsewhere it says nothing.
"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw

from tumen.law.columns import Columns
from tumen.law.kr.vector_whole import digit, next_told, of_first, told
from tumen.law.overlay import remembered
from tumen.law.vector.twin import bit

REGIMES: Final = ("list", "simplified", "general")
"""By their numbers, as ``law_taken`` has them."""

LIST, SIMPLIFIED, GENERAL = range(3)
EXCISES: Final = ("luxury", "liquor", "rural")
"""Taxes that not all goods bear, at their places in ``law_bearers`` and ``law_borne``."""

CHARGES: Final = (
    "duty",
    "simplified_duty",
    "individual_consumption_tax",
    "liquor_tax",
    "education_tax",
    "rural_tax",
    "vat",
)
CODES: Final = {
    "luxury": "individual_consumption_tax",
    "liquor": "liquor_tax",
    "education": "education_tax",
    "rural": "rural_tax",
}
TAXES: Final = ("duty", "luxury", "liquor", "education", "rural", "vat")


# --- which regime is taken -----------------------------------------------------------------------


@remembered
def totals(x: ModuleType) -> Columns:
    """Whether the general import is known, and whether what it comes to is collected."""
    is_missing = (digit(x.col("law_counts"), 4) > 0) & ~x.col("law_is_exempt")
    is_unknown = x.col("law_is_untold") | is_missing
    general = sum((x.col(f"law_sum_{name}") for name in TAXES), start=x.lit(0, x.Int64))
    is_collected = is_unknown | (general >= x.col("law_minimum"))
    simple = x.col("law_sum_simple")
    return (
        is_unknown.alias("law_is_unknown"),
        is_collected.alias("law_is_collected"),
        x.when(is_collected).then(general).otherwise(x.lit(0, x.Int64)).alias("law_sum_general"),
        x.when(simple >= x.col("law_minimum"))
        .then(simple)
        .otherwise(x.lit(0, x.Int64))
        .alias("law_sum_simple"),
    )


@remembered
def choice(x: ModuleType) -> Columns:
    """List clearance where it is open; else the importer takes the cheaper of the two."""
    is_cheaper = x.col("law_sum_simple") <= x.col("law_sum_general")
    is_alone = (x.col("asked") != "auto") | x.col("law_is_unknown")
    taxed = (
        x.when(x.col("law_is_simple") & (is_alone | is_cheaper))
        .then(x.lit(SIMPLIFIED, x.Int64))
        .otherwise(x.lit(GENERAL, x.Int64))
    )
    taken = x.when(x.col("law_is_listed")).then(x.lit(LIST, x.Int64)).otherwise(taxed)
    return (
        of_first(x, taken).alias("law_taken"),
        x.when(x.col("item") == 0).then(taken).alias("law_told"),
    )


@remembered
def openness(x: ModuleType) -> Columns:
    """Whether the answer is unknown, and with the duty which of the taxes on it."""
    is_unknown = (x.col("law_told") == GENERAL) & x.col("law_is_unknown")
    told = x.col("law_bearers")
    return (
        is_unknown.alias("law_is_open"),
        *(
            (
                is_unknown
                & x.when(x.col("law_is_untold"))
                .then(digit(told, place) > 0)
                .otherwise(digit(told, place + len(EXCISES)) > 0)
            ).alias(f"law_open_{name}")
            for place, name in enumerate(EXCISES)
        ),
    )


verdicts: Final = (totals, choice, openness)


# --- the columns of the answer -------------------------------------------------------------------


@remembered
def answers(x: ModuleType) -> Columns:
    """Regime, status and what is unknown; all on the first line."""
    taken, is_unknown = x.col("law_told"), x.col("law_is_open")
    general = x.when(taken == GENERAL).then(x.col("law_sum_general"))
    total = x.when(taken == SIMPLIFIED).then(x.col("law_sum_simple")).otherwise(general)
    known = x.when(total > 0).then(x.lit("payable")).otherwise(x.lit("exempt"))
    taxed = (
        x.when(taken == SIMPLIFIED)
        .then(x.lit(REGIMES[SIMPLIFIED]))
        .otherwise(x.lit(REGIMES[GENERAL]))
    )
    return (
        x.when(taken == LIST).then(x.lit(REGIMES[LIST])).otherwise(taxed).alias("regime"),
        x.when(is_unknown).then(x.lit("unknown")).otherwise(known).alias("status"),
        x.when(is_unknown).then(_missing(x)).alias("missing"),
        _codes(x).alias("unknown"),
    )


def _missing(x: ModuleType) -> nw.Expr:
    """What is missing where the duty is unknown: a quantity, else the rates of the tariff."""
    of_line = x.when(x.col("law_duty").is_null()).then(x.col("law_duty_missing"))
    several = x.col("law_missing_all")
    rates = x.when(several.is_null()).then(next_told(x, of_line)).otherwise(several)
    lacks = next_told(x, x.col("law_lacks"))
    return cast("nw.Expr", x.when(x.col("law_is_untold")).then(lacks).otherwise(rates))


def _codes(x: ModuleType) -> nw.Expr:
    """The charges that are unknown, where the duty is."""
    luxury, liquor, rural = (x.col(f"law_open_{name}") for name in EXCISES)
    excise, on_it = "individual_consumption_tax", "education_tax"
    by_taxes = (
        (luxury & liquor & rural, f"duty {excise} liquor_tax {on_it} rural_tax vat"),
        (luxury & liquor, f"duty {excise} liquor_tax {on_it} vat"),
        (luxury & rural, f"duty {excise} {on_it} rural_tax vat"),
        (luxury, f"duty {excise} {on_it} vat"),
        (liquor, f"duty liquor_tax {on_it} vat"),
        (x.col("law_is_open"), "duty vat"),
    )
    found = x.lit(None, x.String)
    for flag, codes in reversed(by_taxes):
        found = x.when(flag).then(x.lit(codes)).otherwise(found)
    return cast("nw.Expr", found)


@remembered
def charges(x: ModuleType) -> Columns:
    """What is payable on the whole; null is not levied, or unknown."""
    taken, none = x.col("law_told"), x.lit(0, x.Int64)
    is_general, is_known = taken == GENERAL, ~x.col("law_is_open")
    borne = {name: digit(x.col("law_borne"), place) > 0 for place, name in enumerate(EXCISES)}
    borne["education"] = borne["luxury"] | borne["liquor"]
    is_open = {name: x.col(f"law_open_{name}") for name in EXCISES}
    is_open["education"] = is_open["luxury"] | is_open["liquor"]
    amounts = {
        name: x.when(x.col("law_is_collected")).then(x.col(f"law_sum_{name}")).otherwise(none)
        for name in TAXES
    }
    levied = {
        CODES[name]: x.when(is_general & flag & ~is_open[name]).then(amounts[name])
        for name, flag in borne.items()
    }
    for name in ("duty", "vat"):
        by_tariff = x.when(is_general & is_known).then(amounts[name])
        levied[name] = x.when(taken == LIST).then(none).otherwise(by_tariff)
    simple = x.when(taken == SIMPLIFIED).then(x.col("law_sum_simple"))
    levied["simplified_duty"] = simple
    return tuple(levied[code].alias(code) for code in CHARGES)


# --- warnings, and what is left to the scalar law ------------------------------------------------


@remembered
def notices(x: ModuleType) -> Columns:
    """The warnings of every line, and whether the answer is one."""
    taken = x.col("law_taken")
    is_general, is_simple = taken == GENERAL, taken == SIMPLIFIED
    is_known = ~x.col("law_of_duty").is_null()
    is_asked = is_general & ~x.col("law_is_exempt")
    is_missing = is_asked & x.col("law_duty").is_null() & ~x.col("law_is_untold")
    is_person = x.col("buyer_kind") == "person"
    is_alone = is_simple & (x.col("asked") == "auto") & x.col("law_is_unknown")
    of_goods = (
        x.when(taken == LIST).then(x.col("law_list_notices")).otherwise(x.col("law_goods_notices"))
    )
    every = (
        of_goods
        + told(x, is_person, x.col("law_person_notices"))
        + told(x, is_simple & x.col("law_is_duty_not_held"), bit("KR_DUTY_RATE_NOT_HELD"))
        + told(x, (x.col("item") == 0) & is_alone, bit("REGIME_NOT_COMPARED"))
        + told(x, is_asked & is_known & x.col("law_is_indicative"), bit("TARIFF_INDICATIVE"))
        + told(x, is_missing, bit("RATE_UNKNOWN"))
        + told(x, ~is_person & x.col("law_has_odd_id"), bit("KR_BUSINESS_NUMBER_INVALID"))
    )
    return every.alias("line_notices"), (_is_plain(x) & _is_computed(x)).alias("law_is_covered")


def _is_plain(x: ModuleType) -> nw.Expr:
    """Whether a line is one of those that the stages are for."""
    taken, asked = x.col("law_taken"), x.col("asked")
    is_open = (
        asked.is_in(["auto", "general"])
        | ((asked == "list") & (taken == LIST))
        | ((asked == "simplified") & (taken == SIMPLIFIED))
    )
    is_plain = (
        x.col("law_is_held")
        & is_open
        & (x.col("price_e6") > 0)
        & ~x.col("law_value").is_null()
        & ~((x.col("buyer_kind") == "person") & x.col("law_has_odd_id"))
        & (~x.col("law_cents").is_null() | ~x.col("asks_usd"))
    )
    return cast("nw.Expr", is_plain)


def _is_computed(x: ModuleType) -> nw.Expr:
    """Whether the stages know what a line and a shipment need; list clearance needs nothing."""
    is_known, is_taxed = ~x.col("law_of_duty").is_null(), ~x.col("law_is_exempt")
    is_liquor_unknown = x.col("law_is_liquor") & x.col("law_liquor_rate").is_null() & is_known
    is_vat_unknown = x.col("law_vat_rate").is_null() & is_known & is_taxed
    odd = x.col("law_is_uncounted") | x.col("law_is_hard") | is_liquor_unknown | is_vat_unknown
    return cast("nw.Expr", (x.col("law_taken") == LIST) | ~odd.fill_null(value=False))
