"""Each business rule: what it lets pass and what it finds."""

from calendar import monthrange

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.clean_documents import BUYER, a_batch

from tumen.codelist.violations import is_rejecting, violation
from tumen.documents.fields import TABLED, Kind
from tumen.documents.rules import KnownCodes, all_rules, check
from tumen.documents.rules.dates import not_a_date
from tumen.kernel.violation import violations

TEA = KnownCodes(frozenset({"0902109000"}))
ORDER, PAYMENT, WAYBILL = Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL
DECLARATION, REVOCATION, RETURN = Kind.DECLARATION, Kind.REVOCATION, Kind.RETURN
BONDED = {
    "procedure": "1210", "dispatch_country": "142", "account_book": "T1", "warehouse_code":
    "1105910159", "conveyance": None, "voyage": None, "transport_document": None,
}  # fmt: skip


def found(kind, head=None, items=({}, {}), **terms):
    frame = check(a_batch(kind, head, items), TEA, **terms).violations
    return list(zip(frame["code"], frame["path"], strict=True))


@pytest.mark.parametrize("kind", TABLED)
def test_a_clean_document_has_no_violation(kind):
    assert found(kind) == []


def test_a_clean_bonded_declaration_has_no_violation():
    recorded = {"record_number": "1"}
    assert found(DECLARATION, BONDED, (recorded, recorded)) == []


