"""What changes between two days: values, acts, classes of goods."""

from datetime import date

from tumen.law.difference import changes, class_changes


def names(first: date, second: date, economy: str | None = None) -> set[str]:
    return {each.parameter.name for each in changes(first, second, economy)}


def test_a_value_changes_on_its_first_day_and_not_before() -> None:
    """The single limit of 5,000 yuan holds from 2019-01-01 (财关税〔2018〕49号, 1)."""
    (change,) = [
        each
        for each in changes(date(2018, 12, 31), date(2019, 1, 1), "CN")
        if each.parameter.name == "cn.cbec.single_limit"
    ]
    assert change.before is not None
    assert change.after is not None
    assert (change.before.value, change.after.value) == (200_000, 500_000)
    assert not change.is_of_the_act_alone
    assert "cn.cbec.single_limit" not in names(date(2018, 12, 30), date(2018, 12, 31))


def test_the_same_value_by_another_act_is_told_apart() -> None:
    """From 2026 the VAT law gives the rate of 13 % that a notice gave before (增值税法, 10(1))."""
    (change,) = [
        each
        for each in changes(date(2025, 12, 31), date(2026, 1, 1), "CN")
        if each.parameter.name == "cn.vat.standard"
    ]
    assert change.is_of_the_act_alone


def test_a_value_that_begins_or_ends_has_no_other_side() -> None:
    found = {
        each.parameter.name: (each.before, each.after)
        for each in changes(date(2016, 9, 30), date(2016, 10, 1), "CN")
    }
    assert found["cn.consumption_tax.make_up.rate"][1] is None
    assert found["cn.consumption_tax.high_end_cosmetics.rate"][0] is None


def test_what_is_only_proposed_or_expected_is_no_change() -> None:
    assert "jp.deminimis.consumption_tax_limit" in names(date(2028, 3, 31), date(2028, 4, 1))
    (change,) = changes(date(2028, 3, 31), date(2028, 4, 1), "JP")
    assert change.after is None


def test_between_a_day_and_itself_nothing_changes() -> None:
    day = date(2026, 8, 1)
    assert changes(day, day) == []
    assert class_changes(day, day) == []


def test_the_way_back_tells_the_same_parameters() -> None:
    one, other = date(2018, 6, 1), date(2026, 8, 1)
    assert names(one, other) == names(other, one)


def test_an_economy_is_told_alone() -> None:
    found = names(date(2016, 5, 1), date(2026, 8, 1), "KR")
    assert found
    assert all(name.startswith("kr.") for name in found)


def test_classes_of_goods_that_begin_and_end_are_told() -> None:
    found = class_changes(date(2016, 9, 30), date(2016, 10, 1), "CN")
    assert {(each.goods.name, each.begins) for each in found} == {
        ("make_up", False),
        ("skin_care", False),
        ("high_end_cosmetics", True),
        ("class_3", False),  # cosmetics among personal articles
    }
