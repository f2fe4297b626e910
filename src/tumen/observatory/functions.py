"""The functions that a claim can be written with, each exact and with bounds.

    level(x)  growth(from, to)  cagr(from, to, years)  share(part, whole)  ratio(a, b)
    difference(a, b)  sum(x, …)  mean(x, …)  least(x, …)  greatest(x, …)  percent(n)
    rank(x, among)  rank_ascending(x, among)  count(column or comparison)  compare(…)
    chain(base, rates)  unchain(last, rates)  rising(column)  falling(column)
    agree(x, y)  points(n)

With ``_over_end``, growth and the chains are the known slip of them: over the last value.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from tumen.observatory.errors import ExpressionError
from tumen.observatory.quantity import Quantity, exact, root, total
from tumen.observatory.units import PLAIN, POINTS
from tumen.observatory.values import Column, Truths, Value, paired

Function = Callable[[Sequence[Value]], Value]

_ONE: Final = exact(1)


def _single(value: Value) -> Quantity:
    if isinstance(value, Quantity):
        return value
    raise ExpressionError("ARGUMENTS_WRONG", "A single number is needed here.")


def _singles(arguments: Sequence[Value], count: int) -> list[Quantity]:
    if len(arguments) != count:
        message = f"It takes {count} arguments, not {len(arguments)}."
        raise ExpressionError("ARGUMENTS_WRONG", message)
    return [_single(argument) for argument in arguments]


def _column(value: Value) -> Column:
    if isinstance(value, Column):
        return value
    raise ExpressionError("ARGUMENTS_WRONG", "Several cells are needed here.")


def _flat(arguments: Sequence[Value]) -> list[Quantity]:
    """All numbers of single numbers and columns."""
    found: list[Quantity] = []
    for argument in arguments:
        found += argument.quantities if isinstance(argument, Column) else [_single(argument)]
    if not found:
        raise ExpressionError("ARGUMENTS_WRONG", "At least one number is needed.")
    for value in found[1:]:
        if value.measure != found[0].measure:
            raise ExpressionError("UNIT_MISMATCH", "The numbers are of several measures.")
    return found


def _plain(value: Quantity) -> Quantity:
    if value.measure != PLAIN:
        raise ExpressionError("UNIT_MISMATCH", f"{value.measure} stands where a rate is needed.")
    return value


def _level(arguments: Sequence[Value]) -> Value:
    return _singles(arguments, 1)[0]


def _negative(arguments: Sequence[Value]) -> Value:
    return -_singles(arguments, 1)[0]


def _growth(arguments: Sequence[Value]) -> Value:
    first, last = _singles(arguments, 2)
    return _quotient(last, first) - _ONE


def _growth_over_end(arguments: Sequence[Value]) -> Value:
    first, last = _singles(arguments, 2)
    return _ONE - _quotient(first, last)


def _cagr(arguments: Sequence[Value]) -> Value:
    first, last, years = _singles(arguments, 3)
    factor = _quotient(last, first)
    if years.value.denominator != 1 or not 0 < years.value <= 1_000 or factor.low <= 0:
        message = "A yearly rate needs whole years and positive values."
        raise ExpressionError("ARGUMENTS_WRONG", message)
    return root(factor, int(years.value)) - _ONE


def _quotient(part: Quantity, whole: Quantity) -> Quantity:
    if part.measure != whole.measure:
        message = f"{part.measure or 'a plain number'} is set against "
        raise ExpressionError("UNIT_MISMATCH", message + f"{whole.measure or 'a plain number'}.")
    return part / whole


def _ratio(arguments: Sequence[Value]) -> Value:
    return _quotient(*_singles(arguments, 2))


def _difference(arguments: Sequence[Value]) -> Value:
    left, right = _singles(arguments, 2)
    found = left - right
    return found.of(POINTS) if found.measure == PLAIN else found


def _sum(arguments: Sequence[Value]) -> Value:
    return total(_flat(arguments))


def _mean(arguments: Sequence[Value]) -> Value:
    values = _flat(arguments)
    return total(values).scaled(Fraction(1, len(values)))


def _least(arguments: Sequence[Value]) -> Value:
    return min(_flat(arguments), key=lambda quantity: quantity.value)


def _greatest(arguments: Sequence[Value]) -> Value:
    return max(_flat(arguments), key=lambda quantity: quantity.value)


def _percent(arguments: Sequence[Value]) -> Value:
    return _plain(_singles(arguments, 1)[0]).scaled(Fraction(1, 100))


def _points(arguments: Sequence[Value]) -> Value:
    return _plain(_singles(arguments, 1)[0]).scaled(Fraction(1, 100)).of(POINTS)


def _ranked(arguments: Sequence[Value], *, ascending: bool) -> Value:
    if len(arguments) != 2:
        raise ExpressionError("ARGUMENTS_WRONG", "A rank takes a value and those it is among.")
    value = _single(arguments[0])
    among = _flat([arguments[0], _column(arguments[1])])[1:]
    before = [
        other
        for other in among
        if (other.value < value.value if ascending else other.value > value.value)
    ]
    ties = sum(other.value == value.value for other in among) - 1
    first = Fraction(len(before) + 1)
    return Quantity(first, first, first + max(ties, 0), "rank")


def _rank(arguments: Sequence[Value]) -> Value:
    return _ranked(arguments, ascending=False)


def _rank_ascending(arguments: Sequence[Value]) -> Value:
    return _ranked(arguments, ascending=True)


def _count(arguments: Sequence[Value]) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0], Truths):
        return exact(sum(holds for _, holds in arguments[0].items))
    if len(arguments) == 1:
        return exact(len(_column(arguments[0]).items))
    raise ExpressionError("ARGUMENTS_WRONG", "Count takes a column or a comparison.")


def _compare(arguments: Sequence[Value]) -> Value:
    items: list[tuple[str, bool]] = []
    for argument in arguments:
        if not isinstance(argument, Truths):
            raise ExpressionError("ARGUMENTS_WRONG", "Compare takes comparisons.")
        items += argument.items
    if not items:
        raise ExpressionError("ARGUMENTS_WRONG", "Compare takes at least one comparison.")
    return Truths(tuple(items))


def _rates(arguments: Sequence[Value]) -> tuple[Quantity, list[Quantity]]:
    """The base of a chain and its yearly rates, none missing.

    Raises:
        ExpressionError: a year is missing, or the rates are of several economies.
    """
    if len(arguments) != 2:
        raise ExpressionError("ARGUMENTS_WRONG", "A chain takes a base and its rates.")
    rates = _column(arguments[1])
    years = [period for _, period, _ in rates.items]
    is_yearly = all(year.isdigit() for year in years) and all(
        int(next_year) == int(year) + 1 for year, next_year in pairwise(years)
    )
    if len({economy for economy, _, _ in rates.items}) != 1 or not is_yearly:
        raise ExpressionError("CHAIN_BROKEN", "The rates are not of one economy, year by year.")
    return _single(arguments[0]), [_plain(rate) for rate in rates.quantities]


def _chain(arguments: Sequence[Value]) -> Value:
    value, rates = _rates(arguments)
    for rate in rates:
        value = value * (_ONE + rate)
    return value


def _chain_over_end(arguments: Sequence[Value]) -> Value:
    value, rates = _rates(arguments)
    for rate in rates:
        value = value / (_ONE - rate)
    return value


def _unchain(arguments: Sequence[Value]) -> Value:
    value, rates = _rates(arguments)
    for rate in rates:
        value = value / (_ONE + rate)
    return value


def _unchain_over_end(arguments: Sequence[Value]) -> Value:
    value, rates = _rates(arguments)
    for rate in rates:
        value = value * (_ONE - rate)
    return value


def _agree(arguments: Sequence[Value]) -> Value:
    if len(arguments) != 2:
        raise ExpressionError("ARGUMENTS_WRONG", "Agree takes two numbers or two columns.")
    rows = paired(*arguments)
    for _, one, other in rows:
        if one.measure != other.measure:
            raise ExpressionError("UNIT_MISMATCH", "The two are of several measures.")
    return Truths(tuple((label, one.meets(other)) for label, one, other in rows))


def _steps(arguments: Sequence[Value], *, upward: bool) -> Value:
    """Whether each value of an economy is above, or below, the one before it."""
    if len(arguments) != 1:
        raise ExpressionError("ARGUMENTS_WRONG", "It takes one column.")
    rows: dict[str, list[tuple[str, Quantity]]] = {}
    for economy, period, quantity in _column(arguments[0]).items:
        rows.setdefault(economy, []).append((period, quantity))
    found = [
        (f"{economy} {period}", (last.value > first.value) is upward and last.value != first.value)
        for economy, row in rows.items()
        for (_, first), (period, last) in pairwise(sorted(row, key=lambda step: step[0]))
    ]
    if not found:
        raise ExpressionError("ARGUMENTS_WRONG", "Two periods are needed at least.")
    return Truths(tuple(found))


def _rising(arguments: Sequence[Value]) -> Value:
    return _steps(arguments, upward=True)


def _falling(arguments: Sequence[Value]) -> Value:
    return _steps(arguments, upward=False)


FUNCTIONS: Final[dict[str, Function]] = {
    "level": _level,
    "negative": _negative,
    "growth": _growth,
    "growth_over_end": _growth_over_end,
    "cagr": _cagr,
    "share": _ratio,
    "ratio": _ratio,
    "difference": _difference,
    "sum": _sum,
    "mean": _mean,
    "least": _least,
    "greatest": _greatest,
    "percent": _percent,
    "points": _points,
    "rank": _rank,
    "rank_ascending": _rank_ascending,
    "count": _count,
    "compare": _compare,
    "chain": _chain,
    "chain_over_end": _chain_over_end,
    "unchain": _unchain,
    "unchain_over_end": _unchain_over_end,
    "agree": _agree,
    "rising": _rising,
    "falling": _falling,
}
"""What can be called, by name."""
