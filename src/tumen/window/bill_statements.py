"""What an authority states of bills, and of guarantees: read, and every fault told. Pure.

A statement is a report: it has the authority's own number, a receipt and a leaf, and is never
changed. A notice sums up the bills of one payer and month; it is paid as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

import msgspec

from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.kernel.limits import (
    BILL_REFERENCE_LENGTH_MAX,
    PAYER_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REASON_LENGTH_MIN,
    SHIPMENT_AMOUNT_MINOR_MAX,
)
from tumen.window.acts import Objection
from tumen.window.billing import BillEntry

_MONTH: Final = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


class BillStated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an authority states of bills.

    Attributes:
        reference: its own number, once for each statement: of the notice, the payment, the act.
        entry: what it states.
        payer: of the bills that are summed up.
        month: in which they were made, such as ``2026-12``.
        is_guaranteed: whether the payer's bills as a guarantor are meant, or those of its own.
        bill: the number of a bill that is paid by itself, or void.
        notice: the number of the notice that is paid.
        amount: what was paid, in whole units of the authority's currency.
        day: on which it happened; the authority's today where it is left out.
        reason: why a bill is void; nothing personal.
    """

    reference: str
    entry: BillEntry
    payer: str | None = None
    month: str | None = None
    is_guaranteed: bool = True
    bill: str | None = None
    notice: str | None = None
    amount: str | None = None
    day: date | None = None
    reason: str | None = None


class GuaranteeChange(StrEnum):
    """What happens to a guarantee."""

    DEPOSITED = "deposited"
    WITHDRAWN = "withdrawn"


class GuaranteeStated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an authority states of a guarantor's guarantee.

    Attributes:
        reference: its own number, once for each statement.
        guarantor: the code by which declarations name it.
        entry: what happened.
        amount: in whole units of the authority's currency.
        day: on which it happened; the authority's today where it is left out.
        deed: the number of the deed or the bank's letter.
    """

    reference: str
    guarantor: str
    entry: GuaranteeChange
    amount: str
    day: date | None = None
    deed: str | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month: from the first one to the one before ``until``."""

    first: date
    until: date

    @classmethod
    def of(cls, text: str) -> "Month | None":
        """The month of a text; None where it is none.

        >>> str(Month.of("2026-12").until), Month.of("2026-13")
        ('2027-01-01', None)
        """
        if not _MONTH.fullmatch(text):
            return None
        year, month = int(text[:4]), int(text[5:])
        following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
        return cls(date(year, month, 1), following)


def minor_of(text: str, economy: str) -> int | None:
    """An amount of an economy's currency in its minor units; None where it is none.

    >>> minor_of("12.34", "CN"), minor_of("12.345", "CN"), minor_of("1200", "KR")
    (1234, None, 1200)
    """
    try:
        minor = Decimal(text) * currency(CURRENCY_OF[economy]).minor_units
    except InvalidOperation:
        return None
    is_bounded = minor.is_finite() and abs(minor) <= SHIPMENT_AMOUNT_MINOR_MAX
    return int(minor) if is_bounded and minor == int(minor) else None


_NEEDED: Final = {
    BillEntry.SUMMARISED: ("payer", "month"),
    BillEntry.PAID: ("amount",),
    BillEntry.VOIDED: ("bill", "reason"),
}
_OTHERS: Final = {
    BillEntry.SUMMARISED: ("bill", "notice", "amount", "reason"),
    BillEntry.PAID: ("payer", "month", "reason"),
    BillEntry.VOIDED: ("payer", "month", "notice", "amount"),
}
_LONGEST: Final = {
    "reference": BILL_REFERENCE_LENGTH_MAX,
    "payer": PAYER_LENGTH_MAX,
    "bill": BILL_REFERENCE_LENGTH_MAX,
    "notice": BILL_REFERENCE_LENGTH_MAX,
    "guarantor": PAYER_LENGTH_MAX,
    "deed": BILL_REFERENCE_LENGTH_MAX,
}


def against_statement(told: BillStated, economy: str, today: date) -> list[Objection]:
    """All that is wrong with the form of a statement of bills."""
    found = [*_texts(told), *_missing(told, ("reference", *_NEEDED[told.entry]))]
    found += [
        Objection("FIELD_UNKNOWN", name)
        for name in _OTHERS[told.entry]
        if getattr(told, name) is not None
    ]
    if told.entry is BillEntry.PAID and (told.bill is None) == (told.notice is None):
        found.append(Objection("FIELD_MISSING", "bill" if told.bill is None else "notice"))
    if told.month is not None and Month.of(told.month) is None:
        found.append(Objection("DATE_INVALID", "month", told.month, "2026-12"))
    reason = (told.reason or "").strip()
    if told.reason and not REASON_LENGTH_MIN <= len(reason) <= REASON_LENGTH_MAX:
        longest = f"{REASON_LENGTH_MIN}–{REASON_LENGTH_MAX}"
        found.append(Objection("DECISION_REASON_MISSING", "reason", None, longest))
    return [*found, *_amount_and_day(told.amount, told.day, economy, today)]


def against_guarantee(told: GuaranteeStated, economy: str, today: date) -> list[Objection]:
    """All that is wrong with the form of a statement of a guarantee."""
    found = [*_texts(told), *_missing(told, ("reference", "guarantor", "amount"))]
    if (minor_of(told.amount, economy) or 1) < 0:
        found.append(Objection("AMOUNT_NEGATIVE", "amount", told.amount))
    return [*found, *_amount_and_day(told.amount, told.day, economy, today)]


def _missing(told: msgspec.Struct, names: Sequence[str]) -> Iterator[Objection]:
    for name in names:
        if not str(getattr(told, name) or "").strip():
            yield Objection("FIELD_MISSING", name)


def _texts(told: msgspec.Struct) -> Iterator[Objection]:
    for name in told.__struct_fields__:
        text = getattr(told, name)
        if not isinstance(text, str):
            continue
        if not text.isprintable():
            yield Objection("CONTROL_CHARACTER", name)
        elif len(text) > _LONGEST.get(name, REASON_LENGTH_MAX):
            yield Objection("TEXT_TOO_LONG", name, None, str(_LONGEST[name]))


def _amount_and_day(
    amount: str | None, day: date | None, economy: str, today: date
) -> Iterator[Objection]:
    if amount and minor_of(amount, economy) is None:
        yield Objection("BILL_AMOUNT_INVALID", "amount", amount, CURRENCY_OF[economy])
    if day is not None and day > today:
        yield Objection("DECLARED_IN_FUTURE", "day", str(day), str(today))
