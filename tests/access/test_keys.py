"""Keys: shown once, kept as a hash, believed for their time and their scopes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.conftest import fresh_database

from clearing import CLOCK
from tumen.access import keys, organisations
from tumen.access.keys import KeyWanted, caller_by_key
from tumen.access.matrix import Permission
from tumen.access.organisations import Organisation
from tumen.access.roles import Reach, Role
from tumen.kernel.errors import UsageError
from tumen.store.database import Database
from tumen.store.session import Session
from undone import undone

NOW = CLOCK.at
PLATFORM = Organisation("great-wall", "Great Wall Shop", frozenset({Role.PLATFORM}), "CN")


@pytest.fixture(scope="module")
def database(database_location: str) -> Iterator[Database]:
    with fresh_database(database_location) as database:
        with database.session() as session:
            organisations.record(session, PLATFORM, NOW, "console")
        yield database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction that is taken back at the end."""
    with undone(database) as session:
        yield session


def made(session: Session, **wanted: object) -> str:
    return keys.make(
        session,
        PLATFORM.mark,
        KeyWanted("nightly", **wanted),
        NOW,
        "console",  # type: ignore[arg-type]
    )


def test_a_key_says_whose_it_is_and_what_for(session: Session) -> None:
    text = made(session, scopes=frozenset({Permission.LODGE}))
    caller = caller_by_key(session, text, NOW)
    assert caller is not None
    assert (caller.sender, caller.name, caller.economy) == ("great-wall", "Great Wall Shop", "CN")
    assert caller.reach(Permission.LODGE) is Reach.OWN
    assert caller.reach(Permission.READ_RECEIPTS) is Reach.NONE
    assert caller.person is None


def test_the_secret_of_a_key_lies_nowhere_in_the_store(session: Session) -> None:
    text = made(session)
    secret = text.split("_", 2)[2]
    stored = session.text("SELECT * FROM api_key")
    assert text.split("_")[1].encode() in stored
    assert secret.encode() not in stored
    assert secret.encode().hex().encode() not in stored


def test_a_key_with_any_sign_changed_is_not_believed(session: Session) -> None:
    text = made(session)
    assert caller_by_key(session, text, NOW)
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        assert caller_by_key(session, text[:place] + other + text[place + 1 :], NOW) is None
    for strange in ("", "tumen_", text + "A", text.upper(), f" {text}", "tumen_' OR '1'='1_"):
        assert caller_by_key(session, strange, NOW) is None


def test_a_key_is_believed_until_the_second_it_expires(session: Session) -> None:
    text = made(session, days=30)
    last = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert caller_by_key(session, text, last)
    assert caller_by_key(session, text, last + timedelta(seconds=1)) is None


def test_a_key_that_was_ended_is_not_believed_even_where_a_later_end_was_told(
    session: Session,
) -> None:
    text = made(session)
    mark = text.split("_")[1]
    keys.end(session, mark, NOW, "console", in_days=7)
    assert caller_by_key(session, text, NOW + timedelta(days=6))
    keys.end(session, mark, NOW + timedelta(days=1), "console")
    assert caller_by_key(session, text, NOW + timedelta(days=1)) is None
    keys.end(session, mark, NOW + timedelta(days=1), "console", in_days=7)
    assert caller_by_key(session, text, NOW + timedelta(days=2)) is None


def test_a_key_is_rotated_with_some_days_of_both(session: Session) -> None:
    old = made(session, scopes=frozenset({Permission.LODGE}), days=90)
    new = keys.rotate(session, old.split("_")[1], NOW, "console", overlap_days=7)
    for text in (old, new):
        caller = caller_by_key(session, text, NOW + timedelta(days=6))
        assert caller is not None
        assert caller.scopes == {Permission.LODGE}
    assert caller_by_key(session, old, NOW + timedelta(days=7)) is None
    assert caller_by_key(session, new, NOW + timedelta(days=89))
    assert caller_by_key(session, new, NOW + timedelta(days=90)) is None
    with pytest.raises(UsageError, match="has ended"):
        keys.rotate(session, old.split("_")[1], NOW + timedelta(days=8), "console", overlap_days=0)


def test_a_key_of_an_organisation_that_was_closed_is_not_believed(session: Session) -> None:
    text = made(session)
    closed = Organisation(
        PLATFORM.mark, PLATFORM.name, PLATFORM.roles, PLATFORM.economy, is_active=False
    )
    organisations.record(session, closed, NOW, "console")
    assert caller_by_key(session, text, NOW) is None
    organisations.record(session, PLATFORM, NOW, "console")
    assert caller_by_key(session, text, NOW)


def test_a_role_that_was_taken_is_gone_from_keys_that_were_made_before(session: Session) -> None:
    text = made(session)
    analyst = Organisation(PLATFORM.mark, PLATFORM.name, frozenset({Role.ANALYST}))
    organisations.record(session, analyst, NOW, "console")
    caller = caller_by_key(session, text, NOW)
    assert caller is not None
    assert caller.reach(Permission.LODGE) is Reach.NONE
    assert caller.reach(Permission.READ_STATISTICS) is Reach.ALL


def test_there_is_no_key_for_ever_and_none_for_nobody(session: Session) -> None:
    for days in (0, -1, 367):
        with pytest.raises(UsageError, match="days"):
            made(session, days=days)
    with pytest.raises(UsageError, match="no organisation"):
        keys.make(session, "nobody", KeyWanted("nightly"), NOW, "console")
    with pytest.raises(UsageError, match="no permission 'everything'"):
        keys.scopes_of(["lodge", "everything"])


def test_an_organisation_has_so_many_keys_and_no_more(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "KEYS_IN_FORCE_MAX", 2)
    first = made(session)
    made(session)
    with pytest.raises(UsageError, match="2 keys in force"):
        made(session)
    keys.end(session, first.split("_")[1], NOW, "console")
    assert made(session)
    assert len(keys.listed(session, PLATFORM.mark)) == 3
