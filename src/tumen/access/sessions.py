"""Signing in: a password, perhaps a code, and then a token that is believed for some hours.

1. Who failed too often of late waits, with the right password too: the login at that address, so
   that nobody shuts another out. Of very many failures from everywhere all addresses wait but those
   from which the login was signed in to before.
2. The password is asked of its hash; of an unknown login as slowly, so that nothing is told.
3. Where codes are asked for, one counts once: its step is written down before it is believed.
4. The token is random; the store keeps its SHA-256. A new password or seed ends what was begun.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

import polars as pl

from tumen.access import accounts, passwords, totp
from tumen.access.accounts import Account
from tumen.access.caller import Caller
from tumen.access.organisations import COLUMNS, of_row
from tumen.access.rows import MOMENT, TEXT, append, rows
from tumen.kernel.access_limits import (
    SESSION_HOURS_MAX,
    SIGN_IN_FAILURES_ANYWHERE_MAX,
    SIGN_IN_FAILURES_MAX,
    SIGN_IN_WINDOW_SECONDS,
)
from tumen.kernel.errors import CallerUnknown, TooManyRequests
from tumen.store.session import Session

_LONG: Final = 6
_NETWORK_BITS: Final = 64
_TOKEN_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")

_FAILURES: Final = """
    SELECT count(*) FROM sign_in_attempt a
    WHERE login_hash = %(who)s AND at > %(since)s AND NOT has_succeeded
      AND entry > coalesce((
          SELECT max(entry) FROM sign_in_attempt WHERE login_hash = %(who)s AND has_succeeded
      ), 0)
"""
_IS_KNOWN: Final = """
    SELECT exists(SELECT FROM sign_in_attempt WHERE login_hash = %(who)s AND has_succeeded)
"""
_OPEN: Final = """
    SELECT s.login, s.method, s.expires_at,
           o.organisation, o.name, o.roles, o.economy, o.is_active AND a.is_active, o.is_demo,
           o.matters
    FROM account_session s
    JOIN LATERAL (
        SELECT * FROM account_entry WHERE login = s.login ORDER BY entry DESC LIMIT 1
    ) a ON true
    JOIN LATERAL (
        SELECT * FROM organisation_entry WHERE organisation = a.organisation
        ORDER BY entry DESC LIMIT 1
    ) o ON true
    WHERE s.hash = %(hash)s AND s.expires_at > %(at)s
      AND NOT EXISTS (SELECT FROM account_session_end e WHERE e.hash = s.hash)
      AND NOT EXISTS (
          SELECT FROM account_secret c WHERE c.login = s.login AND c.recorded_at > s.started_at
      )
"""
_NOT_ENDED: Final = """
    SELECT hash FROM account_session s WHERE hash = %(hash)s
      AND NOT EXISTS (SELECT FROM account_session_end e WHERE e.hash = s.hash)
"""
_USED_SINCE: Final = "SELECT step FROM totp_use WHERE login = %(login)s AND step >= %(step)s"
_OPEN_COLUMNS: Final = {"login": TEXT, "method": TEXT, "expires_at": MOMENT, **COLUMNS}


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows who wants to sign in.

    Attributes:
        login: the login.
        password: the password.
        code: six digits of a device; empty where none is given.
        address: from where it is shown.
    """

    login: str
    password: str
    code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that was begun.

    Attributes:
        token: what the browser keeps; it is shown this once.
        expires_at: until when it is believed.
    """

    token: str
    expires_at: datetime


def need_no_wait(session: Session, login: str, at: datetime, address: str = "") -> None:
    """Refuse who failed too often of late.

    Args:
        session: a transaction.
        login: as what somebody signs in.
        at: now.
        address: from where.

    Raises:
        TooManyRequests: the login waits, at this address or, but where it is known, at any.
    """
    here = _at(login, address)
    if _failures(session, here, at) >= SIGN_IN_FAILURES_MAX or (
        _failures(session, _hash(login), at) >= SIGN_IN_FAILURES_ANYWHERE_MAX
        and not _is_known(session, here)
    ):
        raise TooManyRequests(
            "Too many failures to sign in.",
            next_step=f"Wait {SIGN_IN_WINDOW_SECONDS // 60} minutes, then try again.",
            retry_after=SIGN_IN_WINDOW_SECONDS,
        )


def _failures(session: Session, who: bytes, at: datetime) -> int:
    """Failures of late, since it succeeded last."""
    since = at - timedelta(seconds=SIGN_IN_WINDOW_SECONDS)
    (row,) = rows(session, _FAILURES, {"who": who, "since": since}, {"n": pl.Int64()})
    return int(row["n"])


def _is_known(session: Session, here: bytes) -> bool:
    (row,) = rows(session, _IS_KNOWN, {"who": here}, {"is_known": pl.Boolean()})
    return bool(row["is_known"])


def proven(session: Session, shown: Shown, key: bytes, at: datetime) -> str | None:
    """By what method somebody is who he or she says; None where it is not believed.

    Args:
        session: a transaction, in which the code's step is written down.
        shown: what is shown.
        key: of the node, under which seeds are sealed.
        at: now.
    """
    account = accounts.find(session, shown.login)
    is_right = passwords.is_right(None if account is None else account.password, shown.password)
    if account is None or not is_right or not account.is_active:
        return None
    if account.seed is None:
        return "password"
    return "password+totp" if _is_code(session, account, shown.code, key, at) else None


def begin(session: Session, login: str, method: str, at: datetime) -> Begun:
    """Begin a session of a person who has proven to be one."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = at + timedelta(hours=SESSION_HOURS_MAX)
    append(
        session,
        "account_session",
        hash=_hash(token),
        login=login,
        method=method,
        started_at=at,
        expires_at=expires_at,
    )
    return Begun(token, expires_at)


