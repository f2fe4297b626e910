"""Exchange rates for the customs value: which day counts, the rate, its day and its source.

>>> from datetime import date
>>> found = rate("CN", "EUR", date(2026, 10, 30))
>>> found.day.isoformat(), found.source, str(found.units)
('2026-09-16', 'ECB', '3869/500')
>>> str(rate("CN", "USD", date(2026, 10, 30)).units)  # 7.738 / 1.1537
'1341423247/200000000'

The rates that are held are market rates: they stand in for the customs rates of the economies,
which are not held unless a file of them was imported. A rate that is not held is ``Unknown``.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.consignment import ExchangeRate
from tumen.law.exchange_days import Days, days_of, rule_of
from tumen.law.exchange_import import OfficialRate
from tumen.law.exchange_tables import (
    AGE_DAYS_NORMAL,
    Published,
    bank_of_russia,
    by_dollar,
    direct,
    ecb,
    snapshots,
)
from tumen.law.explanation import Unknown
from tumen.law.overlay import remembered_up_to
from tumen.law.parameters import VERIFIED
from tumen.law.ruling import Notice

GIVEN: Final = "given"
"""The source of a rate that the filer stated."""

IMPORTED: Final = "imported"
"""The source of an official rate that a file brought."""

SAME: Final = "same currency"

RATES_CACHED_MAX: Final = 65_536
"""Currencies and days whose best published rate is kept: many legal dates take the same days."""

SIGNIFICANT_DIGITS: Final = 10
"""Of a cross or a mean, which no office prints in full. The answer prints what was used, so that
everyone who multiplies by it finds the same amount."""

CERTAIN: Final = frozenset({GIVEN, IMPORTED, SAME})
ROUBLE: Final = CURRENCY_OF["RU"]


def rate(
    destination: str, currency: str, day: date, official: Iterable[OfficialRate] = ()
) -> ExchangeRate:
    """Units of the destination's currency for one unit of another, on a legal date.

    An official rate that covers the day wins. Else the rule of the destination says which days
    count, and the first source that published on them, or within a week before, is taken; else
    the one with the latest day.

    Args:
        destination: CN, RU, JP, KR or MN.
        currency: ISO 4217.
        day: the legal date.
        official: rates that were imported.

    Raises:
        Unknown: no rate is held; carries ``exchange_rates.`` and the currency.
    """
    own = CURRENCY_OF[destination]
    if currency == own:
        return ExchangeRate(currency, Fraction(1), None, SAME)
    covering = [each for each in official if each.is_for(destination, currency, day)]
    if covering:
        latest = max(covering, key=lambda each: each.first)
        return ExchangeRate(currency, latest.units, latest.first, IMPORTED)
    found = _published(own, currency, days_of(destination, day))
    if found is None:
        raise Unknown(f"exchange_rates.{currency}")
    return ExchangeRate(currency, printed(found.units), found.day, found.source)


def printed(units: Fraction) -> Fraction:
    """A positive rate with at most :data:`SIGNIFICANT_DIGITS`, half up.

    >>> printed(Fraction(1, 3)), printed(Fraction(2_000_000_000_0, 3)), printed(Fraction(5, 2))
    (Fraction(3333333333, 10000000000), Fraction(6666666667, 1), Fraction(5, 2))
    """
    decimals = SIGNIFICANT_DIGITS - _magnitude(units)
    step = Fraction(1, 10**decimals) if decimals >= 0 else Fraction(10**-decimals)
    above, below = units.numerator * step.denominator, units.denominator * step.numerator
    return (2 * above + below) // (2 * below) * step


def _magnitude(units: Fraction) -> int:
    """How many digits stand before the point; below one, minus the zeros behind it."""
    digits = len(str(units.numerator)) - len(str(units.denominator))
    tens = int(10 ** abs(digits))
    above, below = units.numerator, units.denominator
    is_more = above >= below * tens if digits >= 0 else above * tens >= below
    return digits + is_more


@lru_cache(maxsize=RATES_CACHED_MAX)
def _published(own: str, currency: str, days: Days) -> Published | None:
    """The best rate of the sources, in the order of their authority.

    What is searched for a long way back is asked for only where no earlier source is recent.
    """
    found = []
    for each in _candidates(own, currency, days):
        if each is not None and (days.last - each.day).days <= AGE_DAYS_NORMAL:
            return each
        found += [each] if each is not None else []
    return max(found, key=lambda each: each.day, default=None)


def _candidates(own: str, currency: str, days: Days) -> Iterable[Published | None]:
    """What each source says. The Bank of Russia is asked for the rouble alone."""
    if ROUBLE in {own, currency}:
        yield direct(bank_of_russia(), own, currency, days)
        yield by_dollar(own, currency, days)
    yield direct(ecb(), own, currency, days)
    yield direct(snapshots(), own, currency, days)


def given(currency: str, units: Fraction) -> ExchangeRate:
    """A rate that the filer stated; it is used whatever the tables say."""
    return ExchangeRate(currency, units, None, GIVEN)


def rates_for(
    destination: str,
    day: date,
    currencies: Iterable[str],
    stated: Mapping[str, Fraction],
    official: Iterable[OfficialRate] = (),
) -> dict[str, ExchangeRate]:
    """The rates of several currencies; what is not held is left out, never guessed.

    Args:
        destination: CN, RU, JP, KR or MN.
        day: the legal date.
        currencies: those that are wanted.
        stated: the filer's own rates (``exchange_rates`` of the shipment); they win.
        official: rates that were imported.
    """
    known = tuple(official)
    found: dict[str, ExchangeRate] = {}
    for currency in sorted({*currencies, *stated}):
        if currency in stated:
            found[currency] = given(currency, stated[currency])
            continue
        try:
            found[currency] = rate(destination, currency, day, known)
        except Unknown:
            continue
    return found


def notices(destination: str, found: ExchangeRate, day: date) -> tuple[Notice, ...]:
    """What a reader should know of a rate: that it stands in for another, or is old.

    Args:
        destination: CN, RU, JP, KR or MN.
        found: the rate.
        day: the legal date that it was asked for.
    """
    if found.source in CERTAIN or found.day is None:
        return ()
    return _notices(destination, found.currency, found.source, found.day, day)


@remembered_up_to(RATES_CACHED_MAX)
def _notices(
    destination: str, currency: str, source: str, published: date, day: date
) -> tuple[Notice, ...]:
    path = f"exchange_rates.{currency}"
    name, rule = rule_of(destination, day)
    told: list[Notice] = []
    if not (destination == "RU" and source == bank_of_russia().source):
        value = f"{source} {published}"
        told.append(Notice("EXCHANGE_RATE_INDICATIVE", path, {"value": value}))
    age = (days_of(destination, day).last - published).days
    if age > AGE_DAYS_NORMAL:
        told.append(Notice("EXCHANGE_RATE_OLD", path, {"value": f"{age}", "day": f"{published}"}))
    if rule.evidence not in VERIFIED:
        told.append(Notice("LAW_UNVERIFIED", path, {"parameters": name}))
    return tuple(told)
