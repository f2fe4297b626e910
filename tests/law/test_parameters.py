"""Parameters of the law: dated, cited, without gaps, and never guessed."""

from datetime import date
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from tumen.kernel.errors import ParameterNotInForce, ParameterUnknown
from tumen.law import columns, goods, parameters

GOOD = """
[[parameter]]
name = "cn.test.rate"
title = "A rate"
unit = "ppm"

[[parameter.value]]
from = 2016-04-08
to = 2018-12-31
value = 1
instrument = "An act"
article = "1"
evidence = "confirmed"

[[parameter.value]]
from = 2019-01-01
value = 2
instrument = "An act"
article = "2"
evidence = "unverified"
confidence = 80
"""


def problems_of(folder: Path, text: str) -> list[str]:
    (folder / "cn").mkdir()
    (folder / "cn" / "test.toml").write_text(text, encoding="utf-8")
    return [problem.text for problem in parameters.check(folder)]


def test_our_data_has_no_problems() -> None:
    assert parameters.check() == []
    assert [problem for tax in goods.taxes() for problem in goods.check_goods(tax)] == []


def test_a_good_file_has_no_problems(tmp_path: Path) -> None:
    assert problems_of(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("from = 2019-01-01", "from = 2019-01-03", "a gap from 2019-01-01 to 2019-01-02"),
        ("from = 2019-01-01", "from = 2018-12-31", "overlaps the one from 2016-04-08"),
        ("to = 2018-12-31\n", "", "overlaps the one from 2016-04-08"),
        ("to = 2018-12-31", "to = 2015-12-31", "before it begins"),
        ('instrument = "An act"\narticle = "1"', 'instrument = " "\narticle = "1"', "no citation"),
        ('article = "1"\n', "", "missing required field `article`"),
        ('evidence = "confirmed"', 'evidence = "rumour"', "Invalid enum value 'rumour'"),
        ("confidence = 80\n", "", "confidence belongs to unverified values only"),
        ('unit = "ppm"', 'unit = "bananas"', "unit 'bananas' is not one of ours"),
        ("value = 2", "value = 0.2", "Expected"),
        ("value = 2", "value = 2\ncolour = 1", "unknown field `colour`"),
    ],
)
def test_a_bad_file_is_found_out(tmp_path: Path, old: str, new: str, text: str) -> None:
    assert old in GOOD
    found = problems_of(tmp_path, GOOD.replace(old, new))
    assert any(text in problem for problem in found), found


def test_a_parameter_named_twice_is_found_out(tmp_path: Path) -> None:
    assert problems_of(tmp_path, GOOD + GOOD) == ["named twice"]


def test_a_day_before_the_law_has_no_value_and_nothing_falls_back() -> None:
    with pytest.raises(ParameterNotInForce):
        parameters.at("cn.cbec.single_limit", date(2016, 4, 7))
    with pytest.raises(ParameterUnknown):
        parameters.at("cn.cbec.no_such_thing", date(2024, 1, 1))


def test_a_column_of_days_has_the_same_values_and_null_before_the_law() -> None:
    days = [date(2016, 4, 7), date(2016, 4, 8), date(2018, 12, 31), date(2019, 1, 1), None]
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date})
    expected = [None, 200_000, 200_000, 500_000, None]
    name = "cn.cbec.single_limit"
    by_narwhals = nw.from_native(frame).select(found=columns.at_column(name, nw.col("day")))
    by_polars = frame.select(found=columns.at_column(name, pl.col("day")))
    assert by_narwhals.to_native()["found"].to_list() == expected
    assert by_polars["found"].to_list() == expected


def test_what_is_unverified_on_a_day_can_be_asked() -> None:
    assert "cn.vat.standard" in parameters.unverified(date(2018, 6, 1))
    assert "cn.vat.standard" not in parameters.unverified(date(2020, 6, 1))


def test_the_law_version_is_short_and_stands_still() -> None:
    assert len(parameters.law_version()) == 12
    assert parameters.law_version() == parameters.law_version()


def test_the_longest_prefix_wins() -> None:
    day = date(2024, 1, 1)
    yellow_wine = goods.goods_class("cn.consumption_tax", "2206001000", day)
    other = goods.goods_class("cn.consumption_tax", "2206009000", day)
    assert (yellow_wine and yellow_wine.name, other and other.name) == (
        "yellow_wine",
        "other_alcohol",
    )


def test_the_duty_of_an_unknown_code_is_unknown() -> None:
    assert goods.duty_rate("9101110000") == 80_000
    assert goods.duty_rate("9999999999") is None
