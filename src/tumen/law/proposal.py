"""A proposal: other values of known parameters, to be tried over the law for one run.

A file of a proposal has the form of the law's own files, and says only what changes:

    [[parameter]]
    name = "jp.deminimis.consumption_tax_limit"

    [[parameter.value]]
    from = 2026-01-01
    value = 0

Where a proposed value covers days of values in force, it takes their place on these days. A value
without ``to`` holds from its first day on. Citation and evidence may be left out: a proposal is
nobody's act, so what rests on it is told as unverified.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from tumen.codelist.iso_countries import countries
from tumen.kernel.errors import UsageError
from tumen.law.overlay import Overlay
from tumen.law.parameters import (
    IN_FORCE,
    Bracket,
    Evidence,
    Parameter,
    Scalar,
    Value,
    parameter_problems,
    parameters,
)
from tumen.law.usage import usage

PACKAGE: Final = Path(__file__).parents[1]
VERSION_DIGITS: Final = 6
ONE_DAY: Final = timedelta(days=1)


class ProposedValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value as a file of a proposal tells it; see :class:`~tumen.law.parameters.Value`."""

    first: date = msgspec.field(name="from")
    last: date | None = msgspec.field(name="to", default=None)
    value: Scalar | tuple[Bracket, ...]
    instrument: str = "proposal"
    article: str = "tried for this run"
    evidence: Evidence = "proposed"
    confidence: int | None = None
    note: str = ""


class ProposedParameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter as a file of a proposal tells it; title and unit may be left out."""

    name: str
    values: list[ProposedValue] = msgspec.field(name="value")
    title: str = ""
    unit: str = ""


class ProposalFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a proposal."""

    parameter: list[ProposedParameter]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One value that is proposed, and those whose days it takes."""

    parameter: Parameter
    value: Value
    replaced: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, and the law as it would then be."""

    values: tuple[Proposed, ...]
    overlay: Overlay

    @property
    def unasked(self) -> list[str]:
        """The parameters that no answer asked for since it was tried: it changes nothing there."""
        return sorted({each.parameter.name for each in self.values} - self.overlay.asked)


def proposal_of(text: str) -> Proposal:
    """The proposal that a text in TOML makes.

    Raises:
        UsageError: the text cannot be read, or does not fit the law; tells all that is wrong.
    """
    try:
        told = msgspec.convert(tomllib.loads(text), ProposalFile).parameter
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise UsageError(f"The proposal cannot be read: {error}.") from error
    faults = [fault for each in told for fault in _faults(each)]
    faults += [] if told else ["it names no parameter"]
    names = [each.name for each in told]
    faults += [f"{name} stands twice" for name in sorted({*names}) if names.count(name) > 1]
    if faults:
        raise UsageError("The proposal does not fit the law: " + "; ".join(faults) + ".")
    found = [_proposed(each.name, _value(value)) for each in told for value in each.values]
    digest = hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:VERSION_DIGITS]
    return Proposal(tuple(found), Overlay(_enacted(found), digest))


def _enacted(found: Iterable[Proposed]) -> dict[str, Parameter]:
    """Every parameter, those of the proposal with their new values in order of time."""
    law = {**parameters()}
    for each in found:
        known = law[each.parameter.name]
        kept = [part for value in known.values for part in _outside(value, each.value)]
        values = sorted([*kept, each.value], key=lambda value: value.first)
        law[known.name] = msgspec.structs.replace(known, values=values)
    return law


def _outside(value: Value, new: Value) -> Iterator[Value]:
    """What is left of a value beside the days of a new one; what is not in force stays whole."""
    if not _meets(value, new):
        yield value
        return
    if value.first < new.first:
        yield msgspec.structs.replace(value, last=new.first - ONE_DAY)
    if new.last is not None and (value.last is None or value.last > new.last):
        yield msgspec.structs.replace(value, first=new.last + ONE_DAY)


def _meets(value: Value, new: Value) -> bool:
    """Whether a value in force shares a day with another."""
    begun = new.last is None or value.first <= new.last
    return value.evidence in IN_FORCE and begun and (value.last is None or new.first <= value.last)


def _value(told: ProposedValue) -> Value:
    """The value as it is computed with: what is only proposed counts as unverified."""
    fields = msgspec.structs.asdict(told)
    if told.evidence not in IN_FORCE:
        fields |= {"evidence": "unverified", "confidence": 0}
    return Value(**fields)


def _proposed(name: str, value: Value) -> Proposed:
    known = parameters()[name]
    return Proposed(known, value, tuple(each for each in known.values if _meets(each, value)))


# --- what does not fit ---------------------------------------------------------------------------


def _faults(told: ProposedParameter) -> Iterator[str]:
    known = parameters().get(told.name)
    if known is None:
        near = get_close_matches(told.name, parameters(), 1)
        yield f"no parameter {told.name}" + "".join(f", but {each}" for each in near)
        return
    if told.unit not in {"", known.unit}:
        yield f"{told.name} counts in {known.unit}, not in {told.unit}"
    for each in told.values:
        alone = Parameter(known.name, known.title, known.unit, [_value(each)])
        yield from (f"{told.name}: {text}" for text in parameter_problems(alone))
        yield from (f"{told.name}: {text}" for text in _strange(known, each.value))
    for one, other in pairwise(sorted(told.values, key=lambda each: each.first)):
        if one.last is None or other.first <= one.last:
            yield f"{told.name}: its values from {one.first} and from {other.first} overlap"
    if not told.values:
        yield f"{told.name} has no value"


def _strange(known: Parameter, value: Scalar | tuple[Bracket, ...]) -> Iterator[str]:
    """A table where the law has none or the other way round, or words that no code knows."""
    if isinstance(value, tuple) != isinstance(known.values[0].value, tuple):
        yield "a table by value and a single value do not replace each other"
    if known.unit == "rule" and isinstance(value, str):
        words = {word for each in known.values for word in _words(str(each.value))}
        code = usage(PACKAGE).words
        yield from (
            f"no code knows the word {word!r}"
            for word in _words(value)
            if word not in words and word not in countries() and word.lower() not in code
        )


def _words(value: str) -> Sequence[str]:
    return value.replace(":", " ").split()
