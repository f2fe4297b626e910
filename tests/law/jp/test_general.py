"""The general tariff: values, columns, overrides, excises, and what is unknown."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from parcels import amounts
from tests.law.jp.parcels import (
    DAY,
    DRESS,
    LAPTOP,
    LEATHER_SHOE,
    REGIME,
    SHOE_TARIFF,
    TOY,
    WINE,
    ad_valorem,
    codes,
    columns,
    goods,
    item_charge,
    missing,
    parcel,
    rate,
    ruled,
)

from tumen.law.consignment import ExchangeRate, TariffRate
from tumen.law.duty import AdValorem, Highest, Specific
from tumen.law.jp.regimes import REGIMES
from tumen.law.parameters import value_at

Columns = dict[str, TariffRate]

DRESS_TARIFF = columns(ad_valorem("general", 120), ad_valorem("wto", 91))
UNREAD = columns(rate("general", "別に定める率", None))
IN_EURO = columns(rate("general", "1€", Specific(Fraction(1), "EUR", "piece")))
SEVERAL_LINES = columns(rate("temporary", "", None))
HALF_BRACKETED = columns(ad_valorem("general", 39), rate("wto", "無税〜(3.9%)", None))


def by_column(general: int, temporary: int | None, wto: int, text: str | None = None) -> Columns:
    rates = [ad_valorem("general", general), ad_valorem("wto", wto, text)]
    return columns(*rates, *([] if temporary is None else [ad_valorem("temporary", temporary)]))


def test_freight_and_insurance_go_to_the_items_by_value_and_nothing_is_lost() -> None:
    """1,000 over 20,000 and 10,000: 666.67 and 333.33; bases 20,666 -> 20,000, 10,333 -> 10,000."""
    told = parcel(
        goods(0, TOY, 20_000, duty=100), goods(1, TOY, 10_000, duty=100), freight=600, insurance=400
    )
    found = ruled(told)
    assert found.customs_value == 31_000
    assert (item_charge(found, "duty", 0), item_charge(found, "duty", 1)) == (2_000, 1_000)


def test_a_business_has_no_personal_use_value() -> None:
    told = parcel(goods(0, TOY, 20_000, duty=0), purpose="personal", buyer_kind="business")
    assert ruled(told).customs_value == 20_000


@pytest.mark.parametrize(
    ("day", "flagged"), [(date(2026, 2, 19), False), (date(2026, 2, 20), True)]
)
def test_the_personal_use_value_is_flagged_from_the_day_of_the_bill(
    day: date, flagged: bool
) -> None:
    found = ruled(parcel(goods(0, TOY, 50_000, duty=0), day=day, purpose="personal"))
    assert found.customs_value == 30_000
    assert ("JP_PERSONAL_VALUE_MAY_HAVE_ENDED" in codes(found.warnings)) == flagged


def test_freight_left_out_of_a_personal_value_is_told() -> None:
    item = goods(0, TOY, 50_000, duty=0)
    assert "JP_PERSONAL_VALUE_FREIGHT" in codes(
        ruled(parcel(item, purpose="personal", freight=1)).warnings
    )
    assert "JP_PERSONAL_VALUE_FREIGHT" not in codes(ruled(parcel(item, freight=1)).warnings)


@pytest.mark.parametrize(
    ("origin", "day", "duty"),
    [
        ("CN", DAY, 9_100),
        ("US", DAY, 9_100),
        ("RU", date(2022, 4, 20), 9_100),
        ("RU", date(2022, 4, 21), 12_000),
    ],
)
def test_the_wto_rate_is_for_those_that_have_it(origin: str, day: date, duty: int) -> None:
    """100,000 x 9.1 % or x 12 %."""
    item = goods(0, DRESS, 100_000, origin=origin, tariff=DRESS_TARIFF)
    found = ruled(parcel(item, day=day))
    assert amounts(found)["duty"] == duty
    assert ("JP_NO_WTO_RATE" in codes(found.warnings)) == (duty == 12_000)


@pytest.mark.parametrize(
    ("tariff", "duty"),
    [
        (by_column(109, None, 109, "(10.9%)"), 10_900),
        (by_column(109, None, 120, "（12%）"), 10_900),
        (by_column(100, 42, 60), 4_200),
        (by_column(350, 250, 125), 12_500),
        (by_column(100, 250, 70, "(7%)"), 25_000),
        (columns(ad_valorem("general", 100), ad_valorem("gsp", 0), ad_valorem("ldc", 0)), 10_000),
    ],
)
def test_the_column_is_chosen_by_the_law(tariff: Columns, duty: int) -> None:
    """Temporary before general; WTO where lower, never in brackets; no GSP. On 100,000."""
    found = ruled(parcel(goods(0, DRESS, 100_000, tariff=tariff)))
    assert amounts(found)["duty"] == duty


@pytest.mark.parametrize(
    ("price", "quantity", "duty"),
    [
        # 30 % or 4,300 a pair, the higher: 20,000 x 30 % = 6,000; 10,000 x 30 % = 3,000 < 4,300
        (20_000, 1, 6_000),
        (10_000, 1, 4_300),
        (20_000, 2, 8_600),
    ],
)
def test_the_higher_of_two_rates_turns_on_the_pairs(price: int, quantity: int, duty: int) -> None:
    item = goods(0, LEATHER_SHOE, price, quantity=quantity, unit="pair", tariff=SHOE_TARIFF)
    assert amounts(ruled(parcel(item)))["duty"] == duty


def test_a_rate_by_quantity_alone_has_no_base_by_value() -> None:
    tariff = columns(rate("general", "31円/kg", Specific(Fraction(31), "JPY", "kg")))
    found = ruled(parcel(goods(0, "190120149", 50_000, kg=Fraction(7, 2), tariff=tariff)))
    (duty,) = [each for each in found.charges if (each.code, each.item) == ("duty", 0)]
    assert (duty.base, duty.amount) == (None, 108)  # 3.5 x 31 = 108.5


def test_an_override_wins_and_says_so() -> None:
    item = goods(
        0,
        DRESS,
        100_000,
        tariff=DRESS_TARIFF,
        rates={"duty": Fraction(1, 100), "consumption_tax": Fraction(624, 10_000)},
    )
    found = ruled(parcel(item))
    # 100,000 x 1 % = 1,000; 101,000 x 6.24 % = 6,302 -> 6,300; x 22/78 = 1,776 -> 1,700
    assert list(amounts(found).values()) == [1_000, 6_300, 1_700]
    assert {step.citation for step in found.steps if step.code == "duty"} == {
        "rate given by the filer"
    }


def test_liquor_tax_and_tobacco_tax_are_unknown_and_take_consumption_tax_with_them() -> None:
    for hs, name in ((WINE, "liquor_tax"), ("240220000", "excise"), ("271012137", "excise")):
        found = ruled(parcel(goods(0, hs, 50_000, duty=100)))
        assert found.status == "unknown"
        assert amounts(found)["duty"] == 5_000
        told = missing(found)
        assert set(told) == {name, "consumption_tax_national", "consumption_tax_local"}
        assert set(told.values()) == {f"jp.{name}.rate"}
        assert "RATE_UNKNOWN" in codes(found.warnings)


def test_drinks_below_one_per_cent_are_food_and_bear_no_liquor_tax() -> None:
    found = ruled(parcel(goods(0, "220600100", 100_000, duty=0)))
    assert amounts(found)["consumption_tax_national"] == 6_200
    assert "liquor_tax" not in amounts(found)


def test_a_given_liquor_tax_is_inside_the_base_of_consumption_tax() -> None:
    """50,000 x 10 % = 5,000; x 20 % = 10,000; 65,000 x 7.8 % = 5,070; 5,000 x 22/78 = 1,410."""
    item = goods(0, WINE, 50_000, rates={"duty": Fraction(1, 10), "liquor_tax": Fraction(1, 5)})
    assert list(amounts(ruled(parcel(item))).values()) == [5_000, 10_000, 5_000, 1_400]


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ({"hs": DRESS}, f"tariff.JP.{DRESS}"),
        ({"hs": DRESS, "origin": None, "tariff": DRESS_TARIFF}, "items[0].origin"),
        ({"hs": LEATHER_SHOE, "tariff": SHOE_TARIFF}, "items[0].quantity in pair"),
        ({"hs": DRESS, "tariff": DRESS_TARIFF | SEVERAL_LINES}, f"tariff.JP.{DRESS}.temporary"),
        ({"hs": DRESS, "tariff": HALF_BRACKETED}, f"tariff.JP.{DRESS}.wto"),
        (
            {"hs": DRESS, "tariff": UNREAD},
            f"tariff.JP.{DRESS}.general",
        ),
        (
            {
                "hs": DRESS,
                "tariff": columns(rate("general", "1€", Specific(Fraction(1), "EUR", "piece"))),
            },
            "exchange_rates.EUR",
        ),
        ({"hs": DRESS, "rates": {"duty": Fraction(-1, 100)}}, "items[0].rates.duty"),
        ({"hs": "6204"}, "items[0].hs"),
        ({"hs": "62044x"}, "items[0].hs"),
        ({"hs": DRESS, "price": -1, "duty": 0}, "items[0].unit_price"),
    ],
)
def test_what_is_unknown_is_named_and_is_never_zero(item: dict[str, Any], named: str) -> None:
    told = goods(**({"place": 0, "price": 50_000} | item))
    found = ruled(parcel(told))
    assert found.status == "unknown"
    assert found.total is None
    assert missing(found)["duty"] == named
    assert amounts(found)["consumption_tax_national"] is None
    assert ("RATE_UNKNOWN" in codes(found.warnings)) == named.startswith("tariff.")


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"freight": -1}, "freight"),
        ({"insurance": Fraction(-1)}, "insurance"),
        ({"day": date(2014, 3, 31)}, "jp.customs_value.basis"),
    ],
)
def test_bad_heads_and_early_days_are_unknown(more: dict[str, Any], named: str) -> None:
    found = ruled(parcel(**more))
    assert found.customs_value is None
    assert set(missing(found).values()) == {named}


@pytest.mark.parametrize("purpose", ["commercial", "personal"])
@pytest.mark.parametrize("freight", [0, 500])
def test_goods_without_a_price_have_an_unknown_value_and_are_not_exempt(
    purpose: str, freight: int
) -> None:
    """A gift is worth something too: its value is not told, and unknown is never zero."""
    free = [parcel(goods(0, TOY, 0, duty=0), freight=freight, purpose=purpose)]
    free.append(parcel(goods(0, TOY, 0, duty=0), goods(1, TOY, 5_000, duty=0), purpose=purpose))
    for told in free:
        found = ruled(told)
        assert (found.status, found.customs_value, found.total) == ("unknown", None, None)
        assert set(missing(found).values()) == {"items[0].unit_price"}
        (refusal,) = REGIME["simplified"].refusals(told)
        assert (refusal.code, refusal.path) == ("REGIME_NOT_TOLD", "items[0].unit_price")
    assert ruled(parcel(goods(0, TOY, 1, duty=0), purpose=purpose)).status == "exempt"


@pytest.mark.parametrize(
    ("tariff", "named", "act"),
    [
        (columns(ad_valorem("general", 100)), "jp.tariff.general", "関税定率法"),
        (
            columns(ad_valorem("general", 100), ad_valorem("temporary", 50)),
            "jp.tariff.temporary",
            "関税暫定措置法",
        ),
    ],
)
def test_each_rate_cites_the_act_that_sets_it(tariff: Columns, named: str, act: str) -> None:
    """The general rate stands in the tariff act, the temporary one in the temporary act."""
    found = ruled(parcel(goods(0, DRESS, 50_000, tariff=tariff)))
    (step,) = [each for each in found.steps if each.code == "duty_rate"]
    assert step.citation.startswith(act)
    (doubts,) = [each for each in found.warnings if each.code == "LAW_UNVERIFIED"]
    names = {"jp.tariff.general", "jp.tariff.temporary"}
    assert names & set(doubts.parameters["parameters"].split(", ")) == {named}


def test_a_foreign_specific_rate_is_converted_exactly() -> None:
    """2 pieces x 1 EUR x 160.5 yen = 321."""
    euro = ExchangeRate("EUR", Fraction(321, 2), DAY, "given")
    told = parcel(goods(0, DRESS, 50_000, quantity=2, tariff=IN_EURO), exchange={"EUR": euro})
    assert item_charge(ruled(told), "duty") == 321


def test_an_indicative_tariff_is_told() -> None:
    weak = TariffRate("general", "10%", AdValorem(Fraction(1, 10)), "a table", "weak")
    found = ruled(parcel(goods(0, DRESS, 50_000, tariff={"general": weak})))
    (told,) = [each for each in found.warnings if each.code == "TARIFF_INDICATIVE"]
    assert (told.path, told.parameters) == ("items[0].hs", {"edition": "a table"})
    found = ruled(parcel(goods(0, DRESS, 50_000, tariff=DRESS_TARIFF)))
    assert "TARIFF_INDICATIVE" not in codes(found.warnings)


def test_every_step_has_numbers_and_a_citation_and_doubts_are_named() -> None:
    told = parcel(goods(0, DRESS, 50_000, tariff=DRESS_TARIFF), goods(1, TOY, 100, duty=0))
    found = ruled(told)
    assert all(step.numbers and step.citation for step in found.steps)
    assert {"customs_value", "deminimis", "duty_rate", "duty", "payable_duty"} <= {
        step.code for step in found.steps
    }
    (doubts,) = [n for n in found.warnings if n.code == "LAW_UNVERIFIED"]
    assert "jp.mfn.cn" in doubts.parameters["parameters"].split(", ")


def test_the_regimes_are_in_the_order_of_the_law() -> None:
    assert [each.name for each in REGIMES] == ["simplified", "general", "digital_service"]
    assert value_at("jp.fx.rule", DAY).scalar == "week_before_last"


def test_the_wto_rate_of_two_readings_needs_no_measure_of_the_general_one() -> None:
    """The tariff itself says that an unbracketed WTO rate is lower than the general one."""
    shoe = Highest((AdValorem(Fraction(3, 5)), Specific(Fraction(4800), "JPY", "pair")))
    tariff = columns(rate("general", "60%又は4,800円/足", shoe), ad_valorem("wto", 216))
    assert (
        item_charge(ruled(parcel(goods(0, LEATHER_SHOE, 50_000, tariff=tariff))), "duty") == 10_800
    )
    assert ruled(parcel(goods(0, LAPTOP, 50_000, duty=0))).status == "payable"