PASSING = [
    ("a change", ORDER, {"function_code": "2"}),
    ("a stored document", ORDER, {"submission_status": "1"}),
    ("a credit code with its check digit", ORDER, {"merchant_code": "91110000600037341L"}),
    ("a customs code with letters", ORDER, {"merchant_code": "610166BA05"}),
    ("a check character x", ORDER, {"buyer_id_number": "11010119000101009x"}),
    ("no district", ORDER, {"consignee_district": None}),
    ("an empty district", ORDER, {"consignee_district": ""}),
    ("a leap day", PAYMENT, {"paid_at": "20240229235959"}),
    ("the carrier as guarantor", DECLARATION, {"guarantor_code": "91110000600037341L"}),
    ("an order without freight text", ORDER, {"freight": None}),
    ("no date of arrival", DECLARATION, {"arrived_on": None}),
    ("equal weights", DECLARATION, {"net_weight_kg": "1.2"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "kind", "head"), PASSING, ids=[line[0] for line in PASSING])
def test_a_document_may_have(what, kind, head):
    assert found(kind, head) == [], what


HEAD_FAULTS = [
    ("FUNCTION_CODE_INVALID", ORDER, {"function_code": "4"}),
    ("FUNCTION_CODE_INVALID", REVOCATION, {"function_code": "2"}),
    ("SUBMISSION_STATUS_INVALID", WAYBILL, {"submission_status": "3"}),
    ("ORDER_TYPE_UNSUPPORTED", ORDER, {"order_type": "E"}),
    ("DIRECTION_UNSUPPORTED", DECLARATION, {"direction": "E"}),
    ("CURRENCY_UNSUPPORTED", PAYMENT, {"currency": "502"}),
    ("IDENTITY_TYPE_UNSUPPORTED", PAYMENT, {"payer_id_type": "2"}),
    ("IDENTITY_NUMBER_INVALID", ORDER, {"buyer_id_number": "360426199101010072"}),
    ("IDENTITY_NUMBER_INVALID", PAYMENT, {"payer_id_number": "12345"}),
    ("IDENTITY_BIRTH_DATE_IMPLAUSIBLE", ORDER, {"buyer_id_number": "360426199102300070"}),
    ("IDENTITY_BIRTH_DATE_IMPLAUSIBLE", ORDER, {"buyer_id_number": "360426210001010079"}),
    ("ENTERPRISE_CODE_INVALID", WAYBILL, {"carrier_code": "91110000600037341M"}),
    ("ENTERPRISE_CODE_INVALID", ORDER, {"platform_code": "12345"}),
    ("GUARANTOR_NOT_A_PARTY", DECLARATION, {"guarantor_code": "9999999999"}),
    ("PROCEDURE_NOT_SERVED", DECLARATION, {"procedure": "1239"}),
    ("PROCEDURE_UNKNOWN", DECLARATION, {"procedure": "0110"}),
    ("REQUIRED_FOR_PROCEDURE", DECLARATION, {"voyage": None}),
    ("REQUIRED_FOR_PROCEDURE", DECLARATION, {"conveyance": "  "}),
    ("TRANSPORT_MODE_INVALID", DECLARATION, {"transport_mode": "?"}),
    ("TRANSPORT_MODE_UNVERIFIED", DECLARATION, {"transport_mode": "Q"}),
    ("COUNTRY_CODE_INVALID", DECLARATION, {"dispatch_country": "JPN"}),
    ("COUNTRY_CODE_UNVERIFIED", DECLARATION, {"dispatch_country": "998"}),
    ("DISTRICT_INVALID", ORDER, {"consignee_district": "1101A1"}),
    ("NAME_BLANK", ORDER, {"buyer_name": "  "}),
    ("NAME_BLANK", RETURN, {"reason": " "}),
    ("AMOUNT_NEGATIVE", WAYBILL, {"freight": "-0.00001"}),
    ("AMOUNT_TOO_LARGE", PAYMENT, {"amount_paid": "10000000000.00001"}),
    ("AMOUNT_PAID_MISMATCH", ORDER, {"amount_paid": "114.10001"}),
    ("GOODS_VALUE_MISMATCH", ORDER, {"goods_value": "100.01", "amount_paid": "114.11"}),
    ("PACKAGE_COUNT_NOT_ONE", WAYBILL, {"package_count": 6000}),
    ("WEIGHT_NOT_POSITIVE", WAYBILL, {"gross_weight_kg": "0"}),
    ("NET_WEIGHT_ABOVE_GROSS", DECLARATION, {"net_weight_kg": "1.3"}),
    ("DATE_INVALID", PAYMENT, {"paid_at": "20260230101500"}),
    ("DATE_INVALID", PAYMENT, {"paid_at": "20260803101560"}),
    ("DATE_INVALID", PAYMENT, {"paid_at": "2026-08-03T101"}),
    ("DATE_INVALID", DECLARATION, {"declared_on": "99991231"}),
    ("DATE_INVALID", DECLARATION, {"declared_on": "19991231"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "head"), HEAD_FAULTS, ids=[f"{c}-{next(iter(h))}" for c, _, h in HEAD_FAULTS]
)
def test_a_fault_of_a_head_is_found_where_it_is(code, kind, head):
    assert found(kind, head) == [(code, next(iter(head)))]


@pytest.mark.parametrize(("form", "time"), [("date8", ""), ("time14", "235959")])
def test_the_glance_at_dates_passes_no_date_that_the_calendar_does_not_have(form, time):
    years = (1999, 2000, 2023, 2024, 2100, 2101)
    days = [(y, m, d) for y in years for m in range(14) for d in range(33)]
    written = [f"{y}{m:02}{d:02}{time}" for y, m, d in days]
    texts = [*written, None, "", written[40] + "0", written[40][:-1], "２０２４０１０１" + time]
    fault = not_a_date("date", form)
    frame = pl.DataFrame({"date": texts}).select(wrong=fault.test, seen=fault.screen)
    assert frame.filter(pl.col("wrong") & ~pl.col("seen")).is_empty()
    right = [year in range(2000, 2101) and is_day(year, month, day) for year, month, day in days]
    assert frame["wrong"].to_list() == [*(not each for each in right), False, *[True] * 4]
    leap_days = frame.filter(pl.col("seen") & ~pl.col("wrong")).height
    assert leap_days == 2  # of 2000 and 2024: only these take a look at the calendar


def is_day(year, month, day):
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


ITEM_FAULTS = [
    ("CURRENCY_UNSUPPORTED", ORDER, {"currency": "502"}),
    ("QUANTITY_NOT_POSITIVE", RETURN, {"quantity": "0"}),
    ("QUANTITY_NOT_POSITIVE", DECLARATION, {"quantity_1": "-1"}),
    ("QUANTITY_TOO_LARGE", RETURN, {"quantity": "10000000.1"}),
    ("LINE_TOTAL_MISMATCH", DECLARATION, {"total_price": "50.00001"}),
    ("COUNTRY_CODE_INVALID", ORDER, {"origin": "JP "}),
    ("COUNTRY_CODE_UNVERIFIED", DECLARATION, {"trade_country": "997"}),
    ("UNIT_CODE_INVALID", RETURN, {"unit": "kg."}),
    ("UNIT_CODE_UNVERIFIED", DECLARATION, {"unit_2": "998"}),
    ("NAME_BLANK", DECLARATION, {"goods_name": " "}),
    ("HS_CODE_UNKNOWN", DECLARATION, {"hs_code": "8541401000"}),
    ("HS_CODE_UNKNOWN", RETURN, {"hs_code": "09021A9000"}),
    ("HS_LINE_UNVERIFIED", DECLARATION, {"hs_code": "0902209000"}),
    ("ITEM_NUMBER_NOT_CONSECUTIVE", DECLARATION, {"item_number": 3}),
    ("ITEM_NUMBER_REPEATED", DECLARATION, {"item_number": 1}),
    ("ITEM_NUMBER_REPEATED", RETURN, {"item_number": 1}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "item"), ITEM_FAULTS, ids=[f"{c}-{next(iter(i))}" for c, _, i in ITEM_FAULTS]
)
def test_a_fault_of_an_item_is_found_where_it_is(code, kind, item):
    assert found(kind, items=({}, item)) == [(code, f"items[1].{next(iter(item))}")]


def test_a_price_below_zero_is_found():
    item = {"unit_price": "-1", "total_price": "-2"}
    assert [path for _, path in found(DECLARATION, items=({}, item))] == [
        "items[1].unit_price", "items[1].total_price",
    ]  # fmt: skip


def test_a_gift_has_the_price_zero():
    assert found(DECLARATION, items=({}, {"unit_price": "0", "total_price": "0"})) == []


def test_a_return_may_name_any_item_of_the_declaration():
    assert found(RETURN, items=({"item_number": 3}, {"item_number": 2})) == []


def test_a_known_line_of_eight_digits_covers_its_ten_digit_codes():
    batch = a_batch(DECLARATION, items=({"hs_code": "0902109012"},))
    assert check(batch, KnownCodes(frozenset({"09021090"}))).violations.is_empty()


def test_a_line_total_may_be_truncated_or_rounded_at_the_fifth_decimal():
    thirds = {"quantity": "1.00001", "unit_price": "3.33333"}
    truncated, rounded = ({**thirds, "total_price": total} for total in ("3.33336", "3.33337"))
    assert found(DECLARATION, items=(truncated, rounded)) == []


def test_a_tolerance_lets_totals_miss_by_so_many_fen():
    item = {"unit_price": "25.005", "total_price": "50"}
    assert found(DECLARATION, items=(item,)) != []
    assert found(DECLARATION, items=(item,), tolerance_fen=1) == []


def test_the_largest_numbers_of_the_format_do_not_overflow():
    huge = "999999999999.99999"
    codes = {code for code, _ in found(
        DECLARATION, items=({"quantity": huge, "unit_price": huge, "total_price": huge},)
    )}  # fmt: skip
    assert codes == {"QUANTITY_TOO_LARGE", "AMOUNT_TOO_LARGE", "LINE_TOTAL_MISMATCH"}


def test_bonded_import_needs_book_warehouse_and_record_numbers():
    head = BONDED | {"account_book": None, "warehouse_code": None}
    assert found(DECLARATION, head, ({"record_number": "1"}, {"record_number": " "})) == [
        ("REQUIRED_FOR_PROCEDURE", "account_book"),
        ("REQUIRED_FOR_PROCEDURE", "warehouse_code"),
        ("REQUIRED_FOR_PROCEDURE", "items[1].record_number"),
    ]


def test_bonded_goods_leave_from_china():
    assert ("DISPATCH_COUNTRY_MISMATCH", "dispatch_country") in found(
        DECLARATION, BONDED | {"dispatch_country": "116"}, ({"record_number": "1"},)
    )


def test_all_faults_of_a_document_are_collected():
    head = {"function_code": "9", "currency": "502", "issued_at": "x", "buyer_id_number": "1"}
    codes = [code for code, _ in found(ORDER, head, ({}, {"quantity": "3"}))]
    assert sorted(codes) == [
        "CURRENCY_UNSUPPORTED", "DATE_INVALID", "FUNCTION_CODE_INVALID",
        "IDENTITY_NUMBER_INVALID", "LINE_TOTAL_MISMATCH",
    ]  # fmt: skip


def test_a_value_that_broke_the_format_makes_no_second_violation():
    head = dict.fromkeys(("function_code", "goods_value", "issued_at", "currency", "amount_paid"))
    assert found(ORDER, head, ({}, {"total_price": None, "item_number": None})) == []


def test_a_missing_field_that_broke_the_format_is_told_once():
    row = pl.DataFrame({"row": [0]})
    before = violations(row, "TEXT_TOO_LONG", "voyage")
    batch = check(a_batch(DECLARATION, {"voyage": None}, violations=before), TEA)
    assert batch.violations["code"].to_list() == ["TEXT_TOO_LONG"]


def test_personal_values_are_never_shown():
    head = {"buyer_id_number": BUYER[:-1] + "2", "buyer_name": " "}
    told = check(a_batch(ORDER, head), TEA).violations
    assert told["value"].to_list() == [None, None]


def test_only_the_faulty_document_of_many_is_told():
    batch = a_batch(WAYBILL, documents=5)
    head = batch.heads[WAYBILL].with_columns(
        package_count=pl.when(pl.col("row") == 3).then(2).otherwise("package_count")
    )
    batch = type(batch)(batch.rows, {WAYBILL: head}, {}, batch.violations)
    assert check(batch, TEA).violations["row"].to_list() == [3]


def test_every_rule_says_what_it_asks_and_finds_only_catalogued_codes():
    for rule in all_rules():
        assert rule.says.endswith("."), rule.name
        for code in rule.codes:
            assert violation(code).layer == "business"


def test_every_fault_of_these_tests_is_announced_by_a_rule():
    announced = {code for rule in all_rules() for code in rule.codes}
    assert {code for code, _, _ in HEAD_FAULTS + ITEM_FAULTS} <= announced


def test_an_unverified_code_only_warns():
    assert not is_rejecting("UNIT_CODE_UNVERIFIED")


@settings(max_examples=60, deadline=None)
@given(quantity=st.integers(1, 10**17), price=st.integers(0, 10**17), total=st.integers(0, 10**17))
def test_a_line_total_is_judged_as_with_numbers_of_any_size(quantity, price, total):
    batch = a_batch(DECLARATION, items=({},))
    items = batch.items[DECLARATION].with_columns(
        quantity=pl.lit(quantity), unit_price=pl.lit(price), total_price=pl.lit(total)
    )
    told = check(type(batch)(batch.rows, batch.heads, {DECLARATION: items}, batch.violations), TEA)
    is_off = abs(quantity * price - total * 100_000) >= 100_000
    assert ("LINE_TOTAL_MISMATCH" in told.violations["code"].to_list()) == is_off
