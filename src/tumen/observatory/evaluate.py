"""The value of an expression over a study's cells: exact, with bounds, and with what it used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tumen.observatory.dataset import Catalogue, Cell, Key
from tumen.observatory.errors import ExpressionError
from tumen.observatory.expression import (
    COMPARISONS,
    Call,
    Cells,
    Day,
    Field,
    Node,
    Number,
    Operation,
)
from tumen.observatory.functions import FUNCTIONS
from tumen.observatory.quantity import Quantity, exact, number_of
from tumen.observatory.values import Column, Value, compared


@dataclass(slots=True)
class Evaluation:
    """One evaluation: the cells there are, those read otherwise, and those that were used."""

    catalogue: Catalogue
    document: Mapping[str, date]
    instead: Mapping[Key, Cell]
    claim: str = ""
    used: dict[Key, Cell] = field(default_factory=dict)

    def value(self, node: Node) -> Value:
        """What an expression comes to.

        Raises:
            ExpressionError: it names what is not held, or cannot be computed.
        """
        match node:
            case Number():
                return exact(number_of(node.text))
            case Day():
                return node.day
            case Field():
                return self._field(node)
            case Cells():
                return self._cells(node)
            case Call():
                return self._call(node)
            case Operation():
                return self._operation(node)

    def _field(self, node: Field) -> date:
        found = self.document.get(node.name) if node.owner == "document" else None
        if found is None:
            message = f"The study has no {node.owner}.{node.name}."
            raise ExpressionError("SERIES_UNKNOWN", message, node.position)
        return found

    def _cells(self, node: Cells) -> Value:
        try:
            held = self.catalogue.series(node.dataset, node.series)
        except ExpressionError as error:
            raise ExpressionError(error.code, str(error), node.position) from error
        chosen = [cell for cell in held if self._is_meant(cell, node)]
        self._all_held(node, chosen)
        items = tuple((cell.economy, cell.period, self._read(cell, node)) for cell in chosen)
        return items[0][2] if node.is_one else Column(items)

    def _is_meant(self, cell: Cell, node: Cells) -> bool:
        if node.economies is None:
            is_economy = cell.economy not in self.catalogue.aggregates and cell.quantity is not None
        else:
            is_economy = cell.economy in node.economies
        if node.is_range:
            first, last = node.periods
            is_alike = len(cell.period) == len(first)  # years with years, quarters with quarters
            return is_economy and is_alike and first <= cell.period <= last
        return is_economy and cell.period in node.periods

    def _all_held(self, node: Cells, chosen: list[Cell]) -> None:
        """Whether every economy, and every period named one by one, has its cell."""
        held = {(cell.economy, cell.period) for cell in chosen}
        if node.is_range:
            absent = [e for e in node.economies or () if e not in {key[0] for key in held}]
        else:
            absent = [
                f"{economy} {period}"
                for economy in node.economies or ()
                for period in node.periods
                if (economy, period) not in held
            ]
        if absent or not chosen:
            where = f"{node.dataset}.{node.series}"
            what = ", ".join(absent) or "these keys"
            raise ExpressionError("CELL_UNKNOWN", f"{where} has no {what}.", node.position)

    def _read(self, cell: Cell, node: Cells) -> Quantity:
        cell = self.instead.get(cell.key, cell)
        if cell.quantity is None:
            message = f"{cell.name} has no value in the source."
            raise ExpressionError("CELL_MISSING", message, node.position)
        if self.claim in cell.basis:
            message = f"{cell.name} was derived from claim {self.claim} itself."
            raise ExpressionError("CIRCULAR", message, node.position)
        self.used[cell.key] = cell
        return cell.quantity

    def _call(self, node: Call) -> Value:
        function = FUNCTIONS.get(node.name)
        if function is None:
            message = f"There is no function {node.name!r}."
            raise ExpressionError("FUNCTION_UNKNOWN", message, node.position)
        arguments = [self.value(argument) for argument in node.arguments]
        try:
            return function(arguments)
        except ExpressionError as error:
            raise ExpressionError(error.code, str(error), node.position) from error

    def _operation(self, node: Operation) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if node.operator in COMPARISONS:
            return compared(node.operator, _fitted(left, node.left, right),
                            _fitted(right, node.right, left))  # fmt: skip
        if not isinstance(left, Quantity) or not isinstance(right, Quantity):
            message = f"{node.operator!r} joins two single numbers."
            raise ExpressionError("ARGUMENTS_WRONG", message, node.position)
        try:
            return _arithmetic(node.operator, left, right)
        except ExpressionError as error:
            raise ExpressionError(error.code, str(error), node.position) from error


def _fitted(value: Value, node: Node, other: Value) -> Value:
    """A bare number that is compared takes the measure of what it is compared with."""
    if isinstance(node, Number) and isinstance(value, Quantity):
        if isinstance(other, Quantity):
            return value.of(other.measure)
        if isinstance(other, Column):
            return value.of(other.items[0][2].measure)
    return value


def _arithmetic(operator: str, left: Quantity, right: Quantity) -> Quantity:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right
