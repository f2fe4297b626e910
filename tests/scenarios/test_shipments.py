"""Native shipments to the five economies go the same road as the documents of China's retail."""

import json
from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from shipments import BROKEN, shipments

from clearing import CLOCK, KEYS, Clearing
from tumen import law
from tumen.bootstrap import known_codes
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.kernel.violation import no_violations
from tumen.law.native.reading import read as read_shipment
from tumen.simulation import Plan, one_bundle, simulate
from tumen.store.database import Database
from tumen.window.decision import Policy
from tumen.window.desk import Desk
from tumen.window.parties import PartyIndex
from tumen.window.prepare import Preparation
from tumen.window.privacy import unseal
from tumen.window.screening import ScreeningLists, lots, threshold

EXAMPLES = Path(__file__).parents[2] / "examples/shipments.ndjson"
ECONOMIES = ("CN", "RU", "JP", "KR", "MN")
CURRENCIES = ("CNY", "RUB", "JPY", "KRW", "MNT")

Shipment = dict[str, Any]


def one(reference: str = "R-1", **fields: Any) -> Shipment:
    """A lawful shipment of shirts to Korea that the law charges."""
    return {
        "kind": "shipment",
        "shipment": reference,
        "destination": "KR",
        "dispatch": "CN",
        "date": "2026-08-03",
        "currency": "USD",
        "buyer": {"id": "P123456789012"},
        "items": [
            {"hs": "6109100000", "description": "cotton shirts", "quantity": "3",
             "unit_price": "90.00", "net_weight_kg": "0.6", "origin": "CN"}
        ],
        **fields,
    }  # fmt: skip


def many(count: int, seed: int = 1) -> list[Shipment]:
    """Different shipments, each with a reference of its own; most are lawful."""
    return [
        {"shipment": f"S-{number}", **each} for number, each in enumerate(shipments(count, seed))
    ]


def answers(clearing: Clearing) -> list[str]:
    return [row["answer"] for row in clearing.rows()]


def receipts(clearing: Clearing) -> list[dict[str, Any]]:
    return [json.loads(body) for body in clearing.receipts()]


def summary(clearing: Clearing) -> dict[str, Any]:
    return clearing.tally.summary(1.0)


def quoted(shipment: Shipment) -> law.Answer:
    """What the law says of a shipment by itself."""
    native = {name: value for name, value in shipment.items() if name not in ("kind", "shipment")}
    return law.quote(native, today=CLOCK.now().date())


@pytest.fixture
def clearing(database: Database) -> Clearing:
    return Clearing(database, seed="no lot")


# --- all five economies ------------------------------------------------------------------------


def test_the_examples_to_all_five_economies_are_cleared_from_their_file(clearing: Clearing) -> None:
    clearing.files(EXAMPLES)
    told = receipts(clearing)
    assert {each["destination"] for each in told if each["destination"]} == set(ECONOMIES)
    assert [(each["shipment"], each["declaration"]) for each in told] == [
        ("DEMO-CN-1", "released"),
        ("DEMO-CN-2", "held"),
        ("DEMO-JP-1", "released"),
        ("DEMO-KR-1", "released"),
        ("DEMO-KR-2", "released"),
        ("DEMO-RU-1", "released"),
        ("DEMO-MN-1", "released"),
        ("DEMO-JP-2", None),
        ("DEMO-JP-3", "held"),
    ]
    found = summary(clearing)
    assert found["documents"]["shipment"] == {
        "accepted": 8, "rejected": 1, "duplicate": 0, "ignored": 0,
    }  # fmt: skip
    assert found["declarations"]["released"] == 6
    assert found["declarations"]["held"] == 2
    assert found["declarations"]["rejected"] == 1
    assert set(found["charges"]) == set(CURRENCIES)
    assert found["unknown_charges"] == 1


def test_a_receipt_says_what_the_law_says_of_the_shipment_by_itself(
    clearing: Clearing, tmp_path: Path
) -> None:
    lodged = many(200)
    clearing.documents(lodged, tmp_path)
    for shipment, told in zip(lodged, receipts(clearing), strict=True):
        answer = quoted(shipment)
        if answer.regime is None:
            assert told["answer"] == "rejected"
            assert told["codes"] == [each.code for each in answer.violations]
            continue
        assert (told["regime"], told["verdict"], told["total"], told["customs_value"]) == (
            answer.regime, answer.status, answer.total, answer.customs_value,
        )  # fmt: skip
        assert [(each["code"], each["amount"]) for each in told["charges"]] == [
            (each.code, each.amount) for each in answer.charges
        ]
        expected = {"payable": "released", "exempt": "released", "unknown": "held"}
        assert told["declaration"] == expected[answer.status]


