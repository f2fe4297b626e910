"""What the generator makes: consignments that are right where they are clean."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from stdnum.cn import ric

from tumen.documents.fields import Kind, Part, field_names, fields
from tumen.kernel.errors import UsageError
from tumen.simulation import CLEAN, FAULTS, Bundle, Plan, bundles, one_bundle, scenario, stream
from tumen.simulation.goods import all_goods
from tumen.simulation.parties import PERSONS, person

KINDS = ("order", "payment", "waybill", "declaration")


def papers(bundle: Bundle) -> dict[str, dict[str, Any]]:
    return {document["kind"]: document for document in bundle.documents}


def customs_value(bundle: Bundle) -> Decimal:
    declaration = papers(bundle)["declaration"]
    goods = sum(Decimal(item["total_price"]) for item in declaration["items"])
    return goods + Decimal(declaration["freight"]) + Decimal(declaration["insurance"])


@pytest.fixture(scope="module")
def clean() -> list[Bundle]:
    return list(bundles(Plan(2_000, seed=11, share=0.0)))


@pytest.fixture(scope="module")
def mixed() -> list[Bundle]:
    return list(bundles(Plan(3_000, seed=12, share=0.5)))


def test_a_clean_bundle_has_one_document_of_each_of_four_kinds(clean: list[Bundle]) -> None:
    assert all(sorted(papers(b)) == sorted(KINDS) and len(b.documents) == 4 for b in clean)
    assert {b.status for b in clean} == {"released"}


def test_a_clean_bundle_has_the_truth_that_all_four_are_accepted() -> None:
    truth = one_bundle().truth
    assert truth.answers == {(kind, "accepted"): 1 for kind in KINDS}
    assert (truth.fault, truth.status) == (CLEAN, "released")


def test_bundles_have_one_to_five_goods_items_and_about_1_6_on_average(clean: list[Bundle]) -> None:
    counts = [len(papers(b)["order"]["items"]) for b in clean]
    assert set(counts) == {1, 2, 3, 4, 5}
    assert 1.5 < sum(counts) / len(counts) < 1.7


def test_documents_hold_only_fields_of_the_field_table_and_all_that_are_required(
    mixed: list[Bundle],
) -> None:
    for bundle in mixed:
        for document in bundle.documents:
            kind = Kind(document["kind"])
            assert set(document) - {"kind", "items"} <= set(field_names(kind, Part.HEAD))
            for item in document.get("items", []):
                assert set(item) <= set(field_names(kind, Part.ITEM))
            if bundle.fault != "missing_field":
                required = {f.name for f in fields(kind, Part.HEAD) if f.native == "required"}
                assert required <= set(document)


def test_every_value_is_a_filled_text_of_a_lawful_length(mixed: list[Bundle]) -> None:
    lengths = {(f.kind, f.part, f.name): f for f in fields_of_all_kinds()}
    for bundle in (b for b in mixed if b.fault not in ("overlong_field", "bad_number")):
        for document in bundle.documents:
            kind = Kind(document["kind"])
            for part, record in [(Part.HEAD, document)] + [
                (Part.ITEM, item) for item in document.get("items", [])
            ]:
                for name, value in record.items():
                    if name in ("kind", "items"):
                        continue
                    field = lengths[kind, part, name]
                    assert isinstance(value, str)
                    assert value
                    assert max(field.length_min, 1) <= len(value) <= (field.length_max or 1000)


def fields_of_all_kinds() -> list[Any]:
    return [f for kind in Kind for part in Part for f in fields(kind, part)]


def test_the_amounts_of_clean_bundles_add_up(clean: list[Bundle]) -> None:
    for bundle in clean:
        order = papers(bundle)["order"]
        number = {
            name: Decimal(order[name])
            for name in ("goods_value", "freight", "tax_total", "discount", "amount_paid")
        }
        for item in order["items"]:
            assert Decimal(item["quantity"]) * Decimal(item["unit_price"]) == Decimal(
                item["total_price"]
            )
        assert sum(Decimal(i["total_price"]) for i in order["items"]) == number["goods_value"]
        assert number["amount_paid"] == (
            number["goods_value"] + number["freight"] + number["tax_total"] - number["discount"]
        )


def test_the_four_documents_of_a_clean_bundle_agree(clean: list[Bundle]) -> None:
    for bundle in clean:
        order, payment, waybill, declaration = (papers(bundle)[kind] for kind in KINDS)
        assert payment["amount_paid"] == order["amount_paid"]
        assert payment["payment_number"] == order["payment_number"]
        assert payment["payer_id_number"] == order["buyer_id_number"]
        assert declaration["buyer_id_number"] == order["buyer_id_number"]
        assert declaration["waybill_number"] == waybill["waybill_number"]
        assert declaration["gross_weight_kg"] == waybill["gross_weight_kg"]
        assert Decimal(declaration["net_weight_kg"]) < Decimal(declaration["gross_weight_kg"])
        for name in ("consignee_name", "consignee_telephone", "consignee_address"):
            assert waybill[name] == order[name]
        for ours, theirs in zip(order["items"], declaration["items"], strict=True):
            assert ours["item_name"] == theirs["goods_name"]
            for name in ("item_number", "model", "quantity", "unit", "unit_price", "total_price"):
                assert ours[name] == theirs[name]


def test_each_procedure_has_its_conditional_fields(clean: list[Bundle]) -> None:
    seen: Counter[str] = Counter()
    for bundle in clean:
        declaration = papers(bundle)["declaration"]
        seen[declaration["procedure"]] += 1
        bonded = {"account_book", "warehouse_code"} <= set(declaration)
        direct = {"conveyance", "voyage", "transport_document"} <= set(declaration)
        assert (bonded, direct) == (
            (True, False) if declaration["procedure"] == "1210" else (False, True)
        )
        assert (declaration["dispatch_country"] == "142") == bonded
        assert all(("record_number" in item) == bonded for item in declaration["items"])
    assert set(seen) == {"9610", "1210"}


def test_identity_numbers_are_valid_and_nobody_is_alive(clean: list[Bundle]) -> None:
    for bundle in clean[:300]:
        number = papers(bundle)["order"]["buyer_id_number"]
        assert ric.is_valid(number)
        assert 1900 <= ric.get_birth_date(number).year < 1920
    assert all(ric.is_valid(person(n).id_number) for n in range(0, PERSONS, PERSONS // 997))


def test_persons_have_different_identity_numbers() -> None:
    assert len({person(number).id_number for number in range(20_000)}) == 20_000


def test_some_buyers_buy_often_and_none_exceeds_the_year(clean: list[Bundle]) -> None:
    used: dict[str, Decimal] = defaultdict(Decimal)
    times: Counter[str] = Counter()
    for bundle in clean:
        buyer = papers(bundle)["order"]["buyer_id_number"]
        used[buyer] += customs_value(bundle)
        times[buyer] += 1
    assert max(times.values()) >= 8
    assert max(used.values()) <= 26_000


def test_no_year_is_exceeded_by_accident_where_a_few_buy_everything() -> None:
    used: dict[str, Decimal] = defaultdict(Decimal)
    for bundle in bundles(Plan(6_000, seed=3, share=0.3)):
        if bundle.fault != "over_annual" and bundle.status in ("released", "held", "returned"):
            used[papers(bundle)["declaration"]["buyer_id_number"]] += customs_value(bundle)
    assert max(used.values()) <= 26_000


def test_no_clean_order_comes_near_the_single_limit(clean: list[Bundle]) -> None:
    values = sorted(customs_value(bundle) for bundle in clean)
    assert values[-1] < 4_900
    assert 100 < values[len(values) // 2] < 2_000


def test_prices_have_a_long_tail(clean: list[Bundle]) -> None:
    values = sorted(customs_value(bundle) for bundle in clean)
    assert values[len(values) * 99 // 100] > 5 * values[len(values) // 2]


def test_clean_prices_lie_within_the_reference_prices(mixed: list[Bundle]) -> None:
    bounds = {(g.hs_code, g.unit): (g.low_fen, g.high_fen) for g in all_goods()}
    for bundle in mixed:
        if bundle.fault in ("value_outlier", "unknown_hs"):
            continue
        for item in papers(bundle)["declaration"]["items"]:
            low, high = bounds[item["hs_code"], item["unit"]]
            assert low <= Decimal(item["unit_price"]) * 100 <= high


def test_message_identifiers_are_guids_and_differ_unless_sent_twice(mixed: list[Bundle]) -> None:
    seen: set[str] = set()
    for bundle in mixed:
        rows = [s for s in bundle.sendings if s.answer != "duplicate"]
        identifiers = [row.document["message_id"] for row in rows]
        assert all(len(i) == 36 and i == i.upper() for i in identifiers)
        assert not seen & set(identifiers)
        seen.update(identifiers)


def test_the_stream_is_lazy_at_any_size() -> None:
    documents, truth = next(stream(Plan(10_000_000, seed=1)))
    assert len(documents) >= 3
    assert truth.bundle == 0
    assert len(list(islice(stream(Plan(10_000_000, seed=1)), 50))) == 50


def test_the_same_seed_gives_the_same_bundles_and_another_seed_other_ones() -> None:
    one, same = (list(bundles(Plan(300, seed=5))) for _ in range(2))
    other = list(bundles(Plan(300, seed=6)))
    assert one == same
    assert not {b.order_number for b in one} & {b.order_number for b in other}
    assert not {papers(b)["declaration"]["buyer_id_number"] for b in one} & {
        papers(b)["declaration"]["buyer_id_number"] for b in other
    }


def test_bundles_are_spread_over_the_days_asked_for() -> None:
    plan = Plan(90, seed=1, day=date(2026, 12, 31), days=3, share=0.0)
    days = Counter(papers(bundle)["declaration"]["declared_on"] for bundle in bundles(plan))
    assert days == {"20261231": 30, "20270101": 30, "20270102": 30}


def test_the_share_of_faults_is_as_stated() -> None:
    drawn = Counter(b.fault for b in bundles(Plan(20_000, seed=2)))
    assert 0.045 < 1 - drawn[CLEAN] / 20_000 < 0.065
    assert set(drawn) == {CLEAN, *FAULTS}


def test_a_year_that_does_not_fit_any_more_is_left_out() -> None:
    assert {b.fault for b in bundles(Plan(5, fault="over_annual"))} == {CLEAN}
    assert [b.fault for b in scenario("over_annual")] == [CLEAN] * 5 + ["over_annual"]


@pytest.mark.parametrize(
    "plan",
    [
        Plan(0),
        Plan(1, seed=-1),
        Plan(1, seed=1_000_000),
        Plan(1, days=0),
        Plan(1, share=1.5),
        Plan(1, fault="no_such_fault"),
        Plan(1, format="csv"),
        Plan(1, fault="malformed_line", format="ceb"),
    ],
)
def test_a_plan_that_cannot_be_simulated_is_refused(plan: Plan) -> None:
    with pytest.raises(UsageError):
        bundles(plan)
