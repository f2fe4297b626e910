"""Imports into Japan on whole columns: the simplified tariff and the general one.

The vectorised twin of the scalar law. ``docs/law-jp.md`` says how an officer can check each number;
:class:`~tumen.law.vector.twin.Twin` what is expected here. Both regimes are computed side by side
(their columns end in ``_s`` and ``_g``), and the cheaper one is taken. An amount that is unknown is
null all along.
"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw
import polars as pl

from tumen.kernel.limits import FIXED_POINT_SCALE, RATE_SCALE
from tumen.law.columns import Columns, at_column, product, quotient
from tumen.law.jp.vector_answer import answer, chosen, remarks, unknowns
from tumen.law.jp.vector_rates import KEYS, rates
from tumen.law.jp.vector_values import values
from tumen.law.overlay import remembered
from tumen.law.vector.twin import Twin

BASE_UNIT, TAX_UNIT = "jp.rounding.base_unit", "jp.rounding.tax_unit"
LITRES: Final = 3
FLAGS: Final = ("duty_g", "duty_s", "tax_g", "tax_s", "excise", "liquor_tax", "simplified")
FLAG_BASE: Final = 128
"""More than the items of a shipment: counts of several kinds are summed as one number."""

FLAG_UNITS: Final = (
    *(1, FLAG_BASE, FLAG_BASE**2, FLAG_BASE**3),
    *(FLAG_BASE**4, FLAG_BASE**5, FLAG_BASE**6),
)
SUMS: Final = ("duty_g", "duty_s", "tax_g", "tax_s", "local_g", "local_s")


def whole(x: ModuleType, column: nw.Expr) -> nw.Expr:
    """What the lines of a shipment come to; Polars takes it from the running sum of all lines."""
    if x is not pl:
        found: nw.Expr = column.sum().over("shipment")
        return found
    running = cast("pl.Expr", column).fill_null(0).cum_sum()
    before = running.shift(1, fill_value=0)
    together = running.gather(pl.col("law_last")) - before.gather(pl.col("law_first"))
    return cast("nw.Expr", together)


@remembered
def _limits(x: ModuleType) -> Columns:
    """Stage 1: what is within the limits of the exemption, and the quantities of the rates."""
    total, day, nothing = x.col("law_total"), x.col("period"), x.lit(0, x.Int64)
    pick = x.col("law_pick")
    duty = total <= at_column("jp.deminimis.duty_limit", day)
    tax = total <= at_column("jp.deminimis.consumption_tax_limit", day)
    litres = x.when(x.col("law_s_pick") > 0).then(x.col("litre_e5")).otherwise(nothing)
    return (
        quotient(x.col("law_value"), at_column(BASE_UNIT, day)).alias("law_units"),
        x.when(pick == 0)
        .then(nothing)
        .otherwise(
            x.when(pick == 1)
            .then(x.col("quantity_e5"))
            .otherwise(x.when(pick == LITRES).then(x.col("litre_e5")).otherwise(x.col("kg_e5")))
        )
        .alias("law_quantity"),
        litres.alias("law_litres"),
        duty.alias("law_within_duty"),
        (duty & tax.fill_null(value=False)).alias("law_within_tax"),
        (~duty | ~tax.is_null()).alias("law_is_exemption_held"),
    )


@remembered
def _duties(x: ModuleType) -> Columns:
    """Stage 2: the duty of each item by either tariff, whatever is exempt."""
    units, quantity, per = x.col("law_units"), x.col("law_quantity"), x.col("law_per")
    low = product(units, x.col("law_low"))
    cap = quotient(product(quantity, x.col("law_cap")), per)
    capped = x.when(cap < low).then(cap).otherwise(low)
    amount = quotient(product(quantity, x.col("law_amount")), per)
    flat = product(units, x.col("law_rate")) + amount
    by_litre = quotient(product(x.col("law_litres"), x.col("law_s_amount")), FIXED_POINT_SCALE)
    return (
        x.when(capped > flat).then(capped).otherwise(flat).alias("law_general"),
        (product(units, x.col("law_s_rate")) + by_litre).alias("law_simplified"),
        (x.col("law_within_duty") & ~x.col("law_is_listed")).alias("law_is_free_of_duty"),
        (x.col("law_within_tax") & ~x.col("law_is_listed")).alias("law_is_free_of_tax"),
        x.col("law_within_duty").alias("law_is_within"),
    )


@remembered
def _payable_duties(x: ModuleType) -> Columns:
    """Stage 3: nothing of exempt items; unknown where nobody told whether they are exempt."""
    general = x.col("law_general")
    by_class = x.when(x.col("law_is_general")).then(general).otherwise(x.col("law_simplified"))
    is_untold = x.col("law_is_untold") & x.col("law_is_within")
    is_free, nothing = x.col("law_is_free_of_duty"), x.lit(0, x.Int64)
    return (
        *(
            x.when(~is_untold)
            .then(x.when(is_free).then(nothing).otherwise(duty))
            .alias(f"law_duty_{tariff}")
            for tariff, duty in (("g", general), ("s", by_class))
        ),
        is_untold.alias("law_is_untold_here"),
    )


@remembered
def _national(x: ModuleType) -> Columns:
    """Stage 4: the national consumption tax; unknown with the duty or an excise."""
    day = x.col("period")
    base_unit, unit = at_column(BASE_UNIT, day), at_column(TAX_UNIT, day)
    free = x.col("law_is_free_of_tax") & ~x.col("law_is_untold_here")
    has_base = x.col("law_excise") == 0
    found = []
    for tariff in ("g", "s"):
        duty = product(quotient(x.col(f"law_duty_{tariff}"), unit), unit)
        base = quotient(x.col("law_value") + duty, base_unit)
        tax = quotient(product(base, x.col("law_tax")), RATE_SCALE)
        taxed = x.when(free).then(x.lit(0, x.Int64)).otherwise(x.when(has_base).then(tax))
        found.append(taxed.alias(f"law_tax_{tariff}"))
    return tuple(found)


@remembered
def _local(x: ModuleType) -> Columns:
    """Stage 5: the local consumption tax, and what is unknown of an item as one number."""
    day = x.col("period")
    unit = at_column(TAX_UNIT, day)
    parts = product(unit, at_column("jp.consumption_tax.local_numerator", day))
    of = at_column("jp.consumption_tax.local_denominator", day)
    local = (
        quotient(product(quotient(x.col(f"law_tax_{each}"), unit), parts), of).alias(
            f"law_local_{each}"
        )
        for each in ("g", "s")
    )
    flags = (
        *(x.col(f"law_{each}").is_null() for each in ("duty_g", "duty_s", "tax_g", "tax_s")),
        x.col("law_excise") == 1,
        x.col("law_excise") > 1,
        ~x.col("law_is_general"),
    )
    counts = (
        x.when(flag).then(x.lit(unit, x.Int64)).otherwise(x.lit(0, x.Int64))
        for unit, flag in zip(FLAG_UNITS, flags, strict=True)
    )
    return (*local, sum(counts, x.lit(0, x.Int64)).alias("law_flags"))


@remembered
def _sums(x: ModuleType) -> Columns:
    """Stage 6: the sums of the items' taxes, before any rounding to hundreds."""
    amounts = (whole(x, x.col(f"law_{name}")).alias(f"law_sum_{name}") for name in SUMS)
    return (*amounts, whole(x, x.col("law_flags")).alias("law_counts"))


