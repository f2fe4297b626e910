"""The first page: its figures are counted once, however many readers come together."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import client
from tumen.kernel.errors import StoreUnavailable
from tumen.store.database import Database
from tumen.store.session import Session
from tumen.web.portal import home
from tumen.web.portal.chart import Bar, bars

Client = TestClient[Litestar]
TOGETHER = 8


@pytest.fixture
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def test_readers_who_come_together_have_one_count_together(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    counted = home.activity

    def slowly(session: Session, **asked: Any) -> dict[str, Any]:
        counts.append(1)
        session.execute("SELECT pg_sleep(0.5)")
        return counted(session, **asked)

    monkeypatch.setattr(home, "activity", slowly)
    with ThreadPoolExecutor(TOGETHER) as threads:
        answers = [*threads.map(lambda _: asking.get("/"), range(TOGETHER))]
    assert {each.status_code for each in answers} == {200}
    assert len(counts) == 1


def test_a_count_that_failed_is_tried_again(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(session: Session, **asked: Any) -> dict[str, Any]:
        raise StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(home, "activity", failing)
        assert asking.get("/").status_code == 503
    assert asking.get("/").status_code == 200


def test_on_a_narrow_screen_the_highest_bar_keeps_its_count_and_every_fourth_its_label() -> None:
    drawn = str(bars([Bar(f"08-0{day}", day) for day in range(1, 9)]))
    kept = re.findall(r'fill="#\w+">([^<]+)</text>', drawn)
    assert kept == ["08-02", "08-06", "8"]


def test_a_fault_of_ours_is_told_on_a_page_in_the_readers_language(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(home, "_days", broken)
    answer = asking.get("/", headers={"accept-language": "ru"})
    assert (answer.status_code, answer.headers["content-language"]) == (500, "ru")
    assert "INTERNAL" in answer.text
    assert "inside" not in answer.text
