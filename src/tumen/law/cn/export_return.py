"""Goods that China exported by e-commerce and that come back: a return, and free of tax?

Sources: 海关总署公告2020年第44号 (the return itself) and, for the relief from import taxes,
财政部 海关总署 税务总局公告2023年第4号 and the acts after it. The day of EXPORT decides.

>>> back = ExportReturn("9810", date(2026, 2, 28), date(2026, 8, 28), True, False)
>>> decide(back).is_tax_free
True
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tumen.law.explanation import Explanation, Step, Unknown
from tumen.law.ruling import Notice

MONTHS_OF_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class ExportReturn:
    """Goods that come back.

    Attributes:
        mode: the customs mode of their export: 1210, 9610, 9710 or 9810.
        exported_on: the day of export.
        returned_on: the day of the import declaration.
        is_original_state: whether they come back as they left.
        is_food: whether they are food.
    """

    mode: str
    exported_on: date
    returned_on: date
    is_original_state: bool
    is_food: bool


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    """What the law says of a return.

    Attributes:
        is_return: whether it may come back as a return at all; None where the law is not held.
        is_tax_free: whether no duty, VAT and consumption tax are due; None where the law is not
            held on the day of export.
        reasons: what speaks against the relief, or is not held.
        steps: the explanation.
        warnings: what it rests on that is not verified.
    """

    is_return: bool | None
    is_tax_free: bool | None
    reasons: tuple[Notice, ...]
    steps: tuple[Step, ...]
    warnings: tuple[Notice, ...]


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month.

    >>> months_after(date(2026, 8, 31), 6).isoformat()
    '2027-02-28'
    """
    years, month = divmod(day.year * MONTHS_OF_YEAR + day.month - 1 + months, MONTHS_OF_YEAR)
    last = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def decide(back: ExportReturn) -> ReturnDecision:
    """Whether goods come back as a return, and whether free of tax.

    Args:
        back: the goods, the mode and the two days; a return before the export is refused.
    """
    why = Explanation(back.exported_on)
    reasons: list[Notice] = []
    if back.returned_on < back.exported_on:
        reasons.append(
            Notice("EXPORT_RETURN_BEFORE_EXPORT", "returned_on", {"value": f"{back.returned_on}"})
        )
        return ReturnDecision(False, False, tuple(reasons), (), ())
    is_return = _is_in_time(back, why, "physical_months", reasons)
    is_free = _is_tax_free(back, why, reasons)
    names = why.unverified()
    warnings = (Notice("LAW_UNVERIFIED", "", {"parameters": ", ".join(names)}),) if names else ()
    return ReturnDecision(is_return, is_free, tuple(reasons), tuple(why.steps), warnings)


def _is_in_time(
    back: ExportReturn, why: Explanation, name: str, reasons: list[Notice]
) -> bool | None:
    """Whether the goods are back within some months from export; the last day counts."""
    try:
        months = why.value(f"cn.export_return.{name}")
    except Unknown:
        return None
    last = months_after(back.exported_on, months.integer)
    formula = f"back within {months.integer} months of export"
    why.say(name, None, formula, f"{back.returned_on} against {last}", months.citation)
    if back.returned_on > last:
        reasons.append(Notice("EXPORT_RETURN_TOO_LATE", "returned_on", {"value": f"{last}"}))
        return False
    return True


def _is_tax_free(back: ExportReturn, why: Explanation, reasons: list[Notice]) -> bool | None:
    """The relief: in force, mode, time, state, no food (2023/4, 1)."""
    try:
        relief = why.value("cn.export_return.is_tax_free")
    except Unknown:
        parameters = {"value": f"{back.exported_on}"}
        reasons.append(Notice("EXPORT_RETURN_RELIEF_NOT_HELD", "exported_on", parameters))
        return None
    refused = [*_objections(back, why)]
    is_in_time = _is_in_time(back, why, "months", refused)
    reasons += refused
    is_free = not refused and is_in_time is True
    effect = why.value("cn.export_return.effect")
    numbers = str(effect.scalar) if is_free else "the taxes on import are due"
    why.say("relief", None, "mode, time, original state, no food", numbers, relief.citation)
    return is_free


def _objections(back: ExportReturn, why: Explanation) -> Iterator[Notice]:
    """What speaks against the relief besides the time: the mode, the state, and food."""
    if back.mode not in str(why.value("cn.export_return.modes").scalar).split(", "):
        yield Notice("EXPORT_RETURN_MODE_WITHOUT_RELIEF", "mode", {"value": back.mode})
    if why.value("cn.export_return.original_state").value and not back.is_original_state:
        yield Notice("EXPORT_RETURN_STATE_CHANGED", "is_original_state", {"value": ""})
    if why.value("cn.export_return.is_food_excluded").value and back.is_food:
        yield Notice("EXPORT_RETURN_FOOD_EXCLUDED", "is_food", {"value": ""})
