"""What one economy's vectorised law is: which columns decide its rates, and its expressions.

It equals the scalar law in every column, or it declines (``law_is_covered``), and then the scalar
law answers. Neither of the two may import the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF
from tumen.codelist.violations import Layer, Severity, all_violations
from tumen.law.columns import Stage

Rates = Callable[[pl.DataFrame, Path | None], pl.DataFrame]
Values = Callable[[pl.DataFrame], pl.DataFrame]

OF_SENDERS: Final = frozenset({"KR_SITUATIONAL_LICENCE", "JP_EXPORT_RU_CHECK"})
"""Warnings by the law of the sending economy, told at another destination."""

OF_CODES: Final = frozenset({"HS_LINE_UNVERIFIED", "HS_OF_EARLIER_EDITION"})
"""Warnings of another layer that the law tells too: of the tariff's codes."""

BITS_MAX: Final = 63
"""Of an int64 mask without its sign; the last one says that a line is declined."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The vectorised law of one economy.

    Attributes:
        economy: CN, RU, JP, KR or MN.
        keys: columns of the lines (:mod:`tumen.law.vector.lines`) that decide the rates.
        rates: for distinct keys, and the folder of imported tariffs, the keys with the columns
            that the stages need; plain Python, once for each key.
        values: adds the amounts in minor units of the destination's currency.
        stages: the law in expressions, on any engine.
        drop: columns that only served between them.
        charges: the charge codes that it may levy; a column of each is left in the frame.
        currencies: those in which the law states limits, such as ``USD``.
        headings: beginnings of codes that the rates turn on besides the classes of goods.
    """

    economy: str
    keys: tuple[str, ...]
    rates: Rates
    values: Values
    stages: tuple[Stage, ...]
    drop: tuple[str, ...]
    charges: tuple[str, ...]
    currencies: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@cache
def warning_codes(economy: str) -> tuple[str, ...]:
    """The warnings that may be told of shipments to an economy; one bit of a mask for each.

    Those of all economies come first, so that their bits are the same everywhere.
    """
    told = sorted(
        each.code
        for each in all_violations()
        if each.severity is Severity.WARNING and (each.layer is Layer.LAW or each.code in OF_CODES)
    )
    shared = [code for code in told if _owner(code) is None]
    codes = (*shared, *(code for code in told if _owner(code) == economy))
    if len(codes) >= BITS_MAX:
        raise OverflowError("the warnings of the law do not fit into one mask")
    return codes


def _owner(code: str) -> str | None:
    """The economy that alone tells a warning; None where several do."""
    prefix = code[:2] if code[2:3] == "_" and code not in OF_SENDERS else ""
    return prefix if prefix in CURRENCY_OF else None


@cache
def bit(code: str) -> int:
    """The bit of a warning in a mask.

    Raises:
        ValueError: it is no warning of the law.

    >>> bit("LAW_UNVERIFIED") & bit("TARIFF_INDICATIVE")
    0
    """
    return 1 << warning_codes(_owner(code) or next(iter(CURRENCY_OF))).index(code)


@cache
def words(mask: int, economy: str) -> str | None:
    """The codes of a mask as an answer tells them, in alphabetical order; None where there is none.

    >>> words(bit("TARIFF_INDICATIVE") | bit("LAW_UNVERIFIED"), "JP")
    'LAW_UNVERIFIED TARIFF_INDICATIVE'
    """
    codes = warning_codes(economy)
    told = sorted(code for place, code in enumerate(codes) if mask >> place & 1)
    return " ".join(told) or None
