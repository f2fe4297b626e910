"""What several regimes ask of one consignment: found once, and told in each of them.

Whether a regime is open turns on the customs value, and so does what it charges; the next regime
asks for the same value again. Who asks again takes over the steps of the explanation, the
parameters and the remarks that it was found with, as if it had been computed anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tumen.law.explanation import Step, Unknown
from tumen.law.overlay import overlay
from tumen.law.parameters import Value as Law
from tumen.law.ruling import Notice
from tumen.law.settlement import Settlement

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Found:
    """A value, or what it lacks, with all that was noted on the way to it."""

    value: object
    lacking: str | None
    steps: list[Step]
    used: dict[str, Law]
    doubts: set[str]
    warnings: list[Notice]


def once(find: Callable[..., Value], settlement: Settlement, *told: object) -> Value:
    """What a function finds of a consignment, found once however many regimes ask.

    Args:
        find: takes a settlement and what else is told. It looks at the consignment alone, and notes
            steps, parameters, doubts and warnings, but no charges.
        settlement: of the regime that asks.
        told: arguments besides.

    Raises:
        Unknown: what ``find`` raised.
    """
    kept = settlement.consignment.kept
    key = (find, told, overlay())
    known = kept.get(key)
    if known is None:
        known = kept[key] = _found(find, settlement, told)
    assert isinstance(known, _Found)  # noqa: S101 - nobody else keeps anything by this key
    settlement.why.steps += known.steps
    settlement.why.used |= known.used
    settlement.doubts |= known.doubts
    settlement.tell(*known.warnings)
    if known.lacking is not None:
        raise Unknown(known.lacking)
    return known.value  # type: ignore[return-value]


def _found(find: Callable[..., object], settlement: Settlement, told: tuple[object, ...]) -> _Found:
    apart = Settlement(
        settlement.regime, settlement.consignment, settlement.rounding, settlement.unit
    )
    value, lacking = None, None
    try:
        value = find(apart, *told)
    except Unknown as unknown:
        lacking = unknown.name
    return _Found(value, lacking, apart.why.steps, apart.why.used, apart.doubts, apart.warnings)
