"""The page on the life of a declaration is in step with the table of transitions."""

from pathlib import Path

from tumen.window.life_page import EVENTS, STATUSES, page
from tumen.window.states import CEB_STATUS, TRANSITIONS, Status

PAGE = Path(__file__).parents[2] / "docs/declaration-life.md"


def test_the_page_is_as_the_table_of_transitions_makes_it() -> None:
    told = "make it anew with `python tools/build_life_page.py`"
    assert PAGE.read_text(encoding="utf-8") == page(), told


def test_every_status_and_event_is_explained_and_none_besides() -> None:
    assert set(STATUSES) == set(Status) == set(CEB_STATUS)
    assert set(EVENTS) == {str(on) for _, on in TRANSITIONS}


def test_every_status_is_reached() -> None:
    assert set(TRANSITIONS.values()) == set(Status)
