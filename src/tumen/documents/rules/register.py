"""The register of rules: what a rule is, and how it is written down.

A rule is one small function. Its first docstring paragraph says the rule in plain words. Most
rules look at one line alone: they are *line rules* and give :class:`Fault` expressions, which
are evaluated together, one operation for a whole frame. The few that need more than one line
are *frame rules* and look at the frames themselves.

A fault that is null is no fault: a value that broke the format is null in its typed column and
has its violation already.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from tumen.codelist.lists import subheadings
from tumen.documents.fields import Kind, Part
from tumen.kernel.violation import no_violations

ALL_KINDS: Final = tuple(Kind)
NOTHING: Final = no_violations()
"""What a frame rule finds where all is well; to make the frame anew costs as much as a rule."""

HS_CODE_DIGITS: Final = 10
TARIFF_LINE_DIGITS: Final = 8
SUBHEADING_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks a line rule.

    Attributes:
        code: the violation's code.
        field: the offending field.
        test: true where a line breaks the rule; null where that cannot be told.
        value: what stood there; None for personal fields and where nothing stood there.
        expected: what would have been right.
        screen: true wherever ``test`` is; several faults of one field share a screen, so that
            a clean frame is looked at once for all of them. None where the test stands alone.
    """

    code: str
    field: str
    test: pl.Expr
    value: pl.Expr | None = None
    expected: pl.Expr | str | None = None
    screen: pl.Expr | None = None


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The tariff lines that our law holds, of 10 or of 8 digits.

    Attributes:
        lines: the codes.
    """

    lines: frozenset[str]

    def is_known(self, hs_code: str) -> bool:
        """Whether our tariff holds the code or the line it belongs to."""
        return hs_code in self.lines or hs_code[:TARIFF_LINE_DIGITS] in self.lines

    def is_possible(self, hs_code: str) -> bool:
        """Whether the code at least belongs to a subheading of the Harmonized System."""
        return (
            len(hs_code) in {HS_CODE_DIGITS, TARIFF_LINE_DIGITS}
            and hs_code.isascii()
            and hs_code.isdigit()
            and hs_code[:SUBHEADING_DIGITS] in subheadings()
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules are told beside the documents.

    Attributes:
        known_hs: the tariff lines that our law holds.
        tolerance_fen: by how much totals may miss their parts; 0 is exact.
    """

    known_hs: KnownCodes
    tolerance_fen: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """The documents of one kind, as a frame rule sees them.

    Attributes:
        kind: their kind.
        head: the typed head columns.
        items: the typed item columns; an empty frame for kinds without items.
        terms: what the rules are told.
        sound_identities: identity numbers that were found right in this run, so that the
            buyer of an order, a payment and a declaration is looked at once; forgotten after.
    """

    kind: Kind
    head: pl.DataFrame
    items: pl.DataFrame
    terms: Terms
    sound_identities: set[str]


LineRule = Callable[[Kind, Terms], Iterable[Fault]]
FrameRule = Callable[[Document], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule.

    Attributes:
        name: the function's name.
        codes: the violations that it can find.
        kinds: the kinds that it judges.
        part: the part whose lines it looks at; None for a frame rule.
        says: the rule in plain words.
        check: the function.
    """

    name: str
    codes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    part: Part | None
    says: str
    check: LineRule | FrameRule


_register: dict[str, Rule] = {}


def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of registration: the order of their violations."""
    return tuple(_register.values())


def _put(
    check: LineRule | FrameRule, codes: tuple[str, ...], kinds: tuple[Kind, ...], part: Part | None
) -> None:
    says = " ".join((check.__doc__ or "").split("\n\n")[0].split())
    name = str(getattr(check, "__name__", ""))
    _register[name] = Rule(name, codes, kinds, part, says, check)


def line_rule(
    *codes: str, part: Part = Part.HEAD, kinds: tuple[Kind, ...] = ALL_KINDS
) -> Callable[[LineRule], LineRule]:
    """Registers a rule that looks at one line alone.

    Args:
        codes: the violations that it can find.
        part: whether its lines are heads or items.
        kinds: the kinds that it judges.
    """

    def registered(check: LineRule) -> LineRule:
        _put(check, codes, kinds, part)
        return check

    return registered


def frame_rule(
    *codes: str, kinds: tuple[Kind, ...] = ALL_KINDS
) -> Callable[[FrameRule], FrameRule]:
    """Registers a rule that looks at whole frames.

    Args:
        codes: the violations that it can find.
        kinds: the kinds that it judges.
    """

    def registered(check: FrameRule) -> FrameRule:
        _put(check, codes, kinds, None)
        return check

    return registered
