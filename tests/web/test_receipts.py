"""Receipts fetched again: the same bytes, their proofs, and nothing of others."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.trust.folder import DiskFolder
from tumen.trust.published import PublishedLog

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def asking(shared_database: Database, folder: Path) -> Iterator[Client]:
    with client(shared_database, folder) as made:
        yield made


@pytest.fixture(scope="module")
def lodged(asking: Client) -> tuple[str, list[str]]:
    """The order number of a consignment, and the receipts that were given for it."""
    documents = [each.document for each in one_bundle(seed=1).sendings]
    headers = {"content-type": "application/json", **called(asking)}
    told = asking.post("/v1/submissions", content=json.dumps(documents), headers=headers).json()
    return documents[0]["order_number"], [each["receipt"] for each in told["receipts"]]


def test_receipts_come_again_byte_for_byte(asking: Client, lodged: tuple[str, list[str]]) -> None:
    order, given = lodged
    told = asking.get(f"/v1/receipts/{order}", headers=called(asking)).json()
    assert [each["receipt"] for each in told["receipts"]] == given
    one = told["receipts"][0]
    alone = asking.get(f"/v1/receipts/{order}/{one['number']}", headers=called(asking))
    assert alone.content == given[0].encode()
    assert sha256(alone.content).hexdigest() == one["sha256"]


def test_a_proof_is_given_only_of_what_is_published(
    asking: Client, lodged: tuple[str, list[str]], folder: Path
) -> None:
    order, _ = lodged
    told = asking.get(f"/v1/receipts/{order}?proof=true", headers=called(asking)).json()
    proofs = [each["proof"] for each in told["receipts"]]
    assert all(proof.startswith("c2sp.org/tlog-proof@v1\n") for proof in proofs)
    head = PublishedLog(DiskFolder(folder / "node.log")).head()
    assert head is not None
    assert f"\n{head.size}\n" in proofs[0]
    number = told["receipts"][0]["number"]
    alone = asking.get(f"/v1/receipts/{order}/{number}/proof", headers=called(asking))
    assert alone.text == proofs[0]


def test_what_others_lodged_is_not_there(asking: Client, lodged: tuple[str, list[str]]) -> None:
    order, _ = lodged
    number = asking.get(f"/v1/receipts/{order}", headers=called(asking)).json()["receipts"][0][
        "number"
    ]
    for path in (order, f"{order}/{number}", f"{order}/{number}/proof", "NOWHERE"):
        answer = asking.get(f"/v1/receipts/{path}", headers=called(asking, "somebody-else"))
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path
    assert asking.get(f"/v1/receipts/{order}").status_code == 401
