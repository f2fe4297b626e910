"""Each fault is really in the documents, and nothing else is."""

from decimal import Decimal
from typing import Any

import pytest
from stdnum.cn import ric

from tumen.simulation import FAULTS, Bundle, examined, one_bundle, scenario
from tumen.simulation.goods import all_goods
from tumen.simulation.mishaps import CONTRIVE

SEEDS = range(12)


def cases(fault: str) -> list[Bundle]:
    return [one_bundle(fault, seed) for seed in SEEDS]


def of(bundle: Bundle, kind: str) -> dict[str, Any]:
    return next(document for document in bundle.documents if document["kind"] == kind)


def answers(bundle: Bundle, kind: str) -> dict[str, int]:
    return {answer: n for (k, answer), n in bundle.truth.answers.items() if k == kind}


def value(bundle: Bundle) -> Decimal:
    declaration = of(bundle, "declaration")
    goods = sum(Decimal(item["total_price"]) for item in declaration["items"])
    return goods + Decimal(declaration["freight"]) + Decimal(declaration["insurance"])


def test_every_fault_can_be_put_in() -> None:
    assert set(CONTRIVE) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bundle_with_a_fault_says_so_and_every_row_has_one_answer(fault: str) -> None:
    for bundle in cases(fault):
        assert (bundle.fault, bundle.status) == (fault, FAULTS[fault].status)
        assert sum(bundle.truth.answers.values()) == len(bundle.sendings)


@pytest.mark.parametrize(
    "fault",
    [name for name, fault in FAULTS.items() if fault.status == "pending" and "missing" not in name],
)
def test_a_declaration_that_stays_pending_lacks_an_accepted_counterpart(fault: str) -> None:
    for bundle in cases(fault):
        rejected = [s for s in bundle.sendings if s.answer == "rejected"]
        deleted = [s for s in bundle.sendings if s.document.get("function_code") == "3"]
        assert len(rejected) + len(deleted) == 1
        assert answers(bundle, "declaration") == {"accepted": 1}


@pytest.mark.parametrize("kind", ["order", "payment", "waybill"])
def test_a_missing_document_is_not_sent(kind: str) -> None:
    for bundle in cases(f"{kind}_missing"):
        assert kind not in {document["kind"] for document in bundle.documents}
        assert len(bundle.documents) == 3


def test_a_wrong_identity_number_fails_its_check_digit_on_order_and_list() -> None:
    for bundle in cases("identity_check_digit"):
        number = of(bundle, "order")["buyer_id_number"]
        assert number == of(bundle, "declaration")["buyer_id_number"]
        assert not ric.is_valid(number)
        assert answers(bundle, "order") == answers(bundle, "declaration") == {"rejected": 1}


def test_a_wrong_line_total_is_the_only_thing_that_is_wrong() -> None:
    for bundle in cases("line_total"):
        order = of(bundle, "order")
        wrong = [
            item
            for item in order["items"]
            if Decimal(item["quantity"]) * Decimal(item["unit_price"])
            != Decimal(item["total_price"])
        ]
        assert len(wrong) == 1
        assert sum(Decimal(i["total_price"]) for i in order["items"]) == Decimal(
            order["goods_value"]
        )
        assert Decimal(order["amount_paid"]) == sum(
            Decimal(order[name]) for name in ("goods_value", "freight", "tax_total")
        ) - Decimal(order["discount"])


def test_the_amount_paid_is_not_the_sum_of_its_parts_but_the_payment_agrees() -> None:
    for bundle in cases("amount_identity"):
        order = of(bundle, "order")
        parts = sum(Decimal(order[n]) for n in ("goods_value", "freight", "tax_total"))
        assert Decimal(order["amount_paid"]) != parts - Decimal(order["discount"])
        assert of(bundle, "payment")["amount_paid"] == order["amount_paid"]


def test_a_short_payment_is_positive_and_below_the_order() -> None:
    for bundle in cases("payment_amount"):
        paid = Decimal(of(bundle, "payment")["amount_paid"])
        assert 0 < paid < Decimal(of(bundle, "order")["amount_paid"])


@pytest.mark.parametrize(
    ("fault", "kind", "name", "other", "theirs"),
    [
        ("payer_not_buyer", "payment", "payer_id_number", "order", "buyer_id_number"),
        ("buyer_mismatch", "declaration", "buyer_id_number", "order", "buyer_id_number"),
        ("consignee_mismatch", "waybill", "consignee_address", "order", "consignee_address"),
    ],
)
def test_a_party_differs_where_it_must(
    fault: str, kind: str, name: str, other: str, theirs: str
) -> None:
    for bundle in cases(fault):
        assert of(bundle, kind)[name] != of(bundle, other)[theirs]
        if name.endswith("id_number"):
            assert ric.is_valid(of(bundle, kind)[name])


def test_a_list_may_have_a_line_fewer_but_never_none() -> None:
    for bundle in cases("item_count"):
        lines = len(of(bundle, "declaration")["items"])
        assert lines == len(of(bundle, "order")["items"]) - 1 >= 1


