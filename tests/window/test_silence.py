"""A contingency begins by itself while an authority is silent, and a person is above it."""

from datetime import UTC, datetime, timedelta

from clearing import CLOCK, Clearing, node_log
from tumen.store.database import Database
from tumen.window.acts import Officer
from tumen.window.contingency import Turn
from tumen.window.ledger import contingencies
from tumen.window.ledger.listening import ListeningDesk
from tumen.window.silence import BY_SILENCE, Silence

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)
AFTER = timedelta(minutes=5)
LATER = NOON + AFTER


def silent(since: datetime = NOON) -> Silence:
    return Silence().heard(since, answers=False)


def test_nothing_is_due_before_the_time_that_was_named_and_a_beginning_is_after_it() -> None:
    assert silent().due(LATER - timedelta(seconds=1), AFTER, None) is None
    assert silent().due(LATER, AFTER, None) is Turn.BEGIN


def test_the_silence_is_counted_from_the_first_question_without_an_answer() -> None:
    still = silent().heard(LATER, answers=False)
    assert still.since == NOON
    assert still.heard(LATER, answers=True) == Silence()


def test_an_answer_ends_what_began_by_itself_and_nothing_that_a_person_began() -> None:
    assert Silence().due(LATER, AFTER, BY_SILENCE) is Turn.END
    assert Silence().due(LATER, AFTER, "officer-1") is None


def test_a_contingency_that_is_on_begins_no_second_time() -> None:
    assert silent().due(LATER, AFTER, "officer-1") is None
    assert silent().due(LATER, AFTER, BY_SILENCE) is None


def test_what_a_person_ended_begins_anew_only_after_an_answer() -> None:
    ended = silent().noting(BY_SILENCE)
    assert ended.due(LATER, AFTER, None) is None
    again = ended.heard(LATER, answers=True).heard(LATER, answers=False)
    assert again.due(LATER + AFTER, AFTER, None) is Turn.BEGIN


def test_the_desk_suspends_and_takes_up_again_and_leaves_what_a_person_began(
    database: Database,
) -> None:
    policy, log = Clearing(database).policy, node_log(database)
    desk = ListeningDesk(database.session, "KR", "hall", timedelta(0), policy, CLOCK, log)
    begun = desk.hear(Silence(), answers=False)
    assert begun.turn is Turn.BEGIN
    assert desk.hear(begun.silence, answers=False).turn is None
    ended = desk.hear(begun.silence, answers=True)
    assert (ended.turn, dict(ended.decided)) == (Turn.END, {})
    with database.session() as session:
        by = Officer("KR", "customs", "officer-1")
        contingencies.begin(session, log, by, "the hall is cut off", CLOCK.now())
    assert desk.hear(Silence(), answers=True).turn is None
