"""Imports into China on whole columns: retail import, personal articles, general trade.

The law is that of :mod:`tumen.law.cn.cbec`, which general trade shares but for three things: the
duty is the tariff's, a small duty is exempt, and all of the taxes is payable. An article bears
one tax instead. The steps are those of ``docs/law-cn.md``; what is not told here for certain is
not covered, and the scalar law answers.
"""

from types import ModuleType
from typing import Final

import narwhals as nw

from tumen.kernel.limits import AMOUNT_MINOR_MAX
from tumen.law.cn import cbec
from tumen.law.cn.apportionment import SHARING
from tumen.law.cn.cbec import PERCENT
from tumen.law.cn.vector_rates import KEYS, LITRE_ELSE_KILOGRAM, rates
from tumen.law.cn.vector_values import values
from tumen.law.columns import Columns, Stage, at_column, product
from tumen.law.overlay import remembered
from tumen.law.vector.twin import Twin, bit

CHARGES: Final = ("duty", "postal_tax", "consumption_tax", "vat")
AUTO: Final = "auto"
BY_POST: Final = ("post", "courier")
NEAR: Final = ("HK", "MO", "TW")
"""The places of dispatch that ``cn.postal.limit_hk_mo_tw`` is for."""

ONE_PIECE: Final = ("piece", "pair")
ONE_E5: Final = 100_000
QUANTITY_COUNTED_E5_MAX: Final = 10**9
"""Largest quantity that a tax is computed by here: ten tonnes. More is left to the scalar law,
which does not count it in retail import."""


# --- which regime --------------------------------------------------------------------------------


@remembered
def _stated(x: ModuleType) -> Columns:
    """Who buys, by which way, and whether it is one item that cannot be divided."""
    is_single = (x.col("items") == 1) & (x.col("quantity_e5") == ONE_E5)
    return (
        (x.col("law_total") + x.col("law_freight") + x.col("law_insurance")).alias(
            "declaration_value_fen"
        ),
        (is_single & x.col("unit").is_in(ONE_PIECE)).alias("is_single_indivisible"),
        ((x.col("buyer_kind") == "person") & (x.col("purpose") == "personal")).alias(
            "law_is_personal"
        ),
    )


@remembered
def _admitted(x: ModuleType) -> Columns:
    """Retail import of a person through a platform; else an article by post or courier.

    An order through a platform that is above a limit of retail import is no article either.
    """
    asked, personal = x.col("asked"), x.col("law_is_personal")
    bought = asked.is_in([AUTO, "cbec"]) & personal & ~x.col("platform").is_null()
    judged, period = x.col("verdict"), x.col("period")
    limit = x.when(x.col("dispatch").is_in(NEAR)).then(
        at_column("cn.postal.limit_hk_mo_tw", period)
    )
    within = x.col("law_price_up") <= limit.otherwise(at_column("cn.postal.limit_other", period))
    one = x.col("is_single_indivisible") & at_column("cn.postal.indivisible", period)
    sent = asked.is_in([AUTO, "postal"]) & personal & x.col("transport").is_in(BY_POST)
    above = judged.is_in([cbec.OVER_ANNUAL_LIMIT, cbec.OVER_SINGLE_LIMIT])
    leaves = above & ~x.col("platform").is_null()
    may_leave = ~_surely(leaves) | at_column("cn.cbec.over_limit_is_article", period)
    return (
        _surely(bought & (judged == cbec.WITHIN_LIMIT)).alias("law_is_within"),
        _surely(bought & (judged == cbec.OVER_SINGLE_INDIVISIBLE)).alias("law_is_full"),
        _surely(sent & (within | one) & may_leave).alias("law_is_article"),
    )


def _surely(condition: nw.Expr) -> nw.Expr:
    return condition.fill_null(value=False)


@remembered
def _regime(x: ModuleType) -> Columns:
    """The first regime that admits the shipment, for none of them leaves the next one open.

    Retail import has its own way to round freight and insurance; an article bears none of them.
    """
    retail = x.col("law_is_within") | x.col("law_is_full")
    article = x.col("law_is_article")
    goods = x.col("asked").is_in([AUTO, "general"])
    extra = x.when(article).then(x.lit(0, x.Int64)).otherwise(x.col("law_together"))
    separately = x.col("law_freight") + x.col("law_insurance")
    return (
        retail.alias("law_is_retail"),
        (article & ~retail).alias("law_is_postal"),
        (goods & ~article & ~retail).alias("law_is_general"),
        x.when(retail).then(separately).otherwise(extra).alias("law_extra"),
        x.when(x.col("law_total") > 0).then(x.col("law_total")).alias("law_whole"),
    )


# --- the terms of the regime ---------------------------------------------------------------------


