"""What can be wrong with indicators: a code, a file and line, and what to do about it."""

from typing import Final

from tumen.kernel.errors import UsageError

NEXT_STEPS: Final = {
    "COLUMNS_WRONG": "Give the columns that docs/indicators.md names for this kind of file.",
    "ROW_WRONG": "Give every row as many values as the first has columns.",
    "FILE_UNREADABLE": "Check the path, its permissions, and that the file is UTF-8.",
    "FILE_TOO_LARGE": "Split the file, or keep only the series that are wanted.",
    "SOURCE_UNKNOWN": "Write down the source in sources.toml: without one nothing is loaded.",
    "SOURCE_INCOMPLETE": "Add the key: a source needs all that docs/indicators.md lists.",
    "INDICATOR_UNKNOWN": "See `tumen observe show` for the indicators; add a row for a new one.",
    "INDICATOR_INCOMPLETE": "Give --name, --unit and --topic for a new indicator.",
    "INDICATOR_TWICE": "Give the indicator another code, or leave the row out.",
    "ECONOMY_UNKNOWN": "Use ISO 3166-1 codes such as CN, or WLD for the world.",
    "PERIOD_WRONG": "Write a period as 2022, 2022-Q4 or 2022-11, and a span as 2015..2022.",
    "NUMBER_WRONG": "Write a number with a point and without spaces or separators.",
    "STATUS_WRONG": "Use an SDMX status: A B D E F I P U V of a value; L M O Q of none.",
    "OBSERVATION_TWICE": "Keep one of the rows: a source says one value for a period.",
    "UNIT_MISMATCH": "Convert the values before, or import them as an indicator of their own.",
    "VINTAGE_EXISTS": "Name the new edition with --edition: an older one is never overwritten.",
    "VINTAGES_OVERLAP": "Say which is meant with --source, or see both with --vintages.",
    "NOTHING_HELD": "See `tumen observe show` for what is held, and widen the years or economies.",
    "FORM_UNKNOWN": "Give SDMX-CSV, or a CSV of the World Bank or ITU; see docs/indicators.md.",
    "SERIES_AMBIGUOUS": "Choose one with --where COLUMN=VALUE.",
    "TOO_MANY_SERIES": "Name fewer economies with --economy.",
    "FRAMEWORK_WRONG": "See docs/divide-index.md for what a framework holds.",
    "MATRIX_INCOMPLETE": "Take another year, fewer economies, or an older value with --age.",
}
"""Every code, and the reader's next step."""


class IndicatorError(UsageError):
    """Indicators, their sources or a file of them are not as they must be.

    Args:
        code: a key of ``NEXT_STEPS``.
        message: what is wrong, in a sentence.
        file: where, if it is in a file.
        line: its line, counted from 1; 0 where the whole file is meant.
    """

    def __init__(self, code: str, message: str, *, file: str = "", line: int = 0) -> None:
        self.code = code
        place = f"{file}:{line}" if line else file
        super().__init__(
            f"{place}: {message}" if place else message, next_step=NEXT_STEPS[code], line=line
        )
