"""Texts that no register holds and no header can: a problem or a page, never an error of ours."""

from collections.abc import Iterator

import pytest
from portals import PASSWORD, Portal, portal

from tumen.store.database import Database

ZERO = "%00"


@pytest.fixture(scope="module")
def pages(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("portal")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "by"),
    [
        (f"/v1/tracking/a{ZERO}b", None), (f"/tracking?number=a{ZERO}b", None),
        (f"/v1/receipts/a{ZERO}b", "broker"), (f"/v1/consignments/a{ZERO}b", "broker"),
        (f"/v1/declarations?reference=a{ZERO}b", "broker"),
        (f"/documents?reference={ZERO}", "broker"),
        (f"/consignment?reference={ZERO}", "broker"), (f"/queue?text={ZERO}", "customs"),
    ],
)  # fmt: skip
def test_an_address_with_a_zero_character_is_no_error_of_ours(
    pages: Portal, path: str, by: str | None
) -> None:
    assert pages.get(path, by).status_code in {200, 400, 404}


def test_a_login_with_a_zero_character_is_no_error_of_ours(pages: Portal) -> None:
    shown = {"login": "a\0b", "password": PASSWORD}
    assert pages.post("/v1/session", json=shown).status_code in {400, 401}
    assert pages.post("/login", data=shown).status_code in {400, 401}


@pytest.mark.parametrize("field", ["number", "reason", "security"])
def test_a_decision_with_a_zero_character_is_no_error_of_ours(pages: Portal, field: str) -> None:
    number = "#\0" if field == "number" else "#1"
    told = {"reason": "checked", **({} if field == "number" else {field: "a\0b"})}
    asked = {"act": "release", "declarations": [{"number": number}], **told}
    answer = pages.post("/v1/decisions", "customs", json=asked)
    assert answer.status_code in {200, 400}, answer.text


@pytest.mark.parametrize(
    ("after", "location"),
    [("/日本", "/%E6%97%A5%E6%9C%AC"), ("/documents?a=1%202&b=x", "/documents?a=1%202&b=x")],
)
def test_who_signs_in_goes_on_to_an_address_in_any_script(
    pages: Portal, after: str, location: str
) -> None:
    answer = pages.post("/login", data={"login": "lee", "password": PASSWORD, "after": after})
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert "tumen_session" in answer.headers["set-cookie"]