def test_the_counts_and_the_sums_of_a_mixed_day_add_up(clearing: Clearing, tmp_path: Path) -> None:
    lodged = many(300, seed=2)
    lodged += deepcopy(lodged[:10])
    clearing.documents(lodged, tmp_path)
    found = summary(clearing)
    assert sum(found["documents"]["shipment"].values()) == len(lodged)
    assert found["documents"]["shipment"]["duplicate"] == 10
    assert sum(found["declarations"].values()) == len(lodged) - 10
    due: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for told in receipts(clearing)[:-10]:
        if told["declaration"] == "released":
            for charge in told["charges"]:
                due[told["currency"]][charge["code"]] += Decimal(charge["amount"])
    del found["charges"]["CNY"]
    assert {name: dict(sums) for name, sums in due.items()} == {
        name: {code: Decimal(amount) for code, amount in sums.items()}
        for name, sums in found["charges"].items()
    }
    recorded = clearing.query(
        """SELECT currency, code, sum(amount_minor) FROM shipment_charge
           JOIN declaration_event e USING (event_id) WHERE e.status = 'released' GROUP BY 1, 2"""
    )
    scale = {"JPY": 1, "KRW": 1, "RUB": 100, "MNT": 100}
    assert {(name, code): Decimal(minor) / scale[name] for name, code, minor in recorded} == {
        (name, code): amount for name, sums in due.items() for code, amount in sums.items()
    }


def test_a_batch_of_shipments_and_documents_of_retail_is_one_day(
    clearing: Clearing, tmp_path: Path
) -> None:
    retail = one_bundle("clean", 5).documents
    clearing.documents(
        [one("R-1"), *retail, one("R-2", destination="JP", currency="JPY")], tmp_path
    )
    clearing.files(simulate(Plan(3, 8, share=0.0, format="ceb"), tmp_path / "made").documents)
    found = summary(clearing)
    assert found["documents"]["shipment"]["accepted"] == 2
    assert found["documents"]["declaration"]["accepted"] == 4
    assert found["declarations"]["released"] >= 4
    assert float(found["charges"]["CNY"]["vat"]) > 0
    assert found["charges"]["KRW"]
    kinds = [json.loads(body)["kind"] for body in clearing.receipts() if body.startswith("{")]
    assert kinds == ["shipment", "order", "payment", "waybill", "declaration", "shipment"]


@pytest.mark.parametrize("documents_max", [1, 7, 100])
def test_the_size_of_the_batches_changes_no_answer(
    documents_max: int, clearing: Clearing, tmp_path: Path
) -> None:
    lodged = many(30, seed=4)
    clearing.documents(lodged, tmp_path, documents_max=documents_max)
    told = [{**each, "recorded_at": None} for each in receipts(clearing)]
    assert [each["shipment"] for each in told] == [each["shipment"] for each in lodged]
    totals = [quoted(each).total for each in lodged]
    assert [each["total"] for each in told] == totals


# --- what is wrong with a shipment --------------------------------------------------------------


def test_every_fault_of_reading_comes_back_as_the_receipt(
    clearing: Clearing, tmp_path: Path
) -> None:
    broken = [{"kind": "shipment", "shipment": f"B-{n}", **each} for n, each in enumerate(BROKEN)]
    clearing.documents(broken, tmp_path)
    told = receipts(clearing)
    assert answers(clearing) == ["rejected"] * len(broken)
    for raw, receipt in zip(BROKEN, told, strict=True):
        shipment, faults = read_shipment(raw, CLOCK.now().date())
        found = faults if shipment is None else law.quote(raw).violations
        assert receipt["codes"] == [each.code for each in found]
        assert receipt["charges"] is None
    rejected = pl.concat([outcome.violations for outcome in clearing.outcomes])
    assert rejected.height == sum(len(each["codes"]) for each in told)
    assert summary(clearing)["declarations"]["rejected"] == len(broken)


