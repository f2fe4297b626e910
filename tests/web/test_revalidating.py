"""Who holds an answer is told that it still holds, and is sent no bytes again."""

import json
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.simulation import one_bundle
from tumen.store.database import Database

Client = TestClient[Litestar]
LIST = "/v1/reference/code-lists/procedures"


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.fixture(scope="module")
def journey(asking: Client) -> str:
    documents = [each.document for each in one_bundle(seed=11).sendings]
    sent = asking.post("/v1/submissions", content=json.dumps(documents),
                       headers={"content-type": "application/json", **called(asking)})  # fmt: skip
    assert sent.status_code == 200
    number = next(each["waybill_number"] for each in documents if each["kind"] == "declaration")
    return f"/v1/tracking/{number}"


def test_reference_may_be_kept_and_a_holder_is_sent_no_body(asking: Client) -> None:
    first = asking.get(LIST)
    assert first.headers["cache-control"] == "public, max-age=300"
    again = asking.get(LIST, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-type" not in again.headers


def test_another_answer_has_another_tag(asking: Client) -> None:
    first = asking.get(LIST).headers["etag"]
    other = asking.get("/v1/reference/code-lists/units", headers={"if-none-match": first})
    assert other.status_code == 200
    assert other.json()["name"] == "units"


def test_each_language_has_its_own_tag_and_says_that_it_varies(asking: Client) -> None:
    path = "/v1/reference/violations/AMOUNT_PAID_MISMATCH"
    tags = set()
    for language in ("en", "zh"):
        told = asking.get(path, headers={"accept-language": language})
        assert "accept-language" in told.headers["vary"].lower()
        tags.add(told.headers["etag"])
    assert len(tags) == 2


def test_a_journey_is_asked_for_again_each_time(asking: Client, journey: str) -> None:
    for path in (journey, f"{journey}/epcis"):
        first = asking.get(path)
        assert first.status_code == 200
        assert first.headers["cache-control"] == "no-cache"
        again = asking.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_head_alone_tells_the_tag_too(asking: Client) -> None:
    assert asking.head(LIST).headers["etag"] == asking.get(LIST).headers["etag"]


@pytest.mark.parametrize("path", ["/v1/reference/code-lists/none", "/v1/tracking/NONE"])
def test_what_is_not_there_is_not_kept(asking: Client, path: str) -> None:
    told = asking.get(path, headers={"if-none-match": "*"})
    assert told.status_code == 404
    assert "etag" not in told.headers
