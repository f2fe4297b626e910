"""Migrations run once and whole; the roles cannot change a fact."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tumen.kernel.errors import UsageError
from tumen.store import embedded
from tumen.store.database import Database, Role, resolve
from tumen.store.migration import Migration, applied_migrations, known_migrations, migrate

ONE = pl.Schema({"one": pl.Int64})


def admin(database: Database) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(database.url, autocommit=True)


def make_notes(database: Database) -> None:
    """A table as a later migration would make it."""
    with admin(database) as connection:
        connection.execute("SET ROLE tumen_owner")
        connection.execute("CREATE TABLE note (number bigint PRIMARY KEY, text text)")


def test_a_schema_named_after_a_role_does_not_stand_before_the_facts(database: Database) -> None:
    """The server looks in such a schema first, unless it is told where the tables are."""
    with admin(database) as connection:
        connection.execute("CREATE SCHEMA tumen_recorder")
        connection.execute("CREATE TABLE tumen_recorder.batch AS SELECT 1 AS batch_id")
        connection.execute("GRANT USAGE ON SCHEMA tumen_recorder TO tumen_recorder")
        connection.execute("GRANT SELECT ON tumen_recorder.batch TO tumen_recorder")
    with database.session() as session:
        assert session.read("SELECT batch_id FROM batch", None, ONE).is_empty()


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = database.migrations()
    database.prepare()
    assert database.migrations() == before
    assert len(before) == len(known_migrations())


def test_two_processes_that_migrate_at_once_run_every_file_once(database_location: str) -> None:
    url = make_conninfo(embedded.start(Path(database_location)).url("tumen"), dbname="raced")
    barrier = threading.Barrier(4)

    def prepare(_: int) -> None:
        barrier.wait()
        Database(url).prepare()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, range(4)))
    assert len(Database(url).migrations()) == len(known_migrations())


def test_a_migration_changed_after_it_was_run_is_an_error(database: Database) -> None:
    first, *others = known_migrations()
    changed = (Migration(first.number, first.name, first.sql + "-- changed"), *others)
    with admin(database) as connection, pytest.raises(UsageError, match="0001_roles was changed"):
        migrate(connection, changed)


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with admin(database) as connection, pytest.raises(UsageError, match="newer"):
        migrate(connection, known_migrations()[:1])


def test_a_migration_that_fails_in_the_middle_leaves_nothing(database: Database) -> None:
    known = known_migrations()
    broken = Migration(len(known) + 1, "broken", "CREATE TABLE half (); SELECT 1 / 0")
    with admin(database) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(connection, (*known, broken))
        assert len(applied_migrations(connection)) == len(known)
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


def test_all_tables_belong_to_the_owner_role(database: Database) -> None:
    with admin(database) as connection:
        query = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(query).fetchall() == [("tumen_owner",)]


def test_nobody_may_change_or_remove_a_row_of_any_table(database: Database) -> None:
    make_notes(database)
    with admin(database) as connection:
        query = """
            SELECT role, tablename::text, privilege
            FROM pg_tables, unnest(ARRAY['tumen_app', 'tumen_recorder']) AS role,
                 unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
            WHERE schemaname = 'public'
              AND has_table_privilege(role, format('public.%I', tablename), privilege)
        """
        assert connection.execute(query).fetchall() == []


@pytest.mark.parametrize("statement", ["UPDATE note SET text = 'b'", "DELETE FROM note"])
@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_tries_to_change_a_fact_is_refused(
    database: Database, role: Role, statement: str
) -> None:
    make_notes(database)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.session(role) as session:
        session.execute(statement)


def test_the_recorder_appends_and_the_application_only_reads(database: Database) -> None:
    make_notes(database)
    note = pl.DataFrame({"number": [1], "text": ["kept"]})
    with database.session(Role.RECORDER) as session:
        session.copy("note", note)
    with database.session(Role.APP) as session:
        assert session.read("SELECT * FROM note", None, note.schema).equals(note)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.session(Role.APP) as session:
        session.copy("note", pl.DataFrame({"number": [2], "text": ["no"]}))


def test_row_security_binds_the_application_and_not_the_recorder(database: Database) -> None:
    make_notes(database)
    with admin(database) as connection:
        connection.execute("ALTER TABLE note ENABLE ROW LEVEL SECURITY")
    with database.session() as session:
        session.copy("note", pl.DataFrame({"number": [1], "text": ["hidden"]}))
    count = "SELECT count(*) FROM note"
    with database.session(Role.RECORDER) as session:
        assert session.read(count, None, ONE).item() == 1
    with database.session(Role.APP) as session:
        assert session.read(count, None, ONE).item() == 0


def test_no_role_of_ours_is_a_superuser_or_may_log_in(database: Database) -> None:
    with admin(database) as connection:
        query = """SELECT rolname::text, rolbypassrls FROM pg_roles
                   WHERE rolname LIKE 'tumen%' AND NOT rolsuper AND NOT rolcanlogin ORDER BY 1"""
        assert connection.execute(query).fetchall() == [
            ("tumen_app", False), ("tumen_owner", False), ("tumen_recorder", True),
        ]  # fmt: skip


def test_an_address_without_a_database_gets_ours_made_in_it(database_location: str) -> None:
    socket_directory = embedded.start(Path(database_location)).socket_directory
    address = f"postgresql://postgres@/?host={socket_directory}"
    database = Database.from_location(address)
    assert database.directory is None
    assert len(database.migrations()) == len(known_migrations())


def test_a_plain_user_who_may_make_roles_can_migrate(database_location: str) -> None:
    url = embedded.start(Path(database_location)).url("postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN CREATEDB CREATEROLE BYPASSRLS")
        connection.execute(
            "GRANT tumen_owner, tumen_app, tumen_recorder TO plain WITH ADMIN OPTION"
        )
    database = Database(make_conninfo(url, user="plain", dbname="plainly"))
    database.prepare()
    with database.session() as session:
        assert session.read("SELECT 1", None, ONE).item() == 1


def test_the_location_comes_from_the_environment_when_none_is_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TUMEN_DATABASE_URL", raising=False)
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    assert resolve(None) == ("", tmp_path / "postgres")
    monkeypatch.setenv("TUMEN_DATABASE_URL", "postgresql://somewhere/else")
    assert resolve(None) == ("postgresql://somewhere/else", None)
    assert resolve(str(tmp_path)) == ("", tmp_path)
