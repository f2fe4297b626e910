"""Rules of dates: days and times of the calendar, between 2000 and 2100."""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from tumen.documents.fields import Kind, Part, fields
from tumen.documents.rules.register import Fault, Terms, line_rule

FORMS: Final = {
    "time14": ("^(20[0-9]{2}|2100)[0-9]{4}([01][0-9]|2[0-3])([0-5][0-9]){2}$", "YYYYMMDDhhmmss"),
    "date8": ("^(20[0-9]{2}|2100)[0-9]{4}$", "YYYYMMDD"),
}
"""For each form of the field table: the digits that can be a date at all, and how to say it."""

_YEAR: Final = "(20[0-9]{2}|2100)"
_DAY: Final = (
    "((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)"
    "|02(0[1-9]|1[0-9]|2[0-8]))"
)
"""A month and a day that it has in every year: the 29th of February is looked up."""
SOUND: Final = {
    "time14": f"^{_YEAR}{_DAY}([01][0-9]|2[0-3])([0-5][0-9]){{2}}$",
    "date8": f"^{_YEAR}{_DAY}$",
}
"""For each form what is a date without looking at a calendar."""


def not_a_date(field: str, form: str) -> Fault:
    """The fault of a field that holds no date, or one that is too early or too late."""
    text = pl.col(field)
    digits, shown = FORMS[form]
    day = text.str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
    # An absent date must stay null: `is_null` alone would call it wrong.
    wrong = text.is_not_null() & (~text.str.contains(digits) | day.is_null())
    return Fault("DATE_INVALID", field, wrong, text, shown, ~text.str.contains(SOUND[form]))


@line_rule("DATE_INVALID")
def dates_exist(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """Every date and time exists in the calendar and lies between 2000 and 2100."""
    return _dates(kind)


def _dates(kind: Kind) -> Iterator[Fault]:
    for field in fields(kind, Part.HEAD):
        if field.form:
            yield not_a_date(field.name, field.form)
