"""The catalogue of violations: what each code means, what mends it, and its CEB code.

The entries are TOML tables in ``data/violations.d``. A code says to which layer it belongs,
whether it refuses the document or only warns, and in plain words what is wrong. The CEB
business error table (``data/ceb_errors.csv``) has one general "parameters refused" code for
each kind; the formal and business checks fall back to it, because a filer must always get a
negative status for a refusal. Failures of matching and law without a code of their own have
none: their receipt status is 100.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

GENERAL_CEB_CODE: Final[Mapping[str, int]] = MappingProxyType(
    {
        "order": -301008,
        "payment": -401009,
        "waybill": -504011,
        "declaration": -621001,
        "revocation": -623001,
        "return": -625001,
    }
)
"""The CEB code of each kind for "the check of parameters failed"."""

UNKNOWN_KIND_STATUS: Final = -1
"""The CEB900 status where not even the kind is known. The schema asks for "below zero" and the
official table has no code for it, so this number is ours."""

FALLING_BACK: Final = frozenset({"format", "business", "store"})
"""The layers whose codes fall back to the general code of the kind."""


class Layer(StrEnum):
    """Where on the road a violation is found."""

    FORMAT = "format"
    BUSINESS = "business"
    STORE = "store"
    MATCH = "match"
    LAW = "law"
    SCREEN = "screen"
    CERTIFICATE = "certificate"
    DECISION = "decision"


class Severity(StrEnum):
    """Whether a violation refuses the document."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Violation:
    """One entry of the catalogue.

    Attributes:
        code: the stable code.
        layer: where it is found.
        severity: an error refuses the document; a warning is only told.
        message: what is wrong, with the placeholders ``{path}``, ``{value}``, ``{expected}``.
        fix: what the filer can do about it.
        ceb: the CEB code for each kind that has a fitting one of its own.
    """

    code: str
    layer: Layer
    message: str
    fix: str
    severity: Severity = Severity.ERROR
    ceb: Mapping[str, int] = field(default_factory=dict)


def _entry(code: str, table: dict[str, object]) -> Violation:
    ceb = table.get("ceb", {})
    if not isinstance(ceb, dict):
        raise TypeError(f"{code}: ceb must be a table of kinds")
    return Violation(
        code=code,
        layer=Layer(str(table["layer"])),
        message=str(table["message"]),
        fix=str(table["fix"]),
        severity=Severity(str(table.get("severity", Severity.ERROR))),
        ceb=MappingProxyType({str(kind): int(number) for kind, number in ceb.items()}),
    )


@cache
def _catalogue() -> Mapping[str, Violation]:
    entries: dict[str, Violation] = {}
    folder = files("tumen.codelist").joinpath("data/violations.d")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        for code, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in entries:
                raise ValueError(f"{code} stands in the catalogue twice")
            entries[code] = _entry(code, table)
    return MappingProxyType(entries)


def all_violations() -> tuple[Violation, ...]:
    """Every entry of the catalogue, by file and in the order of the files."""
    return tuple(_catalogue().values())


def violation(code: str) -> Violation:
    """The entry of a code.

    Raises:
        KeyError: the code is not in the catalogue, which is a bug of ours.

    >>> violation("AMOUNT_PAID_MISMATCH").layer
    <Layer.BUSINESS: 'business'>
    """
    return _catalogue()[code]


def is_rejecting(code: str) -> bool:
    """Whether the code refuses the document; warnings do not.

    >>> is_rejecting("HS_CODE_UNKNOWN"), is_rejecting("HS_LINE_UNVERIFIED")
    (True, False)
    """
    return violation(code).severity is Severity.ERROR


@cache
def warning_codes() -> tuple[str, ...]:
    """The codes that never refuse a document: for one ``is_in`` over a frame of violations."""
    return tuple(entry.code for entry in all_violations() if not is_rejecting(entry.code))


def ceb_code(code: str, kind: str | None) -> int | None:
    """The negative CEB code for a violation of a document of this kind.

    Args:
        code: a code of the catalogue.
        kind: the kind of the document, or None where it could not be told.

    Returns:
        The fitting code of the official table, else the general one of the kind for formal,
        business and store violations, else None (the receipt status is then 100); for an
        unknown kind :data:`UNKNOWN_KIND_STATUS`.

    >>> ceb_code("OVER_SINGLE_LIMIT", "declaration"), ceb_code("DATE_INVALID", "payment")
    (-621005, -401009)
    >>> ceb_code("MATCH_AMOUNT", "declaration") is None
    True
    """
    entry = violation(code)
    if kind is None:
        return UNKNOWN_KIND_STATUS
    if kind in entry.ceb:
        return entry.ceb[kind]
    return GENERAL_CEB_CODE[kind] if entry.layer in FALLING_BACK else None


@cache
def ceb_texts() -> Mapping[int, str]:
    """The Chinese text of every CEB business error code, without the places for values.

    Two codes stand in the official table twice (-621027, -625022); the later text counts here.
    """
    text = files("tumen.codelist").joinpath("data/ceb_errors.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    return MappingProxyType({int(line["code"]): line["plain_zh"] for line in lines})
