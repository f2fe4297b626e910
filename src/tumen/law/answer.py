"""The answer to a native shipment, as the command, the service and a notebook give it.

Amounts are decimal texts in whole units of the destination's currency; null is unknown, never
zero. Remarks are codes with parameters: whoever shows them adds the message in the reader's
language.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec

from tumen.codelist.currencies import CURRENCY_OF, currency
from tumen.codelist.violations import is_rejecting
from tumen.law.consignment import Consignment, ExchangeRate
from tumen.law.figures import amount_text
from tumen.law.parameters import IN_FORCE, history, is_parameter, law_version
from tumen.law.ruling import CHARGE_CODES, Charge, Notice, Ruling

RATE_DECIMALS: Final = 18
"""Of an exchange rate: those of a rate of ten digits as small as a tugrik in dollars, and more."""

RATE_LINES_CACHED_MAX: Final = 4_096
"""Rates of exchange that are kept as they are printed."""

UNVERIFIED: Final = "LAW_UNVERIFIED"


class Remark(msgspec.Struct, frozen=True):
    """A coded remark; see :class:`tumen.law.ruling.Notice`."""

    code: str
    path: str
    parameters: dict[str, str]


class ChargeLine(msgspec.Struct, frozen=True):
    """A charge: base and amount as decimal texts, the rate as a reader knows it."""

    code: str
    base: str | None
    rate: str | None
    amount: str | None
    citations: list[str]
    missing: str | None = None


class ItemLine(msgspec.Struct, frozen=True):
    """The charges of one goods item."""

    item: int
    hs: str
    charges: list[ChargeLine]


class StepLine(msgspec.Struct, frozen=True):
    """A step of the explanation; see :class:`tumen.law.explanation.Step`."""

    code: str
    item: int | None
    formula: str
    numbers: str
    citation: str


class RegimeLine(msgspec.Struct, frozen=True):
    """A regime that was looked at: what it would charge, what that misses, or why it is closed."""

    regime: str
    status: str
    total: str | None
    reasons: list[Remark]
    missing: list[str]


class RateLine(msgspec.Struct, frozen=True):
    """A rate of exchange that was at hand: destination units for one unit of the currency."""

    currency: str
    rate: str
    day: str | None
    source: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the law says of a shipment (docs/shipment.md)."""

    destination: str | None
    regime: str | None
    date: str | None
    currency: str | None
    customs_value: str | None
    status: str
    charges: list[ChargeLine]
    total: str | None
    items: list[ItemLine]
    steps: list[StepLine]
    warnings: list[Remark]
    violations: list[Remark]
    considered: list[RegimeLine]
    exchange_rates: list[RateLine]
    law_version: str

    @property
    def is_export(self) -> bool:
        """Whether the law of the sending economy was asked: nothing is due in ``currency``."""
        return self.regime is not None and self.regime.startswith("export_")

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain lists and tables, as JSON writes it."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


@dataclass(frozen=True, slots=True)
class Considered:
    """A regime with its refusals, or its ruling where it has none."""

    regime: str
    refusals: tuple[Notice, ...]
    ruling: Ruling | None


def answer_of(
    consignment: Consignment,
    considered: Sequence[Considered],
    chosen: Ruling | None,
    remarks: Iterable[Notice] = (),
    rates: Iterable[ExchangeRate] = (),
    *,
    is_explained: bool = True,
) -> Answer:
    """The answer by the chosen ruling; without one nothing is admissible.

    Args:
        consignment: what was asked.
        considered: every regime that was looked at.
        chosen: the ruling of the one that was taken.
        remarks: what is to be told besides what the ruling tells.
        rates: the rates of exchange that were used.
        is_explained: whether the steps are worded; else there are none.
    """
    digits = currency(CURRENCY_OF[consignment.destination]).minor_digits
    told = [] if chosen is None else [*chosen.warnings, *chosen.violations, *_not_held(chosen)]
    known, faults = _sorted([*remarks, *told])
    status = "not_admissible" if chosen is None else chosen.status
    return Answer(
        destination=consignment.destination,
        regime=None if chosen is None else chosen.regime,
        date=consignment.day.isoformat(),
        currency=CURRENCY_OF[consignment.destination],
        customs_value=None if chosen is None else amount_text(chosen.customs_value, digits),
        status=status,
        charges=[] if chosen is None else _lines(chosen.payable, digits),
        total=None if chosen is None else amount_text(chosen.total, digits),
        items=[] if chosen is None else _items(consignment, chosen, digits),
        steps=_steps(chosen) if chosen is not None and is_explained else [],
        warnings=known,
        violations=faults,
        considered=[_regime_line(each, digits) for each in considered],
        exchange_rates=[
            rate_line(each)
            for each in rates
            if each.currency != CURRENCY_OF[consignment.destination]
        ],
        law_version=law_version(),
    )


