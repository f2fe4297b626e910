"""Published and derived cases of the regime, and what is unknown."""

import ast
import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tumen.kernel.chains import IN_LINE_MAX
from tumen.kernel.limits import AMOUNT_MINOR_MAX
from tumen.law.cn import cbec
from tumen.law.cn.cbec_reference import assess
from tumen.law.cn.shipment import Item, Quantity, Shipment
from tumen.law.parameters import history

ROOT = Path(__file__).parents[2]
SHARED_CASES = ROOT / "../shared/cases/law_cases.json"
HANDBAG, LIPSTICK, WHISKY, CREAM = "4202210000", "3304100093", "2208300000", "3304990099"

CASES = [
    # id, day, code, price in fen, expected total in fen (worked source in the shared case file)
    ("CN-02b", date(2019, 1, 1), HANDBAG, 300_000, 33_600),
    ("CN-02b", date(2019, 3, 31), HANDBAG, 300_000, 33_600),
    ("CN-02c", date(2019, 4, 1), HANDBAG, 300_000, 27_300),
    ("CN-02c", date(2026, 11, 23), HANDBAG, 300_000, 27_300),
]
COMPOSITES = [
    # id, day, code, quantity in grams, composite rate in millionths of the customs value
    ("CN-03a", date(2016, 4, 8), HANDBAG, None, "11.9"),
    ("CN-03c", date(2017, 1, 1), CREAM, 1, "26.3529"),
    ("CN-03d", date(2018, 5, 1), HANDBAG, None, "11.2"),
    ("CN-03f", date(2019, 4, 1), CREAM, 1, "23.0588"),
    ("CN-03g", date(2019, 4, 1), "2204210000", None, "17.8889"),
    ("CN-03h", date(2019, 4, 1), "4901990000", None, "6.3"),
    ("make-up before 2016-10-01", date(2016, 9, 30), LIPSTICK, None, "47"),
]


def grams(amount: int | None) -> tuple[Quantity, ...]:
    return () if amount is None else (Quantity(amount * 10**5, "036"),)


def item_frame(**columns: object) -> pl.DataFrame:
    row = {
        "hs_code": HANDBAG,
        "day": date(2024, 1, 1),
        "customs_value_fen": 10_000,
        "verdict": cbec.WITHIN_LIMIT,
        "quantity_e5": 100_000,
        "unit": "007",
        "quantity_1_e5": None,
        "unit_1": None,
        "quantity_2_e5": None,
        "unit_2": None,
    } | columns
    texts = ("hs_code", "verdict", "unit", "unit_1", "unit_2")
    schema = {"day": pl.Date} | dict.fromkeys(texts, pl.String)
    numbers = {name: pl.Int64 for name in row if name not in schema}
    return pl.DataFrame([row], schema_overrides=schema | numbers)


def charged(**columns: object) -> dict[str, object]:
    return cbec.charges(item_frame(**columns)).row(0, named=True)


@pytest.mark.parametrize(("case", "day", "code", "price", "total"), CASES)
def test_a_published_case_has_its_total(
    case: str, day: date, code: str, price: int, total: int
) -> None:
    found = assess(Shipment(day, (Item(code, price),), is_single_indivisible=True))
    (item,) = found.items
    amounts = (item.duty, item.consumption_tax, item.vat)
    assert sum(tax.amount_fen or 0 for tax in amounts) == total, case
    row = charged(hs_code=code, day=day, customs_value_fen=price)
    assert (row["duty_fen"], row["consumption_tax_fen"], row["vat_fen"]) == tuple(
        tax.amount_fen for tax in amounts
    )


@pytest.mark.parametrize(("case", "day", "code", "amount", "rate"), COMPOSITES)
def test_a_composite_rate_is_the_published_one(
    case: str, day: date, code: str, amount: int | None, rate: str
) -> None:
    """At a value of 100,000 CNY, so that the rounding to fen does not show in four decimals."""
    value = 10_000_000
    quantity = None if amount is None else amount * 10**5
    row = charged(hs_code=code, day=day, customs_value_fen=value, quantity_e5=quantity, unit="036")
    total = row["duty_fen"] + row["consumption_tax_fen"] + row["vat_fen"]  # type: ignore[operator]
    assert abs(Decimal(total) * 100 / value - Decimal(rate)) <= Decimal("0.00005"), case


