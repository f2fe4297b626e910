"""A real browser for tests: Debian's Chromium by Playwright, where it is installed.

``apt-get install chromium`` brings it. The rules of axe come with axe-playwright-python.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
AXE = "axe_playwright_python"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1100, "height": 800}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: the portal was not tried in one; install chromium"
)
needs_axe = pytest.mark.skipif(
    find_spec(AXE) is None, reason="NO RULES OF AXE: pages were not tried by them; run make setup"
)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@contextmanager
def reader(browser: Browser, address: str, language: str, **wishes: Any) -> Iterator[Page]:
    """A page of somebody whose browser asks for a language."""
    context = browser.new_context(
        base_url=address, extra_http_headers={"accept-language": language}, **wishes
    )
    yield context.new_page()
    context.close()


def sign_in(page: Page, login: str, password: str) -> None:
    """Sign in by the form, by keyboard."""
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_load_state()


def is_too_wide(page: Page) -> bool:
    """Whether a page must be pushed sideways to be read."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return page.viewport_size is not None and width > page.viewport_size["width"]


@cache
def _rules() -> str:
    return files(AXE).joinpath("axe.min.js").read_text(encoding="utf-8")


def offences(page: Page) -> list[str]:
    """What axe finds against a page; its context must let scripts run beside those of the page."""
    page.evaluate(_rules())
    asked = {"runOnly": LEVELS, "resultTypes": ["violations"]}
    found = page.evaluate("asked => axe.run(document, asked)", asked)
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found["violations"]]


_NOTE = "document.addEventListener('focusin', event => event.target.dataset.met = '1')"
_LEFT = """all => all
    .filter(each => !each.dataset.met && each.checkVisibility() && each.type !== 'radio')
    .map(each => each.outerHTML.slice(0, 120))"""


def unreached(page: Page, steps: int) -> list[str]:
    """The links, fields and buttons of a page that the tabulator key does not lead to.

    Of choices that exclude each other only one has a step of its own.
    """
    page.evaluate(_NOTE)
    for _ in range(steps):
        page.keyboard.press("Tab")
    left: list[str] = page.eval_on_selector_all(
        "a[href], button, input, select, textarea, summary", _LEFT
    )
    return left
