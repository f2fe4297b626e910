"""A real browser for tests: Debian's Chromium by Playwright, where it is installed.

``apt-get install chromium`` brings it. The rules of axe are looked for in the file that $TUMEN_AXE
names, such as ``node_modules/axe-core/axe.min.js``; they are not among our files.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
AXE = os.environ.get("TUMEN_AXE", "")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1100, "height": 800}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: the portal was not tried in one; install chromium"
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
        base_url=address,
        extra_http_headers={"accept-language": language},
        bypass_csp=bool(AXE),  # the rules of axe run within the page
        **wishes,
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


def offences(page: Page) -> list[str]:
    """What axe finds against a page; nothing where its rules are not at hand."""
    if not AXE:
        return []
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate(
        "levels => axe.run(document, {runOnly: levels})", LEVELS
    )  # fmt: skip
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found["violations"]]
