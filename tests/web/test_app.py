"""The application whole: health, the API's own description, and problems for all that fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar, get
from litestar.params import FromQuery
from litestar.testing import TestClient

from offices import client
from tumen.access.matrix import Permission
from tumen.kernel.errors import Overloaded, ParameterUnknown, StoreUnavailable
from tumen.store.database import Database
from tumen.web.access.guard import needs

SEEN = [needs(Permission.SEE_SERVICE)]
SECRET = "Zhang San 110101199003071234"


@get("/broken", guards=SEEN)
async def broken() -> None:
    raise ValueError(SECRET)


@get("/gone", guards=SEEN)
async def gone() -> None:
    raise StoreUnavailable(f"connection to {SECRET} failed")


@get("/full", guards=SEEN)
async def full() -> None:
    raise Overloaded(is_sender=True)


@get("/lawless", guards=SEEN)
async def lawless() -> None:
    raise ParameterUnknown("cn.nothing is no parameter")


@get("/counted", guards=SEEN)
async def counted(count: FromQuery[int]) -> int:
    return count


@pytest.fixture(scope="module")
def asking(
    shared_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Litestar]]:
    folder: Path = tmp_path_factory.mktemp("office")
    with client(shared_database, folder, broken, gone, full, lawless, counted) as made:
        yield made


def test_a_service_whose_store_answers_lives_and_is_ready(asking: TestClient[Litestar]) -> None:
    assert asking.get("/healthz").json()["status"] == "ok"
    ready = asking.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")


def test_the_api_describes_itself_as_openapi_3_1(asking: TestClient[Litestar]) -> None:
    told = asking.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert "/healthz" in told["paths"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nowhere", 404, "NOT_FOUND"),
        ("/broken", 500, "INTERNAL"),
        ("/gone", 503, "STORE_UNAVAILABLE"),
        ("/full", 429, "OVERLOADED"),
        ("/lawless", 422, "PARAMETER_UNKNOWN"),
        ("/counted?count=many", 400, "REQUEST_INVALID"),
    ],
)
def test_whatever_fails_is_told_as_a_problem_with_a_code_and_no_secret(
    asking: TestClient[Litestar], path: str, status: int, code: str
) -> None:
    answer = asking.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["title"]
    assert told["next_step"]
    assert SECRET not in answer.text
    assert ("Retry-After" in answer.headers) is (status in {429, 503})


def test_a_parameter_that_is_none_is_named(asking: TestClient[Litestar]) -> None:
    (fault,) = asking.get("/counted?count=many").json()["faults"]
    assert fault["path"] == "count"


def test_a_method_that_a_route_does_not_take_is_a_problem_too(
    asking: TestClient[Litestar],
) -> None:
    answer = asking.post("/healthz")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
