"""Signing in by an issuer of identities: there and back, and nothing else is believed."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey
from litestar import Litestar
from litestar.testing import TestClient
from tests.conftest import fresh_database

from clearing import CLOCK
from issuing import CLIENT, CODE, SECRET, Issuing, issuing
from offices import client
from tumen.access import accounts, organisations
from tumen.access.accounts import Account
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.kernel.errors import CallerUnknown, OutsideError, UsageError
from tumen.store.database import Database
from tumen.web.access.issuer import Issuer

NOW = CLOCK.at
SECONDS = int(NOW.timestamp())
BACK = "/login/identity/back"


@pytest.fixture(scope="module")
def database(database_location: str) -> Iterator[Database]:
    with fresh_database(database_location) as database:
        with database.session() as session:
            customs = Organisation("customs-mn", "Customs", frozenset({Role.CUSTOMS}), "MN")
            organisations.record(session, customs, NOW, "console")
            account = Account("officer-1", customs.mark, is_active=True)
            accounts.record(session, account, NOW, "console")
        yield database


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Issuing]:
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    with issuing(SECONDS) as found:
        monkeypatch.setenv("TUMEN_IDENTITY_ISSUER", found.url)
        monkeypatch.setenv("TUMEN_IDENTITY_CLIENT", CLIENT)
        monkeypatch.setenv("TUMEN_IDENTITY_SECRET_FILE", str(tmp_path / "secret"))
        monkeypatch.setenv("TUMEN_URL", "https://testserver.local")
        yield found


@pytest.fixture
def web(database: Database, issuer: Issuing, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    with database.session() as session:
        accounts.link(session, "officer-1", (issuer.url, "4711"), NOW, "console")
    with client(database, tmp_path) as asking:
        asking.base_url = "https://testserver.local"  # type: ignore[assignment]
        asking.follow_redirects = False
        yield asking


def sent_there(web: TestClient[Litestar], issuer: Issuing) -> str:
    """Begin: the state that the issuer is told; it remembers nonce and challenge."""
    answer = web.get("/login/identity")
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"https://testserver.local{BACK}"]
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    issuer.nonce, issuer.challenge = asked["nonce"][0], asked["code_challenge"][0]
    return asked["state"][0]


def person(web: TestClient[Litestar]) -> str | None:
    found: str | None = web.get("/v1/me").json()["person"]
    return found


def test_whom_the_issuer_names_signs_in_as_the_login_that_was_linked(
    web: TestClient[Litestar], issuer: Issuing
) -> None:
    state = sent_there(web, issuer)
    answer = web.get(BACK, params={"code": CODE, "state": state})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert person(web) == "officer-1"
    again = web.get(BACK, params={"code": CODE, "state": state})
    assert again.status_code == 401, "what was asked counts once"


def test_an_answer_to_a_question_of_another_browser_counts_nothing(
    web: TestClient[Litestar], issuer: Issuing
) -> None:
    state = sent_there(web, issuer)
    held = dict(web.cookies)
    web.cookies.clear()
    assert web.get(BACK, params={"code": CODE, "state": state}).status_code == 401
    for name, value in held.items():
        web.cookies.set(name, value)
    for wrong in ("", "another", state + "x"):
        assert web.get(BACK, params={"code": CODE, "state": wrong}).status_code == 401
    assert web.get(BACK, params={"code": "guessed", "state": state}).status_code == 401
    assert person(web) is None


def test_a_person_whom_nobody_linked_is_not_let_in(
    web: TestClient[Litestar], issuer: Issuing
) -> None:
    issuer.claims = {"sub": "4712"}
    state = sent_there(web, issuer)
    assert web.get(BACK, params={"code": CODE, "state": state}).status_code == 401
    assert person(web) is None


def test_a_node_without_an_issuer_says_so(
    web: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TUMEN_IDENTITY_ISSUER")
    for path in ("/login/identity", BACK):
        assert web.get(path).status_code == 404


def known(issuer: Issuing) -> Issuer:
    return Issuer(issuer.url, CLIENT, SECRET, f"https://testserver.local{BACK}")


def believed(issuer: Issuing) -> str:
    keys = {"keys": [(issuer.published or issuer.key).as_dict(private=False)]}
    return known(issuer).believed(issuer.token(), keys, issuer.nonce, NOW)


@pytest.fixture(scope="module")
def quiet() -> Iterator[Issuing]:
    with issuing(SECONDS) as found:
        found.nonce = "asked"
        yield found


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 4711},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": SECONDS - 61},
        {"exp": None},
        {"iat": SECONDS + 61},
        {"iat": None},
    ],
)
def test_a_token_that_says_anything_else_is_not_believed(
    quiet: Issuing, claims: dict[str, object]
) -> None:
    quiet.claims = {}
    assert believed(quiet) == "4711"
    quiet.claims = claims
    with pytest.raises(CallerUnknown):
        believed(quiet)


def test_a_token_for_several_counts_where_it_was_given_to_us(quiet: Issuing) -> None:
    quiet.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert believed(quiet) == "4711"


def test_a_token_by_another_key_or_another_algorithm_is_not_believed(quiet: Issuing) -> None:
    quiet.claims, own, header = {}, quiet.key, quiet.header
    published = own.as_dict(private=False)
    for key, alg in (
        (ECKey.generate_key("P-256", {"kid": "one"}), "ES256"),
        (OctKey.import_key(str(published).encode()), "HS256"),
        (RSAKey.generate_key(2048, {"kid": "one"}), "RS256"),
    ):
        quiet.key, quiet.header, quiet.published = key, {"alg": alg, "kid": "one"}, own
        with pytest.raises(CallerUnknown):
            believed(quiet)
    quiet.key, quiet.header, quiet.published = own, header, None
    head, claims, _ = quiet.token().split(".")
    none = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    for token in (f"{none}.{claims}.", f"{head}.{claims}.", "", "a.b.c"):
        with pytest.raises(CallerUnknown):
            known(quiet).believed(token, {"keys": [published]}, "asked", NOW)


def test_an_issuer_without_tls_is_refused_but_on_this_machine() -> None:
    with pytest.raises(UsageError, match="https"):
        Issuer("http://id.example", CLIENT, SECRET, "https://testserver.local/back")
    with pytest.raises(UsageError, match="https"):
        Issuer("https://id.example", CLIENT, SECRET, "http://testserver.local/back")


def test_an_issuer_that_speaks_of_another_or_is_gone_is_told(quiet: Issuing) -> None:
    with pytest.raises(OutsideError, match="another issuer"):
        Issuer(quiet.url + "/", CLIENT, SECRET, "https://testserver.local/back").described()
    with pytest.raises(OutsideError, match="cannot be reached"):
        Issuer("http://127.0.0.1:9", CLIENT, SECRET, "https://testserver.local/back").described()
