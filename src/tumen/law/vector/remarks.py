"""What is told of a shipment besides its charges: its exchange rates, its codes, its sender's law.

Each is looked up once for each distinct key, and told as bits of a mask
(:func:`tumen.law.vector.twin.bit`); where it is more than a warning, the line is declined.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from tumen.law import exchange
from tumen.law.exchange_days import Days, days_of
from tumen.law.exchange_import import OfficialRate
from tumen.law.explanation import Unknown
from tumen.law.goods import GoodsClass, goods_class
from tumen.law.overlay import remembered_up_to
from tumen.law.parameters import holds
from tumen.law.plausibility import CODE, COUNTED, PARCELS, PIECE_KG_MAX
from tumen.law.vector.alike import DECLINED
from tumen.law.vector.kept import kept
from tumen.law.vector.periods import periods_of
from tumen.law.vector.twin import bit

RATES_CACHED_MAX: Final = 65_536
"""Days and currencies whose rates are kept."""

RATE_NUM_MAX: Final = 10**10
RATE_DEN_MAX: Final = 10**15
"""Bounds of a rate's numerator and denominator: those that we hold have ten digits."""

Rate = tuple[int | None, int | None, int]
"""Numerator, denominator, and the mask of what is told when it is used."""

NO_RATE: Final[Rate] = (None, None, 0)


def with_rates(
    lines: pl.DataFrame, economy: str, official: tuple[OfficialRate, ...], others: tuple[str, ...]
) -> pl.DataFrame:
    """Add the rate of the shipment's currency, and those in which the law states limits.

    Returns:
        The lines with ``rate_num``, ``rate_den``, ``rate_notices``, and of each other currency
        such as ``usd_num``, ``usd_den``, ``usd_notices``; null where it is not held.
    """

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        found = [_told(keys, "rate", economy, official)]
        for other in others:
            named = keys.with_columns(currency=pl.lit(other))
            found.append(_told(named, other.lower(), economy, official))
        return pl.concat(found, how="horizontal")

    kind = kept("exchange", economy, official, others)
    return kind.joined(lines, ("currency", "day"), find)


def _told(
    keys: pl.DataFrame, name: str, economy: str, official: tuple[OfficialRate, ...]
) -> pl.DataFrame:
    """The rates of distinct currencies and days, in columns of that name."""
    columns = (f"{name}_num", f"{name}_den", f"{name}_notices")
    schema = dict.fromkeys(columns, pl.Int64)
    return pl.DataFrame(_found(keys, economy, official), schema=schema, orient="row")


def _found(keys: pl.DataFrame, economy: str, official: tuple[OfficialRate, ...]) -> Iterator[Rate]:
    """The rates of distinct currencies and days."""
    periods = periods_of(keys["day"], economy, by_season=False).to_list()
    told: dict[object, Rate] = {}
    for code, day, period in zip(keys["currency"], keys["day"], periods, strict=True):
        # where no rate was imported, all days of which the rule takes the same have one rate
        alike = day if official else _days(economy, day)
        if (code, alike, period) not in told:
            told[code, alike, period] = _rate(economy, official, code, day)
        yield told[code, alike, period]


def _days(economy: str, day: date) -> Days | date:
    """The days whose rates are taken; the day itself where the law holds no rule for it."""
    try:
        return days_of(economy, day)
    except Unknown:
        return day


@remembered_up_to(RATES_CACHED_MAX)
def _rate(economy: str, official: tuple[OfficialRate, ...], currency: str, day: date) -> Rate:
    held = exchange.rates_for(economy, day, (currency,), {}, official).get(currency)
    if held is None:
        return NO_RATE
    units = held.units
    if units.numerator > RATE_NUM_MAX or units.denominator > RATE_DEN_MAX:
        return NO_RATE
    told = {each.code for each in exchange.notices(economy, held, day)}
    return units.numerator, units.denominator, sum(map(bit, told))


TO_RUSSIA: Final = {"JP": "jp.export_ru", "KR": "kr.export_control"}
"""Goods that the sending economy's law looks at one by one, by their table of classes."""

FOR_ALL: Final = ("KR", "kr.export_control.situational_items", "KR_SITUATIONAL_LICENCE")
"""Korea's licence concerns every consignment to Russia, from the first day of the list."""

LISTED: Final = ("JP", "jp.export_ru.approval", "luxury", "JP_EXPORT_RU_CHECK")
"""Japan has its listed goods for Russia looked at; those of luxury are judged by their price."""


def with_sender_notices(lines: pl.DataFrame, economy: str) -> pl.DataFrame:
    """Add ``sender_notices``: what the law of the sending economy says of goods to Russia."""
    if economy != "RU" or not lines["dispatch"].is_in([*TO_RUSSIA]).any():
        return lines.with_columns(sender_notices=pl.lit(0, pl.Int64))

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        found = [_of_sender(*key) for key in keys.iter_rows()]
        return pl.DataFrame({"sender_notices": pl.Series(found, dtype=pl.Int64)})

    return kept("senders").joined(lines, ("dispatch", "hs", "period"), find)


def _of_sender(dispatch: str, hs: str, day: date) -> int:
    table = TO_RUSSIA.get(dispatch)
    if table is None:
        return 0
    found = goods_class(table, hs, day)
    if found is not None:
        return _of_listed(dispatch, found, day)
    sender, parameter, code = FOR_ALL
    return bit(code) if dispatch == sender and holds(parameter, day) else 0


def _of_listed(dispatch: str, found: GoodsClass, day: date) -> int:
    """What is told of listed goods, where neither price nor quantity decides it."""
    sender, parameter, by_price, code = LISTED
    if dispatch != sender or found.name == by_price or not holds(parameter, day):
        return DECLINED
    return bit(code) | (0 if found.is_verified else bit("LAW_UNVERIFIED"))


def with_weight_notices(lines: pl.DataFrame) -> pl.DataFrame:
    """Add ``weight_notices``: a piece in a parcel to a person that hardly weighs what is told."""
    is_parcel = pl.col("transport").is_in([*PARCELS]) & (pl.col("buyer_kind") == "person")
    is_heavy = pl.col("kg_e5") > pl.col("quantity_e5") * PIECE_KG_MAX
    is_told = is_parcel & pl.col("unit").is_in([*COUNTED]) & is_heavy
    return lines.with_columns(weight_notices=pl.when(is_told).then(bit(CODE)).otherwise(0))