MISTAKEN = {
    "no reference": ({"shipment": None}, "FIELD_MISSING", "shipment"),
    "an empty reference": ({"shipment": "  "}, "FIELD_MISSING", "shipment"),
    "a reference that is no text": ({"shipment": {"a": 1}}, "VALUE_NOT_TEXT", "shipment"),
    "a reference that is too long": ({"shipment": "x" * 61}, "TEXT_TOO_LONG", "shipment"),
    "a control character": ({"shipment": "a\u0001"}, "CONTROL_CHARACTER", "shipment"),
    "NUL in a description": (
        {"items": [{**one()["items"][0], "description": "a\u0000b"}]},
        "CONTROL_CHARACTER",
        "items[0].description",
    ),
    "half a character": ({"seller": "\ud800"}, "TEXT_NOT_UNICODE", "seller"),
    "a day that has not come": ({"date": "2026-12-24"}, "DECLARED_IN_FUTURE", "date"),
    "a day that is none": ({"date": "2026-02-30"}, "DATE_INVALID", "date"),
    "items that are no list": ({"items": {}}, "ITEMS_NOT_LIST", "items"),
    "no items": ({"items": []}, "ITEMS_MISSING", "items"),
    "too many items": ({"items": [one()["items"][0]] * 100}, "ITEMS_TOO_MANY", "items"),
    "another economy": ({"destination": "FR"}, "WORD_UNKNOWN", "destination"),
    "a buyer that is a word": ({"buyer": "P123"}, "VALUE_NOT_TABLE", "buyer"),
}


@pytest.mark.parametrize("case", MISTAKEN)
def test_a_mistake_is_named_by_its_code_and_field(
    case: str, clearing: Clearing, tmp_path: Path
) -> None:
    fields, code, path = MISTAKEN[case]
    clearing.documents([one(**fields)], tmp_path)
    (outcome,) = clearing.outcomes
    assert answers(clearing) == ["rejected"]
    assert (code, path) in zip(outcome.violations["code"], outcome.violations["path"], strict=True)
    clearing.documents([one(**fields)], tmp_path)
    assert answers(clearing) == ["rejected", "duplicate"]
    assert len({*clearing.receipts()}) == 1


def test_a_key_that_stands_twice_is_refused_at_any_depth(
    clearing: Clearing, tmp_path: Path
) -> None:
    text = json.dumps(one())
    twice = [
        text.replace('"currency"', '"currency": "EUR", "currency"'),
        text.replace('"quantity"', '"quantity": "1", "quantity"'),
    ]
    (tmp_path / "twice.ndjson").write_text("\n".join(twice), encoding="utf-8")
    clearing.files(tmp_path / "twice.ndjson")
    assert [each["codes"] for each in receipts(clearing)] == [["KEY_TWICE"], ["KEY_TWICE"]]
    assert [each["info"] for each in receipts(clearing)] == [
        "KEY_TWICE key 6", "KEY_TWICE key 8[0].key 3",
    ]  # fmt: skip


def test_a_line_that_was_mended_is_another_document(clearing: Clearing, tmp_path: Path) -> None:
    text = json.dumps(one())
    twice = text.replace('"currency"', '"currency": "USD", "currency"')
    (tmp_path / "mended.ndjson").write_text(f"{twice}\n{text}\n", encoding="utf-8")
    clearing.files(tmp_path / "mended.ndjson")
    assert answers(clearing) == ["rejected", "accepted"]


def test_numbers_and_texts_of_numbers_are_the_same_document(
    clearing: Clearing, tmp_path: Path
) -> None:
    text = json.dumps(one())
    bare = text.replace('"90.00"', "90.00").replace('"3"', "3").replace('{"kind"', '{ "kind"')
    (tmp_path / "two.ndjson").write_text(f"{text}\n{bare}\n", encoding="utf-8")
    clearing.files(tmp_path / "two.ndjson")
    assert answers(clearing) == ["accepted", "duplicate"]


def test_a_line_without_kind_is_a_shipment_if_it_has_a_destination(
    clearing: Clearing, tmp_path: Path
) -> None:
    bare = one()
    del bare["kind"]
    clearing.documents([bare, {"shipment": "R-2"}, one("R-3", kind="shipmant"), one()], tmp_path)
    assert [each["kind"] for each in receipts(clearing)] == ["shipment", None, None, "shipment"]
    assert answers(clearing) == ["accepted", "rejected", "rejected", "duplicate"]
    assert [each["codes"] for each in receipts(clearing)] == [
        [],
        ["KIND_MISSING"],
        ["KIND_UNKNOWN"],
        [],
    ]


def test_a_broken_line_of_a_shipment_keeps_its_answer(clearing: Clearing, tmp_path: Path) -> None:
    (tmp_path / "cut.ndjson").write_text(json.dumps(one())[:-9], encoding="utf-8")
    clearing.files(tmp_path / "cut.ndjson")
    (told,) = receipts(clearing)
    assert (told["kind"], told["answer"], told["codes"]) == (
        "shipment", "rejected", ["JSON_MALFORMED"],
    )  # fmt: skip


# --- the same again, and something else under the same reference -------------------------------


