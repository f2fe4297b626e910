"""Organisations: entries by their mark, of which the last one holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import ASSIGNABLE, AUTHORITIES, Role
from tumen.access.rows import TEXT, append, rows
from tumen.codelist.matters import OF_AGENCIES
from tumen.kernel.access_limits import MARK, MARK_LENGTH_MAX, NAME_LENGTH_MAX
from tumen.kernel.errors import UsageError
from tumen.law.coverage import ECONOMIES
from tumen.store.session import Session

CONSOLE: Final = "console"
"""Who makes an entry from the machine itself."""

_APART: Final = frozenset({Role.CUSTOMS, Role.AGENCY, Role.ADMINISTRATOR, Role.ANALYST})
"""Roles that stand alone: who decides, keeps the node or measures it does not lodge in it."""

COLUMNS: Final = {
    "organisation": TEXT,
    "name": TEXT,
    "roles": TEXT,
    "economy": TEXT,
    "is_active": pl.Boolean(),
    "is_demo": pl.Boolean(),
    "matters": TEXT,
}
"""What a query that ends with an organisation gives of it."""

_NEWEST: Final = """
    SELECT organisation, name, roles, economy, is_active, is_demo, matters FROM (
        SELECT DISTINCT ON (organisation) * FROM organisation_entry
        WHERE %(mark)s IS NULL OR organisation = %(mark)s
        ORDER BY organisation, entry DESC
    ) AS newest ORDER BY organisation
"""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as its last entry has it.

    Attributes:
        mark: by which it is known; the sender of what it lodges.
        name: what it is called.
        roles: what it is in the trade.
        economy: whose authority or resident it is.
        is_active: whether it may ask for anything.
        is_demo: whether it is made up, to try things with.
        matters: what an agency is in charge of at the border, such as ``food``.
    """

    mark: str
    name: str
    roles: frozenset[Role]
    economy: str | None = None
    is_active: bool = True
    is_demo: bool = False
    matters: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        need_mark(self.mark)
        need_name(self.name)
        _need_roles(self.roles, self.economy)
        _need_matters(self.matters, self.roles)

    def caller(
        self,
        credential: str,
        *,
        person: str | None = None,
        scopes: frozenset[Permission] | None = None,
    ) -> Caller:
        """The organisation as who asks: by a person of it, or by a key that is for something."""
        return Caller(
            self.mark, self.name, self.roles, self.economy, person, scopes, credential,
            matters=self.matters,
        )  # fmt: skip


def record(session: Session, organisation: Organisation, at: datetime, by: str) -> None:
    """Enter an organisation as it is from now on.

    Raises:
        UsageError: it is an agency that is in charge of nothing, and could see and record nothing.
    """
    if organisation.is_active and Role.AGENCY in organisation.roles and not organisation.matters:
        raise UsageError(
            "An agency is in charge of at least one matter.",
            next_step=f"Say which by --matter: {', '.join(sorted(OF_AGENCIES))}.",
        )
    append(
        session,
        "organisation_entry",
        organisation=organisation.mark,
        name=organisation.name,
        roles=",".join(sorted(organisation.roles)),
        economy=organisation.economy,
        is_active=organisation.is_active,
        is_demo=organisation.is_demo,
        matters=",".join(sorted(organisation.matters)) or None,
        recorded_at=at,
        recorded_by=by,
    )


def find(session: Session, mark: str) -> Organisation | None:
    """The organisation with a mark, active or not; None where there is none."""
    found = rows(session, _NEWEST, {"mark": mark}, COLUMNS)
    return of_row(found[0]) if found else None


def needed(session: Session, mark: str) -> Organisation:
    """The organisation with a mark.

    Raises:
        UsageError: there is none.
    """
    found = find(session, mark)
    if found is None:
        raise UsageError(
            f"There is no organisation {mark!r}.",
            next_step="See `tumen admin organisation list`, or add it.",
        )
    return found


def listed(session: Session) -> list[Organisation]:
    """All organisations by their marks."""
    return [of_row(row) for row in rows(session, _NEWEST, {"mark": None}, COLUMNS)]


def of_row(row: Mapping[str, Any]) -> Organisation:
    """The organisation of a row with :data:`COLUMNS`."""
    roles = frozenset(Role(role) for role in row["roles"].split(",") if role)
    matters = frozenset((row["matters"] or "").split(",")) - {""}
    return Organisation(
        row["organisation"], row["name"], roles, row["economy"], row["is_active"], row["is_demo"],
        matters,
    )  # fmt: skip


def need_mark(mark: str) -> None:
    """Refuse what is no mark of an organisation and no login.

    Raises:
        UsageError: it is too long, or has other signs.
    """
    if not MARK.fullmatch(mark):
        raise UsageError(
            f"{mark!r} is no mark.",
            next_step="Use small letters, digits, and . _ - between them; at most"
            f" {MARK_LENGTH_MAX} signs, and nothing that names a person.",
        )


def need_name(name: str) -> None:
    """Refuse a name that is empty, too long, or holds signs that are not seen.

    Raises:
        UsageError: it is one of these.
    """
    if not name.strip() or len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise UsageError(
            f"A name has 1 to {NAME_LENGTH_MAX} printable signs.", next_step="Choose another name."
        )


def _need_roles(roles: Iterable[Role], economy: str | None) -> None:
    given = frozenset(roles)
    if not given or not given <= set(ASSIGNABLE):
        raise UsageError(
            "An organisation has at least one role.",
            next_step=f"Choose of: {', '.join(ASSIGNABLE)}.",
        )
    if len(given) > 1 and given & _APART:
        apart = ", ".join(sorted(given & _APART))
        raise UsageError(
            f"The role {apart} stands alone.",
            next_step="Make another organisation for the other role: who decides does not lodge.",
        )
    if economy is not None and economy not in ECONOMIES:
        raise UsageError(
            f"{economy!r} is none of our economies.",
            next_step=f"Choose of: {', '.join(ECONOMIES)}.",
        )
    if given & AUTHORITIES and economy is None:
        raise UsageError(
            "An authority acts for an economy.", next_step="Say which one by --economy."
        )


def _need_matters(matters: frozenset[str], roles: Iterable[Role]) -> None:
    if not matters <= OF_AGENCIES or (matters and Role.AGENCY not in frozenset(roles)):
        raise UsageError(
            "Matters are for an agency, and are none of customs.",
            next_step=f"Choose of: {', '.join(sorted(OF_AGENCIES))}; with the role agency.",
        )
