"""The guides: one for each kind of user, and what they name is there."""

import re
from pathlib import Path

import pytest

from tumen.access.demo import DEMONSTRATION
from tumen.access.roles import ASSIGNABLE
from tumen.cli.app import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = DOCS / "guides"
PAGES = sorted(GUIDES.glob("*.md"))


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.fixture(params=PAGES, ids=lambda page: page.stem)
def guide(request: pytest.FixtureRequest) -> str:
    page: Path = request.param
    return page.read_text(encoding="utf-8")


def test_every_role_has_a_login_of_the_demonstration_on_the_first_page() -> None:
    text = text_of("guides/README.md")
    assert {role for each in DEMONSTRATION for role in each.roles} == set(ASSIGNABLE)
    marks = {each.mark for each in DEMONSTRATION}
    told = set(re.findall(r"`(demo-[a-z-]+)`", text))
    assert told <= marks
    assert marks - told == {f"demo-customs-{economy}" for economy in ("jp", "kr", "mn", "ru")}
    assert text.count("`-") == 4


def test_every_guide_is_on_the_first_page() -> None:
    text = text_of("guides/README.md")
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", text))
    assert linked == {page.name for page in PAGES} - {"README.md"}


def test_every_command_that_a_guide_names_is_there(guide: str) -> None:
    assert set(re.findall(r"`tumen ([a-z]+)", guide)) <= set(COMMANDS)


def test_every_route_that_a_guide_names_is_there(guide: str) -> None:
    told = set(re.findall(r"^\| `([A-Z]+ /[^`]+)` \|", text_of("api.md"), re.MULTILINE))
    assert told
    assert set(re.findall(r"`((?:GET|POST) /[^`]+)`", guide)) <= told
