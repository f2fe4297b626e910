"""The pre-check: told what would become of documents, with nothing recorded and nobody revealed."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.kernel.service_limits import PRECHECK_DOCUMENTS_MAX
from tumen.simulation import one_bundle, scenario
from tumen.store.database import Database

Client = TestClient[Litestar]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def bundle(seed: int) -> dict[str, Document]:
    sendings = one_bundle(seed=seed).sendings
    return {each.document["kind"]: deepcopy(each.document) for each in sendings}


def foreseen(
    asking: Client, documents: list[Document], sender: str = "tests"
) -> dict[str, dict[str, Any]]:
    answer = asking.post("/v1/matches", json=documents, headers=called(asking, sender))
    assert answer.status_code == 200, answer.text
    return {each["kind"]: each for each in answer.json()["documents"]}


def rows(database: Database) -> list[int]:
    tables = ("batch", "trade_order", "payment", "waybill", "declaration", "declaration_event",
              "person_key", "personal_data", "log_append")  # fmt: skip
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608
    with psycopg.connect(database.url) as connection:
        return list(connection.execute(f"SELECT {counts}").fetchone() or ())


def test_a_whole_consignment_matches_and_nothing_is_recorded(
    asking: Client, shared_database: Database
) -> None:
    documents = [*bundle(1).values()]
    before = rows(shared_database)
    for _ in range(2):
        told = foreseen(asking, documents)
        assert {each["answer"] for each in told.values()} == {"accepted"}
        assert told["declaration"]["match"] == "matches"
        assert "match" not in told["order"]
    assert rows(shared_database) == before


def test_a_declaration_without_its_payment_waits(asking: Client) -> None:
    documents = bundle(2)
    del documents["payment"]
    assert foreseen(asking, [*documents.values()])["declaration"]["match"] == "waits"


def test_a_difference_from_what_another_lodged_is_told_without_its_value(asking: Client) -> None:
    documents = bundle(3)
    others = [documents[kind] for kind in ("order", "payment", "waybill")]
    lodged = asking.post("/v1/submissions", json=others, headers=called(asking, "others"))
    assert lodged.json()["answers"]["accepted"] == 3
    own = documents["declaration"]
    assert foreseen(asking, [own])["declaration"]["match"] == "matches"
    name = documents["order"]["buyer_name"]
    own["buyer_name"] = "王小明" if name != "王小明" else "李小明"
    answer = asking.post("/v1/matches", json=[own], headers=called(asking))
    (told,) = answer.json()["documents"]
    assert told["match"] == "differs"
    assert [each["code"] for each in told["findings"]] == ["MATCH_BUYER_NAME"]
    assert name not in answer.text
    assert not any("value" in each or "expected" in each for each in told["findings"])


def test_a_consignment_that_was_foreseen_can_be_lodged(asking: Client) -> None:
    documents = [*bundle(4).values()]
    foreseen(asking, documents)
    lodged = asking.post("/v1/submissions", json=documents, headers=called(asking))
    assert lodged.json()["answers"]["accepted"] == 4


def test_more_than_are_foreseen_at_once_are_refused(asking: Client) -> None:
    documents = [{}] * (PRECHECK_DOCUMENTS_MAX + 1)
    answer = asking.post("/v1/matches", json=documents, headers=called(asking))
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
    assert asking.post("/v1/matches", json=documents).status_code == 401


def test_what_a_buyer_bought_elsewhere_is_not_found_out_by_asking(asking: Client) -> None:
    *spent, asked = (each.documents for each in scenario("over_annual", 30))
    before = foreseen(asking, asked)
    for documents in spent:
        answer = asking.post("/v1/submissions", json=documents, headers=called(asking, "others"))
        assert answer.json()["answers"]["accepted"] == 4
    assert foreseen(asking, asked) == before
    assert before["declaration"]["match"] == "matches"
    (refused,) = (
        each
        for each in asking.post("/v1/submissions", json=asked, headers=called(asking)).json()[
            "receipts"
        ]
        if each["kind"] == "declaration"
    )
    assert [each["code"] for each in refused["findings"]] == ["OVER_ANNUAL_LIMIT"]


def test_what_one_asks_for_together_is_judged_together(asking: Client) -> None:
    documents = [document for each in scenario("over_annual", 40) for document in each.documents]
    answer = asking.post("/v1/matches", json=documents, headers=called(asking)).json()["documents"]
    declared = [each for each in answer if each["kind"] == "declaration"]
    assert [each["match"] for each in declared] == ["matches"] * 5 + ["differs"]
