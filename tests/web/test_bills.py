"""Bills over HTTP: made by customs, seen by who may, summed up, paid, downloaded."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.web.test_officers import customs, lodge

from clearing import CLOCK
from offices import called, client
from tumen.access.roles import Role
from tumen.simulation import one_bundle
from tumen.store.database import Database

Client = TestClient[Litestar]
MONTH = "2026-11"


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        lodge(
            made, [*one_bundle("clean", 1).documents, *one_bundle("partly_returned", 2).documents]
        )
        made_bills = made.post("/v1/bills", headers=customs(made))
        assert made_bills.json() == {"made": 2, "unknown": 0, "later": 0, "is_last": True}
        yield made


def get(asking: Client, path: str, who: dict[str, str] | None = None, **query: Any) -> Any:
    answer = asking.get(path, params=query, headers=who or called(asking))
    assert answer.status_code == 200, answer.text
    return answer.json()


def state(asking: Client, **told: Any) -> dict[str, Any]:
    answer = asking.post("/v1/bills/statements", json=told, headers=customs(asking))
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def test_bills_are_walked_by_a_cursor_and_shown_with_their_charges(asking: Client) -> None:
    first = get(asking, "/v1/bills", limit=1)
    rest = get(asking, "/v1/bills", limit=1, after=first["next"])
    (bill,) = rest["items"]
    assert rest["next"] is None
    assert (bill["charged"], bill["total"], bill["due_by"]) == ("62.01", "52.21", "2026-09-17")
    late = (CLOCK.at.date() - date.fromisoformat(bill["due_by"])).days
    assert bill["late_days"] == late
    shown = get(asking, f"/v1/bills/{bill['number']}")
    assert shown["bill"]["late_days"] == shown["late"]["days"] == late
    told = {each["code"]: each["amount"] for each in shown["items"]}
    assert told == {"consumption_tax": "27.97", "vat": "24.24"}
    assert '"kind":"bill"' in shown["receipt"]
    xml = asking.get(f"/v1/bills/{bill['number']}/ceb816", headers=called(asking))
    assert xml.headers["content-type"].startswith("application/xml")
    assert b"<customsTax>0.00</customsTax>" in xml.content


def test_a_stranger_finds_no_bill_and_a_filer_makes_none(asking: Client) -> None:
    stranger = called(asking, "stranger", Role.BROKER)
    number = get(asking, "/v1/bills")["items"][0]["number"]
    assert asking.get(f"/v1/bills/{number}", headers=stranger).status_code == 404
    assert get(asking, "/v1/bills", stranger) == {"items": [], "next": None}
    assert get(asking, "/v1/bills/summary", stranger, month=MONTH) == []
    assert asking.post("/v1/bills", headers=called(asking)).status_code == 403


def test_a_month_is_summed_up_as_a_file_too_and_a_notice_takes_its_bills(asking: Client) -> None:
    told = get(asking, "/v1/bills/summary", month=MONTH)
    assert sorted((each["total"], each["taken_off"]) for each in told) == [
        ("14.60", "0.00"), ("52.21", "9.80"),
    ]  # fmt: skip
    file = asking.get("/v1/bills/summary.csv", params={"month": MONTH}, headers=called(asking))
    assert file.text.splitlines()[1].startswith("2026-11-23,")
    payer = told[0]["payer"]
    done = state(asking, reference="N-1", entry="summarised", payer=payer, month=MONTH)
    assert done["answer"] == "accepted"
    (bill,) = get(asking, "/v1/bills", state="summarised")["items"]
    assert (bill["payer"], bill["notice"]) == (payer, "N-1")
    wrong = state(asking, reference="P-1", entry="paid", notice="N-1", amount="0.01")
    assert wrong["violations"][0]["code"] == "BILL_AMOUNT_DIFFERS"
    assert get(asking, "/v1/bills", state="paid")["items"] == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"entry": "paid", "amount": "1", "bill": "1", "notice": "2"}, ("FIELD_MISSING", "notice")),
        ({"entry": "paid", "amount": "1.234", "bill": "1"}, ("BILL_AMOUNT_INVALID", "amount")),
        ({"entry": "voided", "bill": "1"}, ("FIELD_MISSING", "reason")),
        ({"entry": "voided", "bill": "1", "reason": "x"}, ("DECISION_REASON_MISSING", "reason")),
        ({"entry": "summarised", "payer": "a", "month": "2026-13"}, ("DATE_INVALID", "month")),
        ({"entry": "paid", "amount": "1", "bill": "1", "day": "2026-11-24"},
         ("DECLARED_IN_FUTURE", "day")),
        ({"entry": "paid", "amount": "1", "bill": "1\u202e"}, ("CONTROL_CHARACTER", "bill")),
        ({"entry": "voided", "bill": "1" * 51, "reason": "long"}, ("TEXT_TOO_LONG", "bill")),
    ],
)  # fmt: skip
def test_every_fault_of_a_statement_is_named(
    asking: Client, told: dict[str, Any], found: tuple[str, str]
) -> None:
    done = state(asking, reference="X-1", **told)
    assert (done["violations"][0]["code"], done["violations"][0]["path"]) == found


def test_customs_states_guarantees_and_a_guarantor_sees_its_own(asking: Client) -> None:
    guarantor = get(asking, "/v1/bills")["items"][0]["payer"]
    told = {"reference": "G-1", "guarantor": guarantor, "entry": "deposited", "amount": "20.00"}
    done = asking.post("/v1/guarantees", json=told, headers=customs(asking)).json()
    assert done["answer"] == "accepted"
    less = {**told, "reference": "G-2", "amount": "-1"}
    refused = asking.post("/v1/guarantees", json=less, headers=customs(asking)).json()
    assert refused["violations"][0]["code"] == "AMOUNT_NEGATIVE"
    own = get(asking, "/v1/guarantees", called(asking, guarantor, Role.BROKER))
    assert own == [{"guarantor": guarantor, "currency": "CNY", "deposited": "20.00",
                    "reserved": "14.60", "free": "5.40"}]  # fmt: skip
    assert len(get(asking, "/v1/guarantees", customs(asking))) == 2