@remembered
def _counts(x: ModuleType) -> Columns:
    """Stage 7: what is payable by either tariff, in hundreds, and what of it is unknown."""
    unit, counts = at_column(TAX_UNIT, x.col("period")), x.col("law_counts")
    payable = (
        product(quotient(x.col(f"law_sum_{name}"), unit), unit).alias(f"law_pay_{name}")
        for name in SUMS
    )
    kinds = (
        (quotient(counts, unit) % FLAG_BASE).alias(f"law_count_{name}")
        for unit, name in zip(FLAG_UNITS, FLAGS, strict=True)
    )
    return (*payable, *kinds)


@remembered
def _choice(x: ModuleType) -> Columns:
    """Stage 8: the regime that is open and costs less; of equal ones the simplified tariff."""
    asked, total = x.col("asked"), x.col("law_total")
    limit = at_column("jp.simplified.limit", x.col("period"))
    is_open = (asked != "general") & (total <= limit) & (x.col("law_count_simplified") > 0)
    has_excise = (x.col("law_count_excise") + x.col("law_count_liquor_tax")) > 0
    known = {}
    cost = {}
    for each in ("g", "s"):
        unknown = x.col(f"law_count_duty_{each}") + x.col(f"law_count_tax_{each}")
        known[each] = (unknown == 0) & ~has_excise
        cost[each] = sum(x.col(f"law_pay_{name}_{each}") for name in ("duty", "tax", "local"))
    is_cheaper = ~known["g"] | (known["s"] & (cost["s"] <= cost["g"]))
    is_better = (known["s"] & is_cheaper) | (~known["s"] & ~known["g"])
    return (
        (is_open & ((asked == "simplified") | is_better)).alias("law_is_simplified"),
        ((asked == "auto") & is_open & (known["s"] != known["g"])).alias("law_is_not_compared"),
        ((asked != "simplified") | is_open).alias("law_is_admitted"),
        has_excise.alias("law_has_excise"),
    )


TWIN: Final = Twin(
    economy="JP",
    keys=KEYS,
    rates=rates,
    values=values,
    stages=(
        *(_limits, _duties, _payable_duties, _national, _local, _sums),
        *(_counts, _choice, chosen, unknowns, answer, remarks),
    ),
    drop=(),
    charges=("duty", "consumption_tax_national", "consumption_tax_local"),
)
