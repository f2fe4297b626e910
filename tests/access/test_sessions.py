"""Signing in: by a password and a code, refused in one way, and for some hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from tests.conftest import fresh_database

from clearing import CLOCK
from tumen.access import accounts, organisations, passwords, sessions
from tumen.access.accounts import Account
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.access.sessions import Shown, caller_by_session, sign_in, sign_out
from tumen.kernel.access_limits import SESSION_HOURS_MAX, SIGN_IN_FAILURES_MAX
from tumen.kernel.errors import CallerUnknown, TooManyRequests, UsageError
from tumen.store.database import Database
from tumen.store.session import Session
from undone import undone

NOW = CLOCK.at
LATER = NOW + timedelta(minutes=1)
KEY = b"k" * 32
HASHER = passwords._HASHER
PASSWORD = "four words that stand apart"
RIGHT = Shown("officer-1", PASSWORD)
CUSTOMS = Organisation("customs-mn", "Customs of Mongolia", frozenset({Role.CUSTOMS}), "MN")


@pytest.fixture(scope="module")
def database(database_location: str) -> Iterator[Database]:
    """A node with one organisation and one person of it, who has a password."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch, fresh_database(database_location) as database:
        patch.setattr(passwords, "_HASHER", quick)
        with database.session() as session:
            organisations.record(session, CUSTOMS, NOW, "console")
            account = Account("officer-1", CUSTOMS.mark, is_active=True)
            accounts.record(session, account, NOW, "console")
            accounts.set_password(session, "officer-1", PASSWORD, NOW, "console")
        yield database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction that is taken back at the end."""
    with undone(database) as session:
        yield session


def begun(session: Session, shown: Shown = RIGHT, at: datetime = LATER) -> str:
    found = sign_in(session, shown, KEY, at)
    assert found is not None
    return found.token


def seeded(session: Session, at: datetime = NOW) -> pyotp.TOTP:
    """The device of the person, whose codes are asked for from now on."""
    address = accounts.new_codes(session, "officer-1", KEY, at, "console")
    device = pyotp.parse_uri(address)
    assert isinstance(device, pyotp.TOTP)
    return device


def test_who_signs_in_is_known_for_some_hours(session: Session) -> None:
    token = begun(session)
    caller = caller_by_session(session, token, LATER)
    assert caller is not None
    assert (caller.sender, caller.person, caller.economy) == ("customs-mn", "officer-1", "MN")
    assert caller.scopes is None
    ends = LATER + timedelta(hours=SESSION_HOURS_MAX)
    assert caller_by_session(session, token, ends - timedelta(seconds=1))
    assert caller_by_session(session, token, ends) is None
    assert caller_by_session(session, token[:-1], LATER) is None


def test_a_wrong_password_an_unknown_login_and_one_without_password_are_refused_alike(
    session: Session,
) -> None:
    accounts.record(session, Account("new-1", CUSTOMS.mark, is_active=True), NOW, "console")
    for shown in (
        Shown("officer-1", PASSWORD + "."),
        Shown("nobody", PASSWORD),
        Shown("new-1", ""),
        Shown("officer-1", ""),
        Shown("officer-1", "x" * 5_000),
    ):
        assert sign_in(session, shown, KEY, LATER) is None


def test_a_code_is_asked_for_once_there_is_a_device(session: Session) -> None:
    device = seeded(session)
    assert sign_in(session, RIGHT, KEY, LATER) is None
    assert sign_in(session, Shown("officer-1", PASSWORD, "000000"), KEY, LATER) is None
    assert sign_in(session, Shown("officer-1", "wrong", device.at(LATER)), KEY, LATER) is None
    token = begun(session, Shown("officer-1", PASSWORD, device.at(LATER)))
    caller = caller_by_session(session, token, LATER)
    assert caller is not None
    assert caller.credential == "session by password+totp"


def test_a_code_counts_once_and_no_older_one_after_it(session: Session) -> None:
    device = seeded(session)
    code, earlier = (device.at(LATER), device.at(LATER - timedelta(seconds=30)))
    begun(session, Shown("officer-1", PASSWORD, code))
    assert sign_in(session, Shown("officer-1", PASSWORD, code), KEY, LATER) is None
    assert sign_in(session, Shown("officer-1", PASSWORD, earlier), KEY, LATER) is None
    after = LATER + timedelta(seconds=30)
    begun(session, Shown("officer-1", PASSWORD, device.at(after)), after)


def test_a_code_may_be_a_step_early_or_late_and_no_more(session: Session) -> None:
    device = seeded(session)
    for seconds, is_taken in ((-60, False), (60, False), (-30, True), (0, True), (30, True)):
        code = device.at(LATER + timedelta(seconds=seconds))
        found = sign_in(session, Shown("officer-1", PASSWORD, code), KEY, LATER)
        assert (found is not None) is is_taken


def test_neither_seed_nor_password_nor_token_lies_in_the_store(session: Session) -> None:
    device = seeded(session)
    token = begun(session, Shown("officer-1", PASSWORD, device.at(LATER)))
    stored = b"".join(
        session.text(f"SELECT * FROM {table}")  # noqa: S608
        for table in ("account_secret", "account_session", "sign_in_attempt", "totp_use")
    )
    for secret in (device.secret, PASSWORD, token, "nobody"):
        assert secret.encode() not in stored
        assert secret.encode().hex().encode() not in stored
    assert b"$argon2id$".hex().encode() in stored


def test_a_seed_that_was_moved_to_another_login_opens_nothing(session: Session) -> None:
    device = seeded(session)
    accounts.record(session, Account("other-1", CUSTOMS.mark, is_active=True), NOW, "console")
    accounts.set_password(session, "other-1", PASSWORD, NOW, "console")
    moved = accounts.needed_account(session, "officer-1").seed
    accounts.set_seed(session, "other-1", moved, NOW, "console")
    shown = Shown("other-1", PASSWORD, device.at(LATER))
    assert sign_in(session, shown, KEY, LATER) is None


def test_who_fails_too_often_waits_with_the_right_password_too(session: Session) -> None:
    wrong = Shown("officer-1", "wrong wrong wrong")
    for _ in range(SIGN_IN_FAILURES_MAX):
        sessions.note_attempt(session, wrong.login, LATER, has_succeeded=False)
    with pytest.raises(TooManyRequests):
        sign_in(session, RIGHT, KEY, LATER)
    assert sign_in(session, Shown("nobody", "wrong"), KEY, LATER) is None, "others do not wait"
    begun(session, RIGHT, LATER + timedelta(minutes=16))


def test_a_success_forgives_the_failures_before_it(session: Session) -> None:
    for _ in range(SIGN_IN_FAILURES_MAX - 1):
        sessions.note_attempt(session, "officer-1", LATER, has_succeeded=False)
    begun(session)
    sessions.note_attempt(session, "officer-1", LATER, has_succeeded=False)
    begun(session)


def test_signing_out_ends_the_session_and_no_other(session: Session) -> None:
    one, two = begun(session), begun(session)
    sign_out(session, one, LATER)
    sign_out(session, one, LATER)
    sign_out(session, "no token", LATER)
    assert caller_by_session(session, one, LATER) is None
    assert caller_by_session(session, two, LATER)


def test_a_new_password_or_device_ends_what_was_begun_before(session: Session) -> None:
    token = begun(session)
    accounts.set_password(session, "officer-1", PASSWORD, LATER + timedelta(seconds=1), "console")
    assert caller_by_session(session, token, LATER + timedelta(seconds=2)) is None
    at = LATER + timedelta(seconds=3)
    token = begun(session, at=at)
    seeded(session, at + timedelta(seconds=1))
    assert caller_by_session(session, token, at + timedelta(seconds=2)) is None


def test_who_was_shut_out_is_shut_out_at_once(session: Session) -> None:
    token = begun(session)
    accounts.record(session, Account("officer-1", CUSTOMS.mark, is_active=False), LATER, "console")
    assert caller_by_session(session, token, LATER) is None
    assert sign_in(session, RIGHT, KEY, LATER) is None


def test_an_identity_signs_in_as_the_login_it_was_linked_to_and_no_other(session: Session) -> None:
    issuer = "https://id.example"
    accounts.link(session, "officer-1", (issuer, "4711"), NOW, "console")
    found = sessions.sign_in_by_identity(session, issuer, "4711", LATER)
    caller = caller_by_session(session, found.token, LATER)
    assert caller is not None
    assert (caller.person, caller.credential) == ("officer-1", "session by oidc")
    for stranger in ((issuer, "4712"), ("https://other.example", "4711")):
        with pytest.raises(CallerUnknown):
            sessions.sign_in_by_identity(session, *stranger, LATER)


def test_a_login_stays_with_its_organisation(session: Session) -> None:
    other = Organisation("customs-kr", "Customs", frozenset({Role.CUSTOMS}), "KR")
    organisations.record(session, other, NOW, "console")
    with pytest.raises(UsageError, match="another organisation"):
        accounts.record(session, Account("officer-1", other.mark, is_active=True), NOW, "console")


@pytest.mark.parametrize("password", ["", "elevensigns", "я" * 513])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with pytest.raises(UsageError, match="A password has"):
        passwords.hashed(password)


def test_to_ask_of_nobodys_password_works_as_long_as_of_somebodys() -> None:
    """The same argon2id parameters stand in the hash that is asked where there is none."""
    parameters = HASHER.hash(PASSWORD).rpartition("$")[0].rpartition("$")[0]
    assert passwords._NOBODYS.startswith(parameters)
    assert not passwords.is_right(None, "nobody's password")


def test_who_fails_from_elsewhere_shuts_the_person_out_of_nothing(session: Session) -> None:
    wrong = Shown("officer-1", "wrong wrong wrong", address="192.0.2.7")
    for _ in range(SIGN_IN_FAILURES_MAX):
        sign_in(session, wrong, KEY, LATER)
    with pytest.raises(TooManyRequests):
        sign_in(session, replace(RIGHT, address="192.0.2.7"), KEY, LATER)
    assert sign_in(session, replace(RIGHT, address="198.51.100.1"), KEY, LATER)


def test_a_network_of_long_addresses_counts_as_one(session: Session) -> None:
    for number in range(SIGN_IN_FAILURES_MAX):
        wrong = Shown("officer-1", "wrong wrong wrong", address=f"2001:db8:1:2::{number:x}")
        sign_in(session, wrong, KEY, LATER)
    with pytest.raises(TooManyRequests):
        sign_in(session, replace(RIGHT, address="2001:db8:1:2:ffff::1"), KEY, LATER)
    assert sign_in(session, replace(RIGHT, address="2001:db8:1:3::1"), KEY, LATER)


def test_of_very_many_failures_only_known_addresses_go_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SIGN_IN_FAILURES_ANYWHERE_MAX", 3)
    home, away = replace(RIGHT, address="198.51.100.1"), replace(RIGHT, address="198.51.100.2")
    assert sign_in(session, home, KEY, LATER)
    for number in range(3):
        wrong = Shown("officer-1", "wrong wrong wrong", address=f"192.0.2.{number}")
        sign_in(session, wrong, KEY, LATER)
    with pytest.raises(TooManyRequests):
        sign_in(session, away, KEY, LATER)
    assert sign_in(session, home, KEY, LATER)
