"""Documents lodged over HTTP: every row answered, once, by whoever sends them and however often."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.access.roles import Role
from tumen.kernel.service_limits import SUBMISSION_DOCUMENTS_MAX
from tumen.simulation import one_bundle
from tumen.store.database import Database

Client = TestClient[Litestar]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("office")
    with client(shared_database, folder) as made:
        yield made


def bundle(seed: int) -> list[Document]:
    """The documents of one consignment that is released."""
    return [deepcopy(each.document) for each in one_bundle(seed=seed).sendings]


def lodge(asking: Client, body: Any, sender: str = "tests", **headers: str) -> dict[str, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"content-type": "application/json", **called(asking, sender), **headers}
    answer = asking.post("/v1/submissions", content=content, headers=told)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(
    asking: Client, body: bytes, who: Mapping[str, Any] = MappingProxyType({}), **headers: str
) -> tuple[int, str]:
    told = {"content-type": "application/json", **called(asking, **who), **headers}
    answer = asking.post("/v1/submissions", content=body, headers=told)
    return answer.status_code, answer.json()["code"]


def documents_of(database: Database, order: str) -> int:
    tables = ("trade_order", "payment", "waybill", "declaration")
    counts = " + ".join(
        f"(SELECT count(*) FROM {table} WHERE order_number = %(order)s)"  # noqa: S608
        for table in tables
    )
    with psycopg.connect(database.url) as connection:
        row = connection.execute(f"SELECT {counts}", {"order": order}).fetchone()
    assert row is not None
    return int(row[0])


def test_a_consignment_is_lodged_at_once_and_every_document_has_its_receipt(
    asking: Client,
) -> None:
    documents = bundle(1)
    told = lodge(asking, documents)
    assert told["answers"] == {"accepted": 4, "rejected": 0, "duplicate": 0, "ignored": 0}
    assert [each["place"] for each in told["receipts"]] == [1, 2, 3, 4]
    assert [each["kind"] for each in told["receipts"]] == [each["kind"] for each in documents]
    receipt = json.loads(told["receipts"][0]["receipt"])
    assert receipt["file"] == told["submission"]


def test_the_same_again_gets_the_bytes_of_the_first_receipts(asking: Client) -> None:
    documents = bundle(2)
    first, again = (lodge(asking, documents) for _ in range(2))
    assert again["answers"]["duplicate"] == 4
    assert [a["receipt"] for a in again["receipts"]] == [a["receipt"] for a in first["receipts"]]


@pytest.mark.parametrize("form", ["one", "ndjson", "gzip", "array with line ends"])
def test_a_document_is_read_in_every_form(asking: Client, form: str) -> None:
    order = bundle(10 + len(form))[0]
    plain = json.dumps(order).encode()
    body, headers = {
        "one": (plain, {}),
        "ndjson": (plain + b"\n", {"content-type": "application/x-ndjson"}),
        "gzip": (gzip.compress(plain), {"content-encoding": "gzip"}),
        "array with line ends": (json.dumps([order], indent=1).encode(), {}),
    }[form]
    told = lodge(asking, body, **headers)
    assert [each["answer"] for each in told["receipts"]] == ["accepted"]


def test_a_faulty_document_is_refused_with_what_mends_it_and_spares_the_others(
    asking: Client,
) -> None:
    order, payment, *_ = bundle(3)
    del order["order_number"]
    told = lodge(asking, [order, payment])
    assert [each["answer"] for each in told["receipts"]] == ["rejected", "accepted"]
    finding = told["receipts"][0]["findings"][0]
    assert finding["path"] == "order_number"
    assert finding["message"]
    assert finding["fix"]


def test_a_line_that_is_no_json_is_a_refused_row_among_others(asking: Client) -> None:
    payment = bundle(4)[1]
    body = b"{broken\n" + json.dumps(payment).encode()
    told = lodge(asking, body, **{"content-type": "application/x-ndjson"})
    assert [each["answer"] for each in told["receipts"]] == ["rejected", "accepted"]


def test_many_clients_with_the_same_documents_have_one_effect_and_the_same_bytes(
    asking: Client, shared_database: Database
) -> None:
    documents = bundle(5)
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda _: lodge(asking, documents), range(32)))
    answers = Counter(each["answer"] for one in told for each in one["receipts"])
    assert answers == {"accepted": 4, "duplicate": 4 * 31}
    for place in range(4):
        assert len({one["receipts"][place]["receipt"] for one in told}) == 1
    assert documents_of(shared_database, documents[0]["order_number"]) == 4


def test_one_hundred_clients_at_once_share_batches(
    asking: Client, shared_database: Database
) -> None:
    with psycopg.connect(shared_database.url) as connection:
        (before,) = connection.execute("SELECT max(batch_id) FROM batch").fetchone() or (0,)
        orders = [bundle(seed)[0] for seed in range(100, 200)]
        with ThreadPoolExecutor(32) as pool:
            told = list(pool.map(lambda order: lodge(asking, order), orders))
        (after,) = connection.execute("SELECT max(batch_id) FROM batch").fetchone() or (0,)
    assert all(one["answers"]["accepted"] == 1 for one in told)
    assert after - before < 60


def test_each_of_many_senders_gets_its_own_answers_and_no_others(asking: Client) -> None:
    orders = {f"sender-{n}": bundle(300 + n)[0] for n in range(6)}
    with ThreadPoolExecutor(6) as pool:
        told = dict(
            zip(orders, pool.map(lambda each: lodge(asking, each[1], each[0]), orders.items()),
                strict=True)
        )  # fmt: skip
    for sender, order in orders.items():
        (receipt,) = told[sender]["receipts"]
        assert json.loads(receipt["receipt"])["order_number"] == order["order_number"]


def test_what_holds_no_documents_is_refused_with_a_code(asking: Client) -> None:
    assert refused(asking, b"") == (400, "SUBMISSION_EMPTY")
    assert refused(asking, b"[]") == (400, "SUBMISSION_EMPTY")
    assert refused(asking, b'[{"kind": ') == (400, "SUBMISSION_UNREADABLE")
    assert refused(asking, b"[" * 100_000) == (400, "SUBMISSION_UNREADABLE")
    assert refused(asking, b"x", **{"content-type": "text/html"}) == (415, "MEDIA_TYPE_UNSUPPORTED")
    assert refused(asking, b"x", **{"content-encoding": "br"}) == (415, "MEDIA_TYPE_UNSUPPORTED")
    cut = gzip.compress(b"{}")[:-9]
    assert refused(asking, cut, **{"content-encoding": "gzip"}) == (400, "SUBMISSION_UNREADABLE")


def test_a_gzip_bomb_is_read_no_further_than_a_submission_may_go(asking: Client) -> None:
    bomb = gzip.compress(bytes(512 << 20), 9)
    assert refused(asking, bomb, **{"content-encoding": "gzip"}) == (413, "TOO_LARGE")


def test_too_many_documents_are_refused_whole(asking: Client) -> None:
    body = b"{}\n" * (SUBMISSION_DOCUMENTS_MAX + 1)
    told = refused(asking, body, **{"content-type": "application/x-ndjson"})
    assert told == (413, "TOO_LARGE")


def test_who_is_not_known_or_not_permitted_lodges_nothing(asking: Client) -> None:
    json_type = {"content-type": "application/json"}
    public = asking.post("/v1/submissions", content=b"{}", headers=json_type)
    assert (public.status_code, public.json()["code"]) == (401, "CALLER_UNKNOWN")
    told = refused(asking, b"{}", {"sender": "analysts", "role": Role.ANALYST})
    assert told == (403, "NOT_PERMITTED")
