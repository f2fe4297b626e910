"""Readings that change a cell: another header, row, year, table, sign, factor, whole or scope."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from tumen.kernel.limits import NUMBER_DIGITS_MAX
from tumen.observatory.claim import WITHOUT_BOUND, Claim
from tumen.observatory.dataset import Catalogue, Cell, Key
from tumen.observatory.expression import Call, Cells, Node, Operation
from tumen.observatory.slips import CELL_SLIP_COST, FACTORS, SLIPS, Reading, is_loose
from tumen.observatory.units import PLAIN, POINTS

CELLS_CHANGED_MAX: Final = 24
"""Cells of one claim up to which each is read otherwise by itself."""


def of_the_cells(
    claim: Claim, node: Node, used: Mapping[Key, Cell], catalogue: Catalogue
) -> Iterator[Reading]:
    """Every other reading of the cells that a claim rests on."""
    cells = list(used.values())
    few = cells if len(cells) <= CELLS_CHANGED_MAX else []
    if is_loose(claim, node):
        yield from _of_a_loose_claim(claim, node, few, catalogue)
        return
    for cell in few:
        yield from _by_sign(claim, node, cell)
        yield from _by_factor(claim, node, cell)
        yield from _by_table(claim, node, cell, catalogue)
        yield from _by_year(claim, node, cell, catalogue)
    yield from _by_header(claim, node, cells, catalogue)
    yield from _by_row(claim, node, cells, catalogue)
    yield from _by_whole(claim, node, cells, catalogue)
    yield from _by_scope(claim, node, catalogue)


def _of_a_loose_claim(
    claim: Claim, node: Node, cells: list[Cell], catalogue: Catalogue
) -> Iterator[Reading]:
    """Readings with evidence of their own: a factor that brings a cell back to its series."""
    if not claim.is_truth and claim.unit.measure == "rank":
        yield from _by_row(claim, node, cells, catalogue)
    for cell in cells:
        for reading in _by_factor(claim, node, cell):
            if _is_nearer(reading.instead[cell.key], cell, catalogue):
                yield reading


def _is_nearer(changed: Cell, cell: Cell, catalogue: Catalogue) -> bool:
    """Whether a changed value is nearer to every other value of its series and economy."""
    others = [
        other.quantity.value
        for other in catalogue.series(cell.dataset, cell.series)
        if other.economy == cell.economy and other.key != cell.key and other.quantity
    ]
    if changed.quantity is None or cell.quantity is None:
        return False
    new, old = changed.quantity.value, cell.quantity.value
    return bool(others) and all(_times(new, other) < _times(old, other) for other in others)


def _times(one: Fraction, other: Fraction) -> Fraction:
    """How many times the larger is the smaller; a great many where that has no meaning."""
    if one <= 0 or other <= 0:
        return WITHOUT_BOUND
    return max(one / other, other / one)


def _reading(slip: str, claim: Claim, node: Node, instead: Iterable[tuple[Cell, Cell]]) -> Reading:
    """A reading in which cells are read as others."""
    pairs = list(instead)
    first, other = pairs[0]
    evidence = {"cell": first.name, "printed": first.value, "other": other.name,
                "says": other.value, "cells": str(len(pairs))}  # fmt: skip
    cells = {cell.key: replace(cell, quantity=new.quantity) for cell, new in pairs}
    return Reading(slip, SLIPS[slip], claim, node, cells, evidence)


def _by_sign(claim: Claim, node: Node, cell: Cell) -> Iterator[Reading]:
    if cell.quantity is None or cell.unit.measure not in (PLAIN, POINTS):
        return  # a level has no sign to lose
    changed = replace(cell, quantity=-cell.quantity)
    sign_lost = cell.text.removeprefix("-") if cell.text.startswith("-") else f"-{cell.text}"
    yield Reading(
        "lost_minus", CELL_SLIP_COST, claim, node, {cell.key: changed},
        {"cell": cell.name, "printed": cell.value},
        f"{cell.name} = {sign_lost} {cell.unit.text}",
    )  # fmt: skip


def _by_factor(claim: Claim, node: Node, cell: Cell) -> Iterator[Reading]:
    if cell.unit.is_counted or cell.quantity is None:
        return
    for power in FACTORS:
        for factor, name in ((Fraction(1, 10**power), f"1/{10**power}"),
                             (Fraction(10**power), f"{10**power}")):  # fmt: skip
            number = Fraction(cell.text) * factor
            yield Reading(
                "factor_of_ten", CELL_SLIP_COST, claim, node, {cell.key: cell.scaled(factor)},
                {"cell": cell.name, "printed": cell.value, "factor": name},
                f"{cell.name} = {_shifted(number)} {cell.unit.text}",
            )  # fmt: skip


def _shifted(number: Fraction) -> str:
    """A decimal of few digits, in full."""
    places = next(n for n in range(2 * NUMBER_DIGITS_MAX) if (number * 10**n).denominator == 1)
    whole = abs(int(number * 10**places))
    text = str(whole).rjust(places + 1, "0")
    cut = len(text) - places
    sign = "-" if number < 0 else ""
    return sign + (f"{text[:cut]}.{text[cut:]}" if places else text)


def _by_table(claim: Claim, node: Node, cell: Cell, catalogue: Catalogue) -> Iterator[Reading]:
    for other in catalogue.of_concept(cell):
        if (
            other.quantity is None
            or cell.quantity is None
            or other.unit.measure != (cell.unit.measure)
        ):
            continue
        if not other.quantity.meets(cell.quantity):
            reading = _reading("tables_disagree", claim, node, [(cell, other)])
            both = f"{cell.name} = {cell.value}, or {other.name} = {other.value}"
            yield replace(reading, corrected=both)


def _by_header(
    claim: Claim, node: Node, cells: list[Cell], catalogue: Catalogue
) -> Iterator[Reading]:
    """All cells of one series are those of another of the same printed table."""
    cells = [cell for cell in cells if cell.is_printed]
    for dataset, series in sorted({(cell.dataset, cell.series) for cell in cells}):
        mine = [cell for cell in cells if (cell.dataset, cell.series) == (dataset, series)]
        unit = mine[0].unit
        others = {other.series for other in catalogue.of_dataset(dataset)
                  if other.unit == unit and other.series != series}  # fmt: skip
        for other_series in sorted(others):
            pairs = [
                (cell, other)
                for cell in mine
                if (other := _held(catalogue, (dataset, other_series, *cell.key[2:])))
            ]
            if len(pairs) == len(mine):
                yield _reading("swapped_header", claim, node, pairs)


def _by_row(claim: Claim, node: Node, cells: list[Cell], catalogue: Catalogue) -> Iterator[Reading]:
    """All cells of one economy are those of another, and the other way about."""
    cells = [cell for cell in cells if cell.is_printed]
    tables = {cell.dataset for cell in cells}
    tried: set[frozenset[str]] = set()
    rows = sorted({key[2] for key in catalogue.cells if key[0] in tables} - catalogue.aggregates)
    for economy in sorted({cell.economy for cell in cells} - catalogue.aggregates):
        for row in rows:
            if row == economy or frozenset((row, economy)) in tried:
                continue
            tried.add(frozenset((row, economy)))
            pairs = [
                (cell, other)
                for cell in cells
                if (new := _exchanged(cell.economy, economy, row)) is not None
                and (other := _held(catalogue, (*cell.key[:2], new, cell.period)))
            ]
            if any(cell.economy == economy for cell, _ in pairs):
                yield _reading("swapped_row", claim, node, pairs)


def _exchanged(own: str, one: str, other: str) -> str | None:
    return other if own == one else one if own == other else None


def _by_year(claim: Claim, node: Node, cell: Cell, catalogue: Catalogue) -> Iterator[Reading]:
    for other in catalogue.series(cell.dataset, cell.series):
        if other.economy == cell.economy and other.key != cell.key and other.quantity is not None:
            yield _reading("another_year", claim, node, [(cell, other)])


def _by_whole(
    claim: Claim, node: Node, cells: list[Cell], catalogue: Catalogue
) -> Iterator[Reading]:
    """The whole of a share is another total of the same measure and period."""
    for whole in _wholes(node):
        cell = catalogue.cells.get(whole) if whole in {cell.key for cell in cells} else None
        if cell is None or cell.quantity is None:
            continue
        for other in catalogue.cells.values():
            if (
                other.key != cell.key
                and other.quantity is not None
                and other.period == cell.period
                and other.unit.measure == cell.unit.measure
                and (other.unit.measure != PLAIN or other.series == cell.series)
                and other.quantity.value >= cell.quantity.value / 10
            ):
                yield _reading("wrong_denominator", claim, node, [(cell, other)])


def _wholes(node: Node) -> Iterator[Key]:
    """The single cells that stand as the whole of a share or ratio."""
    for part in _nodes(node):
        if isinstance(part, Call) and part.name in ("share", "ratio") and len(part.arguments) == 2:
            whole = part.arguments[1]
            if isinstance(whole, Cells) and whole.is_one and whole.economies:
                yield (whole.dataset, whole.series, whole.economies[0], whole.periods[0])


def _by_scope(claim: Claim, node: Node, catalogue: Catalogue) -> Iterator[Reading]:
    """One economy more, or one fewer, among those that are taken together."""
    for cells in _nodes(node):
        if not isinstance(cells, Cells) or cells.economies is None or len(cells.economies) < 2:
            continue
        for economy in cells.economies:
            fewer = tuple(other for other in cells.economies if other != economy)
            changed = replace(cells, economies=fewer)
            yield _scoped(claim, _put(node, cells, changed), "without", economy)
        held = {cell.economy for cell in catalogue.series(cells.dataset, cells.series)}
        for economy in sorted(held - set(cells.economies) - catalogue.aggregates):
            changed = replace(cells, economies=(*cells.economies, economy))
            yield _scoped(claim, _put(node, cells, changed), "with", economy)


def _scoped(claim: Claim, node: Node, how: str, economy: str) -> Reading:
    evidence = {how: economy}
    return Reading("wrong_scope", SLIPS["wrong_scope"], claim, node, evidence=evidence)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from _nodes(argument)
    elif isinstance(node, Operation):
        yield from _nodes(node.left)
        yield from _nodes(node.right)


def _put(node: Node, old: Node, new: Node) -> Node:
    """The tree with one node in the place of another."""
    if node is old:
        return new
    if isinstance(node, Call):
        return replace(node, arguments=tuple(_put(part, old, new) for part in node.arguments))
    if isinstance(node, Operation):
        return replace(node, left=_put(node.left, old, new), right=_put(node.right, old, new))
    return node


def _held(catalogue: Catalogue, key: Key) -> Cell | None:
    cell = catalogue.cells.get(key)
    return cell if cell is not None and cell.quantity is not None else None
