"""The text of a page, in which every number is computed and leads to its source.

``<<expression; unit; digits>>`` becomes the value of the expression, ``<<C010>>`` a link to what
was found of that claim, and ``<<C010 claimed>>`` what it prints. An expression that cannot be
computed is told in its place, by its code: one that is broken never stops the page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tumen.observatory.dataset import Cell
from tumen.observatory.errors import ExpressionError
from tumen.observatory.evaluate import Evaluation
from tumen.observatory.expression import parse
from tumen.observatory.finding import Finding
from tumen.observatory.publication.edition import Edition
from tumen.observatory.publication.words import VERDICT_NAMES, claimed_text, value_text
from tumen.observatory.quantity import Quantity, decimal_text
from tumen.observatory.units import unit_of
from tumen.observatory.values import Truths, Value

_SPAN: Final = re.compile(r"<<(.+?)>>")
_SUFFIXES: Final = {"percent": "\u00a0%", "score": "", "places": "", "": ""}
_MEASURES: Final = {"places": "rank"}
"""A difference of ranks is a number of places."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: plain words, a number that was computed, or a link to a finding."""

    text: str
    number: int = 0
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A number of a page: what it is, how it is computed, of which cells; or why it is not."""

    number: int
    text: str
    expression: str
    used: tuple[Cell, ...]
    code: str = ""


class Statements:
    """The texts of one page; its numbers are counted through."""

    def __init__(self, edition: Edition, texts: Iterable[str]) -> None:
        self.edition = edition
        self.computed: list[Computed] = []
        self.paragraphs = [list(self._parts(text)) for text in texts]

    def _parts(self, text: str) -> Iterator[Part]:
        for at, piece in enumerate(_SPAN.split(text)):
            if at % 2 == 0:
                yield Part(piece)
            elif ";" in piece:
                yield self._number(*map(str.strip, piece.split(";")))
            else:
                yield self._link(piece.strip())

    def _link(self, name: str) -> Part:
        claim, _, what = name.partition(" ")
        finding = self.edition.findings.get(claim)
        if finding is None:
            return Part(claim)
        if what == "claimed":
            return Part(claimed_text(finding).replace(" percent", "\u00a0%"), 0, finding)
        return Part(f"{claim}: {VERDICT_NAMES[finding.verdict]}", 0, finding)

    def _number(self, expression: str, unit: str, digits: str) -> Part:
        number = len(self.computed) + 1
        study = self.edition.study
        evaluation = Evaluation(study.catalogue, study.document, {})
        try:
            text = shown(evaluation.value(parse(expression)), unit, int(digits or 0))
            code = ""
        except ExpressionError as error:
            text, code = f"[not computed: {error.code}]", error.code
        used = tuple(evaluation.used.values())
        self.computed.append(Computed(number, text, expression, used, code))
        return Part(text, number)


def gaps_of(edition: Edition) -> tuple[tuple[str, str], ...]:
    """The numbers of pages that cannot be computed: page and code."""
    return tuple(
        (page.id, each.code)
        for page in edition.plan.pages
        for each in Statements(edition, page.text).computed
        if each.code
    )


def shown(value: Value, unit: str, digits: int) -> str:
    """A value in a unit, with so many digits after the point.

    Raises:
        ExpressionError: it is of another measure than the unit.
    """
    if isinstance(value, Truths):
        return f"{sum(holds for _, holds in value.items)} of {len(value.items)}"
    if not isinstance(value, Quantity):
        raise ExpressionError("ARGUMENTS_WRONG", "The expression gives no single value.")
    known = unit_of(_MEASURES.get(unit, unit))
    if known.measure != value.measure:
        raise ExpressionError("UNIT_MISMATCH", f"The value is no {unit}.")
    number = grouped(decimal_text(value.value / known.scale, digits))
    return value_text(number + _SUFFIXES.get(unit, f" {unit}"))


def grouped(number: str) -> str:
    """A number with a comma between its thousands.

    >>> grouped("7057.6"), grouped("-120")
    ('7,057.6', '-120')
    """
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole not in ("-0", "") else number
