"""The parameters of the law: dated, cited values in ``data/<country>/*.toml``.

>>> from datetime import date
>>> at("cn.cbec.single_limit", date(2018, 12, 31)), at("cn.cbec.single_limit", date(2019, 1, 1))
(200000, 500000)
>>> [(str(value.first), value.value) for value in history("cn.cbec.annual_limit")]
[('2016-04-08', 2000000), ('2019-01-01', 2600000)]

Nothing falls back: a day without a value is an error, or null in a column.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast

import msgspec

from tumen.kernel.errors import LawError, ParameterNotInForce, ParameterUnknown
from tumen.law.overlay import overlay

DATA: Final = Path(__file__).parent / "data"
SAMPLES: Final = DATA / "samples"
"""Made-up shipments that the law is tried on: no law, so that they do not count to its version."""

Scalar = int | str | bool


class Bracket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a table by value: up to and with ``to`` (None: without end), the amount."""

    amount: int
    to: int | None = None


Evidence = Literal["statute", "confirmed", "weak", "unverified", "proposed", "expected"]
VERIFIED: Final = frozenset({"statute", "confirmed"})
IN_FORCE: Final = frozenset({"statute", "confirmed", "weak", "unverified"})
"""Evidence of values that are computed with; what is proposed or expected is shown, never used."""

VALUES_CACHED_MAX: Final = 65_536
"""Parameters and days whose value in force is kept."""

AMOUNT_UNITS: Final = frozenset(
    {"fen", "fen/g", "fen/kl", "fen/ml", "fen/piece", "fen/sheet", "fen/t", "l/t"}
)
MONEY: Final = frozenset({"fen", "yen", "won", "kopek", "mongo", "cent", "eurocent"})
"""Minor units: of CNY, JPY, KRW, RUB, MNT, USD and EUR (yen and won have no smaller one)."""

QUANTITIES: Final = frozenset({"g", "kg", "ml", "l", "piece", "cm3", "days", "months"})
UNITS: Final = (
    AMOUNT_UNITS
    | MONEY
    | QUANTITIES
    | {f"{money}/{quantity}" for money in MONEY for quantity in QUANTITIES}
    | {"ppm", "percent", "count", "day_of_year", "boolean", "rounding", "rule"}
)
"""What a value may be counted in. A ``day_of_year`` is ``MM-DD``; a ``rule`` is a word that the
code knows; ``rounding`` is down, half_up or up."""

WORDS: Final = {
    "rule": r".*\S.*",
    "rounding": "down|half_up|up",
    "day_of_year": r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
}
"""The units whose values are words, and what form these have."""


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One value of a parameter, from its first day to its last.

    Attributes:
        first: the first day in force (``from`` in the file).
        last: the last day in force (``to``), or None where no end is known.
        value: an integer in the parameter's unit, a word, a truth, or a table by value.
        instrument: the act, in its own language.
        article: where in it.
        evidence: how we know it; ``statute`` means that its text was read.
        confidence: per cent, where the evidence is ``unverified``.
        note: what a reader should know besides.
    """

    first: date = msgspec.field(name="from")
    last: date | None = msgspec.field(name="to", default=None)
    value: Scalar | tuple[Bracket, ...]
    instrument: str
    article: str
    evidence: Evidence
    confidence: int | None = None
    note: str = ""

    def covers(self, day: date) -> bool:
        """Whether the value is in force on the day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def scalar(self) -> Scalar:
        """The value, where it is no table."""
        if isinstance(self.value, tuple):
            raise TypeError("a table by value has no one value")
        return self.value

    @property
    def integer(self) -> int:
        """The value, where it is an amount, a rate or a count."""
        return int(self.scalar)

    @property
    def citation(self) -> str:
        """Instrument and article."""
        return f"{self.instrument}, {self.article}"


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named parameter with all its values in order of time.

    Attributes:
        name: the economy, the topic, and what it is, such as ``cn.cbec.annual_limit``.
        title: the same in words.
        unit: of its values.
        values: each with its days, its instrument and how well it is known.
    """

    name: str
    title: str
    unit: str
    values: list[Value] = msgspec.field(name="value")


class ParameterFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of parameters: one topic."""

    parameter: list[Parameter]


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the data of the law, and where."""

    file: str
    name: str
    text: str


def is_parameter_file(path: Path) -> bool:
    """Whether a file of the law's data holds parameters (others hold goods, units or sources)."""
    return not path.stem.endswith("goods") and path.stem not in {"units", "sources"}


