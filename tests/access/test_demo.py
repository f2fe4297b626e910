"""The demonstration: labelled, with one of each role, and nothing of it lives on."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from clearing import CLOCK
from tumen.access import accounts, demo, keys, organisations, passwords, sessions
from tumen.access.roles import ASSIGNABLE
from tumen.access.sessions import Shown
from tumen.store.database import Database

NOW = CLOCK.at
LATER = NOW + timedelta(minutes=1)


def test_a_demonstration_has_every_role_and_a_second_start_ends_what_the_first_gave(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    with database.session() as session:
        first = demo.begin(session, NOW)
    with database.session() as session:
        second = demo.begin(session, LATER)
    assert {role for each in first for role in each.organisation.roles} == set(ASSIGNABLE)
    with database.session() as session:
        assert len(organisations.listed(session)) == len(demo.DEMONSTRATION)
        assert len(accounts.listed(session)) == len(demo.DEMONSTRATION)
        for old, new in zip(first, second, strict=True):
            assert "(demonstration)" in new.organisation.name
            assert new.organisation.is_demo
            assert keys.caller_by_key(session, old.key, LATER) is None
            assert keys.caller_by_key(session, new.key, LATER)
        shown = Shown(second[0].login, second[0].password)
        assert sessions.sign_in(session, shown, b"k" * 32, LATER)
        assert (
            sessions.sign_in(session, Shown(first[0].login, first[0].password), b"", LATER) is None
        )