def test_our_cases_are_those_of_the_shared_file() -> None:
    if not SHARED_CASES.exists():
        pytest.skip("the folder ../shared is absent: the case file is not compared")
    shared = json.loads(SHARED_CASES.read_text("utf-8"))
    ours = {case for case, *_ in (*CASES, *COMPOSITES)}
    theirs = {case["id"]: case for case in shared if case["regime"].startswith("cbec_")}
    assert set(theirs) <= ours
    for case, *_, rate in COMPOSITES:
        if case in theirs:
            published = theirs[case]["expected"]["composite_rate_pct"]
            assert Decimal(str(published)) == Decimal(rate)
    for case, *_, total in CASES:
        if case in theirs:
            assert Decimal(str(theirs[case]["expected"]["total"])) * 100 == total


@pytest.mark.parametrize(
    ("day", "amount", "used", "single", "expected"),
    [
        (date(2016, 4, 7), 1, 0, True, "not_in_force"),
        (date(2016, 4, 8), 200_000, 0, False, "within_limit"),
        (date(2018, 12, 31), 200_001, 0, True, "over_single_indivisible"),
        (date(2018, 12, 31), 200_001, 0, False, "over_single_limit"),
        (date(2018, 12, 31), 200_000, 1_800_001, False, "over_annual_limit"),
        (date(2018, 12, 31), 200_001, 2_000_000, True, "over_single_indivisible"),
        (date(2018, 12, 31), 200_000, 1_800_001, True, "over_annual_limit"),
        (date(2019, 1, 1), 500_000, 2_100_000, False, "within_limit"),
        (date(2019, 1, 1), 500_000, 2_100_001, False, "over_annual_limit"),
        (date(2019, 1, 1), 500_001, 2_099_999, True, "over_single_indivisible"),
        (date(2019, 1, 1), 500_001, 2_099_999, False, "over_single_limit"),
        (date(2019, 1, 1), 500_001, 2_100_000, True, "over_annual_limit"),
        (date(2019, 1, 1), None, 0, True, None),
    ],
)
def test_a_verdict_follows_the_limits_of_its_day(
    day: date, amount: int | None, used: int, single: bool, expected: str | None
) -> None:
    frame = pl.DataFrame(
        {
            "day": [day],
            "declaration_value_fen": [amount],
            "is_single_indivisible": [single],
            "used_before_fen": [used],
        },
        schema_overrides={"declaration_value_fen": pl.Int64},
    )
    assert cbec.verdict(frame)["verdict"].to_list() == [expected]


@pytest.mark.parametrize(
    ("day", "amount", "single", "counted"),
    [
        (date(2018, 12, 31), 200_000, True, True),
        (date(2018, 12, 31), 200_001, True, False),
        (date(2018, 12, 31), 200_001, False, False),
        (date(2019, 1, 1), 500_001, True, True),
        (date(2019, 1, 1), 2_600_001, True, False),
    ],
)
def test_what_uses_the_years_allowance_follows_the_law_of_its_day(
    day: date, amount: int, single: bool, counted: bool
) -> None:
    frame = pl.DataFrame(
        {
            "day": [day],
            "declaration_value_fen": [amount],
            "is_single_indivisible": [single],
            "used_before_fen": [0],
        }
    )
    assert cbec.verdict(frame)["is_counted"].to_list() == [counted]


def test_a_verdict_is_given_to_no_rows_too() -> None:
    assert cbec.charges(item_frame().clear()).is_empty()


