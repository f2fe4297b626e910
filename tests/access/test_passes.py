"""The pass of a person: believed as it is copied from paper, and only until it ends."""

from datetime import timedelta

import polars as pl
import pytest

from clearing import CLOCK
from tumen.access import looks, passes
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.kernel.errors import CallerUnknown, NotPermitted
from tumen.kernel.person_limits import PASS_DAYS
from tumen.store.database import Database
from tumen.store.session import Session

NOW = CLOCK.at
PERSON = f"{7:032x}"
OTHER = f"{8:032x}"


def holder(session: Session, text: str, days: int = 0) -> str | None:
    found = passes.caller_by_pass(session, text, NOW + timedelta(days=days))
    return None if found is None else found.holder


def test_a_pass_is_believed_however_it_is_typed_and_no_other_is(shared_database: Database) -> None:
    with shared_database.session() as session:
        text = passes.issue(session, PERSON, NOW, "officer").text
        for typed in (text, text.lower(), text.replace("-", " "), f"  {text.replace('-', '')} "):
            assert passes.is_formed(typed)
            assert holder(session, typed) == PERSON
        last = "0" if text[-1] != "0" else "1"
        assert holder(session, text[:-1] + last) is None
        assert holder(session, last * 36) is None
        assert not passes.is_formed("tumen_000000000000_" + "x" * 43)
        query = "SELECT encode(hash, 'hex') || pass_id AS kept FROM person_pass"
        kept = session.read(query, None, pl.Schema({"kept": pl.String()}))["kept"].to_list()
        assert not any(text.replace("-", "")[8:] in each for each in kept)


def test_a_pass_ends_in_time_and_when_another_is_handed_out(shared_database: Database) -> None:
    with shared_database.session() as session:
        first = passes.issue(session, PERSON, NOW, "officer").text
        others = passes.issue(session, OTHER, NOW, "officer").text
        assert holder(session, first, PASS_DAYS - 1) == PERSON
        assert holder(session, first, PASS_DAYS) is None
        second = passes.issue(session, PERSON, NOW, "officer").text
        assert (holder(session, first), holder(session, second)) == (None, PERSON)
        assert passes.end_all(session, PERSON, NOW, "officer") == 1
        assert holder(session, second) is None
        assert holder(session, others) == OTHER


def test_a_person_guards_the_own_allowance_and_sees_nobodys_trade(
    shared_database: Database,
) -> None:
    with shared_database.session() as session:
        text = passes.issue(session, PERSON, NOW, "officer").text
        caller = passes.caller_by_pass(session, text, NOW)
    assert caller is not None
    assert caller.reach(Permission.GUARD_ALLOWANCE) is Reach.OWN
    assert caller.reach(Permission.READ_DOCUMENTS) is Reach.NONE
    with pytest.raises(NotPermitted):
        caller.need(Permission.READ_ALLOWANCE)
    with pytest.raises(CallerUnknown):
        _ = caller.sender


def test_what_a_person_has_seen_stays_seen(shared_database: Database) -> None:
    with shared_database.session() as session:
        assert looks.last_look(session, PERSON) == looks.Look()
        looks.note_look(session, PERSON, 12, NOW)
        looks.note_look(session, PERSON, 9, NOW + timedelta(hours=1))
        assert looks.last_look(session, PERSON) == looks.Look(12, NOW)
        assert looks.last_look(session, OTHER).seen_event == 0
