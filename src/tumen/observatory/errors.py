"""What can be wrong with a study: a code, a place, and what to do about it."""

from typing import Final

from tumen.kernel.errors import UsageError

NEXT_STEPS: Final = {
    "EXPRESSION_TOO_LONG": "Split the claim in two, or shorten the expression.",
    "EXPRESSION_TOO_DEEP": "Nest fewer brackets.",
    "EXPRESSION_SYNTAX": "See the grammar in docs/adr/0008-the-observatory.md.",
    "FUNCTION_UNKNOWN": "Use one of the functions named in docs/adr/0008-the-observatory.md.",
    "ARGUMENTS_WRONG": "Give the function the arguments that its line in ADR 8 names.",
    "DATASET_UNKNOWN": "Add the data file to [[datasets]], or mend the name.",
    "SERIES_UNKNOWN": "Add the series to the data file, or mend the name.",
    "CELL_UNKNOWN": "The series has no such economy and period; add it or mend the keys.",
    "CELL_MISSING": "The source prints no value there.",
    "UNIT_MISMATCH": "Compare and add only values of one measure.",
    "UNIT_UNKNOWN": "Write a unit as 'billion USD', 'percent', 'points' or 'times'.",
    "DENOMINATOR_ZERO": "The value divided by is zero, or may be by its printed digits.",
    "CHAIN_BROKEN": "A chain needs a rate for every year between its first and its last.",
    "CIRCULAR": "The value was derived from this very claim; another source is needed.",
    "NUMBER_WRONG": "Write a number as it is printed, with a point and no spaces.",
}
"""Every code that an expression can end with, and the reader's next step."""


class ExpressionError(Exception):
    """One claim's expression cannot be read or computed; the other claims go on.

    Args:
        code: a key of ``NEXT_STEPS``.
        message: what is wrong, in a sentence.
        position: where in the expression, counted from 0.
    """

    def __init__(self, code: str, message: str, position: int = 0) -> None:
        self.code = code
        self.position = position
        super().__init__(message)

    @property
    def next_step(self) -> str:
        """What the author of the study can do about it."""
        return NEXT_STEPS[self.code]


class StudyError(UsageError):
    """A study file, or one of its data files, is not of the form that ADR 8 names."""

    def __init__(self, code: str, message: str, *, file: str, line: int = 0) -> None:
        self.code = code
        place = f"{file}:{line}" if line else file
        super().__init__(
            f"{place}: {message}", next_step="See docs/adr/0008-the-observatory.md.", line=line
        )
