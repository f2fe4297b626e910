"""What documents are judged by, over HTTP: lists, codes, the law, tariffs; for anybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import client
from tumen.codelist.violations import all_violations
from tumen.law.parameters import law_version
from tumen.store.database import Database

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("office")
    with client(shared_database, folder) as made:
        yield made


def test_every_list_that_is_named_can_be_read(asking: Client) -> None:
    names = asking.get("/v1/reference/code-lists").json()["lists"]
    for name in names:
        told = asking.get(f"/v1/reference/code-lists/{name}").json()
        assert told["codes"], name
        assert all(each["code"] and each["name_en"] for each in told["codes"]), name
    assert asking.get("/v1/reference/code-lists/passwd").status_code == 404


def test_every_violation_has_its_page(asking: Client) -> None:
    told = asking.get("/v1/reference/violations").json()
    assert {each["code"] for each in told} == {each.code for each in all_violations()}
    one = asking.get("/v1/reference/violations/AMOUNT_PAID_MISMATCH").json()
    assert one["message"]
    assert one["fix"]


def test_the_type_of_every_problem_leads_to_its_page(asking: Client) -> None:
    for path in ("/nowhere", "/metrics", "/v1/reference/law?day=never", "/v1/receipts/X"):
        told = asking.get(path).json()
        page = asking.get(told["type"])
        assert page.status_code == 200, told
        assert page.json()["code"] == told["code"]
        assert page.json()["next_step"]


def test_the_law_of_a_day_is_told_with_its_citation(asking: Client) -> None:
    told = asking.get("/v1/reference/law?prefix=cn.cbec&day=2026-11-23").json()
    assert told["law_version"] == law_version()
    assert told["parameters"]
    assert all(len(each["value"]) == 1 for each in told["parameters"])
    assert all(each["value"][0]["instrument"] for each in told["parameters"])


def test_a_tariff_tells_the_rates_of_a_code_and_where_they_are_from(asking: Client) -> None:
    told = asking.get("/v1/reference/tariffs/ru/4202210000?day=2026-11-23").json()
    assert told["rates"]
    assert all(each["edition"] and each["evidence"] for each in told["rates"])
    assert asking.get("/v1/reference/tariffs/XX/4202210000").status_code == 404
    assert asking.get("/v1/reference/tariffs/CN/DROP").status_code == 400
