"""The import into Korea on whole columns: list clearance, simplified rates, general import.

The twin of the scalar law, blind to it: the same answer in every column, or none at all
(``law_is_covered``). Amounts are int64 in won, rates int64 in millionths. ``docs/law-kr.md`` says
how an officer can check each number; sections are those of that page. What is said of a whole
shipment stands on its first line.
"""

from types import ModuleType
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.kernel.money import Rounding, mul_div
from tumen.law.columns import Columns, product
from tumen.law.kr.vector_answer import CHARGES, answers, charges, notices, verdicts
from tumen.law.kr.vector_rates import COLUMNS, COSMETICS, KEYS, rates
from tumen.law.kr.vector_values import values
from tumen.law.kr.vector_whole import bits, cut, digit, digits, has, of_first, share, whole
from tumen.law.overlay import remembered
from tumen.law.vector.twin import Twin

COURIER: Final = "courier"
SIMPLIFIED_TRANSPORTS: Final = ("post", "courier")
HIGHER_LIMIT_DISPATCH: Final = "US"

AMOUNTS: Final = ("simple", "duty", "luxury", "liquor", "education", "rural", "vat")
"""What is found of each line, in ``law_of_…``, and of a shipment, in ``law_sum_…``."""


# --- 4. simplified rates, line by line -----------------------------------------------------------


@remembered
def simplified(x: ModuleType) -> Columns:
    """The tax by annex 2: a share, or of luxury goods an amount and a share above a value."""
    value, pieces = x.col("law_value"), x.col("law_pieces")
    threshold = x.col("law_simple_threshold")
    free = product(threshold, pieces)
    is_above = (value > threshold) & (value > free)
    base = product(product(x.col("law_simple_base"), pieces), RATE_SCALE)
    above = base + product(value - free, x.col("law_simple_above"))
    tax = x.when(is_above).then(above).otherwise(product(value, x.col("law_simple_rate")))
    # luxury fur, carpets and furniture have no rate: the price with the basic duty is looked at
    with_duty = RATE_SCALE + x.col("law_barred_basic")
    price = mul_div(value, with_duty, RATE_SCALE, Rounding.UP)
    luxury = x.col("law_luxury")
    is_barred = (price > luxury) & (price > product(luxury, pieces))
    is_uncounted = pieces.is_null() & (
        (value > threshold).fill_null(value=False) | (price > luxury)
    )
    return (
        cut(tax).alias("law_of_simple"),
        (x.col("law_is_unfit") | is_barred.fill_null(value=False)).alias("law_is_unfit"),
        is_uncounted.fill_null(value=False).alias("law_is_uncounted"),
    )


# --- 2 to 4. which regimes admit the shipment ----------------------------------------------------


@remembered
def counts(x: ModuleType) -> Columns:
    """How many lines stand against a regime, and how many bear which tax."""
    is_missing = x.col("law_duty").is_null()
    is_luxury = ~x.col("law_luxury").is_null()
    is_liquor = x.col("law_is_liquor")
    flags = ("law_is_excluded", "law_is_unfit", "law_is_over", "law_is_lacking")
    bearers = (is_luxury, is_liquor, ~x.col("law_rural_rate").is_null())
    return (
        whole(x, digits(x, *map(x.col, flags), is_missing)).alias("law_counts"),
        whole(x, digits(x, *bearers, *(is_missing & each for each in bearers))).alias(
            "law_bearers"
        ),
    )


@remembered
def admission(x: ModuleType) -> Columns:
    """Small goods for personal use, list clearance, simplified rates: bits of ``law_state``."""
    told = x.col("law_counts")
    is_personal = (x.col("purpose") == "personal") & (x.col("buyer_kind") == "person")
    is_small = is_personal & (x.col("law_cents") <= x.col("law_small_limit"))
    is_modest, is_told = digit(told, 2) == 0, digit(told, 3) == 0
    is_exempt = is_small & is_modest & is_told
    is_untold = is_small & ~is_told
    limit = (
        x.when(x.col("dispatch") == HIGHER_LIMIT_DISPATCH)
        .then(x.col("law_list_limit_us"))
        .otherwise(x.col("law_list_limit"))
    )
    has_code = ~x.col("law_needs_id") | ~x.col("buyer_id").is_null()
    is_listed = (
        is_personal
        & (x.col("transport") == COURIER)
        & (digit(told, 0) == 0)
        & (x.col("law_cents") <= limit)
        & (is_modest & is_told & has_code)
        & x.col("asked").is_in(["auto", "list"])
    )
    is_simple = (
        is_personal
        & x.col("transport").is_in(SIMPLIFIED_TRANSPORTS)
        & (digit(told, 1) == 0)
        & ~(is_exempt | is_untold)
        & x.col("asked").is_in(["auto", "simplified"])
    )
    state = bits(x, is_exempt, is_untold, is_listed, is_simple)
    return (
        of_first(x, state).alias("law_state"),
        is_personal.alias("asks_usd"),
    )


