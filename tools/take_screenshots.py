"""Takes the pictures of the portal for the docs, from a demonstration that is thrown away after.

    python tools/take_screenshots.py

It needs Chromium (``apt-get install chromium fonts-noto-cjk``). Every party, price and document in
the pictures is made up, and the pages say so.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from tumen.access import demo
from tumen.bootstrap import open_node
from tumen.cli.clear import run
from tumen.cli.lists import import_list
from tumen.documents.formats.sources import find
from tumen.simulation import Plan, simulate
from tumen.store import embedded
from tumen.window.lists import ListKind

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs/portal"
EXAMPLE: Final = ROOT / "examples/consignment.ndjson"
NOON: Final = datetime(2026, 8, 3, 12, tzinfo=UTC)
BUNDLES: Final = 300
BROKER: Final = "demo-broker"
OFFICER: Final = "demo-customs-cn"
BUYER: Final = "110101191411220211"
"""The made-up number of the buyer of one of the made-up consignments."""
TRIES: Final = 1800
WIDE, PHONE = 1000, 360

Passwords = dict[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is taken.

    Attributes:
        name: of its file.
        language: that the browser asks for.
        prepare: leads the page to what is shown.
        width: of the window.
        height: of the picture.
        login: who is signed in; None for the public.
    """

    name: str
    language: str
    prepare: Callable[[Page], None]
    width: int = WIDE
    height: int = 900
    login: str | None = None


def _at(path: str) -> Callable[[Page], None]:
    return lambda page: _go(page, path)


def _go(page: Page, path: str) -> None:
    page.goto(path)


def _quote(page: Page) -> None:
    """Two pairs of sandals from China to Japan."""
    page.goto("/quote")
    page.select_option("#destination", "JP")
    fields = {
        "dispatch": "CN", "date": "2026-08-01", "currency": "USD", "freight": "12.00",
        "items-0-hs": "640320012", "items-0-description": "leather sandals",
        "items-0-quantity": "2", "items-0-unit_price": "120.00", "items-0-net_weight_kg": "1.4",
        "items-0-origin": "CN",
    }  # fmt: skip
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.select_option("#items-0-unit", "pair")
    page.locator("main form button").first.click()


def _submit(page: Page) -> None:
    """The example with one mistyped identity number."""
    text = EXAMPLE.read_text(encoding="utf-8")
    broken = text.replace('"payer_id_number": "360426199101010071"',
                          '"payer_id_number": "360426199101010072"')  # fmt: skip
    page.goto("/submit")
    page.set_input_files(
        "#file", {"name": "day.ndjson", "mimeType": "text/plain", "buffer": broken.encode()}
    )
    page.locator("main form.big button").click()


def _consignment(page: Page) -> None:
    page.goto("/consignment?number=DEMO000005000000013")
    page.locator("details").first.click()


def _make_key(page: Page) -> None:
    """A key that may lodge and read receipts, and the list with it."""
    page.goto("/keys")
    page.fill("#label", "nightly upload")
    page.check("[value=lodge]")
    page.check("[value=read_receipts]")
    page.press("#label", "Enter")
    page.goto("/keys")


def _make_bills(page: Page) -> None:
    """The bills that are due on the day on which the picture is taken."""
    page.goto("/bills")
    page.locator("form[action='/bills'] button").last.click()
    page.goto("/bills")


def _ask(page: Page) -> None:
    """A question of a shop, and the number and secret that it is given."""
    page.goto("/help/ask")
    page.select_option("#economy", "CN")
    page.fill("#text", "订单金额与支付金额相差一分钱，应该修改哪一份单证？")
    page.locator("main form button").last.click()
    if page.locator("[name=send]").count():
        page.locator("main form button").last.click()


def _own_allowance(page: Page) -> None:
    """An officer hands out a pass, and the person opens the page with it."""
    page.goto("/allowance")
    page.fill("#number", BUYER)
    page.press("#number", "Enter")
    page.fill("#papers", "identity card, face compared")
    page.press("#papers", "Enter")
    issued = page.locator(".sum.code").inner_text()
    page.context.clear_cookies()
    page.goto("/my-allowance")
    page.locator("main form input").first.fill(issued)
    page.locator("main form button").first.click()


