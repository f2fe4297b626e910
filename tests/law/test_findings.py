"""What several regimes ask of one consignment is found once, and told in each of them."""

from datetime import date
from fractions import Fraction

import pytest

from tumen.law.consignment import Consignment
from tumen.law.explanation import Unknown
from tumen.law.findings import once
from tumen.law.overlay import Overlay
from tumen.law.parameters import parameters
from tumen.law.settlement import Settlement

RULE = "cn.rate_date"


def consignment() -> Consignment:
    return Consignment("CN", "JP", date(2026, 8, 3), ())


class Value:
    """Finds one, and counts how often it was asked."""

    def __init__(self, lacking: str = "") -> None:
        self.asked, self.lacking = 0, lacking

    def __call__(self, settlement: Settlement, share: Fraction) -> Fraction:
        self.asked += 1
        rule = settlement.why.value(RULE)
        settlement.why.say("value", None, "V", "1", rule.citation)
        settlement.warn("GOODS_CONTROLLED", "items[0]")
        settlement.doubts.add("cn.units")
        if self.lacking:
            raise Unknown(self.lacking)
        return share


def test_who_asks_again_is_told_the_same_and_all_that_was_noted_with_it() -> None:
    told, find = consignment(), Value()
    for regime in ("postal", "general"):
        settlement = Settlement(regime, told)
        assert once(find, settlement, Fraction(2)) == 2
        assert [each.code for each in settlement.why.steps] == ["value"]
        assert [each.code for each in settlement.warnings] == ["GOODS_CONTROLLED"]
        assert (settlement.doubts, [*settlement.why.used]) == ({"cn.units"}, [RULE])
    assert find.asked == 1


def test_other_arguments_or_another_consignment_are_another_question() -> None:
    told, find = consignment(), Value()
    assert once(find, Settlement("postal", told), Fraction(2)) == 2
    assert once(find, Settlement("postal", told), Fraction(3)) == 3
    assert once(find, Settlement("postal", consignment()), Fraction(2)) == 2
    assert find.asked == 3


def test_what_is_lacking_is_raised_each_time_with_what_was_noted_before() -> None:
    told, find = consignment(), Value(lacking="freight")
    for regime in ("postal", "general"):
        settlement = Settlement(regime, told)
        with pytest.raises(Unknown, match="freight"):
            once(find, settlement, Fraction(2))
        assert [*settlement.why.used] == [RULE]
    assert find.asked == 1


def test_a_proposal_that_is_tried_is_asked_anew() -> None:
    told, find = consignment(), Value()
    once(find, Settlement("postal", told), Fraction(2))
    with Overlay(parameters(), "tried").tried():
        once(find, Settlement("postal", told), Fraction(2))
    assert find.asked == 2
