"""The lanes: each rule speaks and is silent where it should, on its days, and by a fair lot."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tumen.codelist.violations import is_rejecting, violation
from tumen.window.screening import (
    AnyRule,
    FirstTimeBuyer,
    RandomSelection,
    ScreeningLists,
    VagueDescription,
    ValueOutlier,
    lots,
    read_rules,
    rules,
    screen,
    threshold,
)
from tumen.window.states import TRANSITIONS, Lane, Status

DAY = date(2026, 11, 20)
PRICES = pl.DataFrame(
    {"hs_code": ["1901101090"], "unit": ["122"], "low_fen": [10_000], "high_fen": [30_000]}
)
NO_LOTS = tuple(rule for rule in rules() if not isinstance(rule, RandomSelection))


def case(document_id: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "key": f"PLATFORM|{document_id}",
        "day": DAY,
        "person": "00" * 16,
        "declaration_value_fen": 20_000,
        "is_first_time": False,
        "is_frozen": False,
        "party_hits": None,
        "is_rate_unknown": False,
        "is_quantity_unknown": False,
    } | changes


def item(document_id: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "position": 1,
        "hs_code": "1901101090",
        "goods_name": "婴幼儿配方奶粉",
        "quantity": 100_000,
        "unit": "122",
        "total_price": 20_000_000,
    } | changes


def case_frame(*cases: dict[str, Any]) -> pl.DataFrame:
    types = {"party_hits": pl.List(pl.String), "document_id": pl.Int64, "day": pl.Date}
    return pl.DataFrame(list(cases), schema_overrides=types)


def verdict(
    the_case: dict[str, Any] | None = None,
    the_item: dict[str, Any] | None = None,
    using: tuple[AnyRule, ...] = NO_LOTS,
    prices: pl.DataFrame = PRICES,
) -> tuple[str, list[str]]:
    screened = screen(
        case_frame(the_case or case()),
        pl.DataFrame([the_item or item()]),
        ScreeningLists(prices),
        "seed",
        using,
    )
    return screened["lane"].item(), screened["codes"].to_list()[0]


def test_what_uses_a_frozen_number_is_looked_at_by_an_officer() -> None:
    assert verdict(case(is_frozen=True)) == ("yellow", ["SCREEN_ALLOWANCE_FROZEN"])
    assert verdict(case()) == ("green", [])


def test_an_ordinary_declaration_is_green_and_no_rule_speaks() -> None:
    assert verdict() == ("green", [])


@pytest.mark.parametrize("total_price", [999_999, 300_000_001])
def test_a_price_more_than_ten_times_outside_the_reference_is_yellow(total_price: int) -> None:
    assert verdict(the_item=item(total_price=total_price)) == ("yellow", ["SCREEN_VALUE_OUTLIER"])


@pytest.mark.parametrize("total_price", [1_000_000, 300_000_000])
def test_a_price_of_exactly_a_tenth_or_ten_times_is_silent(total_price: int) -> None:
    assert verdict(the_item=item(total_price=total_price)) == ("green", [])


def test_the_price_is_that_of_one_unit() -> None:
    two = item(quantity=200_000, total_price=1_999_999)
    assert verdict(the_item=two)[0] == "yellow"
    assert verdict(the_item=two | {"total_price": 2_000_000})[0] == "green"


@pytest.mark.parametrize("change", [{"hs_code": "1901101010"}, {"unit": "035"}])
def test_without_a_reference_for_code_and_unit_a_price_is_never_an_outlier(
    change: dict[str, str],
) -> None:
    assert verdict(the_item=item(total_price=1, **change)) == ("green", [])
    assert verdict(the_item=item(total_price=1), prices=PRICES.clear()) == ("green", [])


def test_prices_and_quantities_at_the_limits_do_not_overflow() -> None:
    dear = pl.DataFrame(
        {"hs_code": ["1901101090"], "unit": ["122"], "low_fen": [1], "high_fen": [10**12]}
    )
    largest = item(quantity=10**12, total_price=10**17)
    assert verdict(the_item=largest, prices=dear) == ("green", [])


@pytest.mark.parametrize(
    "name",
    [
        "礼品",
        " 礼 品 ",
        "GIFT",
        "gift!",
        "Подарок",
        "ギフト",
        "ｷﾞﾌﾄ",
        "선물",
        "бэлэг",
        "酒",
        "123",
        "",
    ],
)
def test_a_name_that_tells_nothing_is_yellow_in_every_script(name: str) -> None:
    assert verdict(the_item=item(goods_name=name)) == ("yellow", ["SCREEN_VAGUE_DESCRIPTION"])


@pytest.mark.parametrize(
    "name",
    ["礼品包装纸", "香水", "T恤", "gift wrapping paper", "подарочная бумага", "선물용 초콜릿"],
)
def test_a_vague_word_within_a_telling_name_is_silent(name: str) -> None:
    assert verdict(the_item=item(goods_name=name)) == ("green", [])


def test_a_first_time_buyer_of_high_value_is_blue() -> None:
    rule = next(rule for rule in rules() if isinstance(rule, FirstTimeBuyer))
    dear = case(is_first_time=True, declaration_value_fen=rule.value_fen_min)
    assert verdict(dear) == ("blue", ["SCREEN_FIRST_TIME_BUYER"])
    assert verdict(dear | {"declaration_value_fen": rule.value_fen_min - 1}) == ("green", [])
    assert verdict(dear | {"is_first_time": False}) == ("green", [])


def test_a_listed_party_is_yellow_and_an_empty_list_of_hits_is_silent() -> None:
    assert verdict(case(party_hits=["UN"])) == ("yellow", ["SCREEN_LISTED_PARTY"])
    assert verdict(case(party_hits=[])) == ("green", [])


def test_an_unknown_rate_is_yellow() -> None:
    assert verdict(case(is_rate_unknown=True)) == ("yellow", ["SCREEN_RATE_UNKNOWN"])


def test_a_quantity_that_a_tax_turns_on_and_that_is_missing_is_told_as_such() -> None:
    assert verdict(case(is_quantity_unknown=True)) == ("yellow", ["SCREEN_QUANTITY_UNKNOWN"])


def test_the_strictest_lane_wins_and_all_codes_are_told_strictest_first() -> None:
    always = RandomSelection(
        code="SCREEN_RANDOM_EXAMINATION", lane=Lane.RED, first=DAY, rate_ppm=10**6, word=0
    )
    lane, codes = verdict(
        case(is_first_time=True, declaration_value_fen=10**6, party_hits=["UN"]),
        item(goods_name="gift"),
        using=(always, *NO_LOTS),
    )
    assert lane == "red"
    assert codes == [
        "SCREEN_RANDOM_EXAMINATION",
        "SCREEN_VAGUE_DESCRIPTION",
        "SCREEN_LISTED_PARTY",
        "SCREEN_FIRST_TIME_BUYER",
    ]


def test_no_rule_ever_refuses() -> None:
    for rule in rules():
        assert not is_rejecting(rule.code), violation(rule.code).message
        assert TRANSITIONS["lodged", rule.lane] is not Status.REJECTED


DATED = """
[[rule]]
kind = "rate_unknown"
code = "SCREEN_RATE_UNKNOWN"
lane = "yellow"
from = 2026-11-01
to = 2026-11-30

