"""Imports into Japan on whole columns: the simplified tariff and the general one.

The vectorised twin of the scalar law. ``docs/law-jp.md`` says how an officer can check each number;
:class:`~tumen.law.vector.twin.Twin` what is expected here. Both regimes are computed side by side
(their columns end in ``_s`` and ``_g``), and the cheaper one is taken. An amount that is unknown is
null all along.
"""

from types import ModuleType
from typing import Final

import narwhals as nw

from tumen.kernel.limits import FIXED_POINT_SCALE, RATE_SCALE
from tumen.law.columns import Columns, at_column, product, quotient
from tumen.law.jp.vector_rates import KEYS, rates
from tumen.law.jp.vector_values import values
from tumen.law.overlay import remembered
from tumen.law.vector.twin import Twin, bit

BASE_UNIT, TAX_UNIT = "jp.rounding.base_unit", "jp.rounding.tax_unit"
LITRES: Final = 3
REGIMES: Final = ("auto", "simplified", "general")
FLAGS: Final = ("duty_g", "duty_s", "tax_g", "tax_s", "excise", "liquor_tax", "simplified")
FLAG_BASE: Final = 128
"""More than the items of a shipment: counts of several kinds are summed as one number."""

SUMS: Final = ("duty_g", "duty_s", "tax_g", "tax_s", "local_g", "local_s")


def whole(x: ModuleType, column: nw.Expr) -> nw.Expr:
    """What the lines of a shipment come to."""
    found: nw.Expr = column.sum().over("shipment")
    return found


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
        tax.fill_null(value=False).alias("law_within_tax"),
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
        (x.col("law_within_duty") | x.col("law_within_tax")).alias("law_is_within"),
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
        x.when(flag).then(x.lit(FLAG_BASE**place, x.Int64)).otherwise(x.lit(0, x.Int64))
        for place, flag in enumerate(flags)
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
        (quotient(counts, FLAG_BASE**place) % FLAG_BASE).alias(f"law_count_{name}")
        for place, name in enumerate(FLAGS)
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


@remembered
def _chosen(x: ModuleType) -> Columns:
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
    )


@remembered
def _answer(x: ModuleType) -> Columns:
    """Stage 10: regime, value, status and what is missing."""
    charges = ("duty", "consumption_tax_national", "consumption_tax_local")
    due = x.col(charges[0]) + x.col(charges[1]) + x.col(charges[2])
    is_unknown = due.is_null() | x.col("law_has_excise")
    status = x.when(due > 0).then(x.lit("payable")).otherwise(x.lit("exempt"))
    regime = x.when(x.col("law_is_simplified")).then(x.lit("simplified"))
    return (
        x.col("law_total").alias("customs_value"),
        regime.otherwise(x.lit("general")).alias("regime"),
        x.when(is_unknown).then(x.lit("unknown")).otherwise(status).alias("status"),
        x.when(is_unknown).then(_unknown_charges(x, charges)).alias("unknown"),
        x.when(is_unknown).then(_missing(x)).alias("missing"),
    )


def _unknown_charges(x: ModuleType, charges: tuple[str, str, str]) -> nw.Expr:
    """The codes of the charges that are unknown, in the order of an answer."""
    duty, *taxes = (x.when(x.col(each).is_null()).then(x.lit(each)) for each in charges)
    excises = (
        x.when(x.col(f"law_count_{each}") > 0).then(x.lit(each))
        for each in ("excise", "liquor_tax")
    )
    found: nw.Expr = x.concat_str([duty, *excises, *taxes], separator=" ", ignore_nulls=True)
    return found


def _missing(x: ModuleType) -> nw.Expr:
    """What they miss: of the duty a rate or a field of the item, of an excise its rate."""
    is_by_class, is_untold = x.col("law_is_by_class"), x.col("law_is_untold_here")
    lacks = x.when(is_by_class).then(x.col("law_s_lacks")).otherwise(x.col("law_lacks"))
    name = x.when(is_by_class).then(x.col("law_s_missing")).otherwise(x.col("law_missing"))
    field = x.when(is_untold).then(x.lit("category")).otherwise(lacks)
    place = x.concat_str([x.lit("items["), x.col("item").cast(x.String), x.lit("]."), field])
    of_duty = x.when(name.is_null() | is_untold).then(place).otherwise(name)
    found: nw.Expr = x.concat_str(
        [
            x.when(x.col("law_is_duty_unknown")).then(of_duty),
            x.when(x.col("law_count_excise") > 0).then(x.lit("jp.excise.rate")),
            x.when(x.col("law_count_liquor_tax") > 0).then(x.lit("jp.liquor_tax.rate")),
        ],
        separator="; ",
        ignore_nulls=True,
    )
    return found


@remembered
def _remarks(x: ModuleType) -> Columns:
    """Stage 11: what is told of each line, and whether the columns answer at all."""
    is_personal, is_within = x.col("law_is_personal"), x.col("law_is_within")
    is_excluded = is_within & x.col("law_is_listed")
    is_asked = ~x.col("law_is_free_of_duty") & ~x.col("law_is_untold_here")
    by_class, by_general = x.col("law_is_by_class"), ~x.col("law_is_by_class")
    is_known = ~x.col("law_is_duty_unknown")
    missing = x.when(by_class).then(x.col("law_s_missing")).otherwise(x.col("law_missing"))
    bits = {
        "JP_PERSONAL_VALUE_MAY_HAVE_ENDED": x.col("law_is_ending"),
        "JP_PERSONAL_VALUE_FREIGHT": is_personal & (x.col("extra_e6") > 0),
        "JP_EXEMPTION_EXCLUDED": is_excluded,
        "JP_GIFT_NOT_TOLD": is_excluded & is_personal,
        "JP_EXEMPTION_UNCERTAIN": x.col("law_is_untold_here"),
        "RATE_UNKNOWN": (is_asked & ~missing.is_null()) | (x.col("law_excise") > 0),
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
    """Whether the columns answer; which of several duties is missing the scalar law tells."""
    found: nw.Expr = (
        x.col("law_is_read")
        & x.col("law_is_valued")
        & x.col("law_is_exemption_held")
        & x.col("law_is_admitted")
        & x.col("asked").is_in(REGIMES)
        & ~x.col("law_is_number_wrong").is_null()
        & ((x.col("items") == 1) | ~x.col("duty").is_null())
    )
    return found


TWIN: Final = Twin(
    economy="JP",
    keys=KEYS,
    rates=rates,
    values=values,
    stages=(
        *(_limits, _duties, _payable_duties, _national, _local, _sums),
        *(_counts, _choice, _chosen, _answer, _remarks),
    ),
    drop=(),
    charges=("duty", "consumption_tax_national", "consumption_tax_local"),
    minor_units=1,
)
