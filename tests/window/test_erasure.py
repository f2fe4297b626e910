"""A person is erased: nothing personal can be opened, and everything else is as it was."""

import json
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from auditing import findings, superuser
from clearing import CLOCK, KEYS, Clearing, node_log
from tumen.kernel.errors import UsageError
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.window.ledger import erasure
from tumen.window.ledger.erasure import Erasure, Part
from tumen.window.privacy import unseal

DOCUMENTS = one_bundle("clean", 5).documents
NUMBER = str(DOCUMENTS[0]["order_number"])
SEALED = """
    SELECT encode(uuid_send(p.person), 'hex'), p.sealed, k.wrapped,
           encode(uuid_send(t.digest), 'hex')
    FROM personal_data p JOIN trade_order t USING (document_id)
    LEFT JOIN person_key k ON k.person = p.person AND k.batch_id = p.batch_id
"""


@pytest.fixture
def node(database: Database, tmp_path: Path) -> Clearing:
    """An order and its payment are there; the waybill and the declaration are still to come."""
    clearing = Clearing(database, seed="no lot")
    clearing.documents(DOCUMENTS[:2], tmp_path)
    return clearing


def erased(clearing: Clearing) -> Erasure:
    with clearing.database.session() as session:
        found = erasure.of_consignment(session, NUMBER, Part.BUYER)
        persons = erasure.with_own_waybills(session, found)
        log = node_log(clearing.database)
        return erasure.erase(session, log, persons, "request 1", CLOCK.now())


def audit(database: Database) -> list[str]:
    with superuser(database) as session:
        return [each.code for each in findings(session)]


def test_no_sealed_field_can_be_opened_any_more(node: Clearing) -> None:
    ((person, sealed, wrapped, digest),) = node.query(SEALED)
    opened = json.loads(unseal(sealed, wrapped, person=person, digest=digest, keys=KEYS))
    assert opened["buyer_name"] == DOCUMENTS[0]["buyer_name"]
    assert erased(node).keys == 1
    ((_, _, wrapped, _),) = node.query(SEALED)
    assert wrapped is None


def test_the_log_tells_of_it_and_the_audit_knows_which_keys_are_gone(node: Clearing) -> None:
    ((line,),) = node.query("SELECT person || chr(9) || batch_id || chr(9) || '\\\\x'"
                            " || encode(wrapped, 'hex') FROM person_key")  # fmt: skip
    done = erased(node)
    (told,) = json.loads(done.text)["keys"]
    assert told["key"] == sha256(f"{line}\n".encode()).hexdigest()
    ((kind, content),) = node.query(
        "SELECT kind, content FROM log_artefact ORDER BY artefact_id DESC LIMIT 1"
    )
    assert (kind, bytes(content)) == ("erasure", sha256(done.text).digest())
    assert audit(node.database) == []


def test_receipts_and_matching_go_on_as_before(node: Clearing, tmp_path: Path) -> None:
    before = node.receipts()
    erased(node)
    node.documents(DOCUMENTS[:2], tmp_path)
    assert node.receipts()[len(before) :] == before
    node.documents(DOCUMENTS[2:], tmp_path)
    assert [*node.status().values()] == ["released"]
    assert node.query("SELECT count(*) FROM person_key k JOIN declaration d"
                      " ON d.buyer_index = k.person")[0][0] == 1  # fmt: skip
    assert audit(node.database) == []


def test_a_person_who_comes_back_is_erased_again_and_one_who_is_gone_is_not(
    node: Clearing, tmp_path: Path
) -> None:
    erased(node)
    with pytest.raises(UsageError, match="no key of this person"):
        erased(node)
    node.documents(DOCUMENTS[2:], tmp_path)
    erased(node)
    assert audit(node.database) == []


def test_a_buyers_own_waybills_are_sealed_no_longer_either(node: Clearing, tmp_path: Path) -> None:
    node.documents(DOCUMENTS[2:], tmp_path)
    own = DOCUMENTS[0]["buyer_name"] == DOCUMENTS[0]["consignee_name"]
    erased(node)
    query = """SELECT count(*) FROM personal_data p JOIN waybill USING (document_id)
               JOIN person_key k ON k.person = p.person AND k.batch_id = p.batch_id"""
    assert node.query(query) == [(0 if own else 1,)]


def test_a_key_that_is_gone_without_an_erasure_is_found(node: Clearing) -> None:
    with superuser(node.database) as session:
        session.execute("DELETE FROM person_key")
        assert [each.code for each in findings(session)] == ["CHANGED"]


def test_an_erasure_that_no_leaf_tells_of_hides_nothing(node: Clearing) -> None:
    with superuser(node.database) as session:
        session.execute(
            """INSERT INTO erased_key SELECT 1, person, batch_id, sha256(convert_to(
                   person || chr(9) || batch_id || chr(9) || '\\\\x' || encode(wrapped, 'hex')
                   || chr(10), 'UTF8')) FROM person_key;
               DELETE FROM person_key"""
        )
        assert findings(session)[0].code == "INSERTED"


def test_a_key_that_was_put_back_is_told(node: Clearing) -> None:
    rows = node.query("SELECT person, batch_id, wrapped FROM person_key")
    erased(node)
    with psycopg.connect(node.database.url) as connection:
        connection.execute("INSERT INTO person_key VALUES (%s, %s, %s)", rows[0])
    assert audit(node.database) == ["NOT_ERASED"]


def test_the_recorder_deletes_no_key_but_those_that_an_erasure_names(node: Clearing) -> None:
    with psycopg.connect(node.database.url) as connection:
        connection.execute("SET ROLE tumen_recorder")
        assert connection.execute("SELECT destroy_keys(1)").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM person_key")
    with psycopg.connect(node.database.url) as connection:
        connection.execute("SET ROLE tumen_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT destroy_keys(1)")
