"""What programs of an organisation work with, on pages: its keys and its webhooks."""

import re
from collections.abc import Iterator

import pytest
from httpx import Response
from portals import PASSWORD, Portal, found, portal, text_of

from tumen.kernel import access_limits
from tumen.store.database import Database

KEY = r"Bearer (tumen_[0-9a-f]{12}_[\w-]{43})"
RECEIVER = "https://receiver.example/events?token=own"


@pytest.fixture(scope="module")
def pages(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("portal")) as opened:
        yield opened


@pytest.fixture(scope="module")
def session(pages: Portal) -> dict[str, str]:
    """The cookie of a person of the broker who signed in: once, for passwords are slow to ask."""
    answer = pages.post("/login", data={"login": "lee", "password": PASSWORD})
    return dict(answer.cookies)


@pytest.fixture
def signed_in(pages: Portal, session: dict[str, str]) -> Portal:
    """The portal, where that person is signed in."""
    pages.client.cookies.clear()
    pages.client.cookies.update(session)
    return pages


def get(signed_in: Portal, path: str) -> Response:
    return signed_in.client.get(path, follow_redirects=False)


def post(signed_in: Portal, path: str, **data: str | list[str]) -> Response:
    return signed_in.client.post(path, data=data, follow_redirects=False)


def organisation_of(pages: Portal, key: str) -> Response:
    return pages.client.get("/v1/me", headers={"authorization": f"Bearer {key}"})


def test_a_key_is_made_shown_once_used_and_ended(signed_in: Portal) -> None:
    made = post(signed_in, "/keys", label="nightly upload", days="30", scope=["lodge"])
    assert made.headers["cache-control"] == "no-store"
    key = found(KEY, made.text)
    mark = key.split("_")[1]
    told = organisation_of(signed_in, key).json()
    assert told["organisation"] == "broker"
    assert "read_documents" not in told["permissions"]
    listed = get(signed_in, "/keys")
    assert key not in listed.text
    line = text_of(listed).partition("nightly upload ")[2]
    assert line.startswith(f"{mark} lodge documents {told_day(signed_in, mark)} ")
    gone = post(signed_in, f"/keys/{mark}/end")
    assert (gone.status_code, gone.headers["location"]) == (303, "/keys")
    assert organisation_of(signed_in, key).status_code == 401
    assert "ended" in text_of(get(signed_in, "/keys")).partition(mark)[2]


def told_day(signed_in: Portal, mark: str) -> str:
    """On which day the API says that a key was last used."""
    keys = {each["mark"]: each for each in signed_in.client.get("/v1/keys").json()}
    return str(keys[mark]["used_on"])


def test_a_key_that_is_rotated_lives_on_beside_the_new_one(signed_in: Portal) -> None:
    old = found(KEY, post(signed_in, "/keys", label="scanner", days="90").text)
    answer = post(signed_in, f"/keys/{old.split('_')[1]}/rotation")
    new = found(KEY, answer.text)
    assert new != old
    assert "lives on for 7 days" in text_of(answer)
    assert {organisation_of(signed_in, key).status_code for key in (old, new)} == {200}


@pytest.mark.parametrize(
    ("label", "days", "scope"),
    [("", "30", "lodge"), ("x", "0", "lodge"), ("x", "9999", "lodge"), ("x", "30", "rule_all")],
)
def test_a_form_that_asks_for_no_key_that_can_be_is_shown_again(
    signed_in: Portal, label: str, days: str, scope: str
) -> None:
    answer = post(signed_in, "/keys", label=label, days=days, scope=[scope])
    assert answer.status_code == 400
    assert "in at most 200 characters" in text_of(answer)
    assert f'name="days" type="text" value="{days}"' in answer.text


def test_the_form_is_gone_where_there_are_as_many_keys_as_may_be(
    signed_in: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'action="/keys"' in get(signed_in, "/keys").text
    monkeypatch.setattr("tumen.web.portal.keys.KEYS_IN_FORCE_MAX", 1)
    assert 'action="/keys"' not in get(signed_in, "/keys").text
    assert access_limits.KEYS_IN_FORCE_MAX > 1


def test_a_key_sees_the_keys_and_makes_and_ends_none(pages: Portal) -> None:
    listed = pages.get("/keys", "broker")
    assert "Only a person who is signed in" in text_of(listed)
    assert 'action="/keys' not in listed.text
    mark = found(r'<span class="code one">([0-9a-f]{12})<', listed.text)
    for path in ("/keys", f"/keys/{mark}/end", f"/keys/{mark}/rotation"):
        assert pages.post(path, "broker", data={"label": "heir", "days": "1"}).status_code == 403


def test_the_keys_of_another_organisation_are_not_there(signed_in: Portal) -> None:
    strange = signed_in.keys["rival"]["authorization"].split("_")[1]
    assert strange not in get(signed_in, "/keys").text
    assert post(signed_in, f"/keys/{strange}/end").status_code == 404
    assert post(signed_in, f"/keys/{strange}/rotation").status_code == 404


def test_a_webhook_is_made_shown_set_back_and_ended(signed_in: Portal) -> None:
    made = post(
        signed_in, "/webhooks", address=RECEIVER, type=["declaration.released"], **{"from": "all"}
    )
    secret = found(r"(whsec_[\w+/=]+)", made.text)
    path = found(r'href="(/webhooks/wh_[0-9a-f]+)"', made.text)
    listed = get(signed_in, "/webhooks")
    assert f'href="{path}"' in listed.text
    assert secret not in listed.text
    shown = get(signed_in, path)
    assert "which events released delivered up to event 0" in text_of(shown)
    assert secret not in shown.text
    assert post(signed_in, f"{path}/replay", after="0").headers["location"] == path
    assert "set back" in text_of(get(signed_in, path))
    assert post(signed_in, f"{path}/end").headers["location"] == "/webhooks"
    assert get(signed_in, path).status_code == 404
    assert path not in get(signed_in, "/webhooks").text


@pytest.mark.parametrize("address", ["", "http://receiver.example/", "https://10.0.0.1/", "events"])
def test_an_address_to_which_nothing_is_sent_is_told_beside_the_form(
    signed_in: Portal, address: str
) -> None:
    answer = post(signed_in, "/webhooks", address=address, type=["declaration.held"])
    assert answer.status_code == 400
    assert "leads to the public internet" in text_of(answer)
    assert 'value="declaration.held" checked' in answer.text
    assert "whsec_" not in answer.text


@pytest.mark.parametrize("after", ["", "-1", "many", "999999999", "9" * 30])
def test_events_are_sent_again_from_a_number_that_there_is(signed_in: Portal, after: str) -> None:
    made = post(signed_in, "/webhooks", address=RECEIVER)
    path = found(r'href="(/webhooks/wh_[0-9a-f]+)"', made.text)
    answer = post(signed_in, f"{path}/replay", after=after)
    assert answer.status_code == 400
    assert "number of an event that there is" in text_of(answer)
    post(signed_in, f"{path}/end")


def test_pages_of_programs_are_for_those_who_may_keep_them(pages: Portal) -> None:
    for path in ("/keys", "/webhooks"):
        assert pages.get(path).status_code == 401
        assert f'href="{path}"' not in pages.get("/").text
    assert pages.get("/webhooks", "customs").status_code == 403
    menu = re.findall(r'<li><a href="(/\w+)"', pages.get("/keys", "customs").text)
    assert "/keys" in menu
    assert "/webhooks" not in menu