@remembered
def _counted(x: ModuleType) -> Columns:
    """The value that is taxed, and the quantity that a tax turns on, if one does."""
    amount, pick = x.col("customs_value_fen"), x.col("law_pick")
    by_litre = (pick == LITRE_ELSE_KILOGRAM) & ~x.col("litre_e5").is_null()
    told = x.when(by_litre).then(x.col("litre_e5")).otherwise(x.col("kg_e5"))
    quantity = x.when(pick == LITRE_ELSE_KILOGRAM).then(told).otherwise(x.col("quantity_e5"))
    whole = x.lit(PERCENT, x.Int64)
    within = x.col("law_is_within")
    return (
        x.when(amount <= AMOUNT_MINOR_MAX).then(amount).alias("law_value"),
        x.when(quantity <= QUANTITY_COUNTED_E5_MAX)
        .then(quantity)
        .alias("consumption_tax_quantity_e5"),
        *(
            x.when(by_litre).then(x.col(f"{name}_l")).otherwise(x.col(name)).alias(name)
            for name in ("law_trigger", "law_per_e5", "law_unit_low", "law_unit_high")
        ),
        x.when(within).then(x.col("law_vat_factor")).otherwise(whole).alias("law_vat_factor"),
        x.when(within)
        .then(x.col("law_ct_factor"))
        .otherwise(whole)
        .alias("consumption_tax_factor_percent"),
    )


@remembered
def _rates(x: ModuleType) -> Columns:
    """The rate of duty, or of the tax on articles; the VAT with the share that is payable."""
    reached = _surely(x.col("law_is_reached"))
    article = x.when(reached).then(x.col("law_postal_high")).otherwise(x.col("law_postal_low"))
    traded = (
        x.when(x.col("law_is_full"))
        .then(x.col("law_duty_full"))
        .otherwise(x.col("law_duty_general"))
    )
    taxed = x.when(x.col("law_is_postal")).then(article).otherwise(traded)
    within = x.when(x.col("law_is_within")).then(x.col("law_duty_within"))
    return (
        within.otherwise(taxed).alias("duty_rate_ppm"),
        product(x.col("law_vat"), x.col("law_vat_factor")).alias("law_vat_part"),
    )


# --- the whole shipment --------------------------------------------------------------------------


def whole(amount: nw.Expr) -> nw.Expr:
    """The sum over the lines of a shipment."""
    return amount.sum().over("shipment")


@remembered
def _first_charge(x: ModuleType) -> Columns:
    return (whole(x.col("duty_fen")).alias("law_first"),)


@remembered
def _small(x: ModuleType) -> Columns:
    """What is small on the whole is not collected, and not in the bases of the other taxes."""
    period = x.col("period")
    of_goods = x.when(x.col("law_is_general")).then(at_column("cn.general.exempt_duty", period))
    of_articles = at_column("cn.postal.exempt_tax", period)
    limit = x.when(x.col("law_is_postal")).then(of_articles).otherwise(of_goods)
    exempt = _surely(x.col("law_first") <= limit)
    nothing, charge = x.lit(0, x.Int64), x.col("duty_fen")
    return (
        x.when(exempt).then(nothing).otherwise(x.col("law_first")).alias("law_first"),
        exempt.alias("law_is_exempt"),
        x.when(exempt & ~charge.is_null()).then(nothing).otherwise(charge).alias("duty_fen"),
    )


@remembered
def _sums(x: ModuleType) -> Columns:
    """The other taxes of the whole, and whether any of the goods is of a class that is taxed."""
    taxed = x.when(x.col("law_is_taxed")).then(x.lit(1, x.Int64)).otherwise(x.lit(0, x.Int64))
    return (
        whole(x.col("consumption_tax_fen")).alias("law_consumption_tax"),
        whole(x.col("vat_fen")).alias("law_vat_sum"),
        whole(taxed).alias("law_taxed"),
    )


@remembered
def _unknown(x: ModuleType) -> Columns:
    """What could not be found: asked for on the first line, for the whole shipment.

    A duty that is not known leaves the VAT unknown, and the consumption tax where one is levied.
    """
    postal, full, general = x.col("law_is_postal"), x.col("law_is_full"), x.col("law_is_general")
    of_goods = x.when(general).then(x.col("law_missing_duty_first"))
    tariff = x.when(full).then(x.col("law_missing_full")).otherwise(of_goods)
    by_tax = (
        x.when(postal)
        .then(x.col("law_missing_post_first"))
        .otherwise(x.col("law_missing_tax_first"))
    )
    no_duty, no_tax = ~tariff.is_null(), ~by_tax.is_null()
    taxes = x.when(no_tax & ~postal).then(x.lit("consumption_tax vat"))
    article = x.when(no_tax & postal).then(x.lit("postal_tax")).otherwise(taxes)
    all_three = x.when(no_duty).then(x.lit("duty consumption_tax vat")).otherwise(article)
    duty_alone = no_duty & general & (x.col("law_taxed") == 0)
    return (
        x.when(no_duty).then(tariff).otherwise(by_tax).alias("missing"),
        x.when(duty_alone).then(x.lit("duty vat")).otherwise(all_three).alias("unknown"),
        no_duty.alias("law_lacks_duty"),
    )


