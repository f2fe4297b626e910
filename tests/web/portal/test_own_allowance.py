"""The pages of a person's own allowance: a pass at the counter, then freeze and dispute by hand."""

import re
from collections.abc import Iterator

import pytest
from portals import Portal, consignment, found, portal, text_of

from tumen.store.database import Database

PAPERS = "identity card, face compared"


@pytest.fixture(scope="module")
def site(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("node")) as made:
        made.submit(consignment("OWN-1"), "day.ndjson")
        yield made


def buyer() -> str:
    return found(r'"buyer_id_number": "([^"]+)"', consignment("OWN-1").decode())


def handed_out(site: Portal) -> dict[str, str]:
    """The cookie of who typed the pass that an officer handed out."""
    given = {"number": buyer(), "reason": PAPERS}
    shown = site.post("/allowance/pass", "customs", data=given)
    text = found(r'class="sum code">([0-9A-Z-]{44})<', shown.text)
    answer = site.post("/my-allowance/pass", data={"pass": text.lower()})
    assert answer.headers["location"] == "/my-allowance"
    kept = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= {each.strip() for each in kept.split(";")}
    return {"cookie": kept.partition(";")[0]}


def test_a_person_sees_the_uses_by_a_pass_and_nobody_without_one(site: Portal) -> None:
    assert "Your pass" in text_of(site.get("/my-allowance"))
    wrong = site.post("/my-allowance/pass", data={"pass": "0" * 36})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    told = site.get("/my-allowance", **handed_out(site))
    assert "OWN-1" in text_of(told)
    assert buyer() not in told.text
    assert site.post("/my-allowance/freeze", data={"frozen": "yes"}).status_code == 401
    assert site.get("/documents", **handed_out(site)).status_code == 403


def test_what_was_seen_is_new_no_more(site: Portal) -> None:
    site.submit(consignment("OWN-3"), "new.ndjson")
    held = handed_out(site)
    page = site.get("/my-allowance", **held)
    assert re.search("1 use is new|uses are new", text_of(page))
    event = found(r'name="event" value="(\d+)"', page.text)
    site.post("/my-allowance/seen", data={"event": event}, headers=held)
    assert "is new" not in text_of(site.get("/my-allowance", **held))


def test_a_use_is_disputed_judged_and_given_back_by_hand(site: Portal) -> None:
    held = handed_out(site)
    use = found(r'<option value="(\d+)">[^<]*OWN-1', site.get("/my-allowance", **held).text)
    asked = {"use": use, "ground": "not_mine"}
    assert site.post("/my-allowance/dispute", data=asked, headers=held).status_code == 303
    again = site.post("/my-allowance/dispute", data=asked, headers=held)
    assert "DISPUTE_KNOWN" in again.text
    listed = site.get("/disputes", "customs")
    number = found(r'name="dispute" value="(\d+)"', listed.text)
    assert buyer() not in listed.text
    judged = {"dispute": number, "outcome": "upheld", "reason": "sent to a stranger's address"}
    assert "No dispute waits." in text_of(site.post("/disputes", "customs", data=judged))
    told = text_of(site.get("/my-allowance", **held))
    assert "upheld: the amount is given back" in told
    assert "sent to a stranger's address" in told
    assert site.get("/disputes", "broker").status_code == 403


def test_a_frozen_number_holds_the_next_order_and_the_page_says_so(site: Portal) -> None:
    held = handed_out(site)
    site.post("/my-allowance/freeze", data={"frozen": "yes"}, headers=held)
    assert "The allowance is frozen" in text_of(site.get("/my-allowance", **held))
    site.submit(consignment("OWN-2"), "next.ndjson")
    queue = site.get("/queue", "customs")
    assert "SCREEN_ALLOWANCE_FROZEN" in queue.text
    given = {"number": buyer(), "reason": "asked for at the counter", "frozen": "no"}
    assert "is frozen" not in text_of(site.post("/allowance/freeze", "customs", data=given))


def test_every_page_of_it_speaks_six_languages_and_has_no_script(site: Portal) -> None:
    held = handed_out(site)
    for language in ("zh", "ru", "ja", "ko", "mn"):
        for path, by in (("/my-allowance", None), ("/disputes", "customs")):
            told = site.get(f"{path}?lang={language}", by, **({} if by else held))
            assert f'<html lang="{language}">' in told.text
            assert not re.search("<script|My allowance</h1>|>Disputes</h1>", told.text)
