"""People who sign in for an organisation: by a login, a password and perhaps a code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.access import passwords, totp
from tumen.access.organisations import need_mark, needed
from tumen.access.rows import TEXT, append, rows
from tumen.kernel.errors import UsageError
from tumen.store.session import Session

_FOUND: Final = """
    SELECT a.login, a.organisation, a.is_active,
           (SELECT s.value FROM account_secret s WHERE s.login = a.login AND s.kind = 'password'
            ORDER BY s.entry DESC LIMIT 1),
           (SELECT s.value FROM account_secret s WHERE s.login = a.login AND s.kind = 'totp'
            ORDER BY s.entry DESC LIMIT 1)
    FROM (
        SELECT DISTINCT ON (login) * FROM account_entry
        WHERE %(login)s IS NULL OR login = %(login)s ORDER BY login, entry DESC
    ) a
    WHERE %(organisation)s IS NULL OR a.organisation = %(organisation)s ORDER BY a.login
"""
_COLUMNS: Final = {
    "login": TEXT, "organisation": TEXT, "is_active": pl.Boolean(), "password": pl.Binary(),
    "seed": pl.Binary(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in.

    Attributes:
        login: by which the person signs in; chosen, and no name or address.
        organisation: for whom.
        is_active: whether the person may.
        password: what is kept of the password; None where there is none.
        seed: the sealed seed of the codes; None where none are asked for.
    """

    login: str
    organisation: str
    is_active: bool
    password: bytes | None = None
    seed: bytes | None = None


def record(session: Session, account: Account, at: datetime, by: str) -> None:
    """Enter a person as he or she is from now on; secrets are entered apart.

    Raises:
        UsageError: the login has other signs, belongs to another organisation, or there is no
            such organisation.
    """
    need_mark(account.login)
    needed(session, account.organisation)
    known = find(session, account.login)
    if known is not None and known.organisation != account.organisation:
        raise UsageError(
            f"The login {account.login} belongs to another organisation.",
            next_step="Choose another login.",
        )
    append(
        session,
        "account_entry",
        login=account.login,
        organisation=account.organisation,
        is_active=account.is_active,
        recorded_at=at,
        recorded_by=by,
    )


def set_password(session: Session, login: str, password: str, at: datetime, by: str) -> None:
    """Give a person a password; the one before no longer counts, and no session goes on.

    Raises:
        UsageError: there is no such person, or the password is too short or too long.
    """
    _set(session, needed_account(session, login), "password", passwords.hashed(password), at, by)


def set_seed(session: Session, login: str, kept: bytes | None, at: datetime, by: str) -> None:
    """Ask a person for codes from now on, or no longer."""
    _set(session, needed_account(session, login), "totp", kept, at, by)


def new_codes(session: Session, login: str, key: bytes, at: datetime, by: str) -> str:
    """Ask a person for codes of a new seed; what the device reads, which is shown this once."""
    seed = totp.new_seed()
    set_seed(session, login, totp.sealed(seed, login, key), at, by)
    return totp.address_of(seed, login)


def find(session: Session, login: str) -> Account | None:
    """The person with a login; None where there is none."""
    found = _read(session, login=login)
    return found[0] if found else None


def needed_account(session: Session, login: str) -> Account:
    """The person with a login.

    Raises:
        UsageError: there is none.
    """
    found = find(session, login)
    if found is None:
        raise UsageError(
            f"There is no person {login!r}.", next_step="See `tumen admin person list`."
        )
    return found


def listed(session: Session, organisation: str | None = None) -> list[Account]:
    """The people of an organisation, or of all, by login."""
    return _read(session, organisation=organisation)


def identity(session: Session, issuer: str, subject: str) -> str | None:
    """The login of an issuer's person; None where nobody of ours was said to be it."""
    query = "SELECT login FROM account_identity WHERE issuer = %(issuer)s AND subject = %(subject)s"
    found = rows(session, query, {"issuer": issuer, "subject": subject}, {"login": TEXT})
    return str(found[0]["login"]) if found else None


def link(session: Session, login: str, identity_of: tuple[str, str], at: datetime, by: str) -> None:
    """Say that an issuer's person, (issuer, subject), signs in as one of ours."""
    needed_account(session, login)
    issuer, subject = identity_of
    append(
        session,
        "account_identity",
        issuer=issuer,
        subject=subject,
        login=login,
        recorded_at=at,
        recorded_by=by,
    )


def _set(
    session: Session, account: Account, kind: str, value: bytes | None, at: datetime, by: str
) -> None:
    append(
        session,
        "account_secret",
        login=account.login,
        kind=kind,
        value=value,
        recorded_at=at,
        recorded_by=by,
    )


def _read(
    session: Session, *, login: str | None = None, organisation: str | None = None
) -> list[Account]:
    found = rows(session, _FOUND, {"login": login, "organisation": organisation}, _COLUMNS)
    return [Account(**row) for row in found]
