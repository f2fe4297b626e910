"""The node's log in the store: how it begins, and when the process that writes on it stops."""

import json
from contextlib import suppress
from hashlib import sha256

import psycopg
import pytest

from clearing import CLOCK, KEYS, SIGNER, SIGNING, node_log
from restoring import copied
from tumen.kernel.errors import LogNotExtended
from tumen.store.database import Database
from tumen.trust import note, proof, statement
from tumen.trust.merkle import leaf_hash, verify_inclusion
from tumen.trust.note import VerifierKey
from tumen.trust.published import head_of
from tumen.trust.statement import ArtefactStatement
from tumen.window.leaves import single
from tumen.window.ledger import artefacts, beginning, proofs
from tumen.window.ledger.artefacts import Found
from tumen.window.ledger.beginning import Succession
from tumen.window.ledger.log import WRITTEN_ON, NodeLog, newest, origins

KEY = VerifierKey.parse(SIGNER.verifier_key)


class Undone(Exception):
    """Raised to leave a transaction without a trace."""


def enter(database: Database, log: NodeLog, *names: str) -> None:
    """One append for each name."""
    for name in names:
        with database.session() as session:
            found = Found("trial", sha256(name.encode()).digest(), name)
            artefacts.record(session, log, found, CLOCK.now())


def size_of(database: Database, origin: int = 1) -> int:
    with database.session() as session:
        signed = newest(session, origin)
    return 0 if signed is None else head_of(signed).size


def commitments(database: Database) -> list[bytes]:
    with psycopg.connect(database.url) as connection:
        query = "SELECT commitments FROM log_append ORDER BY origin_id, first_leaf"
        return [bytes(each) for (each,) in connection.execute(query)]


def test_the_first_leaf_of_a_log_tells_which_log_it_is(database: Database) -> None:
    log = node_log(database)
    with database.session() as session:
        found = beginning.told(session, log.origin.number)
        assert found is not None
        number, text = found
        held = proof.parse(proofs.artefacts(session, KEYS.sealing, [number])[number].encode())
    said = statement.parse(held.statement)
    assert isinstance(said, ArtefactStatement)
    assert (said.kind, said.content) == ("origin", sha256(text).digest())
    told = json.loads(text)
    assert (told["origin"], told["number"], told["previous"]) == (SIGNER.name, 1, None)
    head = head_of(held.checkpoint)
    assert note.parse(held.checkpoint).verified_by([KEY])
    entry = leaf_hash(statement.commitment(held.salt, held.statement))
    verify_inclusion(entry, held.index, head.size, list(held.hashes), head.root)
    assert held.index == 0


def test_a_process_whose_store_was_restored_below_it_signs_no_more(database: Database) -> None:
    log = node_log(database)
    enter(database, log, "one")
    with copied(database) as older:
        enter(database, log, "two", "three")
        with pytest.raises(LogNotExtended, match="went back"):
            enter(older, log, "another")
        assert size_of(older) == 2


def test_nor_where_the_restored_store_grew_again_meanwhile(database: Database) -> None:
    log = node_log(database)
    with copied(database) as older:
        enter(database, log, "one", "two")
        enter(older, node_log(older), "three", "four", "five")
        with pytest.raises(LogNotExtended, match="not the ones that were shown"):
            enter(older, log, "six")
        assert size_of(older) == 4


def test_a_store_that_was_emptied_is_not_signed_either(database: Database) -> None:
    with copied(database) as empty:
        log = node_log(database)
        with pytest.raises(LogNotExtended, match="went back"):
            enter(empty, log, "one")


def test_an_append_goes_on_from_the_checkpoint_that_was_asked_for_with_the_lock(
    database: Database,
) -> None:
    log, leaf = node_log(database), single("artefact", 9, [], "trial", b"t" * 32)
    enter(database, log, "one")
    with pytest.raises(LogNotExtended, match="went back"), database.session() as session:
        log.append(session, leaf, session.sequence(WRITTEN_ON)[0].clear())
    with database.session() as session:
        log.append(session, leaf, session.sequence(WRITTEN_ON)[0])
    assert size_of(database) == 3


def test_what_was_rolled_back_binds_nobody(database: Database) -> None:
    log = node_log(database)
    with suppress(Undone), database.session() as session:
        artefacts.record(session, log, Found("trial", b"r" * 32, "gone"), CLOCK.now())
        raise Undone
    enter(database, log, "one")
    assert size_of(database) == 2


def test_processes_that_write_in_turn_go_on_from_one_another(database: Database) -> None:
    one, two = node_log(database), node_log(database)
    for name, log in (("a", one), ("b", two), ("c", two), ("d", one)):
        enter(database, log, name)
    assert size_of(database) == 5


def test_a_store_restored_with_all_its_files_salts_no_leaf_as_before(database: Database) -> None:
    """Whoever holds the salt of the leaf that was lost could guess at the one in its place."""
    node_log(database)
    with copied(database) as older:
        for each in (database, older):
            enter(each, node_log(each), "the same")
        one, two = commitments(database), commitments(older)
        assert one[0] == two[0]
        assert one[1] != two[1]
        with older.session() as session:
            told = proofs.artefacts(session, KEYS.sealing, [2])[2]
        assert proof.parse(told.encode()).index == 1


def test_a_log_that_was_succeeded_is_written_on_no_more(database: Database) -> None:
    old = node_log(database)
    enter(database, old, "one")
    shown = old.shown
    with database.session() as session:
        signed = newest(session, 1)
        assert signed is not None
        session.sequence()
        new = beginning.begin(session, SIGNING, CLOCK.now(), Succession(signed, "a trial"))
    assert new.origin.name == f"{SIGNER.name}/2"
    with pytest.raises(LogNotExtended, match="another log was begun"):
        enter(database, old, "two")
    enter(database, new, "two")
    assert (size_of(database, 1), size_of(database, 2)) == (2, 2)
    assert shown is not None
    with database.session() as session:
        found = beginning.told(session, 2)
        assert found is not None
        assert [each.number for each in origins(session)] == [1, 2]
    told = json.loads(found[1])
    assert (told["reason"], told["previous"]) == ("a trial", signed.decode())
