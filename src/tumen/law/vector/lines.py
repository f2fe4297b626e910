"""Flat rows of a frame as typed columns, and which shipments among them are ordinary.

A shipment is *ordinary* where every field is as almost every shipment has it: written without a
blank too many, no rate or preference claimed, amounts of a common size. What is read here equals
what :mod:`tumen.law.native` reads; what might not is left to it, with the whole shipment.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF
from tumen.kernel.limits import (
    FIXED_POINT_DIGITS,
    ITEMS_PER_DOCUMENT_MAX,
    LEGAL_YEAR_MAX,
    LEGAL_YEAR_MIN,
    QUANTITY_E5_MAX,
    TEXT_LENGTH_MAX,
)
from tumen.law.categories import NEVER_ADMITTED
from tumen.law.native import values
from tumen.law.native.flat import ITEM
from tumen.law.native.shipment import AUTO, BUYER_KINDS, PURPOSES, REGIMES, TRANSPORTS
from tumen.law.native.told import REFERENCE
from tumen.law.native.units import PIECE

AMOUNT_E6_MAX: Final = 9 * 10**12
"""Of the goods with freight and insurance, in the shipment's currency at scale 10^6. Its square
times a rate of 10^10 and 100 minor units, twice where halves are rounded, is below 2^127."""

OWN_AMOUNT_E6_MAX: Final = 9 * 10**15
"""The same in the destination's own currency, whose rate is one."""

_WORDS: Final[Mapping[str, tuple[str | None, Callable[[Any], object]]]] = {
    "destination": (None, values.one_of(*CURRENCY_OF)),
    "dispatch": (None, values.country),
    "currency": (None, values.currency),
    "regime": (AUTO, values.one_of(AUTO, *(name for names in REGIMES.values() for name in names))),
    "transport": ("courier", values.one_of(*TRANSPORTS)),
    "purpose": ("personal", values.one_of(*PURPOSES)),
    "buyer_kind": ("person", values.one_of(*BUYER_KINDS)),
    "hs": (None, values.commodity),
    "origin": ("", values.country),
    "category": ("", lambda word: _admitted(values.text(word))),
}
"""Columns with few distinct words: what stands where nothing is told (None: it must be), and how a
word is read. An empty text stands for what may be left out."""

_TEXTS: Final = ("description", "buyer_id", "platform", "seller")
_UNUSED: Final = ("description", "seller")
"""Texts that no economy's columns turn on: they are looked at, and not kept."""

_NUMBERS: Final = (
    "quantity",
    "unit_price",
    "freight",
    "insurance",
    "used_this_year",
    "net_weight_kg",
    "volume_l",
)
_KNOWN: Final = frozenset({REFERENCE, "date", "unit", *_WORDS, *_TEXTS, *_NUMBERS})
_PLAIN_NUMBER: Final = r"^[0-9]{1,12}(?:\.[0-9]{1,5})?$"
_PLAIN_CODE: Final = r"^[0-9]{6,10}$"
_ODD: Final = r"^\s|\s$|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
"""Control characters, and blanks around a text."""
_E5: Final = pl.Decimal(38, 5)
_SCALE_E5: Final = 100_000
_DIGITS_OF_INT64: Final = 18
_E6_OF_E5: Final = 10
_E6_OF_E10: Final = 10_000
_PRICE_E10_MAX: Final = OWN_AMOUNT_E6_MAX * _E6_OF_E10
_WIDE: Final = pl.Int128
_OF_ITEM: Final = frozenset({*ITEM, REFERENCE})

UNREADABLE: Final = "\x00"
"""Stands for a cell that is no text where one is wanted; no reader takes it."""


