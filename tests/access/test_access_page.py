"""The page on access is in step with the matrix."""

from pathlib import Path

from tumen.access.access_page import BEGIN, END, table_lines, with_table
from tumen.access.matrix import Permission
from tumen.access.roles import Role

PAGE = Path(__file__).parents[2] / "docs/access.md"


def test_the_page_holds_the_table_that_the_matrix_makes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert BEGIN in page
    assert END in page
    assert page == with_table(page), "make it anew with `python tools/build_access_page.py`"


def test_the_table_has_a_line_for_every_permission_and_a_column_for_every_role() -> None:
    head, rule, *lines = table_lines()
    assert len(lines) == len(Permission)
    assert {line.count("|") for line in (head, rule, *lines)} == {len(Role) + 3}
    assert "| `decide` | release, hold, examine or reject | - | - | - | - | - | - | economy" in (
        next(line for line in lines if "`decide`" in line)
    )