def _examine(page: Page) -> None:
    """Quarantine requires an examination of what an officer holds, and appoints it."""
    page.goto("/queue")
    number = page.locator("tbody th .code").first.inner_text()
    for entry, fields in (
        ("required", {"#matter": "quarantine"}),
        ("appointed", {"#place": "shed 4", "#starts_at": "2031-03-03T09:00"}),
    ):
        page.goto("/examinations")
        page.select_option("#entry", entry)
        page.fill("#declaration", number)
        page.fill("#reference", f"E-{entry}")
        for name, value in fields.items():
            tag = page.locator(name).evaluate("each => each.tagName")
            page.select_option(name, value) if tag == "SELECT" else page.fill(name, value)
        page.press("#reference", "Enter")
    page.goto("/examinations")


PICTURES_TAKEN: Final = (
    Picture("home", "en", _at("/")),
    Picture("quote", "en", _quote, height=1250),
    Picture("submit", "zh", _submit, login=BROKER),
    Picture("consignment", "ru", _consignment, height=1300, login=BROKER),
    Picture("queue", "en", _at("/queue"), login=OFFICER),
    Picture("keys", "ru", _make_key, height=760, login=BROKER),
    Picture("webhooks", "zh", _at("/webhooks"), height=860, login=BROKER),
    Picture("documents", "en", _at("/documents"), height=760, login=BROKER),
    Picture("tracking", "en", _at("/tracking?number=W000005000000013"), height=760),
    Picture("help", "ko", _at("/help/MATCH_AMOUNT"), height=640),
    Picture("verify", "ja", _at("/verify"), height=760),
    Picture("bills", "zh", _make_bills, height=1100, login=OFFICER),
    Picture("examinations", "ru", _examine, height=860, login=OFFICER),
    Picture("my-allowance", "en", _own_allowance, width=PHONE, height=900, login=OFFICER),
    Picture("ticket", "zh", _ask, width=PHONE, height=760),
    Picture("phone", "mn", _at("/"), width=PHONE, height=900),
)


def made(folder: Path) -> tuple[str, Passwords]:
    """A node with a made-up day; its location, and login -> password."""
    location = str(folder / "postgres")
    written = simulate(Plan(BUNDLES, 5, NOON.date()), folder / "made", lambda _: None)
    prices = folder / "made/reference_prices.csv"
    import_list(prices, ListKind.PRICES, "demo", NOON, "simulation", location)
    node = open_node(location)
    quiet = Console(quiet=True)
    run(node, find([written.documents]), sender=BROKER, out=None, console=quiet)
    with node.database.session() as session:
        begun = demo.begin(session, node.clock.now())
    return location, {each.login: each.password for each in begun}


@contextmanager
def served(location: str) -> Iterator[str]:
    """The address at which a node is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tumen", "serve", "--database", location, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(TRIES):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The service did not start.")


def take(browser: Browser, address: str, picture: Picture, passwords: Passwords) -> None:
    """Take one picture.

    Raises:
        SystemExit: a page on the way did not work: no picture is taken of that.
    """
    context = browser.new_context(
        base_url=address,
        viewport={"width": picture.width, "height": picture.height},
        extra_http_headers={"accept-language": picture.language},
        locale=picture.language,
    )
    page = context.new_page()
    failed: list[str] = []
    page.on("response", lambda each: failed.append(each.url) if each.status >= 400 else None)
    if picture.login is not None:
        page.goto("/login")
        page.fill("#login", picture.login)
        page.fill("#password", passwords[picture.login])
        page.press("#password", "Enter")
        page.wait_for_url("**/")
    picture.prepare(page)
    page.wait_for_load_state()
    page.evaluate("window.scrollTo(0, 0)")
    if failed:
        raise SystemExit(f"{picture.name}: {failed[0]} did not work.")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()


def main() -> None:
    """Make the demonstration, take all pictures, and leave nothing else."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("There is no Chromium; install it with: apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tumen-", ignore_cleanup_errors=True) as name:
        location, passwords = made(Path(name))
        try:
            with served(location) as address, sync_playwright() as started:
                browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                for picture in PICTURES_TAKEN:
                    take(browser, address, picture, passwords)
                browser.close()
        finally:
            embedded.stop(Path(location))
    sizes = {file.name: file.stat().st_size for file in sorted(PICTURES.glob("*.png"))}
    print(json.dumps(sizes, indent=2))


if __name__ == "__main__":
    main()
