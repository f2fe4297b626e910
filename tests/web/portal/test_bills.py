"""Bills on pages: what is due and until when, in every language; what customs states by a form."""

from collections.abc import Iterator

import pytest
from portals import Portal, consignment, found, portal, text_of

from tumen.kernel.limits import PAGE_BYTES_MAX
from tumen.store.database import Database
from tumen.web.locale.languages import LANGUAGES

PAGE = "/bills?month=2026-11"


@pytest.fixture(scope="module")
def pages(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("portal")) as made:
        for number in ("BILL-1", "BILL-2"):
            assert made.submit(consignment(number), "day.ndjson").status_code == 200
        answer = made.post("/bills", "customs")
        assert "2 bills were made." in text_of(answer)
        yield made


def number_of(pages: Portal) -> str:
    return found(r'href="/bills/([^"]+)"', pages.get(PAGE, "broker").text)


def test_a_filer_sees_what_is_due_and_until_when(pages: Portal) -> None:
    told = text_of(pages.get(PAGE, "broker"))
    assert "made, not paid" in told
    assert " days late" in told
    assert "Make the bills that are due" not in told
    page = text_of(pages.get(f"/bills/{number_of(pages)}", "broker"))
    assert "海关总署公告2018年第194号" in page
    assert "value added tax" in page
    assert "CEB816" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_pages_are_light_in_every_language(pages: Portal, language: str) -> None:
    for path in (f"{PAGE}&lang={language}", f"/bills/{number_of(pages)}?lang={language}"):
        answer = pages.get(path, "customs")
        assert answer.status_code == 200
        assert answer.headers["content-language"] == language
        assert len(answer.content) < PAGE_BYTES_MAX


def test_nobody_sees_the_bills_of_another_or_states_what_is_for_customs(pages: Portal) -> None:
    assert "No bill was made in this month." in text_of(pages.get(PAGE, "rival"))
    assert pages.get(f"/bills/{number_of(pages)}", "rival").status_code == 404
    assert pages.post("/bills", "broker").status_code == 403
    assert pages.get(PAGE).status_code == 401


def test_customs_states_a_notice_and_learns_beside_the_field_what_is_wrong(pages: Portal) -> None:
    form = {"entry": "paid", "reference": "P-1", "bill": number_of(pages), "amount": "0.01"}
    wrong = pages.post("/bills/statements", "customs", data=form)
    assert 'id="amount-wrong"' in wrong.text
    assert "is due" in found(r'id="amount-wrong">(.*?)</div>', wrong.text)
    payer = found(r'data-name="payer">([^<]+)<', pages.get(PAGE, "customs").text)
    notice = {"entry": "summarised", "reference": "N-1", "payer": payer, "month": "2026-11"}
    done = pages.post("/bills/statements", "customs", data=notice)
    assert "summed up in a notice" in text_of(done)
    assert "N-1" in text_of(pages.get(f"/bills/{number_of(pages)}", "broker"))
    given = {"entry": "deposited", "reference": "G-1", "guarantor": payer, "amount": "x"}
    refused = pages.post("/bills/guarantees", "customs", data=given)
    assert "no amount of CNY" in text_of(refused)
    taken = pages.post("/bills/guarantees", "customs", data={**given, "amount": "12.50"})
    assert "12.50" in text_of(taken)