@remembered
def state(x: ModuleType) -> Columns:
    """The same, as flags on every line."""
    names = ("law_is_exempt", "law_is_untold", "law_is_listed", "law_is_simple")
    return tuple(has(x.col("law_state"), place).alias(name) for place, name in enumerate(names))


# --- 5. the general import, line by line ---------------------------------------------------------


@remembered
def duty(x: ModuleType) -> Columns:
    """1. Duty; none on small goods, unknown where that or the rate is."""
    found = share(x.col("law_value"), x.col("law_duty"))
    levied = x.when(x.col("law_is_exempt")).then(x.lit(0, x.Int64)).otherwise(found)
    return (x.when(~x.col("law_is_untold")).then(levied).alias("law_of_duty"),)


@remembered
def excises(x: ModuleType) -> Columns:
    """2 and 3. Individual consumption tax above a price for each piece; liquor tax."""
    price, threshold = x.col("law_value") + x.col("law_of_duty"), x.col("law_luxury")
    pieces = x.col("law_pieces")
    free = x.when(threshold > 0).then(product(threshold, pieces)).otherwise(threshold)
    is_dear = price > threshold
    taxed = x.when(is_dear & (price > free)).then(price - free)
    liquor = x.when(x.col("law_is_liquor")).then(price)
    is_uncounted = (is_dear & free.is_null()).fill_null(value=False)
    return (
        price.alias("law_price"),
        share(taxed, x.col("law_luxury_rate")).alias("law_of_luxury"),
        share(liquor, x.col("law_liquor_rate")).alias("law_of_liquor"),
        (x.col("law_is_uncounted") | is_uncounted).alias("law_is_uncounted"),
    )


@remembered
def on_excises(x: ModuleType) -> Columns:
    """4 and 5. Education tax on either of them, rural special tax on the first."""
    luxury = x.col("law_of_luxury")
    either = x.when(~luxury.is_null()).then(luxury).otherwise(x.col("law_of_liquor"))
    return (
        share(either, x.col("law_education_rate")).alias("law_of_education"),
        share(luxury, x.col("law_rural_rate")).alias("law_of_rural"),
    )


@remembered
def vat(x: ModuleType) -> Columns:
    """6. Value added tax on all of it; none on small goods."""
    base = x.col("law_price")
    for name in ("luxury", "liquor", "education", "rural"):
        base = base + x.col(f"law_of_{name}").fill_null(0)
    found = share(base, x.col("law_vat_rate"))
    levied = x.when(x.col("law_is_exempt")).then(x.lit(0, x.Int64)).otherwise(found)
    return (levied.alias("law_of_vat"),)


@remembered
def sums(x: ModuleType) -> Columns:
    """What is payable on the shipment by either way, and which taxes any of its lines bears."""
    borne = (~x.col(f"law_of_{name}").is_null() for name in ("luxury", "liquor", "rural"))
    return (
        *(
            whole(x, x.col(f"law_of_{name}").fill_null(0)).alias(f"law_sum_{name}")
            for name in AMOUNTS
        ),
        whole(x, digits(x, *borne)).alias("law_borne"),
    )


DROPPED: Final = (
    *(name for name in COLUMNS if name != "law_is_covered"),
    *(f"law_of_{name}" for name in AMOUNTS),
    *(f"law_sum_{name}" for name in AMOUNTS),
    *("law_value", "law_cents", "law_pieces", "law_has_odd_id", "law_is_over", "law_is_lacking"),
    *("law_lacks", "law_missing_all", "law_is_uncounted", "law_counts", "law_bearers"),
    *("law_state", "law_is_exempt", "law_is_untold", "law_is_listed"),
    *("law_is_simple", "law_price", "law_borne", "law_is_unknown", "law_is_collected"),
    *("law_taken", "law_told", "law_sum_general", "law_is_open"),
    *("law_open_luxury", "law_open_liquor", "law_open_rural"),
)

TWIN: Final = Twin(
    economy="KR",
    keys=KEYS,
    rates=rates,
    values=values,
    stages=(
        *(simplified, counts, admission, state, duty, excises, on_excises, vat, sums),
        *verdicts,
        *(answers, charges, notices),
    ),
    drop=DROPPED,
    charges=CHARGES,
    currencies=("USD",),
    headings=COSMETICS,
)
"""Korea's vectorised law."""
