"""What is wrong with a native shipment, what comes again, and what nobody is shown."""

import json
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from lodging import answers, one, receipts, summary
from shipments import BROKEN

from clearing import CLOCK, KEYS, Clearing
from tumen import law
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.kernel.violation import no_violations
from tumen.law.native.reading import read as read_shipment
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.window.privacy import unseal


@pytest.fixture
def clearing(database: Database) -> Clearing:
    return Clearing(database, seed="no lot")


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