def test_an_item_above_the_limit_pays_duty_and_everything_in_full() -> None:
    """1,000 CNY of whisky, 0.7 l: duty 5 %, S = 0.7 x 0.912, P = (1000 + 50 + 0.64) / 0.8."""
    row = charged(
        hs_code=WHISKY,
        customs_value_fen=100_000,
        verdict=cbec.OVER_SINGLE_INDIVISIBLE,
        quantity_1_e5=70_000,
        unit_1="095",
    )
    assert (row["duty_rate_ppm"], row["duty_fen"]) == (50_000, 5_000)
    assert row["vat_base_fen"] == 131_330  # 105,064 / 0.8
    assert row["consumption_tax_fen"] == 26_330  # 131,330 x 20 % + 64
    assert row["vat_fen"] == 17_073  # 131,330 x 13 %: 17,072.9


def test_the_vat_base_contains_the_full_consumption_tax() -> None:
    row = charged(hs_code=CREAM, customs_value_fen=85_000, quantity_e5=100_000, unit="036")
    assert row["vat_base_fen"] == 100_000
    assert (row["consumption_tax_fen"], row["vat_fen"]) == (10_500, 9_100)


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"hs_code": CREAM}, "quantity"),
        ({"hs_code": CREAM, "unit": "036", "quantity_e5": None}, "quantity"),
        ({"hs_code": CREAM, "unit": "036", "quantity_e5": 0}, "quantity"),
        ({"hs_code": "7113111000"}, "cn.consumption_tax.jewellery.rate"),
        ({"hs_code": "2402200000"}, "cn.consumption_tax.tobacco.rate"),
        ({"hs_code": None}, "hs_code"),
        ({"customs_value_fen": None}, "customs_value_fen"),
        ({"customs_value_fen": 10**12 + 1}, "customs_value_fen"),
        ({"verdict": cbec.OVER_SINGLE_LIMIT}, "verdict"),
        ({"verdict": None}, "verdict"),
        ({"day": date(2016, 4, 7)}, "cn.cbec.duty_rate"),
        (
            {"hs_code": "9999999999", "verdict": cbec.OVER_SINGLE_INDIVISIBLE},
            "cn.tariff.9999999999",
        ),
    ],
)
def test_what_is_unknown_is_named_and_is_not_zero(columns: dict[str, object], missing: str) -> None:
    row = charged(**columns)
    assert row["missing"] == missing
    assert row["vat_fen"] is None
    assert row["consumption_tax_fen"] is None


def test_an_answer_names_what_it_is_not_certain_of() -> None:
    row = charged(day=date(2018, 6, 1))
    assert row["unverified"] == "cn.cbec.apportionment,cn.cbec.rounding,cn.vat.standard"
    full = charged(verdict=cbec.OVER_SINGLE_INDIVISIBLE)
    assert str(full["unverified"]).endswith("cn.tariff")


def test_freight_and_insurance_are_shared_to_the_fen_in_the_order_of_the_items() -> None:
    """7 fen over 1 : 1 : 1 are 2.33, 4.67, 7 together: 2, 5, 7: so 2, 3, 2."""
    frame = pl.DataFrame(
        {
            "declaration": [2, 1, 1, 1],
            "item": [1, 3, 1, 2],
            "value_fen": [50, 100, 100, 100],
            "freight_fen": [9, 5, 5, 5],
            "insurance_fen": [0, 2, 2, 2],
        }
    )
    found = cbec.value(frame)
    assert found["customs_value_fen"].to_list() == [59, 102, 102, 103]
    assert found["declaration_value_fen"].to_list() == [59, 307, 307, 307]


def test_every_step_of_the_explanation_has_numbers_and_a_citation() -> None:
    shipment = Shipment(
        date(2024, 1, 1), (Item(CREAM, 85_000, grams(1)), Item(HANDBAG, 1_234)), freight_fen=100
    )
    found = assess(shipment)
    codes = {(step.item, step.code) for step in found.steps}
    assert {(None, "verdict"), (0, "consumption_tax_base"), (0, "vat"), (1, "duty")} <= codes
    assert all(step.numbers and step.citation and step.formula for step in found.steps)