def read_file(path: Path) -> list[Parameter]:
    """The parameters of one file; the schema is checked by :class:`ParameterFile`."""
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), ParameterFile).parameter


def parameter_files(folder: Path = DATA) -> Iterator[Path]:
    """The files of parameters below a folder, in a fixed order."""
    return (path for path in sorted(folder.glob("*/*.toml")) if is_parameter_file(path))


def parameters() -> Mapping[str, Parameter]:
    """Every parameter by its name; those of a proposal that is tried win (see ``overlay``)."""
    tried = overlay()
    return _committed() if tried is None else cast("Mapping[str, Parameter]", tried.parameters)


@cache
def _committed() -> Mapping[str, Parameter]:
    economies = dict.fromkeys(path.parent.name for path in parameter_files())
    return MappingProxyType({k: v for each in economies for k, v in _of_economy(each).items()})


def is_parameter(name: str) -> bool:
    """Whether a parameter has this name; no other economy's files are read for it."""
    tried = overlay()
    if tried is not None:
        return name in tried.parameters
    owner = name.partition(".")[0]
    return owner in _owners() and name in _of_economy(owner)


@cache
def _owners() -> frozenset[str]:
    """The folders of the files: one for each economy, and what all of them share."""
    return frozenset(path.parent.name for path in parameter_files())


@cache
def _of_economy(economy: str) -> Mapping[str, Parameter]:
    """What one folder holds: a name begins with it, so that no other needs to be read."""
    paths = (path for path in parameter_files() if path.parent.name == economy)
    return {each.name: each for path in paths for each in read_file(path)}


def history(name: str) -> tuple[Value, ...]:
    """All values of a parameter, in order of time.

    Raises:
        ParameterUnknown: if no parameter has this name.
    """
    tried = overlay()
    if tried is None:
        found = _of_economy(name.partition(".")[0]).get(name)
    else:
        tried.asked.add(name)
        found = parameters().get(name)
    if found is None:
        raise ParameterUnknown(f"no parameter {name!r}", name=name)
    return tuple(found.values)


def value_at(name: str, day: date) -> Value:
    """The value in force on a day, with its citation and evidence.

    Raises:
        ParameterUnknown: if no parameter has this name.
        ParameterNotInForce: if it has no value on that day.
    """
    found = _committed_value(name, day) if overlay() is None else _in_force(history(name), day)
    if found is None:
        raise ParameterNotInForce(f"{name} has no value on {day}", name=name, day=day)
    return found


@lru_cache(maxsize=VALUES_CACHED_MAX)
def _committed_value(name: str, day: date) -> Value | None:
    return _in_force(history(name), day)


def _in_force(values: Iterable[Value], day: date) -> Value | None:
    """The value that is computed with on a day; None where there is none."""
    return next((each for each in values if each.covers(day) and each.evidence in IN_FORCE), None)


def holds(name: str, day: date) -> bool:
    """Whether a parameter of this name exists and has a value on a day."""
    try:
        value_at(name, day)
    except LawError:
        return False
    return True


def at(name: str, day: date) -> Scalar:
    """The value in force on a day; see :func:`value_at` for the errors."""
    return value_at(name, day).scalar


def integer_at(name: str, day: date) -> int:
    """The value in force on a day of a parameter that is an integer; see :func:`value_at`."""
    return int(at(name, day))