def note_attempt(
    session: Session, login: str, at: datetime, *, has_succeeded: bool, address: str = ""
) -> None:
    """Write down that somebody tried, of the login and of the login at the address.

    By hashes, for a password may be typed as a login, and from where somebody asks is nobody's
    business.
    """
    for who in (_hash(login), _at(login, address)):
        append(session, "sign_in_attempt", login_hash=who, has_succeeded=has_succeeded, at=at)


def sign_in(session: Session, shown: Shown, key: bytes, at: datetime) -> Begun | None:
    """Begin a session for who proves to be one of ours; None where it is not believed.

    A refusal is written down too, so the transaction is to be committed.

    Raises:
        TooManyRequests: the login waits.
    """
    need_no_wait(session, shown.login, at, shown.address)
    method = proven(session, shown, key, at)
    note_attempt(session, shown.login, at, has_succeeded=method is not None, address=shown.address)
    return None if method is None else begin(session, shown.login, method, at)


def sign_in_by_identity(session: Session, issuer: str, subject: str, at: datetime) -> Begun:
    """Begin a session for a person whom an issuer of identities vouches for.

    Raises:
        CallerUnknown: nobody of ours was said to be that person, or may not sign in.
    """
    login = accounts.identity(session, issuer, subject)
    account = None if login is None else accounts.find(session, login)
    if account is None or not account.is_active:
        raise CallerUnknown(
            "Your identity belongs to no login here.",
            next_step="Ask an administrator to link it: `tumen admin person link`.",
        )
    return begin(session, account.login, "oidc", at)


def is_formed(token: str) -> bool:
    """Whether a text has the form of a token; of any other the store need not be asked."""
    return _TOKEN.fullmatch(token) is not None


def caller_by_session(session: Session, token: str, at: datetime) -> Caller | None:
    """Whose session a token is; None where it is none that is believed."""
    found = rows(session, _OPEN, {"hash": _hash(token), "at": at}, _OPEN_COLUMNS)
    if not found or not found[0]["is_active"]:
        return None
    credential = f"session by {found[0]['method']}"
    return of_row(found[0]).caller(credential, person=found[0]["login"])


def sign_out(session: Session, token: str, at: datetime) -> None:
    """End a session; one that is none of ours, or has ended, is left as it is."""
    if rows(session, _NOT_ENDED, {"hash": _hash(token)}, {"hash": pl.Binary()}):
        append(session, "account_session_end", hash=_hash(token), ended_at=at)


def _is_code(session: Session, account: Account, code: str, key: bytes, at: datetime) -> bool:
    """Whether a code is the device's and was not used; its step is written down."""
    seed = totp.opened(account.seed or b"", account.login, key)
    step = None if seed is None else totp.step_of(seed, code, at)
    if step is None:
        return False
    given: dict[str, str | int] = {"login": account.login, "step": step}
    if rows(session, _USED_SINCE, given, {"step": pl.Int64()}):
        return False
    append(session, "totp_use", login=account.login, step=step)
    return True


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _at(login: str, address: str) -> bytes:
    """A login at an address; of the long addresses the half that one network has."""
    try:
        told = ip_address(address)
    except ValueError:
        return _hash(f"{login}\0{address}")
    if told.version == _LONG:
        told = ip_network((told, _NETWORK_BITS), strict=False).network_address
    return _hash(f"{login}\0{told}")