[[rule]]
kind = "rate_unknown"
code = "SCREEN_RATE_UNKNOWN"
lane = "red"
from = 2026-12-01
"""


@pytest.mark.parametrize(
    ("day", "lane"),
    [
        (date(2026, 10, 31), "green"),
        (date(2026, 11, 1), "yellow"),
        (date(2026, 11, 30), "yellow"),
        (date(2026, 12, 1), "red"),
    ],
)
def test_a_rule_speaks_on_its_days_only(day: date, lane: str) -> None:
    assert verdict(case(is_rate_unknown=True, day=day), using=read_rules(DATED))[0] == lane


def test_each_case_of_a_batch_has_its_own_verdict_in_order() -> None:
    cases = case_frame(case(7), case(3, party_hits=["UN"]), case(5))
    items = pl.DataFrame([item(5, goods_name="gift"), item(7), item(3), item(9, goods_name="gift")])
    screened = screen(cases, items, ScreeningLists(PRICES), "seed", NO_LOTS)
    assert screened.rows() == [
        (7, "green", []),
        (3, "yellow", ["SCREEN_LISTED_PARTY"]),
        (5, "yellow", ["SCREEN_VAGUE_DESCRIPTION"]),
    ]
    assert screened.schema == {
        "document_id": pl.Int64,
        "lane": pl.String,
        "codes": pl.List(pl.String),
    }


def test_an_empty_batch_gives_an_empty_table() -> None:
    cases, items = case_frame(case()).clear(), pl.DataFrame([item()]).clear()
    assert screen(cases, items, ScreeningLists(), "seed").is_empty()


def test_the_same_seed_and_key_give_the_same_lot_in_any_batch() -> None:
    keys = [f"P|{number}" for number in range(1_000)]
    together = list(zip(*lots(keys, "2026-11"), strict=True))
    alone = [tuple(word[0] for word in lots([key], "2026-11")) for key in reversed(keys)]
    assert together == alone[::-1]
    assert lots(keys, "2026-12") != lots(keys, "2026-11")


def test_the_lot_is_the_same_on_every_machine_and_with_every_version() -> None:
    assert lots(["P|1"], "seed") == [(9000991320394487961,), (5605023447528701639,)]


def test_the_share_of_the_chosen_is_near_the_stated_rate() -> None:
    keys = [f"PLATFORM|{number}" for number in range(100_000)]
    drawn = lots(keys, "seed")
    for rule in rules():
        if isinstance(rule, RandomSelection):
            chosen = sum(lot < threshold(rule.rate_ppm) for lot in drawn[rule.word])
            expected = rule.rate_ppm // 10
            assert abs(chosen - expected) < 5 * expected**0.5


def test_the_words_of_a_lot_are_independent() -> None:
    drawn = lots([f"P|{number}" for number in range(100_000)], "seed")
    both = sum(a < 2**63 and b < 2**63 for a, b in zip(*drawn, strict=True))
    assert abs(both - 25_000) < 1_000


def test_every_rule_has_its_entry_in_the_catalogue_and_sane_figures() -> None:
    for rule in rules():
        assert violation(rule.code).layer == "screen"
        assert rule.last is None or rule.first <= rule.last
        match rule:
            case RandomSelection():
                assert 0 < rule.rate_ppm < 10**6
            case ValueOutlier():
                assert rule.factor > 1
            case VagueDescription():
                assert len(rule.words) == len(set(rule.words))