def unverified(day: date, prefix: str = "cn.") -> list[str]:
    """The parameters in force on a day whose evidence is below ``confirmed``, by name."""
    return sorted(
        name
        for name, each in parameters().items()
        for value in each.values
        if name.startswith(prefix) and value.covers(day) and value.evidence not in VERIFIED
    )


def law_version() -> str:
    """A short hash over all data of the law; it is stored with every charge.

    While a proposal is tried, the proposal's hash stands behind it.
    """
    tried = overlay()
    return _committed_version() if tried is None else f"{_committed_version()}+{tried.version}"


@cache
def _committed_version() -> str:
    digest = hashlib.sha256()
    for path in sorted(each for each in DATA.rglob("*") if each.is_file()):
        if path.is_relative_to(SAMPLES):
            continue
        digest.update(path.relative_to(DATA).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def check(folder: Path = DATA) -> list[Problem]:
    """What is wrong with the parameters below a folder: an empty list if all is well."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for path in parameter_files(folder):
        try:
            found = read_file(path)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            problems.append(Problem(path.name, "", str(error)))
            continue
        for each in found:
            texts = [*parameter_problems(each), *(["named twice"] if each.name in seen else [])]
            if not each.name.startswith(f"{path.parent.name}."):
                texts.append(f"stands in the folder {path.parent.name}, of which it is not")
            problems += [Problem(path.name, each.name, text) for text in texts]
            seen.add(each.name)
    return problems


def parameter_problems(parameter: Parameter) -> Iterator[str]:
    """What is wrong with one parameter: unit, values, citations, periods."""
    if parameter.unit not in UNITS:
        yield f"unit {parameter.unit!r} is not one of ours"
    if not parameter.values:
        yield "has no value"
    for value in parameter.values:
        if not _fits(value.value, parameter.unit):
            yield f"the value from {value.first} is no {parameter.unit}"
        yield from citation_problems(value)
        yield from _bracket_problems(value)
        if value.last is not None and value.last < value.first:
            yield f"ends on {value.last}, before it begins on {value.first}"
    yield from _period_problems(v for v in parameter.values if v.evidence in IN_FORCE)


def _fits(value: Scalar | tuple[Bracket, ...], unit: str) -> bool:
    """Whether a value is of the kind that its unit counts."""
    if isinstance(value, tuple):
        return all(_fits(each.amount, unit) and (each.to or 0) >= 0 for each in value)
    if unit == "boolean" or isinstance(value, bool):
        return unit == "boolean" and isinstance(value, bool)
    if unit in WORDS:
        return isinstance(value, str) and re.fullmatch(WORDS[unit], value) is not None
    return isinstance(value, int) and value >= 0


def _bracket_problems(value: Value) -> Iterator[str]:
    """A table by value rises, and only its last line is without end."""
    if isinstance(value.value, tuple):
        ends = [each.to for each in value.value]
        bounds = [end for end in ends[:-1] if end is not None]
        rises = all(low < high for low, high in pairwise(bounds))
        if not ends or ends[-1] is not None or len(bounds) != len(ends) - 1 or not rises:
            yield f"the table from {value.first} does not rise to one last line without end"


def citation_problems(value: Value) -> Iterator[str]:
    """What is missing from a value's citation and evidence."""
    if not value.instrument.strip() or not value.article.strip():
        yield f"the value from {value.first} has no citation"
    if (value.evidence == "unverified") != (value.confidence is not None):
        yield f"the value from {value.first}: confidence belongs to unverified values only"


def _period_problems(values: Iterable[Value]) -> Iterator[str]:
    """Gaps and overlaps between values that follow one another in the file."""
    earlier: Value | None = None
    for value in values:
        if earlier is not None:
            expected = None if earlier.last is None else earlier.last + timedelta(days=1)
            if expected is None or value.first < expected:
                yield f"the value from {value.first} overlaps the one from {earlier.first}"
            elif value.first > expected:
                yield f"a gap from {expected} to {value.first - timedelta(days=1)}"
        earlier = value
