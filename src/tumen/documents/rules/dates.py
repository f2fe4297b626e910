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


def _not_a_date(field: str, form: str) -> Fault:
    text = pl.col(field)
    digits, shown = FORMS[form]
    day = text.str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
    # An absent date must stay null: `is_null` alone would call it wrong.
    wrong = text.is_not_null() & (~text.str.contains(digits) | day.is_null())
    return Fault("DATE_INVALID", field, wrong, text, shown)


@line_rule("DATE_INVALID")
def dates_exist(kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """Every date and time exists in the calendar and lies between 2000 and 2100."""
    return _dates(kind)


def _dates(kind: Kind) -> Iterator[Fault]:
    for field in fields(kind, Part.HEAD):
        if field.form:
            yield _not_a_date(field.name, field.form)
