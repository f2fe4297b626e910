"""The pages: what they say, to whom, in which language, and how much they weigh."""

import gzip
from collections.abc import Iterator

import pytest
from portals import PASSWORD, Portal, consignment, found, portal, text_of

from tumen.kernel.access_limits import SIGN_IN_FAILURES_MAX
from tumen.kernel.limits import PAGE_BYTES_MAX
from tumen.law.native.units import KNOWN as KNOWN_UNITS
from tumen.law.native.units import PIECE
from tumen.store.database import Database
from tumen.web.locale.catalogue import catalogue, is_translated
from tumen.web.locale.languages import LANGUAGES
from tumen.web.portal.page import stylesheet
from tumen.web.portal.words import WORDS
from tumen.web.problem import every_problem

PUBLIC = ("/", "/quote", "/help", "/help?layer=law", "/help?q=allowance", "/verify", "/login")
KNOWN = ("/submit", "/documents", "/consignment")
QUOTE = {
    "destination": "KR", "dispatch": "cn", "date": "2026-08-01", "currency": "USD", "places": "1",
    "buyer-id": "P123456789012", "items-0-hs": "6109100000", "items-0-quantity": "1",
    "items-0-unit_price": "100",
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("portal")) as opened:
        yield opened


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_for_everybody_is_light_and_loads_one_stylesheet_alone(
    pages: Portal, path: str
) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert found(r'<link rel="stylesheet" href="([^"]+)"', answer.text).startswith("/portal.css")
    assert len(answer.content) + len(stylesheet()) < PAGE_BYTES_MAX


