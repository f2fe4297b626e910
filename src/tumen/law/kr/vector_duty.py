"""The rates of duty that a code's tariff lines leave to the vectorised law (관세법 50)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.law.consignment import TariffRate
from tumen.law.duty import AdValorem, Duty, Specific
from tumen.law.parameters import VERIFIED
from tumen.law.tariffs import rates_of

RATE_MAX: Final = 10
"""A duty above tenfold the value is left to the scalar law, so that no product leaves int64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTerms:
    """What the tariff says of a code.

    Attributes:
        rate: the lowest lawful rate in millionths; None where none can be told.
        missing: what is unknown then.
        basic: the basic rate in millionths; None where it is not held or is none.
        is_held: whether the tariff has any rate for the code.
        is_indicative: whether the rate is only indicative.
        is_free: whether a column says so.
        is_specific: whether a column has an amount for a quantity.
        is_hard: whether the scalar law must compute the duty.
    """

    rate: int | None = None
    missing: str | None = None
    basic: int | None = None
    is_held: bool = True
    is_indicative: bool = False
    is_free: bool = False
    is_specific: bool = False
    is_hard: bool = False


def duty_terms(hs: str, day: date, books: Path | None) -> DutyTerms:
    """What the tariff says of a code: the provisional or basic rate, or the conceded if lower."""
    printed = rates_of("KR", hs, day, books)
    names = _columns(printed)
    if not names:
        return DutyTerms(missing=f"tariff.KR.{hs}", is_held=False)
    basic = next((printed[each].terms for each in ("B", "A", "base") if each in printed), None)
    is_whole = basic is None or not isinstance(basic, AdValorem) or _millionths(basic) is not None
    terms = [printed[each].terms for each in names]
    common = DutyTerms(
        basic=_millionths(basic),
        is_free=any(isinstance(each, AdValorem) and not each.rate for each in terms),
        is_specific=any(_is_specific(each) for each in terms),
    )
    return _with_rate(common, [printed[each] for each in names], hs, is_whole=is_whole)


def _with_rate(common: DutyTerms, rates: list[TariffRate], hs: str, *, is_whole: bool) -> DutyTerms:
    """The first of the lowest rates; the first that cannot be read makes the duty unknown."""
    for each in rates:
        if each.terms is None:
            missing = f"tariff.KR.{hs}.{each.column}"
            return replace(common, missing=missing, is_hard=not is_whole)
        if not is_whole or _millionths(each.terms) is None:
            return replace(common, is_hard=True)
    lowest = min(rates, key=lambda each: _millionths(each.terms) or 0)
    rate = _millionths(lowest.terms)
    return replace(common, rate=rate, is_indicative=lowest.evidence not in VERIFIED)


def _columns(printed: Mapping[str, TariffRate]) -> list[str]:
    """The columns for goods of any origin: the official ones, else those of the table by heading.

    The provisional rate ``B`` goes before the basic one ``A``; ``C`` is the conceded one.
    """
    official = [each for each in ("B", "A") if each in printed][:1]
    official += [each for each in ("C",) if each in printed]
    return official or [each for each in ("base", "applied") if each in printed]


def _millionths(terms: Duty | None) -> int | None:
    """An ad valorem rate in millionths; None for others, and for one that is too fine or high."""
    if not isinstance(terms, AdValorem) or not 0 <= terms.rate <= RATE_MAX:
        return None
    scaled = terms.rate * RATE_SCALE
    return int(scaled) if scaled.denominator == 1 else None


def _is_specific(terms: Duty | None) -> bool:
    """Whether terms hold an amount for a quantity."""
    if terms is None or isinstance(terms, AdValorem):
        return False
    return isinstance(terms, Specific) or any(_is_specific(each) for each in terms.of)