def read(rows: pl.DataFrame, today: date | None) -> pl.DataFrame:
    """The lines of a frame, one for each row.

    Args:
        rows: flat rows (docs/assess.md), in the order of the shipments.
        today: the legal date of shipments that name none.

    Returns:
        ``shipment``, ``item``, ``items``, ``reference``, the typed fields of the contract, and
        ``law_is_ordinary``, the same on all lines of a shipment; where it is not, the other
        columns say nothing.
    """
    read_columns = [
        *(_word(rows, name) for name in _WORDS),
        *(_text(rows, name) for name in _TEXTS if name not in _UNUSED),
        *(_number(rows, name) for name in _NUMBERS),
        _unit(rows),
        _day(rows, today),
    ]
    unused = (_text(rows, name)[1] for name in _UNUSED)
    plain = [*(is_plain for _, is_plain in read_columns), *unused, *_nothing_else(rows)]
    typed = rows.select(
        *(column for column, _ in read_columns), law_is_plain=pl.all_horizontal(plain)
    )
    lines = numbered(rows)
    same = _has_same_head(rows, lines)
    return _derived(lines.hstack(typed)).pipe(_ordinary, same)


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Which shipment a row belongs to, which item of it it is, and how many there are.

    Rows that follow one another with one reference are one shipment; without a reference each
    row is one.
    """
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    if REFERENCE not in rows.columns:
        return rows.select(
            shipment=place,
            item=pl.lit(0, pl.Int64),
            items=pl.lit(1, pl.Int64),
            reference=pl.lit(None, pl.String),
        )
    told = pl.col(REFERENCE).cast(pl.String)
    reference = pl.col("reference")
    lines = rows.select(reference=pl.when(told != "").then(told)).with_columns(
        begins=(reference != reference.shift(1)).fill_null(value=True)
    )
    begins = pl.col("begins")
    ends = begins.shift(-1, fill_value=True)
    first = pl.when(begins).then(place).forward_fill()
    last = pl.when(ends).then(place).backward_fill()
    return lines.select(
        shipment=begins.cast(pl.Int64).cum_sum() - 1,
        item=place - first,
        items=last - first + 1,
        reference=reference,
    )


Read = tuple[pl.Expr, pl.Expr]
"""A column, and where its cells are plain."""

_ALWAYS: Final = pl.lit(value=True)


def _word(rows: pl.DataFrame, name: str) -> Read:
    """A column of few distinct words: each is read once, by the reader of the native shipment."""
    default, reader = _WORDS[name]
    return _replaced(rows, name, lambda word: str(reader(word)), default)


def _unit(rows: pl.DataFrame) -> Read:
    """The unit of the tariffs; one that is a multiple of it, such as grams, is not plain."""
    return _replaced(rows, "unit", _unit_name, PIECE.name)


def _unit_name(word: str) -> str:
    unit = values.unit(word)
    if unit.factor != 1:
        raise values.Fault("UNIT_UNKNOWN")
    return unit.name


def _replaced(
    rows: pl.DataFrame, name: str, reader: Callable[[str], str], default: str | None
) -> Read:
    told = _as_text(rows, name)
    alias = "asked" if name == "regime" else name  # it is not yet the one that is taken
    if told is None:
        return pl.lit(default or None, pl.String).alias(alias), pl.lit(default is not None)
    is_full = rows[name].null_count() == 0
    found = {word: _read_or_none(reader, word) for word in _words_of(rows, told, name)}
    if all(word and read_as == word for word, read_as in found.items()):
        column = told.fill_null(default) if default and not is_full else told
        is_plain = _ALWAYS if is_full or default is not None else column.is_not_null()
        return column.alias(alias), is_plain
    renamed = {word: read_as for word, read_as in found.items() if read_as != word and read_as}
    unread = [word for word, read_as in found.items() if word and read_as is None]
    column = told.replace(renamed) if renamed else told
    is_told = told.is_not_null() & (told != "")
    is_plain = ~told.is_in(unread) if unread else _ALWAYS
    filled = pl.when(is_told).then(column).otherwise(pl.lit(default or None, pl.String))
    return filled.alias(alias), pl.when(is_told).then(is_plain).otherwise(default is not None)


def _words_of(rows: pl.DataFrame, told: pl.Expr, name: str) -> list[str]:
    """The distinct words of a column; codes that are plain digits need not be read."""
    asked = told.filter(~told.str.contains(_PLAIN_CODE)) if name == "hs" else told
    return rows.select(asked.drop_nulls().unique()).to_series().to_list()


def _admitted(category: str) -> str:
    """A seller's category, if it is none that no regime admits."""
    if category in NEVER_ADMITTED:
        raise values.Fault("WORD_UNKNOWN")
    return category


def _read_or_none(reader: Callable[[str], str], word: str) -> str | None:
    try:
        return reader(word)
    except values.Fault:
        return None


