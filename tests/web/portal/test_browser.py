"""The portal in a real browser, without JavaScript: submit, mend a row, track, decide."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import (
    DESK,
    PHONE,
    browser,
    is_too_wide,
    needs_axe,
    needs_browser,
    offences,
    reader,
    sign_in,
    unreached,
)
from playwright.sync_api import Browser, Page
from portals import BY, PASSWORD, consignment, enter, vague

from clearing import CLOCK
from serving import free_port, served
from tumen.access import accounts
from tumen.access.accounts import Account
from tumen.kernel.limits import PAGE_BYTES_MAX
from tumen.store.database import Database
from tumen.web.portal.page import stylesheet
from tumen.web.portal.routes import handlers

WORDS = {
    "en": ("4 rows answered", "released", "Download the refused rows (CSV)"),
    "zh": ("已答复 4 行", "已放行", "下载被拒绝的行（CSV）"),
    "ru": ("Дан ответ на 4 строки", "выпущено", "Скачать отклонённые строки (CSV)"),
}
ADDRESSES = {
    "/login": "/login",
    "/": "/",
    "/quote": "/quote",
    "/tracking": "/tracking?number=B-walk-WB",
    "/verify": "/verify",
    "/help": "/help?layer=law",
    "/help/{code:str}": "/help/MATCH_AMOUNT",
    "/help/law/{name:str}": "/help/law/cn.cbec.annual_limit",
    "/submit": "/submit",
    "/documents": "/documents",
    "/documents/{number:int}": "the first of /documents",
    "/consignment": "/consignment?number=B-walk",
    "/keys": "/keys",
    "/webhooks": "/webhooks",
    "/webhooks/{mark:str}": "the first of /webhooks",
    "/examinations": "/examinations",
    "/queue": "/queue",
    "/allowance": "/allowance",
    "/aftercare": "/aftercare",
    "/bills": "/bills",
    "/bills/{number:str}": "the first of /bills",
    "/my-allowance": "/my-allowance",
    "/disputes": "/disputes",
    "/help/ask": "/help/ask",
    "/help/ticket": "/help/ticket",
}
"""Every page of the portal by its route, and an address of it."""

FILES = {"/portal.css", "/documents/{number:int}/receipt", "/documents/{number:int}/proof"}
OF_OFFICERS = ("/examinations", "/queue", "/allowance", "/disputes")
WRONG = {"payer_id_number": "360426199101010072"}


@pytest.fixture(scope="module")
def address(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a node serves its portal, in a process of its own."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    with served(folder, port, "serve", "--database", shared_database.url):
        enter(shared_database)
        with shared_database.session() as session:
            officer = Account("wang", "customs", is_active=True)
            accounts.record(session, officer, CLOCK.now(), BY)
            accounts.set_password(session, "wang", PASSWORD, CLOCK.now(), BY)
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def upload(page: Page, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    page.goto("/submit")
    page.set_input_files("#file", file)
    page.locator("main form.big button").click()


def need_good(page: Page) -> None:
    """A page fits its screen, is light, and by the rules of axe nobody is kept out of it."""
    assert not is_too_wide(page), page.url
    assert offences(page) == [], page.url
    weights = page.evaluate(
        "['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
        ".map(each => each.encodedBodySize)"
    )
    assert sum(weights) + len(stylesheet()) < PAGE_BYTES_MAX, page.url


def first_of(page: Page, path: str) -> str:
    """The first address below a page that leads on from it."""
    page.goto(path)
    found = page.locator(f'th a[href^="{path}/"]').first.get_attribute("href")
    assert found is not None
    return found


@needs_browser
@pytest.mark.parametrize("language", WORDS)
def test_a_file_is_submitted_mended_and_tracked(
    address: str, chromium: Browser, language: str, tmp_path: Path
) -> None:
    answered, released, download = WORDS[language]
    number = f"B-{language}"
    with reader(chromium, address, language, viewport=PHONE, java_script_enabled=False) as page:
        sign_in(page, "lee", PASSWORD)
        upload(page, tmp_path / "day.ndjson", consignment(number, payment=WRONG))
        assert answered in page.inner_text("#answers")
        assert page.locator('a[href="/help/IDENTITY_NUMBER_INVALID"]').count() == 1
        with page.expect_download() as saved:
            page.get_by_role("button", name=download).click()
        rows = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert rows[1].startswith("2,payment ")
        upload(page, tmp_path / "day.ndjson", consignment(number))
        assert page.locator("#answers .tag.duplicate").count() == 4
        page.goto(f"/consignment?number={number}")
        assert released in page.inner_text("main h2")
    with reader(chromium, address, language, viewport=PHONE) as page:
        page.goto("/tracking")
        page.fill("#number", f"{number}-WB")
        page.press("#number", "Enter")
        assert released in page.inner_text("main")
        assert page.locator("html").get_attribute("lang") == language


@needs_browser
@needs_axe
def test_an_officer_looks_at_what_would_happen_and_decides_by_keyboard_alone(
    address: str, chromium: Browser, tmp_path: Path
) -> None:
    with reader(chromium, address, "en", viewport=DESK) as page:
        sign_in(page, "lee", PASSWORD)
        upload(page, tmp_path / "day.ndjson", vague("B-officer"))
        assert page.locator("#answers .tag.accepted").first.inner_text() == "4 accepted"
    with reader(chromium, address, "en", viewport=DESK, bypass_csp=True) as page:
        sign_in(page, "wang", PASSWORD)
        page.goto("/queue")
        need_good(page)
        page.focus("input[name=pick]")
        page.keyboard.press("Space")
        page.focus("input[name=act][value=release]")
        page.keyboard.press("Space")
        page.fill("#reason", "papers are in order")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.title().startswith("What would happen")
        need_good(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Do it").press("Enter")
        assert page.title().startswith("What was done")
        page.goto("/queue")
        assert "Nothing waits for an officer." in page.inner_text("main")


def test_every_page_of_the_portal_is_looked_at() -> None:
    shown = {
        path for each in handlers() if "GET" in each.http_methods for path in each.paths
    }  # fmt: skip
    assert shown - FILES == ADDRESSES.keys()


def make_bills(address: str, chromium: Browser) -> None:
    """Let customs make the bills that are due."""
    with reader(chromium, address, "en", viewport=DESK) as page:
        sign_in(page, "wang", PASSWORD)
        page.goto("/bills")
        with page.expect_navigation():
            page.get_by_role("button", name="Make the bills that are due").click()


@needs_browser
@needs_axe
def test_every_page_fits_a_phone_is_light_and_keeps_no_reader_out(
    address: str, chromium: Browser, tmp_path: Path
) -> None:
    with reader(chromium, address, "ru", viewport=PHONE, bypass_csp=True) as page:
        for path in ("/login", "/"):
            page.goto(path)
            need_good(page)
        sign_in(page, "lee", PASSWORD)
        upload(page, tmp_path / "day.ndjson", consignment("B-walk", payment=WRONG))
        need_good(page)
        upload(page, tmp_path / "day.ndjson", consignment("B-walk"))
        for path, field, said in (
            ("/keys", "#label", "nightly upload"),
            ("/webhooks", "#address", "https://receiver.example/events"),
        ):
            page.goto(path)
            page.fill(field, said)
            page.press(field, "Enter")
            assert page.locator("main .box.good .code").count() == 1
            need_good(page)
        make_bills(address, chromium)
        for path, shown in ADDRESSES.items():
            if path in OF_OFFICERS or path in {"/", "/login"}:
                continue
            is_one_of_many = shown.startswith("the first of ")
            page.goto(first_of(page, shown.split()[-1]) if is_one_of_many else shown)
            need_good(page)
    with reader(chromium, address, "ru", viewport=PHONE, bypass_csp=True) as page:
        sign_in(page, "wang", PASSWORD)
        for path in OF_OFFICERS:
            page.goto(ADDRESSES[path])
            need_good(page)


@needs_browser
def test_the_keyboard_leads_to_all_that_can_be_used(address: str, chromium: Browser) -> None:
    with reader(chromium, address, "en", viewport=DESK) as page:
        page.goto("/verify")
        assert unreached(page, steps=40) == []


@needs_browser
@needs_axe
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_answer_with_a_long_rate_fits_every_screen(
    address: str, chromium: Browser, screen: dict[str, int]
) -> None:
    with reader(chromium, address, "en", viewport=screen, bypass_csp=True) as page:
        page.goto("/quote")
        page.select_option("#destination", "JP")
        fields = {
            "dispatch": "CN", "date": "2026-08-01", "currency": "JPY",
            "items-0-hs": "640320012", "items-0-unit_price": "18000", "items-0-origin": "CN",
        }  # fmt: skip
        for name, value in fields.items():
            page.fill(f"#{name}", value)
        page.select_option("#items-0-unit", "pair")
        page.locator("main form button").first.click()
        assert "whichever is higher" in page.inner_text("#answer")
        need_good(page)


@needs_browser
def test_the_first_key_of_a_reader_leads_past_the_menu(address: str, chromium: Browser) -> None:
    with reader(chromium, address, "en", viewport=DESK) as page:
        page.goto("/quote")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


@needs_browser
def test_no_page_runs_a_script_or_asks_another_host(address: str, chromium: Browser) -> None:
    asked: list[str] = []
    with reader(chromium, address, "en", viewport=DESK) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/")
        page.goto("/quote")
    assert {url.partition("?")[0] for url in asked} <= {
        f"{address}/", f"{address}/quote", f"{address}/portal.css", "data:,",
    }  # fmt: skip
    assert json.dumps(asked).count("portal.css") >= 1