@remembered
def _answer(x: ModuleType) -> Columns:
    """What is levied: retail import levies three taxes whatever they come to."""
    postal, retail = x.col("law_is_postal"), x.col("law_is_retail")
    goods, known = ~postal, x.col("unknown").is_null()
    first = x.col("law_first")
    levied = goods & known & (retail | (x.col("law_taxed") > 0))
    others = x.when(goods).then(x.col("law_consumption_tax") + x.col("law_vat_sum"))
    due = first + others.otherwise(x.lit(0, x.Int64)) > 0
    owed = x.when(due).then(x.lit("payable")).otherwise(x.lit("exempt"))
    general = x.when(x.col("law_is_general")).then(x.lit("general"))
    article = x.when(postal).then(x.lit("postal")).otherwise(general)
    return (
        x.when(retail).then(x.lit("cbec")).otherwise(article).alias("regime"),
        x.when(known).then(owed).otherwise(x.lit("unknown")).alias("status"),
        x.col("declaration_value_fen").alias("customs_value"),
        x.when(goods & ~x.col("law_lacks_duty")).then(first).alias("duty"),
        x.when(postal & known).then(first).alias("postal_tax"),
        x.when(levied).then(x.col("law_consumption_tax")).alias("consumption_tax"),
        x.when(goods & known).then(x.col("law_vat_sum")).alias("vat"),
        _warned(x).alias("line_notices"),
        _covered(x).alias("law_is_covered"),
    )


def _warned(x: ModuleType) -> nw.Expr:
    """The bits of the warnings of a line: what its regime tells, the tariff, and what is missing.

    An indicative tariff is told where it was used. A quantity that was not told is no rate.
    """
    general, full, nothing = x.col("law_is_general"), x.col("law_is_full"), x.lit(0, x.Int64)
    bought = x.when(x.col("law_is_retail")).then(x.col("law_told_cbec"))
    sent = x.when(x.col("law_is_postal")).then(x.col("law_told_postal"))
    told = bought.otherwise(sent.otherwise(x.col("law_told_general")))
    used = full | (general & x.col("law_is_indicative").fill_null(value=False))
    of_tariff = x.when(used).then(x.lit(bit("TARIFF_INDICATIVE"), x.Int64)).otherwise(nothing)
    no_rate = ~x.col("law_missing_tax").is_null() & (x.col("law_pick") != LITRE_ELSE_KILOGRAM)
    lacks = (~x.col("law_is_postal") & no_rate) | x.col("law_lacks_duty")
    of_rate = x.when(lacks).then(x.lit(bit("RATE_UNKNOWN"), x.Int64)).otherwise(nothing)
    warned: nw.Expr = told + of_tariff + of_rate
    return warned


def _covered(x: ModuleType) -> nw.Expr:
    """Whether all is told of a line for the regime that its shipment takes.

    Where a duty is unknown, it is told how that of all lines ends, if none is levied on any of
    them without it.
    """
    counted, lacks_duty = ~x.col("law_is_reached").is_null(), x.col("law_lacks_duty")
    taxed = ~x.col("vat_fen").is_null() | ~x.col("law_missing_tax").is_null()
    alike = x.col("law_is_full") | (x.col("law_taxed") == 0) | x.col("law_is_exempt")
    without = lacks_duty & x.col("law_missing_tax_first").is_null() & counted & alike
    told = without | (~lacks_duty & ~x.col("duty_fen").is_null() & taxed)
    retail = x.col("law_is_retail") & x.col("law_covers_cbec") & told
    general = x.col("law_is_general") & x.col("law_covers_general") & told
    classed = counted | ~x.col("law_postal_turns") | ~x.col("law_missing_post").is_null()
    posted = x.col("law_is_postal") & x.col("law_covers_postal") & classed
    valued = ~x.col("law_value").is_null() & (x.col("declaration_value_fen") <= AMOUNT_MINOR_MAX)
    return _surely((retail | general | posted) & valued)


STAGES: Final[tuple[Stage, ...]] = (
    _stated,
    *cbec.LIMITS,
    _admitted,
    _regime,
    *SHARING,
    _counted,
    *cbec.TRIGGER,
    _rates,
    *cbec.DUTY,
    _first_charge,
    _small,
    *cbec.TAXES,
    _sums,
    _unknown,
    _answer,
)

TWIN: Final = Twin(
    economy="CN",
    keys=KEYS,
    rates=rates,
    values=values,
    stages=STAGES,
    drop=(),
    charges=CHARGES,
)