def test_the_same_shipment_again_gets_the_bytes_of_its_first_receipt(
    clearing: Clearing, tmp_path: Path
) -> None:
    clearing.documents([one(), one()], tmp_path)
    clearing.documents([one()], tmp_path)
    assert answers(clearing) == ["accepted", "duplicate", "duplicate"]
    assert len({*clearing.receipts()}) == 1
    assert clearing.query("SELECT count(*) FROM shipment_charge") == [(1,)]


def test_other_content_under_a_reference_is_refused_and_changes_nothing(
    clearing: Clearing, tmp_path: Path
) -> None:
    clearing.documents([one(), one(freight="9.00")], tmp_path)
    clearing.documents([one(freight="8.00"), one()], tmp_path)
    assert answers(clearing) == ["accepted", "rejected", "rejected", "duplicate"]
    first, *others, again = clearing.receipts()
    assert first == again
    assert [json.loads(each)["codes"] for each in others] == [["SHIPMENT_EXISTS"]] * 2
    assert [json.loads(each)["total"] for each in others] == [None, None]
    assert summary(clearing)["declarations"]["released"] == 1


def test_a_rejected_shipment_is_lodged_again_under_its_reference(
    clearing: Clearing, tmp_path: Path
) -> None:
    clearing.documents([one(currency="XXX1")], tmp_path)
    clearing.documents([one(destination="CN", regime="cbec")], tmp_path)
    clearing.documents([one()], tmp_path)
    assert answers(clearing) == ["rejected", "accepted", "accepted"]
    assert [each["declaration"] for each in receipts(clearing)] == [None, "rejected", "released"]
    statuses = clearing.query("SELECT status FROM declaration_event ORDER BY event_id")
    assert sorted(statuses) == [("rejected",), ("released",), ("replaced",)]


def test_a_reference_is_the_senders_own(database: Database, tmp_path: Path) -> None:
    for sender in ("one", "two"):
        clearing = Clearing(database, sender, seed="no lot")
        clearing.documents([one()], tmp_path)
        assert answers(clearing) == ["accepted"]


# --- decisions ---------------------------------------------------------------------------------


def decided(clearing: Clearing, folder: Path, *lodged: Shipment) -> list[tuple[Any, list[str]]]:
    clearing.documents(lodged, folder)
    return [(each["declaration"], each["codes"]) for each in receipts(clearing)]


def test_what_no_regime_admits_is_rejected_with_the_reasons_of_each(
    clearing: Clearing, tmp_path: Path
) -> None:
    refused = one(destination="CN", regime="cbec", currency="CNY")
    ((status, codes),) = decided(clearing, tmp_path, refused)
    assert quoted(refused).status == "not_admissible"
    assert (status, codes[0]) == ("rejected", "SHIPMENT_NOT_ADMISSIBLE")
    assert "PLATFORM_NOT_TOLD" in codes
    assert clearing.query("SELECT count(*) FROM shipment_charge") == [(0,)]
    assert clearing.query("SELECT verdict FROM shipment_assessment") == [("not_admissible",)]


def test_retail_of_china_as_a_shipment_is_assessed_and_held_for_its_counterparts(
    clearing: Clearing, tmp_path: Path
) -> None:
    retail = one(destination="CN", currency="CNY", platform="demo platform")
    assert quoted(retail).regime == "cbec"
    assert decided(clearing, tmp_path, retail) == [("held", ["SCREEN_COUNTERPARTS_REQUIRED"])]
    assert summary(clearing)["charges"] == {"CNY": {}}
    assert summary(clearing)["charges_on_hold"]["CNY"]["vat"] == quoted(retail).total
    assert clearing.query("SELECT count(*) FROM allowance_entry") == [(0,)]


def test_what_is_unknown_is_held_and_says_whether_a_rate_or_a_quantity_is_missing(
    clearing: Clearing, tmp_path: Path
) -> None:
    item = one()["items"][0]
    no_rate = one("R-1", destination="JP", currency="JPY", items=[{**item, "hs": "4202210001"}])
    weightless = {name: item[name] for name in item if name != "net_weight_kg"}
    no_weight = one("R-2", destination="RU", currency="EUR", items=[weightless])
    assert quoted(no_rate).status == quoted(no_weight).status == "unknown"
    assert decided(clearing, tmp_path, no_rate, no_weight) == [
        ("held", ["SCREEN_RATE_UNKNOWN"]),
        ("held", ["SCREEN_QUANTITY_UNKNOWN"]),
    ]
    assert summary(clearing)["unknown_charges"] == 2


