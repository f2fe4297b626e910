"""A witness's memory in PostgreSQL: atomic, durable, insert-only."""

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import psycopg
import pytest

from tumen.kernel.errors import UsageError
from tumen.store.database import Database
from tumen.trust.note import VerifierKey
from tumen.trust.witness import Answer, Cosigned, Witness
from tumen.witnessing.register import Register
from witnessed_logs import START, Log, SteppedClock, cosigner

LOG = Log.of(40)
NAME = "witness.example.kr"


def register(database: Database, *logs: Log) -> Register:
    made = Register(database.session)
    made.set_witnessed([each.key for each in logs], START, wanted=True)
    return made


def witness(database: Database, *logs: Log) -> Witness:
    return Witness(cosigner(NAME), register(database, *logs), SteppedClock())


def sizes(database: Database) -> list[int]:
    with psycopg.connect(database.url) as connection:
        query = "SELECT size FROM witness_checkpoint ORDER BY origin, number"
        return [size for (size,) in connection.execute(query)]


def test_a_restart_keeps_where_the_witness_stands(database: Database) -> None:
    assert witness(database, LOG).add_checkpoint(LOG.request(0, 7)).status == 200
    again = Witness(cosigner(NAME), Register(database.session), SteppedClock())
    assert again.add_checkpoint(LOG.request(0)).body == b"7\n"
    assert again.add_checkpoint(LOG.request(7)).status == 200
    assert sizes(database) == [7, 40]


def test_what_is_read_is_what_was_written(database: Database) -> None:
    memory = register(database, LOG)
    cosigned = Cosigned(1, LOG.checkpoint(), int(START.timestamp()), LOG.note())
    assert memory.advance(cosigned)
    found = memory.log(LOG.origin)
    assert found is not None
    assert (found.keys, found.latest) == ((LOG.key,), cosigned)


def test_of_two_writers_with_one_number_one_is_first(database: Database) -> None:
    memory = register(database, LOG)
    both = [Cosigned(1, LOG.checkpoint(size), 1, LOG.note(size)) for size in (3, 4)]
    assert [memory.advance(each) for each in both] == [True, False]
    assert sizes(database) == [3]


def test_requests_at_once_never_roll_back(database: Database) -> None:
    """The race of tlog-witness, A with N and B with N + K, many at once on many connections."""
    one = witness(database, LOG)
    assert one.add_checkpoint(LOG.request(0, 10)).status == 200
    wanted = list(range(11, LOG.size + 1))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda size: one.add_checkpoint(LOG.request(10, size)), wanted))
    cosigned = [size for size, answer in zip(wanted, answers, strict=True) if answer.status == 200]
    assert len(cosigned) == 1
    assert sizes(database) == [10, *cosigned]
    assert {answer.status for answer in answers} == {200, 409}


def test_forks_at_once_are_cosigned_once(database: Database) -> None:
    one = witness(database, LOG)
    assert one.add_checkpoint(LOG.request(0, 10)).status == 200
    shared = Log(LOG.origin, LOG.leaves[:10])
    forks = [shared.grown(5, mark=str(number)) for number in range(16)]

    def ask(fork: Log) -> Answer:
        return one.add_checkpoint(fork.request(10))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, forks))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 15
    assert sizes(database) == [10, 15]


def test_nobody_can_change_what_was_cosigned(database: Database) -> None:
    one = witness(database, LOG)
    assert one.add_checkpoint(LOG.request(0)).status == 200
    for statement in (
        "UPDATE witness_checkpoint SET size = 1",
        "DELETE FROM witness_checkpoint",
        "UPDATE witness_log SET is_witnessed = false",
        "DELETE FROM witness_log",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.session() as session:
            session.execute(statement)


def test_a_log_that_is_no_longer_witnessed_is_unknown_and_its_history_stays(
    database: Database,
) -> None:
    one = witness(database, LOG)
    memory = cast(Register, one.state)
    assert one.add_checkpoint(LOG.request(0, 7)).status == 200
    assert memory.set_witnessed([LOG.key], START, wanted=False) == 1
    assert one.add_checkpoint(LOG.request(7)).status == 404
    assert memory.set_witnessed([LOG.key], START, wanted=True) == 1
    assert one.add_checkpoint(LOG.request(0)).body == b"7\n"


def test_a_log_is_added_once(database: Database) -> None:
    memory = register(database, LOG)
    assert memory.set_witnessed([LOG.key], START, wanted=True) == 0
    assert [len(found.keys) for found in memory.logs().values()] == [1]


def test_the_key_of_a_witness_is_no_log(database: Database) -> None:
    key = VerifierKey.parse(cosigner(NAME).verifier_key)
    with pytest.raises(UsageError, match="not of a log"):
        register(database).set_witnessed([key], START, wanted=True)