def test_an_address_that_leads_nowhere_is_told_to_a_reader_on_a_page_and_to_a_program_as_data(
    pages: Portal,
) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    shown = pages.get("/no-such-page", accept_language="ja", **browser)
    assert shown.status_code == 404
    assert '<html lang="ja">' in shown.text
    assert 'href="/help"' in shown.text
    for path, headers in (("/no-such-page", {}), ("/v1/no-such-route", browser)):
        told = pages.get(path, **headers)
        assert (told.status_code, told.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_the_service_has_a_page_in_every_language(
    pages: Portal, language: str
) -> None:
    translate = catalogue(language).gettext
    for code, kind in every_problem().items():
        told = text_of(pages.get(f"/help/{code}", accept_language=language))
        assert " ".join(translate(kind.title).split()) in told
        assert " ".join(translate(kind.next_step).split()) in told
        assert is_translated(language, kind.title)
        assert is_translated(language, kind.next_step)


def test_what_goes_wrong_on_a_page_is_told_in_the_readers_language_and_leads_to_its_code(
    pages: Portal,
) -> None:
    answer = pages.get("/queue", "broker", accept_language="zh")
    assert answer.status_code == 403
    assert "请求者无权进行此操作。" in text_of(answer)
    assert 'href="/help/NOT_PERMITTED"' in answer.text


def test_the_stylesheet_is_kept_by_browsers_until_it_changes(pages: Portal) -> None:
    address = found(r'<link rel="stylesheet" href="([^"]+)"', pages.get("/").text)
    answer = pages.get(address)
    assert answer.content == stylesheet()
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", KNOWN)
def test_a_page_of_an_organisation_asks_the_public_to_sign_in(pages: Portal, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 401
    assert f"/login?after={path}" in answer.text
    assert pages.get(path, "broker").status_code == 200


def test_a_page_speaks_the_language_of_the_browser_unless_another_is_chosen(pages: Portal) -> None:
    first = pages.get("/", accept_language="ru-RU,ru;q=0.9,en;q=0.5")
    assert first.headers["content-language"] == "ru"
    assert "Трансграничная торговля" in text_of(first)
    chosen = pages.get("/?lang=ko", accept_language="ru")
    assert chosen.headers["content-language"] == "ko"
    assert "lang=ko" in chosen.headers["set-cookie"]
    after = pages.get("/quote", accept_language="ru", cookie="lang=ko")
    assert after.headers["content-language"] == "ko"
    assert pages.get("/", accept_language="uk, fr", cookie="lang=xx").headers[
        "content-language"
    ] == "en"  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quote_is_explained_in_every_language(pages: Portal, language: str) -> None:
    answer = pages.post("/quote", data=QUOTE, headers={"accept_language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert "관세법" in answer.text  # the citation stands in the language of the act
    assert 'value="P123456789012"' in answer.text


def test_a_quote_tells_beside_the_field_what_is_wrong_with_it(pages: Portal) -> None:
    wrong = {**QUOTE, "items-0-hs": "61", "currency": "XXQ"}
    answer = pages.post("/quote", data=wrong)
    assert found(r'(<input id="items-0-hs"[^>]*aria-invalid="true")', answer.text)
    assert found(r'<div id="items-0-hs-wrong"><p class="wrong"[^>]*>([^<]+)', answer.text)
    assert found(r'(<input id="currency"[^>]*aria-describedby="currency-wrong")', answer.text)


def test_a_form_keeps_what_was_filled_in_when_an_item_is_added(pages: Portal) -> None:
    answer = pages.post("/quote", data={**QUOTE, "add": "1"})
    assert 'name="items-1-hs"' in answer.text
    assert 'value="6109100000"' in answer.text
    assert 'id="answer"' not in answer.text


def test_what_a_reader_types_never_becomes_markup(pages: Portal) -> None:
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    quoted = pages.post("/quote", data={**QUOTE, "items-0-description": hostile})
    searched = pages.client.get("/help", params={"q": hostile})
    for answer in (quoted, searched):
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "49" not in found(r'value="(&#34;[^"]*)"', answer.text)


def test_every_row_of_a_file_is_answered_and_what_was_refused_says_how_to_mend_it(
    pages: Portal,
) -> None:
    broken = consignment("P-1", payment={"payer_id_number": "360426199101010072"})
    answer = pages.submit(broken, "day.ndjson")
    said = text_of(answer)
    assert "4 rows answered" in said
    assert "3 accepted" in said
    assert "1 rejected" in said
    assert 'href="/help/IDENTITY_NUMBER_INVALID"' in answer.text
    again = text_of(pages.submit(consignment("P-1"), "day.ndjson"))
    assert "3 received before" in again
    assert "1 accepted" in again
    shown = text_of(pages.get("/consignment?number=P-1", "broker"))
    assert "released" in shown
    assert "增值税法" in shown


def test_refused_rows_come_as_a_file_that_no_spreadsheet_computes(pages: Portal) -> None:
    formula = '=HYPERLINK("http://x.example")'
    rows = consignment("P-2", order={"currency": formula})
    direct = pages.submit(rows, "day.ndjson", answer_as="file")
    assert direct.headers["content-type"].startswith("text/csv")
    page = pages.submit(rows, "day.ndjson")
    sent_back = found(r'name="faults" value="([^"]*)"', page.text).replace("&#34;", '"')
    later = pages.post("/submit/rejected.csv", "broker", data={"faults": sent_back})
    assert later.content == direct.content
    lines = direct.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "row,document,field,value,code,message,fix"
    assert any("'=HYPERLINK" in line for line in lines)
    assert not any(",=HYPERLINK" in line or ',"=HYPERLINK' in line for line in lines)


@pytest.mark.parametrize("sent", ["", "{", "[[1]]", '[[1,"a","NO_SUCH_CODE","p",null,null]]'])
def test_a_list_of_refused_rows_that_is_none_is_refused_on_a_page(pages: Portal, sent: str) -> None:
    answer = pages.post("/submit/rejected.csv", "broker", data={"faults": sent})
    assert answer.status_code == 400
    assert "REQUEST_INVALID" in answer.text


def test_a_compressed_file_is_taken_and_one_of_an_unknown_kind_refused(pages: Portal) -> None:
    taken = pages.submit(gzip.compress(consignment("P-3")), "day.ndjson.gz")
    assert "4 accepted" in text_of(taken)
    refused = pages.submit(b"MZ", "day.exe")
    assert refused.status_code == 415
    assert "MEDIA_TYPE_UNSUPPORTED" in refused.text
    assert pages.submit(b"", "").status_code == 400


def test_a_shipment_that_was_filled_in_is_lodged_from_the_quote(pages: Portal) -> None:
    filled = {**QUOTE, "shipment": "F-1", "items-0-description": "cotton shirts"}
    assert 'name="shipment"' in pages.get("/quote", "broker").text
    assert 'name="shipment"' not in pages.get("/quote").text
    answer = pages.post("/submit/shipment", "broker", data=filled)
    assert "1 accepted" in text_of(answer)
    shown = text_of(pages.get("/consignment?number=F-1", "broker"))
    assert "Shipment F-1" in shown
    assert "list clearance" in shown


def test_both_ends_are_lodged_from_the_quote_where_an_export_is_chosen(pages: Portal) -> None:
    filled = {
        **QUOTE, "shipment": "F-2", "items-0-description": "cotton shirts",
        "export_regime": "export_9610", "dispatched_on": "2026-07-30",
        "items-0-export_hs": "6109100021",
    }  # fmt: skip
    answer = pages.post("/submit/shipment", "broker", data=filled)
    assert "2 accepted" in text_of(answer)
    number = found(r'href="/documents/(\d+)"', answer.text)
    assert "F-2/export" in text_of(pages.get(f"/documents/{number}", "broker"))
    shown = text_of(pages.get("/consignment?number=F-2", "broker"))
    assert "Shipment F-2/export" in shown
    assert "legal day 2026-07-30" in shown
    assert "Shipment F-2/import" in shown
    assert "0 KRW" not in shown.partition("Shipment F-2/import")[0]
    forged = {**filled, "shipment": "F-3", "regime": "export_9610"}
    assert pages.post("/submit/shipment", "broker", data=forged).status_code == 400


def test_every_unit_that_the_law_counts_in_is_offered_in_words() -> None:
    assert set(WORDS["unit"]) == {PIECE.name, *KNOWN_UNITS}


def test_nobody_sees_what_another_organisation_lodged(pages: Portal) -> None:
    pages.submit(consignment("P-4"), "day.ndjson")
    own = pages.get("/consignment?number=P-4", "broker")
    number = found(r'href="/documents/(\d+)"', own.text)
    for path in (f"/documents/{number}", f"/documents/{number}/receipt"):
        assert pages.get(path, "broker").status_code == 200
        assert pages.get(path, "rival").status_code == 404
    assert pages.get(f"/documents/{number}/proof", "rival").status_code == 404
    hidden = pages.get("/consignment?number=P-4", "rival")
    assert hidden.status_code == 404
    assert "360426" not in own.text
    assert "There is nothing here" in text_of(pages.get("/documents", "rival"))


def test_documents_are_listed_newest_first_a_page_at_a_time(pages: Portal) -> None:
    for number in range(14):
        pages.submit(consignment(f"L-{number}"), "day.ndjson")
    first = pages.get("/documents", "broker")
    assert "L-13" in first.text
    assert "L-0<" not in first.text
    older = found(r'rel="next" href="([^"]+)"', first.text)
    assert "L-0<" in pages.get(older, "broker").text
    refused = pages.get("/documents?answer=rejected", "broker")
    assert "L-13" not in refused.text
    assert len(first.content) + len(stylesheet()) < PAGE_BYTES_MAX


def test_a_receipt_and_its_proof_from_the_portal_are_verified_by_the_portal(
    pages: Portal,
) -> None:
    pages.submit(consignment("P-5"), "day.ndjson")
    listed = pages.get("/consignment?number=P-5", "broker").text
    number = found(r'/documents/(\d+)">\d+</a></th><td[^>]*>declaration', listed)
    sheet = pages.get(f"/documents/{number}", "broker")
    assert 'class="qr"' in sheet.text
    receipt = pages.get(f"/documents/{number}/receipt", "broker").content
    proof = pages.get(f"/documents/{number}/proof", "broker").content
    files = {"receipt": ("receipt.json", receipt), "proof": ("a.tlog-proof", proof)}
    said = text_of(pages.post("/verify", files=files))
    assert "byte for byte, the one that the log recorded" in said
    assert "Who signed was not judged" in said
    files["receipt"] = ("receipt.json", b"x" + receipt)
    changed = pages.post("/verify", files=files, headers={"accept_language": "zh"})
    assert "这不是该证明所指的回执" in text_of(changed)
    assert "box bad" in changed.text


@pytest.mark.parametrize("bundle", [b"no bundle", b"{\n}"])
def test_a_trust_bundle_that_is_none_proves_nothing(pages: Portal, bundle: bytes) -> None:
    files = {
        "receipt": ("r", b"{}"), "proof": ("p", b"no proof"), "bundle": ("b", bundle),
    }  # fmt: skip
    answer = pages.post("/verify", files=files)
    assert answer.status_code == 200
    assert "box bad" in answer.text


def test_every_code_has_a_page_that_says_what_to_do(pages: Portal) -> None:
    code = pages.get("/help/MATCH_AMOUNT")
    assert "they must be equal to the fen" in text_of(code)
    assert pages.get("/help/NO_SUCH_CODE").status_code == 404
    value = pages.get("/help/law/cn.cbec.single_limit")
    assert "5,000.00 CNY" in text_of(value)
    assert pages.get("/help/law/cn.no.such").status_code == 404


def test_a_search_finds_codes_and_values_of_the_law_by_words(pages: Portal) -> None:
    answer = pages.get("/help?q=annual+limit")
    assert "cn.cbec.annual_limit" in answer.text
    assert "MATCH_AMOUNT" not in answer.text


def test_a_person_signs_in_by_the_form_and_out_again(pages: Portal) -> None:
    wrong = pages.post("/login", data={"login": "lee", "password": "another password"})
    assert wrong.status_code == 401
    assert "is not right" in text_of(wrong)
    right = pages.post("/login", data={"login": "lee", "password": PASSWORD, "after": "/documents"})
    assert (right.status_code, right.headers["location"]) == (303, "/documents")
    cookie = right.headers["set-cookie"].split(";")[0]
    assert "broker of tests" in pages.get("/documents", cookie=cookie).text
    pages.post("/logout", headers={"cookie": cookie})
    assert pages.get("/documents", cookie=cookie).status_code == 401


@pytest.mark.parametrize("after", ["https://x.example/", "//x.example", "/\\x.example"])
def test_signing_in_leads_to_no_other_site(pages: Portal, after: str) -> None:
    data = {"login": "lee", "password": PASSWORD, "after": after}
    assert pages.post("/login", data=data).headers["location"] == "/"


def test_the_first_page_counts_what_the_node_answered(pages: Portal) -> None:
    said = text_of(pages.get("/"))
    assert "documents answered" in said
    assert "<svg" in pages.get("/").text


def test_a_page_that_asks_to_wait_says_how_long(pages: Portal) -> None:
    form = {"login": "nobody", "password": "wrong"}
    answers = [pages.post("/login", data=form) for _ in range(SIGN_IN_FAILURES_MAX + 1)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_page_of_the_quote_asks_the_process_that_quotes(
    pages: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "items" in pages.post("/quote", data=QUOTE).text
    monkeypatch.setattr("tumen.web.quoting.QUOTES_WAITING_MAX", 0)
    assert pages.post("/quote", data=QUOTE).status_code == 503
