"""Access over HTTP: keys, sessions, other sites, the matrix in full, and what answers carry."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from tests.conftest import fresh_database

from clearing import CLOCK, KEYS
from offices import client
from tumen.access import accounts, keys, organisations, passwords
from tumen.access.accounts import Account
from tumen.access.caller import Caller
from tumen.access.keys import KeyWanted
from tumen.access.matrix import reach_of
from tumen.access.organisations import Organisation
from tumen.access.passes import issue
from tumen.access.roles import ASSIGNABLE, AUTHORITIES, Reach, Role
from tumen.codelist.matters import OF_AGENCIES
from tumen.kernel import access_limits
from tumen.kernel.errors import AccessError, TooManyRequests
from tumen.store.database import Database
from tumen.web.access.guard import permission_of, permissions_of
from tumen.web.access.headers import CONTENT_SECURITY_POLICY
from tumen.web.access.pace import Pace

NOW = CLOCK.at
PASSWORD = "four words that stand apart"
SIGN_IN = {"login": "person-trader", "password": PASSWORD}
OTHER_SITE = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}

SENT = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000", "date": "2026-06-10"}
"""What stands for a part of a path, by its type."""

CODES = {401: "CALLER_UNKNOWN", 403: "NOT_PERMITTED"}

Web = TestClient[Litestar]


class Keys(dict[str, str]):
    """The key of the organisation of each role."""


@pytest.fixture(scope="module")
def keyring() -> Keys:
    return Keys()


@pytest.fixture(scope="module")
def database(database_location: str, keyring: Keys) -> Iterator[Database]:
    """A node with an organisation of each role, a key of it and a person of it."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch, fresh_database(database_location) as database:
        patch.setattr(passwords, "_HASHER", quick)
        with database.session() as session:
            for role in ASSIGNABLE:
                economy = "MN" if role in AUTHORITIES else None
                mark = role.replace("_", "-")
                matters = OF_AGENCIES if role is Role.AGENCY else frozenset()
                made = Organisation(
                    mark, f"The {role}", frozenset({role}), economy, matters=matters
                )
                organisations.record(session, made, NOW, "console")
                keyring[role] = keys.make(session, mark, KeyWanted("tests"), NOW, "console")
                login = f"person-{mark}"
                accounts.record(session, Account(login, mark, is_active=True), NOW, "console")
                accounts.set_password(session, login, PASSWORD, NOW, "console")
            keyring[Role.PERSON] = issue(session, f"{7:032x}", NOW, "console").text
        yield database


