"""What the database reports, in the words of :mod:`tumen.kernel.errors`.

| SQLSTATE | becomes | because |
|---|---|---|
| 23505 unique violation; 40001, 40P01 | StoreConflict | another writer was first: reload, rerun |
| 53100 disk full, 53200 memory | OutsideError | a person must mend it |
| 57014 a statement took too long | StoreTooSlow | it would hold up others |
| class 08, 53, 57, 58; connection lost | StoreUnavailable | the server is gone, or going |

All else is a bug of ours and stays as it is. No message carries the row: it may be personal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from tumen.kernel.errors import OutsideError, StoreConflict, StoreTooSlow, StoreUnavailable

_CONFLICTS: Final = frozenset({"23505", "40001", "40P01"})
_MENDED_BY_A_PERSON: Final = {
    "53100": "The disk of the database is full; nothing of this batch was recorded.",
    "53200": "The database ran out of memory; nothing of this batch was recorded.",
}
_CANCELLED: Final = "57014"
_UNAVAILABLE_CLASSES: Final = frozenset({"08", "53", "57", "58"})


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database reports as an error of the kernel."""
    try:
        yield
    except psycopg.Error as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error


def _meaning(error: psycopg.Error) -> OutsideError | None:
    state = error.sqlstate
    if state is None:
        lost = isinstance(error, psycopg.OperationalError)
        return (
            StoreUnavailable(f"The database cannot be reached: {error}".strip()) if lost else None
        )
    if state in _CONFLICTS:
        diagnosis = error.diag
        return StoreConflict(table=diagnosis.table_name, constraint=diagnosis.constraint_name)
    if state in _MENDED_BY_A_PERSON:
        return OutsideError(_MENDED_BY_A_PERSON[state], sqlstate=state)
    if state == _CANCELLED:
        return StoreTooSlow()
    if state[:2] in _UNAVAILABLE_CLASSES:
        primary = error.diag.message_primary
        return StoreUnavailable(f"The database went away: {primary}.", sqlstate=state)
    return None