def _as_text(rows: pl.DataFrame, name: str) -> pl.Expr | None:
    """A column as text; None where there is none. Cells of other kinds are read as no text is."""
    kind = rows.schema.get(name)
    if kind is None or kind == pl.Null:
        return None
    column = pl.col(name)
    if kind == pl.String:
        return column
    is_number = kind.is_integer() and (name == "hs" or name in _TEXTS)
    if isinstance(kind, pl.Categorical | pl.Enum) or is_number:
        return column.cast(pl.String)
    return pl.when(column.is_not_null()).then(pl.lit(UNREADABLE))


def _text(rows: pl.DataFrame, name: str) -> Read:
    """A column of free text; null where nothing is told. Blanks around a text are not plain."""
    told = _as_text(rows, name)
    if told is None:
        return pl.lit(None, pl.String).alias(name), _ALWAYS
    is_odd = told.str.contains(_ODD) | (told.str.len_bytes() > TEXT_LENGTH_MAX)
    return pl.when(told != "").then(told).alias(name), ~is_odd.fill_null(value=False)


def _number(rows: pl.DataFrame, name: str) -> Read:
    """A column of decimals at scale 10^5; null where nothing is told."""
    kind, column = rows.schema.get(name), pl.col(name)
    if kind is None or kind == pl.Null:
        return pl.lit(None, pl.Int64).alias(name), _ALWAYS
    if kind.is_integer():
        is_plain = column.is_between(0, QUANTITY_E5_MAX // _SCALE_E5)
        scaled = pl.when(is_plain).then(column).cast(pl.Int64) * _SCALE_E5
        return scaled.alias(name), is_plain.fill_null(value=True)
    if isinstance(kind, pl.Decimal) and kind.scale <= FIXED_POINT_DIGITS:
        if kind.precision <= _DIGITS_OF_INT64:
            return _narrow(column, name, 10 ** (FIXED_POINT_DIGITS - kind.scale))
        wide = column.cast(_E5).to_physical()
        is_plain = wide.is_between(0, QUANTITY_E5_MAX * _SCALE_E5)
        scaled = pl.when(is_plain).then(wide).cast(pl.Int64)
        return scaled.alias(name), is_plain.fill_null(value=True)
    text = column if kind == pl.String else column.cast(pl.String)
    if isinstance(kind, pl.Decimal):  # what it writes ends in zeros up to its scale
        text = text.str.strip_chars_end("0").str.strip_suffix(".") if kind.scale else text
        text = pl.when(text == "").then(pl.lit("0")).otherwise(text)
    is_absent = text.is_null() | text.is_in(["", "NaN"])
    is_plain = text.str.contains(_PLAIN_NUMBER)
    scaled = pl.when(is_plain).then(text).cast(_E5, strict=False).to_physical().cast(pl.Int64)
    return scaled.alias(name), is_absent | is_plain


def _narrow(column: pl.Expr, name: str, times: int) -> Read:
    """Decimals whose digits fit into an int64, times what brings them to scale 10^5."""
    units = column.to_physical().cast(pl.Int64)
    is_plain = units.is_between(0, QUANTITY_E5_MAX * _SCALE_E5 // times)
    scaled = pl.when(is_plain).then(units) * times
    return scaled.alias(name), is_plain.fill_null(value=True)


def _day(rows: pl.DataFrame, today: date | None) -> Read:
    """The legal date."""
    kind, column = rows.schema.get("date"), pl.col("date")
    day, is_plain = pl.lit(None, pl.Date), _ALWAYS
    if kind == pl.Date:
        is_near = column.dt.year().is_between(LEGAL_YEAR_MIN, LEGAL_YEAR_MAX)
        day, is_plain = column, is_near.fill_null(value=True)
    elif kind == pl.String:
        is_absent = column.is_null() | (column == "")
        texts = rows.select(column.unique()).to_series().drop_nulls().to_list()
        days = {text: _day_or_none(text) for text in texts}
        day = column.replace_strict([*days], [*days.values()], default=None, return_dtype=pl.Date)
        is_plain = is_absent | day.is_not_null()
    elif kind is not None and kind != pl.Null:
        is_plain = column.is_null()
    found = day if today is None else day.fill_null(pl.lit(today))
    return found.alias("day"), is_plain & found.is_not_null()


def _day_or_none(text: str) -> date | None:
    try:
        return values.day(text)
    except values.Fault:
        return None


def _nothing_else(rows: pl.DataFrame) -> Iterable[pl.Expr]:
    """Nothing stands in the columns that make a shipment not ordinary, or that nobody knows."""
    for name, kind in rows.schema.items():
        if name not in _KNOWN and kind != pl.Null:
            column = pl.col(name)
            yield column.is_null() | (column.cast(pl.String, strict=False) == "").fill_null(False)


def _has_same_head(rows: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    """Where a row repeats the head of the row before it, or begins a shipment.

    Columns in which nothing may stand are not looked at: a row with anything there is not plain.
    """
    head = [name for name in rows.columns if name in _KNOWN and name not in _OF_ITEM]
    same = [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in head]
    begins = lines["item"] == 0
    if begins.all() or not same:
        return begins
    return begins | rows.select(pl.all_horizontal(same)).to_series()


def _derived(lines: pl.DataFrame) -> pl.DataFrame:
    """What follows from the fields: prices at scale 10^6, their sums, weights and volumes."""
    price = pl.col("quantity").cast(_WIDE) * pl.col("unit_price").cast(_WIDE)
    zero = pl.lit(0, pl.Int64)
    by_unit = {
        unit: pl.when(pl.col("unit") == unit).then(pl.col("quantity")).otherwise(pl.col(told))
        for unit, told in (("kg", "net_weight_kg"), ("l", "volume_l"))
    }
    found = lines.with_columns(
        wide=price,
        freight_e6=pl.col("freight").fill_null(zero) * _E6_OF_E5,
        insurance_e6=pl.col("insurance").fill_null(zero) * _E6_OF_E5,
        used_e5=pl.col("used_this_year").fill_null(zero),
        quantity_e5=pl.col("quantity"),
        kg_e5=by_unit["kg"],
        litre_e5=by_unit["l"],
    )
    is_exact = (pl.col("wide") % _E6_OF_E10 == 0) & (pl.col("wide") <= _PRICE_E10_MAX)
    priced = found.with_columns(
        price_e6=pl.when(is_exact).then(pl.col("wide") // _E6_OF_E10).cast(pl.Int64),
        extra_e6=pl.col("freight_e6") + pl.col("insurance_e6"),
    ).drop("wide", *_NUMBERS)
    return _summed(priced)


def _summed(lines: pl.DataFrame) -> pl.DataFrame:
    """The prices of a shipment together, and up to each of its items."""
    price = pl.col("price_e6").fill_null(0)
    if lines["items"].max() in (None, 1):
        return lines.with_columns(goods_e6=price, until_e6=price)
    running = lines.with_columns(running=price.cum_sum())
    begins = pl.when(pl.col("item") == 0).then(pl.col("running") - price).forward_fill()
    ends = pl.col("item") == pl.col("items") - 1
    until = running.with_columns(until_e6=pl.col("running") - begins)
    goods = pl.when(ends).then(pl.col("until_e6")).backward_fill()
    return until.with_columns(goods_e6=goods).drop("running")


def _amount_max() -> pl.Expr:
    """The bound of a shipment's amounts, by its currency."""
    is_own = pl.any_horizontal(
        (pl.col("destination") == economy) & (pl.col("currency") == own)
        for economy, own in CURRENCY_OF.items()
    )
    return pl.when(is_own).then(OWN_AMOUNT_E6_MAX).otherwise(AMOUNT_E6_MAX)


def _ordinary(lines: pl.DataFrame, same_head: pl.Series) -> pl.DataFrame:
    """Whether every line of a shipment is plain, and within the bounds."""
    plain = [
        pl.col("law_is_plain") & same_head,
        pl.col("price_e6").is_not_null(),
        pl.col("items") <= ITEMS_PER_DOCUMENT_MAX,
        pl.col("goods_e6") + pl.col("extra_e6") <= _amount_max(),
        pl.col("quantity_e5").is_between(1, QUANTITY_E5_MAX),
        *(
            pl.col(name).is_null() | pl.col(name).is_between(1, QUANTITY_E5_MAX)
            for name in ("kg_e5", "litre_e5")
        ),
    ]
    marked = lines.with_columns(law_is_plain=pl.all_horizontal(plain).fill_null(value=False))
    odd = marked.filter(~pl.col("law_is_plain"))["shipment"].unique()
    is_ordinary = ~pl.col("shipment").is_in(odd.implode()) if len(odd) else pl.lit(value=True)
    return marked.drop("law_is_plain").with_columns(law_is_ordinary=is_ordinary)
