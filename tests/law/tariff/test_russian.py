"""The grammar of the Common Customs Tariff of the EAEU reads what it should, and nothing else."""

from fractions import Fraction

import pytest

from tumen.law.duty import AdValorem, Duty, Highest, Lowest, Specific, Total
from tumen.law.tariff.russian import read


def percent(text: str) -> AdValorem:
    return AdValorem(Fraction(text) / 100)


def euro(amount: str, per: str) -> Specific:
    return Specific(Fraction(amount), "EUR", per)


READ: dict[str, Duty] = {
    "0": percent("0"),
    "6,5": percent("6.5"),
    "10, но не менее 2,25 евро за 1 кг": Highest((percent("10"), euro("2.25", "kg"))),
    "5 плюс 0,4 евро за 1 кг": Total((percent("5"), euro("0.4", "kg"))),
    "1,2 евро за 1 кг": euro("1.2", "kg"),
    "2 евро за 1 л": euro("2", "l"),
    "0,5 евро за 1 пару": euro("0.5", "pair"),
    "2 евро за 1 м2": euro("2", "m2"),
    "13,2 евро за 1000 шт": euro("0.0132", "piece"),
    "20, но не менее 2 евро за 1000 шт": Highest((percent("20"), euro("0.002", "piece"))),
    "250 долларов США за 1000 кг": Specific(Fraction(1, 4), "USD", "kg"),
    "203 доллара США за 1000 кг": Specific(Fraction(203, 1000), "USD", "kg"),
    "171 доллар США за 1000 кг": Specific(Fraction(171, 1000), "USD", "kg"),
    "2,2 евро за 1 см³ объема двигателя": euro("2.2", "cm3"),
    "15, либо 12,5, но не менее 0,6 евро за 1 см3 объема двигателя, в зависимости от того, какая "
    "из исчисленных сумм таможенной пошлины ниже": Lowest(
        (percent("15"), Highest((percent("12.5"), euro("0.6", "cm3"))))
    ),
}

UNREAD = ("", "5114С)", "6,5109C)", "13,2 евро за 1000 шт63С)", "10%", "10.5", "5 евро за 1 бочку")


@pytest.mark.parametrize("text", READ)
def test_a_rate_is_read_as_the_tariff_means_it(text: str) -> None:
    assert read(text) == READ[text]


@pytest.mark.parametrize("text", UNREAD)
def test_a_rate_that_runs_into_a_footnote_is_not_read(text: str) -> None:
    assert read(text) is None
