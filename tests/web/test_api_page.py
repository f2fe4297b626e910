"""The page on the API tells every route of the application."""

from pathlib import Path
from typing import cast

from tumen.kernel.service_limits import QUOTES_PER_REQUEST_MAX, SUBMISSION_DOCUMENTS_MAX
from tumen.web.api_page import table_lines, with_table
from tumen.web.app import application
from tumen.web.office import Office

PAGE = Path(__file__).parents[2] / "docs/api.md"
CLOSED = application(cast("Office", None))


def test_the_page_has_the_routes_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page, CLOSED), "make it anew with `python tools/build_api_page.py`"
    assert any("POST /v1/submissions" in line for line in table_lines(CLOSED))


def test_the_page_tells_the_limits_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"1 to {SUBMISSION_DOCUMENTS_MAX:,} documents" in page
    assert f"up to {QUOTES_PER_REQUEST_MAX:,}" in page
