"""Put the table of routes into the page on the API: python tools/build_api_page.py."""

from pathlib import Path
from typing import cast

from tumen.web.api_page import with_table
from tumen.web.app import application
from tumen.web.office import Office

PAGE = Path(__file__).parents[1] / "docs/api.md"


def main() -> None:
    """Write the page again with the routes of today; no node is needed to name them."""
    closed = cast("Office", None)
    page = with_table(PAGE.read_text(encoding="utf-8"), application(closed))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
