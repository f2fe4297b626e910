"""Requests that meet no route: they are counted, and leave nothing behind."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import client
from tumen.store.database import Database
from tumen.web import metrics

Client = TestClient[Litestar]


@pytest.fixture
def asking(
    shared_database: Database,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Client]:
    monkeypatch.setattr("tumen.web.access.identification.REQUESTS_A_MINUTE_PUBLIC", 3)
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def test_methods_that_somebody_invents_make_one_figure_together(asking: Client) -> None:
    for number in range(20):
        asking.request(f"INVENTED{number}", "/healthz")
    shown = metrics.exposed().decode()
    assert "INVENTED" not in shown
    assert 'method="other"' in shown


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("PUT", 405)])
def test_who_looks_for_holes_waits_like_anybody_of_the_public(
    asking: Client, method: str, status: int
) -> None:
    path = "/no-such-page" if status == 404 else "/v1/quotes"
    answers = [asking.request(method, path) for _ in range(5)]
    assert [each.status_code for each in answers] == [status] * 3 + [429] * 2
    assert answers[-1].json()["code"] == "TOO_MANY_REQUESTS"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert asking.get("/healthz").status_code == 429, "both are counted together"
