"""Adding up one assessment: shares, sums, what is unknown, what the answer rested on."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import consignment, goods

from tumen.law.explanation import Unknown
from tumen.law.settlement import Found, Settlement

DAY = date(2026, 3, 2)


def settlement(*prices: str) -> Settlement:
    items = [goods(price) for price in prices]
    return Settlement("general", consignment("RU", DAY, *items), "ru.rounding")


def found(amount: int, rate: str = "5%") -> Found:
    return Found(1000, rate, amount, ("an act, 1",))


def test_a_charge_that_is_unknown_keeps_what_it_misses_and_stops_the_total() -> None:
    def find() -> Found:
        raise Unknown("a weight")

    asked = settlement("10", "20")
    asked.charge("duty", 0, lambda: found(5))
    asked.charge("duty", 1, find)
    asked.sum_items()
    ruling = asked.ruling(3000)
    (duty,) = ruling.payable
    assert (duty.amount, duty.missing, duty.base) == (None, "a weight", None)
    assert (ruling.status, ruling.total) == ("unknown", None)
    with pytest.raises(Unknown, match="a weight"):
        asked.charged("duty", 1)


def test_items_are_summed_with_one_rate_only_where_they_share_it() -> None:
    asked = settlement("10", "20")
    for place, rate in enumerate(("5%", "5%")):
        asked.charge("duty", place, lambda rate=rate: found(5, rate))
    for place, rate in enumerate(("5%", "6%")):
        asked.charge("vat", place, lambda rate=rate: found(7, rate))
    asked.sum_items()
    duty, vat = asked.ruling(3000).payable
    assert (duty.amount, duty.base, duty.rate, duty.citations) == (10, 2000, "5%", ("an act, 1",))
    assert (vat.amount, vat.rate) == (14, None)


def test_an_answer_of_which_nothing_is_due_is_exempt() -> None:
    asked = settlement("10")
    asked.charge("duty", None, lambda: found(0))
    assert asked.ruling(1000).status == "exempt"


def test_the_answer_names_what_is_less_than_confirmed_once() -> None:
    asked = settlement("10")
    asked.minor(Fraction(1))
    asked.class_of("ru.control", goods("1", hs="2208303000"))
    (notice,) = asked.ruling(None).warnings
    assert notice.parameters == {"parameters": "ru.control.alcohol, ru.rounding"}
