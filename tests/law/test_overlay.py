"""Parameters that are tried stand in for the law within their block, and nowhere else."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import msgspec
import polars as pl
import pytest

from tumen.law import overlay as overlay_module
from tumen.law.cn import cbec
from tumen.law.columns import at_column
from tumen.law.overlay import Overlay, overlay, remembered, remembered_up_to
from tumen.law.parameters import at, history, law_version, parameters
from tumen.law.quoting import quote
from tumen.law.samples import sample

LAW = Path(overlay_module.__file__).parent
DAY = date(2026, 8, 1)
LIMIT = "cn.cbec.single_limit"


def tried(name: str, value: int | str) -> Overlay:
    """The law with another last value of one parameter."""
    known = parameters()[name]
    last = msgspec.structs.replace(known.values[-1], value=value)
    changed = msgspec.structs.replace(known, values=[*known.values[:-1], last])
    return Overlay({**parameters(), name: changed}, "test")


def test_the_law_is_another_within_the_block_and_as_before_after_it() -> None:
    before, version = history(LIMIT), law_version()
    with tried(LIMIT, 1).tried():
        assert at(LIMIT, DAY) == 1
        assert law_version() == f"{version}+test"
    assert history(LIMIT) == before
    assert law_version() == version


def test_the_law_is_as_before_when_an_error_ends_the_block() -> None:
    with pytest.raises(RuntimeError), tried(LIMIT, 1).tried():
        raise RuntimeError
    assert at(LIMIT, DAY) == 500_000
    assert overlay() is None


def test_a_column_of_days_reads_what_is_tried() -> None:
    frame = pl.DataFrame({"day": [DAY]})
    with tried(LIMIT, 1).tried():
        assert frame.select(at_column(LIMIT, pl.col("day"))).item() == 1
    assert frame.select(at_column(LIMIT, pl.col("day"))).item() == 500_000


def test_another_thread_sees_the_law_as_it_stands() -> None:
    with tried(LIMIT, 1).tried(), ThreadPoolExecutor(1) as threads:
        assert threads.submit(at, LIMIT, DAY).result() == 500_000


def test_of_two_that_are_tried_the_inner_one_holds() -> None:
    with tried(LIMIT, 1).tried():
        with tried(LIMIT, 2).tried():
            assert at(LIMIT, DAY) == 2
        assert at(LIMIT, DAY) == 1


def test_what_is_remembered_of_the_law_is_kept_apart_from_what_is_tried() -> None:
    asked: list[int] = []

    @remembered
    def limit(times: int) -> int:
        asked.append(times)
        return int(at(LIMIT, DAY)) * times

    trial = tried(LIMIT, 1)
    assert [limit(2), limit(2)] == [1_000_000, 1_000_000]
    with trial.tried():
        assert [limit(2), limit(2)] == [2, 2]
    assert limit(2) == 1_000_000
    with trial.tried():
        assert limit(2) == 2
    assert asked == [2, 2]


def test_a_bounded_memory_forgets_the_oldest() -> None:
    asked: list[int] = []

    @remembered_up_to(1)
    def same(number: int) -> int:
        asked.append(number)
        return number

    assert [same(1), same(2), same(1)] == [1, 2, 1]
    assert asked == [1, 2, 1]


def test_a_rule_for_the_day_of_a_rate_is_tried_also_after_rates_were_looked_up() -> None:
    """Rates are kept by day, currency and destination; which day counts is a parameter."""
    shipment = {**sample()[6], "date": "2026-01-14", "exchange_rates": None}
    before = quote(shipment).exchange_rates
    with tried("jp.fx.rule", "day_of_declaration").tried():
        during = quote(shipment).exchange_rates
    assert before[0].day != during[0].day
    assert quote(shipment).exchange_rates == before


def test_what_the_law_keeps_by_functools_is_no_parameter_of_it() -> None:
    """Who adds a module here has seen that what it keeps does not turn on parameters.

    What does turn on them is kept by ``overlay.remembered``, or a proposal would be answered by
    the law as it stands, or the law by the proposal.
    """
    keeping = {
        path.relative_to(LAW).as_posix()
        for path in LAW.rglob("*.py")
        if re.search(r"^from functools import .*cache", path.read_text("utf-8"), re.MULTILINE)
    }
    assert keeping == {
        "answer.py",  # texts of rates of exchange
        "cases.py",  # the worked cases as they come along
        "consignment.py",  # the price of one consignment
        "duty_text.py",  # texts of tariffs
        "exchange.py",  # the best of the published rates
        "exchange_tables.py",  # published rates
        "explanation.py",  # rates as shares, citations without repetitions
        "figures.py",  # texts of shares
        "goods.py",  # classes of goods, duty rates, units
        "jp/vector_rates.py",  # the names of its classes of goods
        "native/values.py",  # numbers of shipments
        "overlay.py",
        "parameters.py",  # the law as it stands
        "regimes.py",  # the code itself
        "ru/taxpayer_numbers.py",  # check digits
        "ruling.py",  # sums of one ruling
        "samples.py",
        "settlement.py",  # how amounts are written
        "tariff/editions.py",
        "tariffs.py",  # lines of tariffs
        "usage.py",  # the code itself
        "vector/alike.py",  # names and prefixes of classes of goods
        "vector/twin.py",  # codes of warnings
    }


def test_the_vectorised_law_honours_what_is_tried_also_after_it_was_used() -> None:
    frame = pl.DataFrame(
        {"day": [DAY], "declaration_value_fen": [300_000], "used_before_fen": [0],
         "is_single_indivisible": [False]}
    )  # fmt: skip
    assert _verdict(frame) == cbec.WITHIN_LIMIT
    with tried(LIMIT, 100_000).tried():
        assert _verdict(frame) == cbec.OVER_SINGLE_LIMIT
    assert _verdict(frame) == cbec.WITHIN_LIMIT


def _verdict(frame: pl.DataFrame) -> object:
    return cbec.verdict(frame)["verdict"].item()
