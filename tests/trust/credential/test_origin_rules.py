"""The rules of a certificate of origin: each fault has its code and its place."""

from datetime import date
from typing import Any

import pytest
from certified import certificate, fields

from tumen.trust.credential.agreements import agreements
from tumen.trust.credential.envelope import end_of_life
from tumen.trust.credential.origin import CertificateInvalid, certificate_of, fields_of
from tumen.trust.credential.origin_rules import findings


def found(name: str = "rcep", **changes: Any) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in findings(certificate(name, **changes))]


def line(**changes: Any) -> dict[str, Any]:
    return {"goods": [fields()["goods"][0] | changes]}


@pytest.mark.parametrize("name", ["rcep", "ckfta"])
def test_the_examples_break_no_rule_and_are_written_as_they_were_read(name: str) -> None:
    assert found(name) == []
    assert fields_of(certificate(name)) == fields(name) | (
        {} if "producers_told" in fields(name) else {"producers_told": "named"}
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"agreement": "NAFTA"}, ("CERTIFICATE_AGREEMENT", "agreement")),
        ({"number": "a/../b"}, ("CERTIFICATE_NUMBER", "number")),
        ({"importing_economy": "RU"}, ("CERTIFICATE_ECONOMY", "importing_economy")),
        ({"importing_economy": "CN"}, ("CERTIFICATE_ECONOMY", "importing_economy")),
        ({"producers_told": "named"}, ("CERTIFICATE_PRODUCER", "producers")),
        ({"remarks": " "}, ("CERTIFICATE_TEXT", "remarks")),
        ({"remarks": "a\u202eb"}, ("CERTIFICATE_TEXT", "remarks")),
        ({"remarks": "a" * 1001}, ("CERTIFICATE_TEXT", "remarks")),
        ({"goods": []}, ("CERTIFICATE_GOODS", "goods")),
        (line(item=2), ("CERTIFICATE_GOODS", "goods[0].item")),
        (line(hs="61091"), ("CERTIFICATE_HS", "goods[0].hs")),
        (line(hs="770000"), ("CERTIFICATE_HS", "goods[0].hs")),
        (line(hs="٦١٠٩١٠"), ("CERTIFICATE_HS", "goods[0].hs")),
        (line(origin="RU"), ("CERTIFICATE_ORIGIN", "goods[0].origin")),
        (line(criterion="PSR"), ("CERTIFICATE_CRITERION", "goods[0].criterion")),
        (line(additions=["FG"]), ("CERTIFICATE_CRITERION", "goods[0].additions")),
        (line(additions=["ACU", "ACU"]), ("CERTIFICATE_CRITERION", "goods[0].additions")),
        (line(criterion="RVC"), ("CERTIFICATE_VALUE", "goods[0].fob")),
        (
            line(criterion="RVC", rvc_percent="39.9", fob={"amount": "1", "currency": "USD"}),
            ("CERTIFICATE_VALUE", "goods[0].rvc_percent"),
        ),
        (
            line(fob={"amount": "0", "currency": "USD"}),
            ("CERTIFICATE_VALUE", "goods[0].fob.amount"),
        ),
        (
            line(fob={"amount": "1", "currency": "ZZZ"}),
            ("CERTIFICATE_VALUE", "goods[0].fob.currency"),
        ),
        (line(quantity="0"), ("CERTIFICATE_QUANTITY", "goods[0].quantity")),
        (line(quantity="1e3"), ("CERTIFICATE_QUANTITY", "goods[0].quantity")),
        (line(unit="KG"), ("CERTIFICATE_QUANTITY", "goods[0].unit")),
    ],
)
def test_each_fault_has_its_code_and_place(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert found(**changes) == [expected]


def test_all_faults_are_found_and_none_hides_another() -> None:
    goods = [fields()["goods"][0] | {"hs": "1", "quantity": "-1", "criterion": "?"}]
    assert len(found(number="", goods=goods)) == 4


def test_goods_under_the_china_korea_agreement_originate_where_they_come_from() -> None:
    goods = [fields("ckfta")["goods"][0] | {"origin": "KR"}]
    assert found("ckfta", goods=goods) == [("CERTIFICATE_ORIGIN", "goods[0].origin")]


@pytest.mark.parametrize(("issued", "is_too_many"), [("2022-06-11", True), ("2022-06-12", False)])
def test_the_limit_of_twenty_items_ended_in_june_2022(issued: str, is_too_many: bool) -> None:
    """General Administration of Customs of China, Announcement 2022/33."""
    one = fields("ckfta")["goods"][0]
    goods = [one | {"item": place} for place in range(1, 22)]
    expected = [("CERTIFICATE_GOODS", "goods")] if is_too_many else []
    assert found("ckfta", goods=goods, issued=issued) == expected


def test_a_day_of_issue_in_the_future_is_told_when_it_is_issued() -> None:
    told = findings(certificate(), date(2026, 11, 1))
    assert [(each.code, each.path) for each in told] == [("CERTIFICATE_DAY", "issued")]


@pytest.mark.parametrize(
    "change", [{"colour": "red"}, {"number": 7}, {"issued": "2026-02-30"}, {"exporter": None}]
)
def test_a_field_that_is_unknown_or_of_another_type_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CertificateInvalid) as refused:
        certificate_of(fields() | change)
    assert [each.code for each in refused.value.findings] == ["CERTIFICATE_FORM"]


def test_a_party_is_never_named_in_a_finding() -> None:
    secret = {"name": " Secret Name", "address": " Secret Road", "economy": "CN"}
    told = findings(certificate(exporter=secret))
    assert len(told) == 2
    assert "Secret" not in repr(told)


def test_every_criterion_says_how_well_it_is_known() -> None:
    known = {each.evidence for one in agreements().values() for each in one.criteria.values()}
    assert known == {"confirmed", "unverified"}


@pytest.mark.parametrize(
    ("issued", "ends"), [(date(2026, 11, 2), "2027-11-02"), (date(2028, 2, 29), "2029-02-28")]
)
def test_a_certificate_lives_one_year(issued: date, ends: str) -> None:
    assert end_of_life("RCEP", issued).date().isoformat() == ends