@pytest.fixture
def web(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A browser without a cookie, on a service of its own."""
    with client(database, tmp_path_factory.mktemp("node")) as asking:
        asking.base_url = "https://testserver.local"  # type: ignore[assignment]
        yield asking


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def code_of(answer: object) -> str:
    return str(answer.json()["code"])  # type: ignore[attr-defined]


def test_the_public_is_nobody_and_a_key_says_whose_it_is(web: Web, keyring: Keys) -> None:
    assert web.get("/v1/me").json()["organisation"] == ""
    found = web.get("/v1/me", headers=bearer(keyring[Role.CUSTOMS])).json()
    assert (found["organisation"], found["economy"], found["person"]) == ("customs", "MN", None)
    assert found["permissions"]["decide"] == "economy"
    assert "lodge" not in found["permissions"]


@pytest.mark.parametrize(
    "shown", ["Bearer tumen_0_0", "Bearer ", "Basic dXNlcjpwYXNz", "tumen", "Bearer " + "x" * 4000]
)
def test_a_wrong_key_is_refused_everywhere_and_never_taken_for_the_public(
    web: Web, shown: str
) -> None:
    for path in ("/v1/me", "/healthz", "/v1/keys"):
        answer = web.get(path, headers={"authorization": shown})
        assert (answer.status_code, code_of(answer)) == (401, "CALLER_UNKNOWN")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "tumen_0_0" not in answer.text


def test_every_route_states_what_it_needs(web: Web) -> None:
    silent = [route for route, needed in permissions_of(web.app).items() if needed is None]
    assert not silent


def test_every_role_reaches_every_route_that_the_matrix_gives_it_and_no_other(web: Web) -> None:
    for route in web.app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            needed = permission_of(handler)
            for role in Role if needed is not None else ():
                caller = Caller("" if role is Role.PUBLIC else "x", "", frozenset({role}), "MN")
                connection = ASGIConnection({"type": "http", "user": caller})  # type: ignore[typeddict-item]
                reached = max(reach_of(role, needed), reach_of(Role.PUBLIC, needed))
                assert passes(handler, connection) is (reached is not Reach.NONE), (
                    role,
                    route.path,
                )


def passes(handler: BaseRouteHandler, connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether every guard of a route lets a caller in."""
    try:
        asyncio.run(handler.authorize_connection(connection))
    except AccessError:
        return False
    return True


def test_a_refusal_is_the_same_whatever_is_sent_with_it(web: Web, keyring: Keys) -> None:
    """Every route, by every role that does not reach it, over HTTP and with nothing in it."""
    for (method, path), needed in permissions_of(web.app).items():
        sent = re.sub(r"{\w+:(\w+)}", lambda found: SENT.get(found[1], "none"), path)
        for role in Role if needed is not None else ():
            if reach_of(role, needed) or reach_of(Role.PUBLIC, needed):
                continue
            headers = bearer(keyring[role]) if role in keyring else {}
            answer = web.request(method, sent, headers=headers)
            expected = 403 if role in keyring else 401
            assert answer.status_code == expected, (role, method, path)
            if "json" in answer.headers["content-type"]:
                assert code_of(answer) == CODES[expected], (role, method, path)


def test_a_browser_signs_in_is_known_and_signs_out(web: Web) -> None:
    answer = web.post("/v1/session", json=SIGN_IN)
    assert answer.status_code == 204
    assert web.get("/v1/me").json()["person"] == "person-trader"
    token = web.cookies["__Host-tumen_session"]
    assert web.delete("/v1/session").status_code == 204
    assert web.get("/v1/me").json()["organisation"] == ""
    again = web.get("/v1/me", headers={"cookie": f"__Host-tumen_session={token}"})
    assert again.json()["organisation"] == "", "a token that was taken away is worth nothing"


def test_the_cookie_is_for_tls_for_no_script_and_for_no_other_site(web: Web) -> None:
    cookie = web.post("/v1/session", json=SIGN_IN).headers["set-cookie"].lower()
    assert cookie.startswith("__host-tumen_session=")
    for flag in ("secure", "httponly", "samesite=lax", "path=/", "max-age=43200"):
        assert flag in cookie
    assert "domain" not in cookie


def test_on_a_loopback_address_the_cookie_needs_no_tls(web: Web) -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"):
        answer = web.post("/v1/session", json=SIGN_IN, headers={"host": host})
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("tumen_session=")
        assert "secure" not in cookie


def test_a_session_that_is_none_is_the_public(web: Web) -> None:
    headers = {"cookie": "__Host-tumen_session=made-up"}
    assert web.get("/v1/me", headers=headers).json()["organisation"] == ""


def test_a_wrong_password_and_an_unknown_login_are_told_in_the_same_words(web: Web) -> None:
    told = []
    for login in ("person-trader", "nobody"):
        answer = web.post("/v1/session", json={"login": login, "password": "wrong" * 4})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        told.append({**answer.json(), "request_id": ""})
    assert told[0] == told[1]
    assert "nobody" not in str(told)


def test_another_site_can_neither_act_nor_sign_somebody_in(web: Web) -> None:
    assert web.post("/v1/session", json=SIGN_IN, headers=OTHER_SITE).status_code == 403
    web.post("/v1/session", json=SIGN_IN)
    asked = {"label": "stolen"}
    for headers in (OTHER_SITE, {"origin": "https://elsewhere.example"}, {"origin": "null"}):
        answer = web.post("/v1/keys", json=asked, headers=headers)
        assert (answer.status_code, code_of(answer)) == (403, "NOT_PERMITTED")
    assert web.get("/v1/keys", headers=OTHER_SITE).status_code == 200, "to read is no act"
    own = {"origin": "https://testserver.local", "host": "testserver.local"}
    assert web.post("/v1/keys", json=asked, headers=own).status_code == 201
    assert (
        web.post("/v1/keys", json=asked, headers={"sec-fetch-site": "same-origin"}).status_code
        == 201
    )


def test_a_person_keeps_the_keys_of_the_own_organisation_and_no_other(
    web: Web, keyring: Keys
) -> None:
    web.post("/v1/session", json=SIGN_IN)
    asked = {"label": "nightly", "scopes": ["lodge"], "days": 30}
    key = web.post("/v1/keys", json=asked).json()["key"]
    assert "lodge" in web.get("/v1/me", headers=bearer(key)).json()["permissions"]
    assert "read_receipts" not in web.get("/v1/me", headers=bearer(key)).json()["permissions"]
    mark = key.split("_")[1]
    listed = {each["mark"]: each for each in web.get("/v1/keys").json()}
    assert listed[mark]["scopes"] == ["lodge"]
    assert key not in web.get("/v1/keys").text

    newer = web.post(f"/v1/keys/{mark}/rotation").json()["key"]
    assert web.get("/v1/me", headers=bearer(newer)).json()["organisation"] == "trader"
    strange = keyring[Role.CUSTOMS].split("_")[1]
    for answer in (
        web.delete(f"/v1/keys/{strange}"),
        web.post(f"/v1/keys/{strange}/rotation"),
        web.delete("/v1/keys/none"),
    ):
        assert answer.status_code == 404
    assert web.get("/v1/me", headers=bearer(keyring[Role.CUSTOMS])).status_code == 200


def test_a_key_that_was_ended_is_refused_at_once_by_the_process_that_ended_it(web: Web) -> None:
    web.post("/v1/session", json=SIGN_IN)
    key, other = (web.post("/v1/keys", json={"label": "short"}).json()["key"] for _ in range(2))
    for each in (key, other):
        assert web.get("/v1/me", headers=bearer(each)).status_code == 200
    assert web.delete(f"/v1/keys/{key.split('_')[1]}").status_code == 204
    assert web.get("/v1/me", headers=bearer(key)).status_code == 401
    assert web.get("/v1/me", headers=bearer(other)).status_code == 200


def test_a_key_that_was_ended_elsewhere_is_refused_when_it_is_forgotten(
    web: Web, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tumen.web.access.door.CALLER_REMEMBERED_SECONDS", 0)
    web.post("/v1/session", json=SIGN_IN)
    key = web.post("/v1/keys", json={"label": "short"}).json()["key"]
    assert web.get("/v1/me", headers=bearer(key)).status_code == 200
    with database.session() as session:
        keys.end(session, key.split("_")[1], NOW, "console")
    assert web.get("/v1/me", headers=bearer(key)).status_code == 401


def test_a_key_is_listed_with_the_day_on_which_it_was_last_used(
    web: Web, database: Database
) -> None:
    web.post("/v1/session", json=SIGN_IN)
    key = web.post("/v1/keys", json={"label": "seldom"}).json()["key"]
    mark = key.split("_")[1]

    def used_on() -> str | None:
        day: str | None = {each["mark"]: each for each in web.get("/v1/keys").json()}[mark][
            "used_on"
        ]
        return day

    assert used_on() is None
    wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
    assert web.get("/v1/me", headers=bearer(wrong)).status_code == 401
    assert used_on() is None
    with database.session() as session:
        keys.note_use(session, mark, (NOW - timedelta(days=2)).date())
    for _ in range(2):
        assert web.get("/v1/me", headers=bearer(key)).status_code == 200
    assert used_on() == str(NOW.date())


def test_a_use_that_another_process_noted_first_is_no_failure(web: Web, database: Database) -> None:
    web.post("/v1/session", json=SIGN_IN)
    key = web.post("/v1/keys", json={"label": "two at once"}).json()["key"]
    with database.session() as session:
        keys.note_use(session, key.split("_")[1], NOW.date())
    assert web.get("/v1/me", headers=bearer(key)).status_code == 200


def test_a_key_makes_and_ends_no_keys(web: Web, keyring: Keys) -> None:
    headers = bearer(keyring[Role.TRADER])
    answer = web.post("/v1/keys", json={"label": "heir"}, headers=headers)
    assert (answer.status_code, code_of(answer)) == (403, "NOT_PERMITTED")
    mark = keyring[Role.TRADER].split("_")[1]
    assert web.delete(f"/v1/keys/{mark}", headers=headers).status_code == 403


def test_a_code_is_asked_for_over_http_too(web: Web, database: Database) -> None:
    with database.session() as session:
        address = accounts.new_codes(session, "person-broker", KEYS.seeds, NOW, "console")
    device = pyotp.parse_uri(address)
    assert isinstance(device, pyotp.TOTP)
    shown = {"login": "person-broker", "password": PASSWORD}
    assert web.post("/v1/session", json=shown).status_code == 401
    shown["code"] = device.at(NOW)
    assert web.post("/v1/session", json=shown).status_code == 204
    assert web.post("/v1/session", json=shown).status_code == 401


def test_every_answer_says_what_a_browser_may_do_with_it(web: Web, keyring: Keys) -> None:
    for path, headers in (("/healthz", {}), ("/no-such-page", {}), ("/v1/keys", {}),
                          ("/v1/me", bearer(keyring[Role.TRADER]))):  # fmt: skip
        found = web.get(path, headers=headers).headers
        assert found["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert found["x-content-type-options"] == "nosniff"
        assert found["referrer-policy"] == "same-origin"
        assert found["strict-transport-security"]
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    known = web.get("/v1/me", headers=bearer(keyring[Role.TRADER]))
    assert known.headers["cache-control"] == "no-store"


def test_who_asks_too_often_waits_and_others_do_not() -> None:
    pace = Pace(3)
    for _ in range(3):
        pace.take("one", 10.0)
    with pytest.raises(TooManyRequests) as refused:
        pace.take("one", 30.0)
    assert refused.value.details["retry_after"] == 40
    pace.take("two", 30.0)
    with pytest.raises(TooManyRequests):
        pace.take("one", 69.9)
    pace.take("one", 70.0)


def test_a_pace_forgets_who_was_quiet_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tumen.web.access.pace.ASKERS_COUNTED_MAX", 2)
    pace = Pace(1)
    for asker in ("one", "two", "three"):
        pace.take(asker, 0.0)
    pace.take("one", 0.0)
    with pytest.raises(TooManyRequests):
        pace.take("three", 0.0)


def test_tries_to_sign_in_are_counted_and_the_rest_goes_on(
    database: Database, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tumen.web.access.identification.SIGN_INS_A_MINUTE", 2)
    with client(database, tmp_path_factory.mktemp("node")) as asking:
        wrong = {"login": "nobody", "password": "wrong"}
        answers = [asking.post("/v1/session", json=wrong) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert int(answers[2].headers["retry-after"]) > 0
        assert code_of(answers[2]) == "TOO_MANY_REQUESTS"
        assert asking.get("/v1/me").status_code == 200


def test_a_refusal_over_http_speaks_of_no_command_and_no_file(web: Web) -> None:
    web.post("/v1/session", json=SIGN_IN)
    for answer in (
        web.post("/v1/keys", json={"label": ""}),
        web.post("/v1/keys", json={"label": "long", "days": 9_999}),
        web.delete("/v1/keys/none"),
        web.get("/login/identity"),
    ):
        told = answer.text.lower()
        assert answer.status_code in {400, 404}
        assert not [word for word in ("command", "--help", "file or folder") if word in told]


def test_a_body_that_is_too_large_to_be_a_sign_in_is_refused(web: Web) -> None:
    shown = {"login": "x", "password": "y" * access_limits.SIGN_IN_BYTES_MAX}
    assert web.post("/v1/session", json=shown).status_code == 413


def test_an_organisation_takes_out_its_own_and_the_public_nothing(web: Web, keyring: Keys) -> None:
    answer = web.get("/v1/export", headers=bearer(keyring[Role.TRADER]))
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="trader.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("README.json"))["rows"]["declaration"] == 0
    assert web.get("/v1/export").status_code == 401
