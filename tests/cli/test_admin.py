"""`tumen admin`: organisations, roles, keys and people from the command line."""

import json
import zipfile
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner, Result

from clearing import Clearing
from tumen.access import accounts, keys, organisations, passwords, sessions
from tumen.access.sessions import Shown
from tumen.cli.admin import app
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.simulation import one_bundle
from tumen.store.database import Database

ADD = ("organisation", "add", "great-wall", "--name", "Great Wall Shop", "--role", "platform")


class Admin:
    """Runs the commands on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __call__(self, *arguments: str, typed: str = "") -> Result:
        at = () if arguments[0] == "matrix" else ("--database", self.database.url)
        done = CliRunner().invoke(app, [*arguments, *at], input=typed, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done


@pytest.fixture
def admin(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Admin:
    monkeypatch.setenv("TUMEN_KEYS", str(tmp_path / "node.keys"))
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    return Admin(database)


def test_an_organisation_is_added_changed_closed_and_opened(admin: Admin) -> None:
    assert admin(*ADD, "--economy", "CN").stdout == "great-wall  platform  CN  Great Wall Shop\n"
    with pytest.raises(UsageError, match="already"):
        admin(*ADD)
    admin("organisation", "change", "great-wall", "--name", "Great Wall")
    admin("role", "give", "great-wall", "trader")
    admin("organisation", "close", "great-wall")
    listed = admin("organisation", "list").stdout
    assert listed == "great-wall  platform,trader  CN  closed  Great Wall\n"
    food = ("organisation", "add", "food", "--name", "Food", "--role", "agency", "--economy", "CN")
    assert admin(*food, "--matter", "food").stdout == "food  agency  CN  matters: food  Food\n"
    told = admin("organisation", "change", "food", "--matter", "quarantine").stdout
    assert "matters: quarantine" in told
    admin("organisation", "open", "great-wall")
    admin("role", "take", "great-wall", "platform")
    with pytest.raises(UsageError, match="at least one role"):
        admin("role", "take", "great-wall", "trader")
    with admin.database.session() as session:
        found = organisations.needed(session, "great-wall")
    assert (found.is_active, found.roles) == (True, {"trader"})


def test_a_key_alone_goes_to_standard_output_and_is_never_listed(admin: Admin) -> None:
    admin(*ADD)
    made = admin("key", "make", "great-wall", "--label", "nightly", "--scope", "lodge")
    key = made.stdout.strip()
    assert "not shown again" in made.stderr
    mark = key.split("_")[1]
    listed = admin("key", "list").stdout
    assert listed.startswith(f"{mark}  great-wall  until ")
    assert "  never used  " in listed
    assert listed.endswith("  lodge  nightly\n")
    assert key.split("_", 2)[2] not in listed

    newer = admin("key", "rotate", mark, "--overlap-days", "0").stdout.strip()
    now = SystemClock().now()
    with admin.database.session() as session:
        assert keys.caller_by_key(session, key, now) is None
        assert keys.caller_by_key(session, newer, now)
    admin("key", "end", newer.split("_")[1])
    with admin.database.session() as session:
        assert keys.caller_by_key(session, newer, SystemClock().now()) is None


def test_a_person_signs_in_with_what_was_typed_and_with_what_was_made(admin: Admin) -> None:
    admin(*ADD)
    typed = "four words that stand apart"
    admin("person", "add", "great-wall", "clerk-1", typed=f"{typed}\n")
    assert signs_in(admin, "clerk-1", typed)
    made = admin("person", "password", "clerk-1", "--make").stdout.strip()
    assert signs_in(admin, "clerk-1", made)
    assert not signs_in(admin, "clerk-1", typed)
    assert admin("person", "list").stdout == "clerk-1  great-wall  password\n"
    assert admin("person", "codes", "clerk-1").stdout.startswith("otpauth://totp/Tumen:clerk-1?")
    assert not signs_in(admin, "clerk-1", made), "a code is asked for"
    admin("person", "codes", "clerk-1", "--off")
    assert signs_in(admin, "clerk-1", made)
    admin("person", "close", "clerk-1")
    assert not signs_in(admin, "clerk-1", made)
    admin("person", "open", "clerk-1")
    admin("person", "link", "clerk-1", "--issuer", "https://id.example", "--subject", "4711")
    with admin.database.session() as session:
        assert accounts.identity(session, "https://id.example", "4711") == "clerk-1"


def signs_in(admin: Admin, login: str, password: str) -> bool:
    with admin.database.session() as session:
        shown = Shown(login, password)
        return sessions.sign_in(session, shown, b"k" * 32, SystemClock().now()) is not None


def test_an_organisation_takes_away_what_it_lodged(admin: Admin, tmp_path: Path) -> None:
    admin(*ADD)
    (tmp_path / "in").mkdir()
    documents = one_bundle("vague_description", 5).documents
    Clearing(admin.database, sender="great-wall").documents(documents, tmp_path / "in")
    out = tmp_path / "great-wall.zip"
    told = admin("organisation", "export", "great-wall", "--out", str(out)).stdout
    with zipfile.ZipFile(out) as archive:
        counted = json.loads(archive.read("README.json"))["rows"]
    assert told.startswith(f"{sum(counted.values())} rows of ")
    assert counted["trade_order"] == 1
    with pytest.raises(FileExistsError):
        admin("organisation", "export", "great-wall", "--out", str(out))


def test_the_matrix_is_printed(admin: Admin) -> None:
    assert "| `decide` | release, hold, examine or reject |" in admin("matrix").stdout


def test_a_demonstration_is_entered_and_said_to_be_made_up(admin: Admin) -> None:
    done = admin("demo")
    assert "no organisation of these exists" in done.stderr
    lines = done.stdout.splitlines()
    mark, shown = lines[0].split()[0], lines[1].split()
    assert mark == "demo-trader"
    assert signs_in(admin, shown[1], shown[3])
    with admin.database.session() as session:
        assert keys.caller_by_key(session, lines[2].split()[1], SystemClock().now())
        assert all(each.is_demo for each in organisations.listed(session))