def test_a_line_of_the_list_that_differs_still_adds_up() -> None:
    for bundle in cases("item_mismatch"):
        ours, theirs = of(bundle, "order")["items"][0], of(bundle, "declaration")["items"][0]
        assert ours["quantity"] != theirs["quantity"]
        assert Decimal(theirs["quantity"]) * Decimal(theirs["unit_price"]) == Decimal(
            theirs["total_price"]
        )


def test_an_unknown_code_is_of_the_reserved_chapter() -> None:
    assert all(of(b, "declaration")["items"][0]["hs_code"][:2] == "77" for b in cases("unknown_hs"))


def test_several_pieces_exceed_the_single_limit() -> None:
    for bundle in cases("over_single_limit"):
        assert 5_000 < value(bundle) < 26_000
        assert int(of(bundle, "declaration")["items"][0]["quantity"]) > 1


def test_one_indivisible_piece_exceeds_the_single_limit_alone() -> None:
    for bundle in cases("over_single_indivisible"):
        items = of(bundle, "declaration")["items"]
        assert len(items) == 1
        assert items[0]["quantity"] == "1"
        assert 5_000 < value(bundle) < 26_000


def test_five_orders_fill_the_year_and_the_sixth_exceeds_it() -> None:
    for seed in SEEDS:
        year = scenario("over_annual", seed)
        assert len({of(b, "declaration")["buyer_id_number"] for b in year}) == 1
        assert sum(value(b) for b in year[:5]) < 26_000 < sum(value(b) for b in year)
        assert all(value(b) < 5_000 for b in year)
        assert year[-1].comes_last


def test_a_duplicate_is_the_same_document_after_the_first() -> None:
    for bundle in cases("duplicate_document"):
        again = bundle.sendings[-1]
        assert again.answer == "duplicate"
        assert again.document in [s.document for s in bundle.sendings[:-1]]
        assert bundle.keeps_order


def test_versions_of_an_order_have_the_function_and_the_age_that_decide_their_answer() -> None:
    expected = {
        "conflicting_order": [("1", True, "rejected")],
        "amended_order": [("2", True, "accepted")],
        "late_message": [("2", False, "ignored")],
        "deleted_order": [("3", True, "accepted")],
    }
    for fault, versions in expected.items():
        for bundle in cases(fault):
            orders = [s for s in bundle.sendings if s.document["kind"] == "order"]
            first, *others = orders
            assert first.answer == "accepted"
            assert [
                (
                    s.document["function_code"],
                    s.document["issued_at"] > first.document["issued_at"],
                    s.answer,
                )
                for s in others
            ] == versions
            assert bundle.keeps_order


def test_the_list_follows_the_amendment_and_the_deletion() -> None:
    for fault in ("amended_order", "deleted_order"):
        for bundle in cases(fault):
            kinds = [document["kind"] for document in bundle.documents]
            assert kinds == ["order", "order", "payment", "waybill", "declaration"]


@pytest.mark.parametrize("fault", ["revoked", "revoked_too_late", "returned", "return_too_much"])
def test_what_comes_after_cites_the_reference_of_the_list_on_the_next_day(fault: str) -> None:
    for bundle in cases(fault):
        after = bundle.sendings[-1]
        declaration = of(bundle, "declaration")
        assert after.is_late
        assert after.document["declaration_number"] == declaration["own_reference"]
        assert after.document["issued_at"][:8] > declaration["declared_on"]


def test_a_return_names_lines_of_the_list_and_too_much_is_more_than_was_sent() -> None:
    for fault, sign in (("returned", 0), ("partly_returned", 0), ("return_too_much", 1)):
        for bundle in cases(fault):
            listed = {i["item_number"]: i for i in of(bundle, "declaration")["items"]}
            back = bundle.sendings[-1].document["items"]
            for item in back:
                sent = listed[item["item_number"]]
                assert item["hs_code"] == sent["hs_code"]
                assert (int(item["quantity"]) > int(sent["quantity"])) == bool(sign)
            assert (len(back) == len(listed)) or fault != "returned"
            assert (len(back) < len(listed)) or fault != "partly_returned"


def test_a_price_outlier_is_below_a_tenth_of_the_lowest_reference() -> None:
    low = {goods.hs_code: goods.low_fen for goods in all_goods()}
    for bundle in cases("value_outlier"):
        item = of(bundle, "declaration")["items"][0]
        price = Decimal(item["unit_price"]) * 100
        assert 0 < price * 10 < low[item["hs_code"]]
        assert Decimal(of(bundle, "order")["amount_paid"]) > 0


def test_a_vague_name_stands_on_order_and_list_alike() -> None:
    for bundle in cases("vague_description"):
        name = of(bundle, "order")["items"][0]["item_name"]
        assert name in ("礼品", "gift")
        assert name == of(bundle, "declaration")["items"][0]["goods_name"]


def test_a_random_examination_delays_a_return_and_lets_a_revocation_through() -> None:
    returned = examined(one_bundle("returned").truth)
    assert (returned.status, returned.answers["return", "rejected"]) == ("examination", 1)
    revoked = examined(one_bundle("revoked_too_late").truth)
    assert (revoked.status, revoked.answers["revocation", "accepted"]) == ("revoked", 1)
    pending = one_bundle("payment_missing").truth
    assert examined(pending) is pending
    assert examined(one_bundle().truth).status == "examination"
