"""The plans and programmes that a study names: whose, when, what, and where it says so."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from tumen.observatory.dataset import text_of
from tumen.observatory.errors import StudyError
from tumen.observatory.publication.edition import Edition

COLUMNS: Final = ("economies", "date", "plan", "place")
YEAR_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Policy:
    """A plan of one government, or of several together."""

    economies: tuple[str, ...]
    date: str
    name: str
    place: str

    @property
    def year(self) -> int:
        """The year in which it was made."""
        return int(self.date[:YEAR_DIGITS])


def plans(edition: Edition, file: str) -> list[Policy]:
    """The plans of a file beside the study, as it orders them.

    Raises:
        StudyError: it cannot be read, has other columns, or a date without a year.
    """
    path = edition.folder / file
    rows = csv.DictReader(io.StringIO(text_of(path)))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        message = f"The columns must be {','.join(COLUMNS)}."
        raise StudyError("COLUMNS_WRONG", message, file=file, line=1)
    found = []
    for row in rows:
        if not row["date"][:YEAR_DIGITS].isdigit():
            message = f"{row['date']!r} has no year."
            raise StudyError("PERIOD_WRONG", message, file=file, line=rows.line_num)
        economies = tuple(row["economies"].split())
        found.append(Policy(economies, row["date"], row["plan"], row["place"]))
    return found
