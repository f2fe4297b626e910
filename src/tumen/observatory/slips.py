"""The closed list of known slips, and the other readings of a claim that each would explain.

A reading is the claim with one thing changed: how it was computed, its unit, its sign, or a cell.
The audit computes every reading; those that come out as printed are the diagnosis.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tumen.observatory.claim import Claim
from tumen.observatory.dataset import Cell, Key
from tumen.observatory.expression import Call, Node, Operation
from tumen.observatory.units import POINTS, Unit, unit_of

SLIPS: Final = {
    "growth_over_end_year": 0,
    "percent_for_points": 0,
    "times_for_percent": 0,
    "by_times_for_times": 0,
    "lost_minus": 0,
    "factor_of_ten": 0,
    "truncated_not_rounded": 0,
    "date_after_document": 0,
    "swapped_header": 1,
    "tables_disagree": 2,
    "wrong_denominator": 2,
    "wrong_scope": 2,
    "swapped_row": 2,
    "another_year": 2,
}
"""Every slip, and how much it asks us to believe: of the sentence, of a table, of a mix-up."""

CELL_SLIP_COST: Final = 1
"""A minus or a factor lost within a cell, not in the sentence."""

UNIT_SLIPS: Final = frozenset({"percent_for_points", "times_for_percent", "factor_of_ten"})
"""Slips by which the number is right and its unit is not."""

FACTORS: Final = (1, 2, 3)
"""Powers of ten that are mistaken for one another: 10, 100, 1000."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim as it would stand if one slip had been made."""

    slip: str
    cost: int
    claim: Claim
    node: Node
    instead: Mapping[Key, Cell] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    corrected: str = ""
    right: Node | None = None
    """The expression of the corrected value, where it is not the claim's own."""


def is_loose(claim: Claim, node: Node) -> bool:
    """Whether many values would do: an inequality, a rank, an open end.

    That some other reading satisfies it proves little, so few are tried.
    """
    if claim.word in ("over", "up_to") or claim.unit.measure == "rank":
        return True
    return claim.is_truth and _has_inequality(node)


def _has_inequality(node: Node) -> bool:
    if isinstance(node, Call):
        is_step = node.name in ("rising", "falling")
        return is_step or any(_has_inequality(argument) for argument in node.arguments)
    if isinstance(node, Operation):
        is_one = node.operator in ("<", "<=", ">", ">=")
        return is_one or _has_inequality(node.left) or _has_inequality(node.right)
    return False


def of_the_sentence(claim: Claim, node: Node) -> Iterator[Reading]:
    """Readings that change how the number was computed, or what it is called."""
    if (over_end := over_the_end(node)) != node:
        right = chains_over_the_end(node)
        yield Reading("growth_over_end_year", 0, claim, over_end, right=right)
    if is_loose(claim, node):
        return
    if claim.is_truth:
        return
    yield from _other_units(claim, node)
    yield Reading("lost_minus", 0, claim.negated(), node)
    for power in FACTORS:
        yield from _scaled_claims(claim, node, 10**power)


def _scaled_claims(claim: Claim, node: Node, factor: int) -> Iterator[Reading]:
    for text, scale in ((f"{factor}", claim.unit.scale * factor),
                        (f"1/{factor}", claim.unit.scale / factor)):  # fmt: skip
        unit = replace(claim.unit, scale=scale)
        yield Reading("factor_of_ten", 0, claim.in_unit(unit), node, evidence={"factor": text})


def _other_units(claim: Claim, node: Node) -> Iterator[Reading]:
    """Percent for points, times for percent, 'by … times' for times, and back."""
    percent, points, times = unit_of("percent"), unit_of(POINTS), unit_of("times")
    others: dict[str, tuple[tuple[str, Unit], ...]] = {
        "percent": (("percent_for_points", points), ("times_for_percent", times)),
        POINTS: (("percent_for_points", percent),),
        "times": (("times_for_percent", percent),),
    }
    for slip, unit in others.get(claim.unit.text, ()):
        yield Reading(slip, 0, claim.in_unit(unit), node, evidence={"unit": unit.text})
    if claim.unit.text in ("percent", POINTS):
        unit = percent if claim.unit.text == POINTS else points
        if (swapped := _renamed(node, _points_for_percent)) != node:
            other = claim.in_unit(unit)
            yield Reading("percent_for_points", 0, other, swapped, evidence={"unit": unit.text})
    if claim.unit.text == "times" and (by_times := _renamed(node, _multiple_for_growth)) != node:
        yield Reading("by_times_for_times", 0, claim, by_times)


def over_the_end(node: Node) -> Node:
    """The expression with every growth and every chain taken over the last value."""
    return _renamed(node, _over_end)


def chains_over_the_end(node: Node) -> Node:
    """The expression with its chains as the rates were made, and growth as it should be."""
    return _renamed(node, lambda call: call if call.name == "growth" else _over_end(call))


def _over_end(call: Call) -> Node:
    has_slip = call.name in ("growth", "chain", "unchain")
    return replace(call, name=f"{call.name}_over_end") if has_slip else call


def _points_for_percent(call: Call) -> Node:
    if call.name == "growth" and len(call.arguments) == 2:
        return Call("difference", call.arguments[::-1], call.position)
    if call.name == "difference" and len(call.arguments) == 2:
        return Call("growth", call.arguments[::-1], call.position)
    return call


def _multiple_for_growth(call: Call) -> Node:
    if call.name == "growth" and len(call.arguments) == 2:
        return Call("ratio", call.arguments[::-1], call.position)
    if call.name == "ratio" and len(call.arguments) == 2:
        return Call("growth", call.arguments[::-1], call.position)
    return call


def _renamed(node: Node, change: Callable[[Call], Node]) -> Node:
    """The tree with every call changed, from the leaves up."""
    if isinstance(node, Call):
        arguments = tuple(_renamed(argument, change) for argument in node.arguments)
        return change(replace(node, arguments=arguments))
    if isinstance(node, Operation):
        left, right = _renamed(node.left, change), _renamed(node.right, change)
        return replace(node, left=left, right=right)
    return node