def test_goods_that_are_not_named_are_held(clearing: Clearing, tmp_path: Path) -> None:
    item = one()["items"][0]
    gift = one("R-1", items=[item, {**item, "description": "gift"}])
    silent = one("R-2", items=[{name: item[name] for name in item if name != "description"}])
    assert decided(clearing, tmp_path, gift, silent) == [("held", ["SCREEN_VAGUE_DESCRIPTION"])] * 2


def test_the_lot_sends_a_shipment_to_examination(clearing: Clearing, tmp_path: Path) -> None:
    drawn = next(
        f"R-{number}"
        for number in range(10_000)
        if lots([f"tests|R-{number}"], clearing.seed)[0][0] < threshold(5_000)
    )
    ((status, codes),) = decided(clearing, tmp_path, one(drawn))
    assert status == "examination"
    assert "SCREEN_RANDOM_EXAMINATION" in codes


@pytest.mark.parametrize("field", ["seller", "platform"])
def test_a_listed_party_is_held_and_the_filer_is_not_told_why(
    field: str, database: Database, tmp_path: Path
) -> None:
    name = "Nonsuch Trading Company Limited"
    (tmp_path / "one.ndjson").write_text(json.dumps(one(**{field: name})), encoding="utf-8")
    parties = PartyIndex.build(
        pl.DataFrame({"name": [name], "list_name": ["demo"], "entry_id": ["1"]})
    )
    preparation = Preparation("tests", KEYS, known_codes(), parties, CLOCK)
    (texts,) = read(find([tmp_path]), documents_max=10)
    with database.connect() as connection:
        policy = Policy(True, "no lot", ScreeningLists())
        desk = Desk(connection.transaction, "tests", policy, CLOCK)
        (outcome,) = desk.receive(preparation.prepare(texts))
    told = json.loads(outcome.answers["receipt"].item())
    assert (told["declaration"], told["codes"]) == ("held", [])
    assert outcome.events["codes"].to_list() == ["SCREEN_LISTED_PARTY"]


# --- personal data -----------------------------------------------------------------------------

PERSONAL = ("P123456789012", "Ivan Petrov", "no such kind of person")


def everything(clearing: Clearing, but: Iterable[str] = ()) -> str:
    """All rows of all tables as text."""
    names = clearing.query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    return "\n".join(
        str(clearing.query(f"SELECT t::text FROM {name} t"))  # noqa: S608
        for (name,) in names
        if name not in but
    )


def test_nothing_personal_is_in_answers_violations_or_tables(
    clearing: Clearing, tmp_path: Path
) -> None:
    person = {"id": PERSONAL[0]}
    clearing.documents(
        [
            one("R-1", buyer=person),
            one("R-2", buyer={**person, PERSONAL[1]: "x"}),
            one("R-3", buyer={**person, "kind": PERSONAL[2]}),
            one("R-4", **{PERSONAL[1]: 1}),
            one("R-5", items=[{**one()["items"][0], PERSONAL[1]: "1"}]),
        ],
        tmp_path,
    )
    assert answers(clearing) == ["accepted"] + ["rejected"] * 4
    told = "\n".join(clearing.receipts())
    found = pl.concat([outcome.violations for outcome in clearing.outcomes])
    assert found["path"].to_list() == [
        "buyer.key 2", "buyer.kind", "key 9", "items[0].key 7",
    ]  # fmt: skip
    for secret in PERSONAL:
        assert secret not in told
        assert secret not in str(found.rows())
        assert secret not in everything(clearing)


def test_what_was_told_is_sealed_under_the_key_of_the_buyer(
    clearing: Clearing, tmp_path: Path
) -> None:
    clearing.documents([one()], tmp_path)
    ((person, sealed, wrapped, digest),) = clearing.query(
        """SELECT encode(uuid_send(p.person), 'hex'), p.sealed, k.wrapped,
                  encode(uuid_send(s.digest), 'hex')
           FROM personal_data p JOIN person_key k USING (person)
           JOIN goods_shipment s USING (document_id) WHERE s.buyer_index = p.person"""
    )
    opened = json.loads(unseal(sealed, wrapped, person=person, digest=digest, keys=KEYS))
    assert json.loads(opened["native"])["buyer"] == {"id": "P123456789012"}


def test_a_batch_without_shipments_has_no_frame_of_them(tmp_path: Path) -> None:
    (tmp_path / "retail.ndjson").write_text(
        "\n".join(map(json.dumps, one_bundle("clean", 5).documents)), encoding="utf-8"
    )
    (texts,) = read(find([tmp_path]))
    assert texts.shipments is None
    assert texts.violations.equals(no_violations())