def refusal_of(shipment: object, faults: Sequence[Notice]) -> Answer:
    """The answer to a shipment that nothing can be computed for."""
    told = shipment if isinstance(shipment, Mapping) else {}
    destination = told.get("destination")
    known = destination if isinstance(destination, str) and destination in CURRENCY_OF else None
    day = told.get("date")
    return Answer(
        destination=known,
        regime=None,
        date=None if day is None else str(day)[:10],
        currency=None if known is None else CURRENCY_OF[known],
        customs_value=None,
        status="unknown",
        charges=[],
        total=None,
        items=[],
        steps=[],
        warnings=[],
        violations=[_remark(each) for each in faults],
        considered=[],
        exchange_rates=[],
        law_version=law_version(),
    )


def _sorted(notices: Iterable[Notice]) -> tuple[list[Remark], list[Remark]]:
    """Warnings and violations, each told once, in the order in which they were found."""
    remarks = _one_of_doubt([_remark(each) for each in notices])
    once = [each for place, each in enumerate(remarks) if each not in remarks[:place]]
    told: tuple[list[Remark], list[Remark]] = ([], [])
    for each in once:
        told[is_rejecting(each.code)].append(each)
    return told


def _not_held(ruling: Ruling) -> list[Notice]:
    """What the law does not hold on the day, where that is what a charge misses."""
    missing = dict.fromkeys(each.missing for each in ruling.charges)
    return [
        Notice("LAW_NOT_HELD", "", {"value": name, "expected": _days_held(name)})
        for name in missing
        if name is not None and is_parameter(name)
    ]


def _days_held(name: str) -> str:
    """The first day and, if there is one, the last on which a parameter has a value in force."""
    values = [each for each in history(name) if each.evidence in IN_FORCE]
    if not values:
        return "—"
    return f"{values[0].first} – {values[-1].last or ''}".rstrip()


def _one_of_doubt(remarks: list[Remark]) -> list[Remark]:
    """All unverified values in one remark, at the end: several parts of the law tell their own."""
    doubts = [each for each in remarks if each.code == UNVERIFIED]
    if not doubts:
        return remarks
    names = {name for each in doubts for name in each.parameters["parameters"].split(", ")}
    others = [each for each in remarks if each.code != UNVERIFIED]
    return [*others, Remark(UNVERIFIED, "", {"parameters": ", ".join(sorted(names))})]


def _remark(notice: Notice) -> Remark:
    return Remark(notice.code, notice.path, dict(notice.parameters))


def _lines(charges: Sequence[Charge], digits: int) -> list[ChargeLine]:
    ordered = sorted(charges, key=lambda each: CHARGE_CODES.index(each.code))
    return [
        ChargeLine(
            code=each.code,
            base=amount_text(each.base, digits),
            rate=each.rate,
            amount=amount_text(each.amount, digits),
            citations=list(each.citations),
            missing=each.missing,
        )
        for each in ordered
    ]


def _items(consignment: Consignment, ruling: Ruling, digits: int) -> list[ItemLine]:
    return [
        ItemLine(
            goods.place,
            goods.hs,
            _lines([each for each in ruling.charges if each.item == goods.place], digits),
        )
        for goods in consignment.goods
    ]


def _steps(ruling: Ruling) -> list[StepLine]:
    return [
        StepLine(each.code, each.item, each.formula, each.numbers, each.citation)
        for each in ruling.steps
    ]


def _regime_line(considered: Considered, digits: int) -> RegimeLine:
    ruling = considered.ruling
    if ruling is None:
        reasons = [_remark(each) for each in considered.refusals]
        return RegimeLine(considered.regime, "not_admissible", None, reasons, [])
    reasons = [_remark(each) for each in ruling.violations]
    missing = dict.fromkeys(each.missing for each in ruling.charges if each.missing)
    total = amount_text(ruling.total, digits)
    return RegimeLine(considered.regime, ruling.status, total, reasons, list(missing))


@lru_cache(maxsize=RATE_LINES_CACHED_MAX)
def rate_line(rate: ExchangeRate) -> RateLine:
    """A rate of exchange, printed in full: what was used has few digits."""
    scaled = round(rate.units * 10**RATE_DECIMALS)
    whole, part = divmod(scaled, 10**RATE_DECIMALS)
    text = f"{whole}.{part:0{RATE_DECIMALS}d}".rstrip("0").rstrip(".")
    return RateLine(
        rate.currency, text, None if rate.day is None else rate.day.isoformat(), rate.source
    )
