"""What the service writes of requests: enough to find one, and nothing of what was said in it."""

import json
from collections.abc import Iterator

import pytest
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.testing import TestClient
from structlog.testing import capture_logs

from offices import called, client
from tumen.access.matrix import Permission
from tumen.access.roles import Role
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.web.access.guard import needs

PRIVATE = "PRIVATE110101199003071234"
Client = TestClient[Litestar]


@get("/broken/{name:str}", guards=[needs(Permission.SEE_SERVICE)])
async def broken(name: FromPath[str]) -> None:
    raise ValueError(f"no {name}")


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office"), broken) as made:
        yield made


def test_a_request_has_one_line_with_its_id_its_route_and_who_asked(asking: Client) -> None:
    known = called(asking)
    with capture_logs() as lines:
        answer = asking.get(f"/v1/receipts/{PRIVATE}", headers=known)
    (line,) = lines
    assert line["request_id"] == answer.headers["x-request-id"] == answer.json()["request_id"]
    assert (line["route"], line["status"]) == ("/v1/receipts/{reference}", 404)
    assert line["organisation"] == "tests"


@pytest.mark.parametrize(
    "path", [f"/v1/receipts/{PRIVATE}", f"/{PRIVATE}", f"/broken/{PRIVATE}", f"/?q={PRIVATE}"]
)
def test_no_line_repeats_what_was_asked_for(asking: Client, path: str) -> None:
    with capture_logs() as lines:
        answer = asking.get(path, headers=called(asking))
    assert lines
    assert PRIVATE not in repr(lines)
    assert PRIVATE not in answer.text or answer.status_code == 200


def test_an_error_of_ours_is_told_by_kind_and_place_and_not_by_its_text(asking: Client) -> None:
    with capture_logs() as lines:
        answer = asking.get(f"/broken/{PRIVATE}")
    assert answer.status_code == 500
    (error,) = [line for line in lines if line["event"] == "unexpected"]
    assert error["error"] == "ValueError"
    assert error["request_id"] == answer.json()["request_id"]
    assert any("test_records.py" in place and "broken" in place for place in error["at"])


def test_no_line_about_documents_repeats_a_name_or_a_number_of_a_person(asking: Client) -> None:
    documents = [each.document for each in one_bundle(seed=1).sendings]
    with capture_logs() as lines:
        asking.post("/v1/submissions", content=json.dumps(documents),
                    headers={"content-type": "application/json", **called(asking)})  # fmt: skip
    order = documents[0]
    assert lines
    assert not any(order[name] in repr(lines) for name in ("buyer_name", "buyer_id_number"))


def test_an_administrator_reads_figures_of_requests_documents_and_stages(asking: Client) -> None:
    asking.get(f"/v1/receipts/{PRIVATE}", headers=called(asking))
    known = called(asking, "keeper", Role.ADMINISTRATOR)
    told = asking.get("/metrics", headers=known)
    assert told.headers["content-type"].startswith("text/plain")
    assert 'tumen_requests_total{method="GET",route="/v1/receipts/{reference}",status="404"}' in (
        told.text
    )
    assert 'tumen_documents_total{answer="accepted"}' in told.text
    assert 'tumen_stage_seconds_count{stage="record"}' in told.text
    assert PRIVATE not in told.text
    assert asking.get("/metrics", headers=called(asking)).status_code == 403
