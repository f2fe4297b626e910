"""After the decision: what is corrected, returned, revoked; what is due then, and who decides."""

import json
from datetime import UTC, datetime

import pytest
from aftercare import Office, codes, item, officer
from lodging import one

from clearing import CLOCK, Clearing, node_log
from tumen.store.database import Database
from tumen.window.acts import ActAsked
from tumen.window.aftercare_asked import AftercareStep, ItemStated, Stated
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.states import Act


@pytest.fixture(scope="module")
def office(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    clearing = Clearing(shared_database, seed="no lot")
    return Office(clearing, tmp_path_factory.mktemp("lodged"))


def test_more_goods_than_declared_are_assessed_besides_at_once(office: Office) -> None:
    number = office.lodged()
    before = office.sums(number)
    done = office.ask(number, AftercareStep.CORRECT, stated=item(quantity="4"))
    assert done.judged.answer == "accepted"
    assert office.status(number) == "released"
    after = office.sums(number)
    fresh = office.lodged(items=[{**one()["items"][0], "quantity": "4"}])
    assert after == office.sums(fresh)
    assert sum(after.values()) > sum(before.values())
    lines = {each.code: each for each in done.judged.changed.differences}
    assert {code: each.amount_minor for code, each in lines.items()} == {
        code: after[code] - before[code] for code in after
    }


def test_what_was_charged_stays_as_it_is(office: Office) -> None:
    number = office.lodged()
    first = f"SELECT * FROM shipment_charge WHERE event_id = (SELECT min(event_id) FROM declaration_event WHERE document_id = {number[1:]}) ORDER BY code"  # noqa: E501, S608
    before = office.clearing.query(first)
    office.ask(number, AftercareStep.CORRECT, stated=item(unit_price="120.00"))
    assert before
    assert office.clearing.query(first) == before


def test_the_notice_of_a_correction_names_it_and_the_same_request_is_told_the_same(
    office: Office,
) -> None:
    number = office.lodged()
    asked = {"stated": item(quantity="4"), "reference": "the same"}
    first, second = (office.ask(number, AftercareStep.CORRECT, **asked) for _ in range(2))
    told = json.loads(first.receipt or "")
    assert (told["status"], told["codes"]) == (800, ["AFTERCARE_CORRECTION"])
    assert second.judged.answer == "duplicate"
    assert (second.event_id, second.receipt) == (first.event_id, first.receipt)
    other = office.ask(
        number, AftercareStep.CORRECT, reference="the same", stated=item(quantity="5")
    )
    assert codes(other) == ["AFTERCARE_REFERENCE_USED"]


def test_what_gives_money_back_waits_for_an_officer_who_names_the_law(office: Office) -> None:
    number = office.lodged()
    before = office.sums(number)
    done = office.ask(number, AftercareStep.CORRECT, stated=item(quantity="2"))
    assert done.judged.answer == "waiting"
    assert office.sums(number) == before
    again = office.ask(number, AftercareStep.CORRECT, stated=item(quantity="1"))
    assert codes(again) == ["APPLICATION_OPEN"]
    assert codes(office.ask(number, AftercareStep.GRANT, officer=officer())) == [
        "AFTERCARE_BASIS_MISSING"
    ]
    granted = office.ask(
        number, AftercareStep.GRANT, officer=officer(), basis="an example act, article 1"
    )
    assert granted.judged.answer == "accepted"
    fresh = office.lodged(items=[{**one()["items"][0], "quantity": "2"}])
    assert {k: v for k, v in office.sums(number).items() if v} == office.sums(fresh)
    assert sum(each.amount_minor for each in granted.judged.changed.differences) < 0
    assert codes(office.ask(number, AftercareStep.GRANT, officer=officer())) == ["APPLICATION_NONE"]


def test_what_an_officer_refuses_changes_nothing_and_may_be_asked_again(office: Office) -> None:
    number = office.lodged()
    before = office.sums(number)
    office.ask(number, AftercareStep.CORRECT, stated=item(quantity="2"))
    done = office.ask(number, AftercareStep.REFUSE, officer=officer(), reason="no proof was shown")
    assert json.loads(done.receipt or "")["codes"] == ["AFTERCARE_CORRECTION_REFUSED"]
    assert office.sums(number) == before
    assert (
        office.ask(number, AftercareStep.CORRECT, stated=item(quantity="2")).judged.answer
        == "waiting"
    )


def test_corrections_follow_one_another(office: Office) -> None:
    number = office.lodged()
    office.ask(number, AftercareStep.CORRECT, stated=item(quantity="4"))
    office.ask(number, AftercareStep.CORRECT, stated=item(unit_price="100.00"))
    both = {**one()["items"][0], "quantity": "4", "unit_price": "100.00"}
    assert office.sums(number) == office.sums(office.lodged(items=[both]))


def test_an_officer_corrects_what_is_before_the_own_authority_alone(office: Office) -> None:
    number = office.lodged()
    stated = item(quantity="4")
    foreign = office.ask(number, AftercareStep.CORRECT, officer=officer("JP"), stated=stated)
    assert codes(foreign) == ["AFTERCARE_TARGET_UNKNOWN"]
    own = office.ask(number, AftercareStep.CORRECT, officer=officer(), stated=stated)
    assert own.judged.answer == "accepted"


REFUSED = [
    (item(), "CORRECTION_NOTHING"),
    (item(quantity="3"), "CORRECTION_NOTHING"),
    (item(total_price="1"), "CORRECTION_FIELD"),
    (Stated(items=(ItemStated(2, quantity="1"),)), "CORRECTION_ITEM"),
    (item(quantity="-1"), "AMOUNT_NEGATIVE"),
    (item(hs="61"), "COMMODITY_CODE_MALFORMED"),
    (item(origin="XX"), "COUNTRY_UNKNOWN"),
]


def test_a_correction_that_cannot_be_is_refused_by_name(office: Office) -> None:
    number = office.lodged()
    before = office.clearing.query("SELECT count(*) FROM declaration_event")
    for stated, code in REFUSED:
        assert codes(office.ask(number, AftercareStep.CORRECT, stated=stated)) == [code]
    assert office.clearing.query("SELECT count(*) FROM declaration_event") == before


def test_after_the_time_of_the_law_even_a_supplement_waits_for_an_officer(office: Office) -> None:
    for at, answer in (
        (datetime(2031, 8, 3, 4, tzinfo=UTC), "accepted"),
        (datetime(2031, 8, 4, 4, tzinfo=UTC), "waiting"),
    ):
        number = office.lodged()
        done = office.ask(number, AftercareStep.CORRECT, stated=item(quantity="4"), at=at)
        assert done.judged.answer == answer
        assert "kr.after_release.supplement_months" in done.judged.doubts


def test_a_held_shipment_is_corrected_or_revoked_and_lodged_anew(office: Office) -> None:
    vague = {**one()["items"][0], "description": "礼品"}
    number = office.lodged(items=[vague])
    assert office.status(number) == "held"
    done = office.ask(number, AftercareStep.CORRECT, stated=item(quantity="2"))
    assert (done.judged.answer, office.status(number)) == ("accepted", "held")
    assert office.ask(number, AftercareStep.REVOKE).judged.answer == "accepted"
    assert office.status(number) == "revoked"
    assert set(office.sums(number).values()) == {0}
    assert codes(office.ask(number, AftercareStep.REVOKE)) == ["NOT_REVOCABLE"]


GOODS = {
    "JP": ("JPY", "610910010", "9000"),
    "KR": ("USD", "6109100000", "190.00"),
    "MN": ("CNY", "61091000", "190.00"),
    "RU": ("EUR", "6109100000", "190.00"),
    "CN": ("CNY", "6109100021", "190.00"),
}


def test_goods_of_every_economy_come_back_when_an_officer_grants_it(office: Office) -> None:
    told = [
        {"destination": economy, "dispatch": "KR" if economy == "CN" else "CN",
         "currency": currency, "transport": "post",
         "items": [{**one()["items"][0], "hs": hs, "unit_price": price, "quantity": "12"}]}
        for economy, (currency, hs, price) in GOODS.items()
    ]  # fmt: skip
    for economy, number in zip(GOODS, office.lodged_all(told), strict=True):
        due = office.sums(number)
        assert (office.status(number), any(due.values())) == ("released", True)
        done = office.ask(number, AftercareStep.RETURN, stated=item(quantity="12"))
        assert done.judged.answer == "waiting"
        assert office.sums(number) == due
        act = "an example act"
        granted = office.ask(number, AftercareStep.GRANT, officer=officer(economy), basis=act)
        assert (codes(granted), office.status(number)) == ([], "returned")
        assert set(office.sums(number).values()) == {0}


def test_a_part_that_comes_back_takes_its_share_of_each_charge(office: Office) -> None:
    number = office.lodged()
    due = office.sums(number)
    too_many = office.ask(number, AftercareStep.RETURN, stated=item(quantity="4"))
    assert codes(too_many) == ["RETURN_QUANTITY_EXCEEDED"]
    office.ask(number, AftercareStep.RETURN, stated=item(quantity="1"))
    office.ask(number, AftercareStep.GRANT, officer=officer(), basis="an example act")
    assert office.status(number) == "released"
    assert office.sums(number) == {code: amount - amount // 3 for code, amount in due.items()}
    assert codes(office.ask(number, AftercareStep.CORRECT, stated=item(quantity="9"))) == [
        "CORRECTION_RETURNED"
    ]
    office.ask(number, AftercareStep.RETURN, stated=item(quantity="2"))
    office.ask(number, AftercareStep.GRANT, officer=officer(), basis="an example act")
    assert (office.status(number), set(office.sums(number).values())) == ("returned", {0})


def test_a_return_that_is_granted_without_a_basis_gives_nothing_back(office: Office) -> None:
    number = office.lodged()
    due = office.sums(number)
    office.ask(number, AftercareStep.RETURN, stated=item(quantity="3"))
    office.ask(number, AftercareStep.GRANT, officer=officer())
    assert (office.status(number), office.sums(number)) == ("returned", due)


def test_a_rejected_shipment_is_charged_nothing_until_that_is_undone(office: Office) -> None:
    vague = {**one()["items"][0], "description": "礼品"}
    number = office.lodged(items=[vague])
    due = office.sums(number)
    database = office.clearing.database
    desk = OfficerDesk(database.session, officer(), CLOCK, node_log(database))
    desk.decide([ActAsked(number, Act.REJECT, "not what the papers say")])
    assert set(office.sums(number).values()) == {0}
    desk.decide([ActAsked(number, Act.UNDO, "the wrong line")])
    assert office.sums(number) == due
