"""Questions in the store: opened by number and secret alone, sealed, and forgotten in time."""

from datetime import timedelta

import polars as pl
import pytest

from clearing import CLOCK, KEYS
from tumen.assistance import tickets
from tumen.assistance.ticket import Question, State, Topic
from tumen.assistance.tickets import Opened, Speaker
from tumen.kernel.errors import Overloaded, UsageError
from tumen.kernel.person_limits import TICKET_DAYS_KEPT, TICKET_MESSAGES_MAX
from tumen.store.database import Database
from tumen.store.session import Session

NOW = CLOCK.at
DAY = timedelta(hours=24)
TEXT = "Why was 订单 T-1 refused?"
STAFF = Speaker("customs", "officer-7")


def asked(session: Session, economy: str | None = "CN", by: str | None = None) -> Opened:
    question = Question(Topic.DOCUMENTS, economy, "en", TEXT)
    return tickets.ask(session, question, KEYS.tickets, NOW, DAY, by)


def state(session: Session, number: str, hours: float = 0) -> State:
    found = tickets.find(session, number, KEYS.tickets)
    assert found is not None
    return found.state(NOW + timedelta(hours=hours))


def test_a_ticket_has_a_clock_until_it_is_answered_and_ends(shared_database: Database) -> None:
    with shared_database.session() as session:
        number = asked(session).number
        assert (state(session, number, 24), state(session, number, 24.1)) == (
            State.WAITING, State.OVERDUE,
        )  # fmt: skip
        tickets.say(session, number, "It is about goods.", KEYS.tickets, NOW)
        assert state(session, number, 25) is State.OVERDUE, "the asker's own words are no answer"
        tickets.say(session, number, "See its code.", KEYS.tickets, NOW + DAY, STAFF)
        assert state(session, number, 99) is State.ANSWERED
        found = tickets.find(session, number, KEYS.tickets)
        assert found is not None
        told = [(each.is_answer, each.text) for each in found.said]
        assert told == [(False, TEXT), (False, "It is about goods."), (True, "See its code.")]
        tickets.end(session, number, NOW + DAY, is_by_asker=True)
        assert state(session, number) is State.CLOSED
        with pytest.raises(UsageError):
            tickets.say(session, number, "One more.", KEYS.tickets, NOW)


def test_the_secret_opens_its_own_ticket_however_it_is_typed(shared_database: Database) -> None:
    with shared_database.session() as session:
        one, other = asked(session), asked(session)
        assert tickets.is_secret(session, one.number, tickets.shown(one.secret).lower())
        assert not tickets.is_secret(session, one.number, other.secret)
        assert not tickets.is_secret(session, "23456789", one.secret)


def test_no_word_of_a_question_lies_open_in_the_store(shared_database: Database) -> None:
    with shared_database.session() as session:
        number = asked(session).number
        query = f"SELECT m::text AS row FROM ticket_message m WHERE ticket_id = '{number}'"  # noqa: S608
        (row,) = session.read(query, None, pl.Schema({"row": pl.String()}))["row"].to_list()
        assert TEXT.encode().hex() not in row
        assert "refused" not in row


def test_the_words_are_forgotten_some_time_after_the_end_and_not_before(
    shared_database: Database,
) -> None:
    with shared_database.session() as session:
        closed, still_open = asked(session).number, asked(session).number
        tickets.end(session, closed, NOW, is_by_asker=False)
        for days, is_known in ((TICKET_DAYS_KEPT, True), (TICKET_DAYS_KEPT + 1, False)):
            later = NOW + timedelta(days=days)
            question = Question(Topic.OTHER, None, "en", "another")
            tickets.ask(session, question, KEYS.tickets, later, DAY)
            found = tickets.find(session, closed, KEYS.tickets)
            assert found is not None
            assert [each.text for each in found.said] == [TEXT if is_known else None]
        kept = tickets.find(session, still_open, KEYS.tickets)
        assert kept is not None
        assert kept.said[0].text == TEXT


def test_who_answers_is_told_of_what_waits_by_economy_the_longest_waiting_first(
    shared_database: Database,
) -> None:
    with shared_database.session() as session:
        first, second = asked(session, "MN", "one").number, asked(session, "MN").number
        tickets.say(session, first, "So it is.", KEYS.tickets, NOW, STAFF)
        assert [each.number for each in tickets.waiting(session, "MN")] == [second, first]
        assert first in [each.number for each in tickets.waiting(session, None)]
        assert [each.number for each in tickets.of_organisation(session, "one")] == [first]
        tickets.end(session, second, NOW, is_by_asker=True)
        assert [each.number for each in tickets.waiting(session, "MN")] == [first]


def test_a_flood_of_questions_ends_at_a_limit(
    shared_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shared_database.session() as session:
        number = asked(session, by="one").number
        for _ in range(TICKET_MESSAGES_MAX - 1):
            tickets.say(session, number, "and", KEYS.tickets, NOW)
        with pytest.raises(UsageError):
            tickets.say(session, number, "and", KEYS.tickets, NOW)
        monkeypatch.setattr(tickets, "TICKETS_OPEN_MAX", 1)
        with pytest.raises(Overloaded):
            asked(session)
        assert asked(session, by="one"), "who is known is counted otherwise"
