"""What the law of China says of a code, a unit and a period: the keys of its vectorised law.

A row for each distinct code, joined to the lines of the shipments. What the row cannot tell for
a regime it does not cover: the scalar law answers then.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import RATE_SCALE
from tumen.kernel.money import Rounding, mul_div
from tumen.law.cn.apportionment import rounding
from tumen.law.cn.cbec_rates import ConsumptionTax, class_tax
from tumen.law.consignment import TariffRate
from tumen.law.duty import AdValorem
from tumen.law.goods import CODES_CACHED_MAX, duty_rate, goods_class, goods_classes
from tumen.law.overlay import remembered, remembered_up_to
from tumen.law.parameters import VERIFIED, integer_at, parameters, value_at
from tumen.law.tariffs import CHINA_COLUMN, rates_of
from tumen.law.vector.twin import bit

KEYS: Final = ("hs", "unit", "period")
"""Columns that decide the rates of a line."""

RATES_SCHEMA: Final = pl.Schema(
    {
        "hs": pl.String,
        "unit": pl.String,
        "period": pl.Date,
        "law_covers_cbec": pl.Boolean,
        "law_covers_general": pl.Boolean,
        "law_covers_postal": pl.Boolean,
        "law_told_cbec": pl.Int64,  # bits of warnings
        "law_told_general": pl.Int64,  # bits of warnings, without that of the tariff
        "law_told_postal": pl.Int64,  # bits of warnings
        "law_duty_within": pl.Int64,  # ppm, retail import within the limits
        "law_duty_full": pl.Int64,  # ppm, retail import above them
        "law_vat": pl.Int64,  # ppm
        "law_vat_factor": pl.Int64,  # per cent, retail import within the limits
        "law_ct_factor": pl.Int64,  # per cent, retail import within the limits
        "law_is_taxed": pl.Boolean,  # of a class of the consumption tax
        "law_missing_tax": pl.String,  # what the consumption tax misses, whatever the quantity
        "law_missing_full": pl.String,  # what the duty of retail import in full misses
        "law_pick": pl.Int64,  # -1: no quantity is needed; 0: the declared one; 1: litres, else kg
        "law_ct_low": pl.Int64,  # ppm below the trigger
        "law_ct_high": pl.Int64,  # ppm from the trigger on, or without one
        "law_unit_low": pl.Int64,  # fen for each law_per_e5, below the trigger
        "law_unit_high": pl.Int64,  # fen for each law_per_e5, from the trigger on
        "law_trigger": pl.Int64,  # fen of value for each law_per_e5; null without a trigger
        "law_per_e5": pl.Int64,  # quantity at scale 10^5; 1 where no quantity is needed
        "law_unit_low_l": pl.Int64,  # the same four where litres are counted besides kilograms
        "law_unit_high_l": pl.Int64,
        "law_trigger_l": pl.Int64,
        "law_per_e5_l": pl.Int64,
        "law_postal_turns": pl.Boolean,  # whether the class turns on the trigger
        "law_postal_low": pl.Int64,  # ppm below the trigger, or without one
        "law_postal_high": pl.Int64,  # ppm from the trigger on, or without one
        "law_duty_general": pl.Int64,  # ppm, by the tariff; null where that is no plain share
        "law_is_indicative": pl.Boolean,  # whether that rate is
        "law_missing_duty": pl.String,  # what it misses, where nothing is held that could be read
    }
)

UNIT_CODES: Final = {"piece": "007", "pair": "008", "kg": "035", "l": "095"}
"""The customs units of the units of a shipment that a tax can turn on."""

LITRE_ELSE_KILOGRAM: Final = 1
"""Of ``law_pick``."""

TURNING: Final = frozenset({"watches", "high_end_cosmetics"})
"""Classes of articles that turn on the value from which the consumption tax falls due."""

CLASS_ABOVE: Final = {"class_2": "class_3", "old_20": "old_30"}
"""The class of such an article below that value, and from it on."""

HELD: Final[Mapping[str, tuple[str, ...]]] = {
    "cbec": (
        "cn.cbec.single_limit",
        "cn.cbec.annual_limit",
        "cn.cbec.over_single_counts_to_annual",
        "cn.cbec.no_50_cny_exemption",
    ),
    "general": (
        "cn.general.customs_value",
        "cn.rate_date",
        "cn.general.payment_days",
        "cn.general.exempt_duty",
        "cn.general.consumption_tax_price",
        "cn.general.vat_base",
    ),
    "postal": (
        "cn.postal.limit_other",
        "cn.postal.limit_hk_mo_tw",
        "cn.postal.indivisible",
        "cn.postal.courier",
        "cn.postal.exempt_tax",
        "cn.postal.valuation",
    ),
}
"""Parameters that a regime rests on besides its rates; without one of them all is unknown."""

DOUBTFUL: Final[Mapping[str, tuple[str]]] = {
    "cbec": ("cn.cbec.apportionment",),
    "general": ("cn.general.apportionment",),
    "postal": ("cn.postal.limit_value",),
}
"""A parameter that a regime always rests on and that is not verified, so that every answer says
so. Were it verified, it would have to be found out what else is uncertain: not covered."""

EXEMPT_IN_BASE: Final = "cn.general.exempt_duty_in_base"
"""Not covered where it is true: the expressions leave exempt duty out of the bases."""

RETAIL: Final = {
    "law_duty_within": "cn.cbec.duty_rate",
    "law_vat_factor": "cn.cbec.vat_factor",
    "law_ct_factor": "cn.cbec.consumption_tax_factor",
}

TABLES: Final = ("cn.control", "cn.vat", "cn.consumption_tax", "cn.postal")
"""The tables of classes of goods."""

TARIFF_COLUMNS: Final = (
    "law_duty_full",
    "law_missing_full",
    "law_duty_general",
    "law_is_indicative",
    "law_missing_duty",
)
"""Those that turn on the code itself; the others on the classes that it is in."""

LAW_COLUMNS: Final = tuple(
    name for name in RATES_SCHEMA if name not in KEYS and name not in TARIFF_COLUMNS
)

Row = Mapping[str, object]


def rates(keys: pl.DataFrame, books: Path | None) -> pl.DataFrame:
    """The rates of distinct goods, with the columns of :data:`RATES_SCHEMA`.

    Args:
        keys: distinct rows of :data:`KEYS`.
        books: a folder of imported tariffs, or None.
    """
    rows = [
        (*key, *_by_law(*key), *_by_tariff(key[0], key[2], books))
        for key in keys.select(KEYS).iter_rows()
    ]
    names = (*KEYS, *LAW_COLUMNS, *TARIFF_COLUMNS)
    schema = {name: RATES_SCHEMA[name] for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row").select(RATES_SCHEMA.names())


def _by_tariff(hs: str, period: date, books: Path | None) -> tuple[object, ...]:
    """What the tariffs print; nothing is kept here, for a node may import another one."""
    full, rate = duty_rate(hs), rates_of("CN", hs, period, books).get(CHINA_COLUMN)
    no_full = f"cn.tariff.{hs}" if full is None else None
    missing = f"tariff.CN.{hs}.{CHINA_COLUMN}"
    if rate is None:
        return full, no_full, None, None, missing
    untold = missing if rate.terms is None else None
    return full, no_full, _ppm(rate), rate.evidence not in VERIFIED, untold


def _ppm(rate: TariffRate) -> int | None:
    """A rate by value in millionths; None for any other."""
    if not isinstance(rate.terms, AdValorem):
        return None
    return _millionths(rate.terms.rate.numerator, rate.terms.rate.denominator)


@remembered
def _millionths(numerator: int, denominator: int) -> int | None:
    """A share in whole millionths; None where it is finer."""
    down, up = (
        mul_div(numerator, RATE_SCALE, denominator, each) for each in (Rounding.DOWN, Rounding.UP)
    )
    return down if down == up else None


@remembered_up_to(CODES_CACHED_MAX)
def _by_law(hs: str, unit: str, period: date) -> tuple[object, ...]:
    classes = [goods_class(tax, hs, period) for tax in TABLES]
    names = tuple(None if each is None else each.name for each in classes)
    return _of_classes(names, any(_is_coarse(tax, hs, period) for tax in TABLES[1:]), unit, period)


@remembered
def _of_classes(
    names: tuple[str | None, ...], is_coarse: bool, unit: str, period: date
) -> tuple[object, ...]:
    """The columns of the law for goods that are in some classes, one of each of its tables."""
    control, vat, taxed, article = names
    is_plain = control != "prohibited" and not is_coarse
    bits = bit("LAW_UNVERIFIED") | (0 if control is None else bit("GOODS_CONTROLLED"))
    tax, by_litre = _taxed(taxed, unit, period)
    row: dict[str, object] = {
        "law_told_cbec": bits | bit("CBEC_POSITIVE_LIST_NOT_HELD"),
        "law_told_general": bits,
        "law_told_postal": bits | _of_value(period),
        "law_is_taxed": taxed is not None,
        "law_missing_tax": tax.missing,
        **_shares(vat, period),
        **_quantities(tax, by_litre),
        **_articles(article, period, tax if taxed == article else None),
    }
    is_told = tax.missing is None or (tax.missing != "quantity" and tax.missing not in parameters())
    is_known = is_plain and is_told and row["law_vat"] is not None
    row |= {
        "law_covers_cbec": is_known
        and row["law_vat_factor"] is not None
        and _is_covered("cbec", period),
        "law_covers_general": is_known and _is_covered("general", period),
        "law_covers_postal": is_plain
        and row["law_postal_low"] is not None
        and _is_covered("postal", period),
    }
    return tuple(row[name] for name in LAW_COLUMNS)


def _is_coarse(tax: str, hs: str, period: date) -> bool:
    """Whether a code is too short to tell two classes of a tax apart."""
    if len(hs) >= _longest(tax):
        return False
    found = goods_class(tax, hs, period)
    return any(
        (found is None or each.name != found.name)
        and each.covers(period)
        and any(prefix != hs and prefix.startswith(hs) for prefix in each.prefixes)
        for each in goods_classes(tax)
    )


@remembered
def _longest(tax: str) -> int:
    """Digits of the longest prefix of a table."""
    return max(len(prefix) for each in goods_classes(tax) for prefix in each.prefixes)


@remembered
def _is_covered(regime: str, period: date) -> bool:
    """Whether all that a regime rests on is held, and is as the expressions take it to be."""
    try:
        values = {name: value_at(name, period) for name in (*HELD[regime], *DOUBTFUL[regime])}
        is_doubtful = values[DOUBTFUL[regime][0]].evidence not in VERIFIED
        return (
            is_doubtful
            and value_at(f"cn.{regime}.rounding", period).value == Rounding.HALF_UP.value
            and rounding() is Rounding.HALF_UP
            and not (regime == "general" and value_at(EXEMPT_IN_BASE, period).value)
        )
    except LawError:
        return False


def _of_value(period: date) -> int:
    """The bit of the warning that customs took the price of a table that is not held."""
    try:
        is_table = value_at("cn.postal.valuation", period).value == "table_price"
    except LawError:
        return 0
    return bit("POSTAL_TABLE_PRICE_NOT_HELD") if is_table else 0


def _shares(vat: str | None, period: date) -> Row:
    """The rate of VAT, and of retail import the duty and which share of the taxes is payable."""
    names = {**RETAIL, "law_vat": f"cn.vat.{vat or 'standard'}"}
    return {column: _held(name, period) for column, name in names.items()}


def _held(name: str, period: date) -> int | None:
    try:
        return integer_at(name, period)
    except LawError:
        return None


def _taxed(
    taxed: str | None, unit: str, period: date
) -> tuple[ConsumptionTax, ConsumptionTax | None]:
    """The consumption tax by the declared quantity, else by weight and, besides, by volume.

    A volume that is told goes before a weight, which is often told for the carriage.
    """
    if taxed is None:
        return ConsumptionTax(), None
    code = UNIT_CODES.get(unit)
    declared = class_tax(taxed, period, () if code is None else (code,))
    if declared.missing != "quantity":
        return declared, None
    weight, volume = (class_tax(taxed, period, (UNIT_CODES[each],)) for each in ("kg", "l"))
    if weight.missing or volume.missing:
        return declared, None
    return replace(weight, pick=LITRE_ELSE_KILOGRAM), volume


def _quantities(tax: ConsumptionTax, by_litre: ConsumptionTax | None) -> Row:
    litre = by_litre or tax
    return {
        "law_pick": tax.pick,
        "law_ct_low": tax.low,
        "law_ct_high": tax.high,
        "law_unit_low": tax.unit_low,
        "law_unit_high": tax.unit_high,
        "law_trigger": tax.trigger,
        "law_per_e5": tax.per_e5,
        "law_unit_low_l": litre.unit_low,
        "law_unit_high_l": litre.unit_high,
        "law_trigger_l": litre.trigger,
        "law_per_e5_l": litre.per_e5,
    }


def _articles(article: str | None, period: date, alike: ConsumptionTax | None) -> Row:
    """The rates of the class of an article; without them where one is not held.

    Args:
        article: the class.
        period: the day.
        alike: the consumption tax of the class of the same name, where the goods are in it: its
            trigger is that of the article.
    """
    turns = article in TURNING
    low: int | None = None
    high: int | None = None
    try:
        rest = str(value_at("cn.postal.rest", period).scalar)
        names = (article or rest, article or rest)
        if turns:
            below = rest if rest in CLASS_ABOVE else "old_20"
            names = (below, CLASS_ABOVE[below])
        if not turns or (alike is not None and not alike.missing and alike.trigger is not None):
            low, high = (integer_at(f"cn.postal.rate.{name}", period) for name in names)
    except LawError:
        low = high = None
    return {"law_postal_turns": turns, "law_postal_low": low, "law_postal_high": high}
