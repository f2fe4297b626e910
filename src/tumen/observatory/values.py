"""What an expression can come to: a quantity, a column, truths, or a day."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tumen.observatory.errors import ExpressionError
from tumen.observatory.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Column:
    """Several values of a series: economy, period, quantity."""

    items: tuple[tuple[str, str, Quantity], ...]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The values alone."""
        return tuple(quantity for _, _, quantity in self.items)


@dataclass(frozen=True, slots=True)
class Truths:
    """Comparisons that hold or not, each with whose and when."""

    items: tuple[tuple[str, bool], ...]

    @property
    def all_hold(self) -> bool:
        """Whether every one holds."""
        return all(holds for _, holds in self.items)


Value = Quantity | Column | Truths | date

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


def compared(sign: str, left: Value, right: Value) -> Truths:
    """Compare printed values: one with one, a column with one, or two columns cell by cell.

    Raises:
        ExpressionError: the two are of other kinds or measures, or name other cells.
    """
    test = _COMPARE[sign]
    if isinstance(left, date) and isinstance(right, date):
        return Truths(((f"{left} {sign} {right}", test(left, right)),))
    rows = paired(left, right)
    for _, one, other in rows:
        if one.measure != other.measure:
            message = f"{one.measure or 'a plain number'} is compared with "
            raise ExpressionError(
                "UNIT_MISMATCH", message + f"{other.measure or 'a plain number'}."
            )
    return Truths(tuple((label, test(one.value, other.value)) for label, one, other in rows))


def paired(left: Value, right: Value) -> list[tuple[str, Quantity, Quantity]]:
    """Two numbers, or columns cell by cell, with whose and when.

    Raises:
        ExpressionError: they are of other kinds, or name other cells.
    """
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return [("", left, right)]
    if isinstance(left, Column) and isinstance(right, Quantity):
        return [(f"{economy} {period}", value, right) for economy, period, value in left.items]
    if isinstance(left, Quantity) and isinstance(right, Column):
        return [(f"{economy} {period}", left, value) for economy, period, value in right.items]
    if isinstance(left, Column) and isinstance(right, Column):
        others = {(economy, period): value for economy, period, value in right.items}
        if others.keys() != {(economy, period) for economy, period, _ in left.items}:
            raise ExpressionError("ARGUMENTS_WRONG", "Two columns must name the same cells.")
        return [
            (f"{economy} {period}", value, others[economy, period])
            for economy, period, value in left.items
        ]
    raise ExpressionError("ARGUMENTS_WRONG", "Only numbers or days can be compared.")
