"""The two twins of the law give the same integers, on every engine."""

import random
from datetime import date, timedelta

import duckdb
import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import example, given, settings

from tumen.kernel.limits import AMOUNT_MINOR_MAX, QUANTITY_E5_MAX, RATE_SCALE
from tumen.law.cn import cbec
from tumen.law.cn.cbec_rates import KEYS, rates
from tumen.law.cn.cbec_reference import assess, counts_to_annual
from tumen.law.cn.shipment import Item, Quantity, Shipment
from tumen.law.goods import duty_rates, goods_classes
from tumen.law.parameters import history, parameters

ITEM_SCHEMA = {
    "declaration": pl.Int64,
    "item": pl.Int32,
    "day": pl.Date,
    "hs_code": pl.String,
    "value_fen": pl.Int64,
    "freight_fen": pl.Int64,
    "insurance_fen": pl.Int64,
    "quantity_e5": pl.Int64,
    "unit": pl.String,
    "quantity_1_e5": pl.Int64,
    "unit_1": pl.String,
    "quantity_2_e5": pl.Int64,
    "unit_2": pl.String,
}
NOTHING = Quantity(None, None)

BOUNDARIES = sorted({value.first for name in parameters() for value in history(name)})
DAYS = st.sampled_from(
    [day + timedelta(days=n) for day in BOUNDARIES for n in (-1, 0, 1)]
) | st.dates(date(2016, 1, 1), date(2030, 12, 31))
CODES = sorted(
    {
        (prefix + "0000000000")[:10]
        for tax in ("cn.vat", "cn.consumption_tax")
        for goods in goods_classes(tax)
        for prefix in goods.prefixes
    }
    | {"3304990099", "2208300000", "4202210000", "9101110000", "9506310000", "0000000000"}
)
UNITS = st.sampled_from([None, "", "007", "008", "010", "020", "035", "036", "095", "096", "070"])
AMOUNTS = st.integers(0, 2_000_000) | st.integers(0, AMOUNT_MINOR_MAX // 8)
LIMITS = [200_000, 500_000, 2_000_000, 2_600_000]
NEAR_LIMITS = st.sampled_from([limit + n for limit in LIMITS for n in (-1, 0, 1)])
AMOUNTS_E5 = st.none() | st.integers(-1, 10**7) | st.integers(1, QUANTITY_E5_MAX)
QUANTITIES = st.builds(Quantity, AMOUNTS_E5, UNITS)
ITEMS = st.builds(
    Item,
    st.sampled_from(CODES),
    AMOUNTS | NEAR_LIMITS,
    st.tuples(QUANTITIES, QUANTITIES, QUANTITIES),
)
SHIPMENTS = st.builds(
    Shipment,
    DAYS,
    st.lists(ITEMS, min_size=1, max_size=4).map(tuple),
    st.just(0) | st.integers(0, 50_000) | st.integers(0, AMOUNT_MINOR_MAX // 8),
    st.just(0) | st.integers(0, 10_000),
    st.just(0) | st.integers(0, 2_700_000),
    st.booleans(),
)


def item_rows(shipments: list[Shipment]) -> pl.DataFrame:
    rows = []
    for number, shipment in enumerate(shipments):
        for place, item in enumerate(shipment.items):
            stated = (*item.quantities, NOTHING, NOTHING, NOTHING)[:3]
            rows.append(
                (
                    *(number, place, shipment.day, item.hs_code, item.value_fen),
                    *(shipment.freight_fen, shipment.insurance_fen),
                    *(part for each in stated for part in (each.amount_e5, each.unit)),
                )
            )
    return pl.DataFrame(rows, schema=ITEM_SCHEMA, orient="row")


def judged(shipments: list[Shipment]) -> pl.DataFrame:
    """The items with their customs value and the verdict on their declaration."""
    valued = cbec.value(item_rows(shipments))
    heads = valued.unique("declaration", maintain_order=True).select(
        "declaration", "day", "declaration_value_fen"
    )
    heads = heads.with_columns(
        used_before_fen=pl.Series([each.used_before_fen for each in shipments], dtype=pl.Int64),
        is_single_indivisible=pl.Series([each.is_single_indivisible for each in shipments]),
    )
    verdicts = cbec.verdict(heads).select("declaration", "verdict", "is_counted")
    return valued.join(verdicts, on="declaration", how="left", maintain_order="left")


COMPARED = (
    *("is_counted", "verdict", "customs_value_fen", "declaration_value_fen"),
    *("duty_base_fen", "duty_rate_ppm", "duty_fen"),
    *("consumption_tax_base_fen", "consumption_tax_rate_ppm", "consumption_tax_fen"),
    *("vat_base_fen", "vat_rate_ppm", "vat_fen", "missing"),
)


def by_vectors(shipments: list[Shipment]) -> list[tuple[object, ...]]:
    return cbec.charges(judged(shipments)).select(COMPARED).rows()


def by_reference(shipments: list[Shipment]) -> list[tuple[object, ...]]:
    return [
        (
            counts_to_annual(found.verdict, shipment.day),
            *(found.verdict, each.customs_value_fen, found.declaration_value_fen),
            *(each.duty.base_fen, each.duty.rate_ppm, each.duty.amount_fen),
            each.consumption_tax.base_fen,
            each.consumption_tax.rate_ppm,
            each.consumption_tax.amount_fen,
            *(each.vat.base_fen, each.vat.rate_ppm, each.vat.amount_fen, each.missing),
        )
        for shipment, found in zip(shipments, map(assess, shipments), strict=True)
        for each in found.items
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(SHIPMENTS, min_size=1, max_size=6))
@example([Shipment(date(2024, 1, 1), (Item("4202210000", 0),), 100)])
def test_the_twins_give_the_same_integers(shipments: list[Shipment]) -> None:
    assert by_vectors(shipments) == by_reference(shipments)


def one(day: date, value: int, code: str = "4202210000", **more: object) -> Shipment:
    return Shipment(day, (Item(code, value, more.pop("quantities", ())),), **more)  # type: ignore[arg-type]


def test_the_twins_agree_a_fen_around_every_limit_and_a_day_around_every_date() -> None:
    days = [day + timedelta(days=n) for day in BOUNDARIES for n in (-1, 0, 1)]
    shipments = [
        one(day, limit + n, is_single_indivisible=single, used_before_fen=used)
        for day in days
        for limit in LIMITS
        for n in (-1, 0, 1)
        for single in (True, False)
        for used in (0, 2_600_000 - limit, 2_000_000 - limit, 2_600_000)
        if used >= 0
    ]
    assert by_vectors(shipments) == by_reference(shipments)


@pytest.mark.parametrize(
    ("code", "unit", "amount_e5", "threshold"),
    [
        ("3304990099", "036", 5_000_000, 50_000),  # 50 g at 10 CNY
        ("3304990099", "035", 3_333, 33_330),  # 33.33 g at 10 CNY
        ("3303000020", "096", 777_777, 7_778),  # 7.77777 ml at 10 CNY: 77.7777
        ("3304990099", "020", 300_000, 4_500),  # 3 sheets at 15 CNY
        ("9102110000", "008", 200_000, 2_000_000),  # 2 watches at 10,000 CNY
        ("2203000000", "035", 10_000_000, 30_000),  # 100 kg of beer at 3,000 CNY a tonne
        ("2203000000", "095", 9_880_000, 30_000),  # 98.8 l are 100 kg
    ],
)
def test_a_trigger_is_reached_at_its_value_and_not_a_fen_below(
    code: str, unit: str, amount_e5: int, threshold: int
) -> None:
    quantities = (Quantity(amount_e5, unit),)
    shipments = [
        one(
            date(2024, 1, 1),
            threshold + n,
            code,
            quantities=quantities,
            freight_fen=f,
            is_single_indivisible=True,
        )
        for n in (-1, 0, 1)
        for f in (0, 1)
    ]
    assert by_vectors(shipments) == by_reference(shipments)
    below, _, reached, *_ = (
        cbec.charges(judged(shipments))
        .select("consumption_tax_rate_ppm", "consumption_tax_unit_fen")
        .rows()
    )
    assert below != reached


# --- the limits of int64 -------------------------------------------------------------------------


def at_the_limits() -> list[Shipment]:
    """The largest amounts and quantities that the kernel lets in, in every class and unit."""
    units = ["007", "008", "020", "035", "036", "063", "070", "095", "096"]
    day = date(2024, 1, 1)
    quantities = [(Quantity(n, unit),) for unit in units for n in (1, QUANTITY_E5_MAX)]
    codes = ["3304990099", "2208300000", "2203000000", "2206001000", "9101110000", "2204210000"]
    return [
        Shipment(day, (Item(code, AMOUNT_MINOR_MAX, stated),))
        for code in codes
        for stated in quantities
    ]


def largest(engine_frame: pl.DataFrame) -> pl.DataFrame:
    """The limit rows as if they were within the limits, and as a single item above them."""
    return pl.concat(
        [
            engine_frame.with_columns(verdict=pl.lit(name))
            for name in (cbec.WITHIN_LIMIT, cbec.OVER_SINGLE_INDIVISIBLE)
        ]
    )


def limit_items() -> pl.DataFrame:
    return largest(cbec.value(item_rows(at_the_limits())))


def test_no_product_leaves_int64_at_the_limits() -> None:
    """Exact fractions over Polars' own base and rate give the payable amounts."""
    for row in cbec.charges(limit_items()).to_dicts():
        if row["missing"] is not None:
            assert row["vat_fen"] is None
            continue
        value, rate = row["customs_value_fen"], row["consumption_tax_rate_ppm"]
        unit = row["consumption_tax_unit_fen"]
        quantity, per = row["consumption_tax_quantity_e5"] or 0, row["consumption_tax_per_e5"]
        specific = (2 * quantity * unit + per) // (2 * per)
        before = value + row["duty_fen"]
        assert row["duty_fen"] == (value * row["duty_rate_ppm"] + RATE_SCALE // 2) // RATE_SCALE
        full = (2 * (before * rate + specific * RATE_SCALE) // (RATE_SCALE - rate) + 1) // 2
        assert row["vat_base_fen"] == before + full
        scale = RATE_SCALE * 100
        vat = row["vat_base_fen"] * row["vat_rate_ppm"] * row["vat_factor_percent"]
        assert row["vat_fen"] == (vat + scale // 2) // scale
        tax = (row["vat_base_fen"] * rate + specific * RATE_SCALE) * row[
            "consumption_tax_factor_percent"
        ]
        assert row["consumption_tax_fen"] == (tax + scale // 2) // scale


def test_the_bounds_hold_on_paper_too() -> None:
    """The largest rate of the tables times the largest base stays below 2^62."""
    duty = max(duty_rates().values())
    rate_max = max(
        int(value.value)
        for name in parameters()
        if name.startswith("cn.consumption_tax") and name.endswith(".rate")
        for value in history(name)
    )
    unit_max = 100_000  # fen a tonne; the largest unit amount of the tables
    specific = QUANTITY_E5_MAX * unit_max // 10**5  # a quantity in tonnes
    before = AMOUNT_MINOR_MAX + AMOUNT_MINOR_MAX * duty // RATE_SCALE + specific
    base = before * RATE_SCALE // (RATE_SCALE - rate_max)
    assert base * rate_max + specific * RATE_SCALE < 2**62
    assert all(
        int(value.value) <= unit_max
        for name in parameters()
        if ".unit" in name
        for value in history(name)
    )


def test_apportionment_is_exact_at_the_limits() -> None:
    half = AMOUNT_MINOR_MAX // 2
    items = tuple(Item("4202210000", value) for value in (half - 1, 1, half - 7, 7))
    shipments = [
        Shipment(date(2024, 1, 1), items, AMOUNT_MINOR_MAX - 1, 1),
        Shipment(date(2024, 1, 1), items[::-1], 999_999_999_983),
    ]
    assert by_vectors(shipments) == by_reference(shipments)


# --- the same on DuckDB --------------------------------------------------------------------------


def charges_on_duckdb(items: pl.DataFrame) -> pl.DataFrame:
    """The road of another engine: keys, rates joined with nulls equal, and the same stages."""
    with duckdb.connect() as connection:
        relation = connection.from_arrow(items.with_row_index("place").to_arrow())
        keys = pl.DataFrame(relation.select(*KEYS).distinct().pl())
        known = connection.from_arrow(rates(keys).to_arrow())
        same = " AND ".join(f"l.{key} IS NOT DISTINCT FROM r.{key}" for key in KEYS)
        joined = relation.set_alias("l").join(known.set_alias("r"), same, how="left")
        law = ", ".join(f"r.{name}" for name in known.columns if name not in KEYS)
        assessed = cbec.assess(joined.project(f"l.*, {law}"))
        return assessed.pl().sort("place").drop("place")


def values_on_duckdb(items: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect() as connection:
        return cbec.value(connection.from_arrow(items.to_arrow())).pl().sort("declaration", "item")


def verdicts_on_duckdb(declarations: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect() as connection:
        return cbec.verdict(connection.from_arrow(declarations.to_arrow())).pl()


def random_shipments(count: int, seed: int) -> list[Shipment]:
    """Seeded shipments; one large batch costs DuckDB no more than a small one."""
    dice = random.Random(seed)
    days = [day + timedelta(days=n) for day in BOUNDARIES for n in (-1, 0, 1)]
    units = [None, "007", "008", "020", "035", "036", "095", "096"]

    def item() -> Item:
        amounts = (None, 0, 1, dice.randrange(1, 10**7), dice.randrange(1, 10**12))
        stated = tuple(Quantity(dice.choice(amounts), dice.choice(units)) for _ in range(3))
        return Item(dice.choice(CODES), dice.choice((0, 1, dice.randrange(600_000))), stated)

    return [
        Shipment(
            dice.choice(days),
            tuple(item() for _ in range(dice.randrange(1, 6))),
            dice.choice((0, dice.randrange(50_000))),
            dice.choice((0, dice.randrange(1_000))),
            dice.choice((0, dice.randrange(2_700_000))),
            dice.random() < 0.5,
        )
        for _ in range(count)
    ]


def test_duckdb_gives_the_same_integers_as_polars() -> None:
    shipments = random_shipments(2_000, seed=20190101)
    rows = item_rows(shipments)
    assert values_on_duckdb(rows).rows() == cbec.value(rows).rows()
    items = judged(shipments)
    assert charges_on_duckdb(items).rows() == cbec.charges(items).rows()


def test_duckdb_gives_the_same_integers_at_the_limits() -> None:
    items = limit_items()
    assert charges_on_duckdb(items).rows() == cbec.charges(items).rows()


def test_duckdb_gives_the_same_verdicts() -> None:
    declarations = pl.DataFrame(
        [
            (day + timedelta(days=n), limit + m, single, 2_600_000 - limit)
            for day in (date(2016, 4, 8), date(2019, 1, 1))
            for n in (-1, 0)
            for limit in LIMITS
            for m in (-1, 0, 1)
            for single in (True, False)
        ],
        schema=["day", "declaration_value_fen", "is_single_indivisible", "used_before_fen"],
        orient="row",
    )
    assert verdicts_on_duckdb(declarations).rows() == cbec.verdict(declarations).rows()