def test_the_vat_within_the_limits_cites_the_act_of_its_seventy_per_cent() -> None:
    steps = assess(Shipment(date(2024, 1, 1), (Item(HANDBAG, 85_000),))).steps
    (vat,) = [step.citation for step in steps if step.code == "vat"]
    assert vat == "财政部 税务总局 海关总署公告2019年第39号, 1; 财关税〔2016〕18号, 3"


def test_a_value_whose_first_day_is_not_certain_is_not_confirmed() -> None:
    for name in ("cn.cbec.return_apply_days", "cn.cbec.return_back_days"):
        (value,) = history(name)
        assert (value.evidence, value.confidence) == ("unverified", 80)


def test_a_tax_of_a_few_fen_is_collected_and_the_explanation_says_so() -> None:
    """1.00 CNY: VAT 1.00 x 13 % x 70 % = 0.09. As an article it would bear nothing."""
    found = assess(Shipment(date(2024, 1, 1), (Item(HANDBAG, 100),)))
    assert found.items[0].vat.amount_fen == 9
    (step,) = [each for each in found.steps if each.code == "no_exemption"]
    assert (step.item, step.citation) == (None, "财关税〔2016〕18号")
    assert step.numbers == "0.09: collected in full, however small"
    above = assess(Shipment(date(2024, 1, 1), (Item(HANDBAG, 600_000),)))
    assert above.verdict == "over_single_limit"
    assert "no_exemption" not in [each.code for each in above.steps]


@pytest.mark.parametrize("name", ["cn/cbec.py", "columns.py"])
def test_the_vectorised_law_has_no_bare_product_or_quotient(name: str) -> None:
    tree = ast.parse((ROOT / "src/tumen/law" / name).read_text("utf-8"))
    bare = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.FloorDiv | ast.Div)
    ]
    assert bare == []


def test_a_table_of_many_days_is_charged_as_each_day_alone() -> None:
    """Its rates are found once for each period: at each change of the law, and the day before."""
    changes = ["2016-04-08", "2016-10-01", "2017-07-01", "2018-05-01", "2019-01-01", "2019-04-01",
               "2026-01-01"]  # fmt: skip
    firsts = [date.fromisoformat(day) for day in changes]
    days = [*firsts, *(day - timedelta(days=1) for day in firsts), None, date(2024, 2, 29)]
    codes = (HANDBAG, LIPSTICK, WHISKY, CREAM, "0409000000", "2203000000", "9999", None)
    frames = [
        item_frame(hs_code=code, day=day, unit="035", customs_value_fen=value)
        for day in days
        for code in codes
        for value in (9_999, 400_000)
    ]
    repeated = pl.concat(frames * 3)
    alone = pl.concat([cbec.charges(frame) for frame in frames] * 3)
    assert len(repeated) > IN_LINE_MAX
    assert cbec.charges(repeated).equals(alone)


def test_a_table_in_order_shares_freight_as_the_same_rows_in_any_order() -> None:
    chance = random.Random(3)
    sizes = [chance.randint(1, 4) for _ in range(IN_LINE_MAX)]
    places = [(number, item) for number, size in enumerate(sizes) for item in range(size)]
    rows = pl.DataFrame(
        {
            "declaration": [number for number, _ in places],
            "item": [item for _, item in places],
            "value_fen": [chance.choice([0, 1, 3, 1_000, AMOUNT_MINOR_MAX // 9]) for _ in places],
            "freight_fen": [number * 7 for number, _ in places],
            "insurance_fen": [number % 3 for number, _ in places],
        }
    )
    in_order, mixed = cbec.value(rows), cbec.value(rows.sample(fraction=1, shuffle=True, seed=3))
    assert mixed.sort("declaration", "item").equals(in_order)
    whole = in_order.group_by("declaration").agg(
        pl.col("customs_value_fen").sum(), pl.col("declaration_value_fen").first()
    )
    valued = whole.filter(pl.col("customs_value_fen") > 0)
    assert len(valued) > 0
    assert valued["customs_value_fen"].equals(valued["declaration_value_fen"])
