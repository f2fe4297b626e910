"""Electronic services from abroad to consumers in Korea."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes
from tests.law.kr.shipments import SHIRT, consignment, goods

from tumen.law.kr.digital_service import assess, refusals


def service(price: str = "9900", category: str = "streaming", **more: object) -> object:
    rates = more.pop("rates", {})
    return consignment(goods("", price, category=category, rates=rates), **more)


def test_the_tax_is_ten_per_cent_of_the_price_cut_to_the_won() -> None:
    """9,999.5 x 10 % = 999.95."""
    found = assess(service("9999.5"))  # type: ignore[arg-type]
    assert (amounts(found), found.total, found.status) == ({"vat": 999}, 999, "payable")
    assert found.customs_value is None
    assert "53의2" in found.steps[0].citation


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"dispatch": "KR"}, "KR_SERVICE_DOMESTIC"),
        ({"buyer_kind": "business"}, "KR_SERVICE_TO_BUSINESS"),
        ({"category": "toys"}, "GOODS_ARE_NO_SERVICE"),
        ({"day": date(2015, 6, 30)}, "LAW_NOT_IN_FORCE"),
    ],
)
def test_what_is_no_such_service_is_refused(more: dict[str, object], code: str) -> None:
    assert codes(refusals(service(**more))) == [code]  # type: ignore[arg-type]


def test_the_regime_begins_in_july_2015() -> None:
    assert assess(service(day=date(2015, 6, 30))).status == "unknown"  # type: ignore[arg-type]
    assert assess(service(day=date(2015, 7, 1))).status == "payable"  # type: ignore[arg-type]


def test_goods_and_services_do_not_mix() -> None:
    mixed = consignment(goods("", 1, category="game"), goods(SHIRT, 1, 1))
    assert codes(refusals(mixed)) == ["GOODS_ARE_NO_SERVICE"]


def test_the_tax_on_an_electronic_book_is_unknown_unless_it_is_given() -> None:
    found = assess(service(category="ebook"))  # type: ignore[arg-type]
    assert (found.status, found.payable[0].missing) == ("unknown", "kr.vat.ebook")
    given = assess(service(category="ebook", rates={"vat": Fraction(0)}))  # type: ignore[arg-type]
    assert (given.status, given.total) == ("exempt", 0)


def test_every_answer_says_that_the_start_is_unverified() -> None:
    found = assess(service())  # type: ignore[arg-type]
    assert "kr.digital_service.vat" in found.warnings[-1].parameters["parameters"]
