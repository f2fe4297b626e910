"""Bills in the store: made from what was released, stated to be paid, under leaves of the log."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from aftercare import Office, item, officer
from lxml import etree
from scenarios.test_held_goods import held
from tests.conformance.test_receipts import SCHEMA_NAME, SCHEMAS

from auditing import findings
from clearing import CLOCK, Clearing, node_log
from tumen.documents.receipt import NAMESPACE
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.session import Session
from tumen.store.viewer import Viewer, session_for
from tumen.window.aftercare_asked import AftercareStep
from tumen.window.bill_statements import BillStated, GuaranteeChange, GuaranteeStated, Month
from tumen.window.billing import BillEntry, BillState
from tumen.window.ledger.bill_statements import StatementDesk
from tumen.window.ledger.billing import BillDesk, BillsMade
from tumen.window.ledger.bills import ChosenBills, Line, bills, month_of_bills, one_bill
from tumen.window.ledger.guarantee_desk import GuaranteeDesk
from tumen.window.ledger.guarantees import add_up, guarantees
from tumen.window.ledger.reports import ReportDesk
from tumen.window.ledger.tax_messages import tax_bills_of
from tumen.window.reports import ReportDone
from tumen.window.tax_messages import tax_bills, tax_statuses

RELEASED = date(2026, 8, 3)
THIRTY_FIRST = RELEASED + timedelta(days=31)
SHIPMENT = {
    "shipment": "K-1", "destination": "KR", "dispatch": "CN", "date": "2026-11-20",
    "currency": "USD", "exchange_rates": {"USD": "1400"}, "buyer": {"id": "P123456789012"},
    "items": [{"hs": "6109100000", "quantity": "2", "unit_price": "100",
               "description": "cotton T-shirt"}],
}  # fmt: skip
FIRST, SECOND = "01002026I000000001-1", "01002026I000000002-1"
RENEWED = FIRST.removesuffix("1") + "2"
VOID = BillStated("V-1", BillEntry.VOIDED, bill=FIRST, reason="made by mistake")
SEPTEMBER = Month(date(2026, 9, 1), date(2026, 10, 1))


@pytest.fixture(scope="module")
def node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Clearing:
    made = Clearing(shared_database, seed="no lot")
    bundles = [one_bundle("clean", 1), one_bundle("partly_returned", 2), one_bundle("returned", 3)]
    documents = [each for bundle in bundles for each in bundle.documents]
    made.documents([*documents, *held(5), SHIPMENT], tmp_path_factory.mktemp("bills"))
    return made


def reports(node: Clearing, authority: str) -> ReportDesk:
    return ReportDesk(node.database.session, f"{authority}-office", CLOCK, node_log(node.database))


def run(node: Clearing, authority: str, day: date) -> BillsMade:
    return BillDesk(reports(node, authority), authority, day).make()


def state(node: Clearing, told: BillStated, authority: str = "CN") -> ReportDone:
    return StatementDesk(reports(node, authority), authority, date(2026, 10, 5)).state(told)


def guarantee(node: Clearing, told: GuaranteeStated) -> ReportDone:
    return GuaranteeDesk(reports(node, "CN"), "CN", date(2026, 10, 5)).state(told)


@dataclass(frozen=True)
class Billed:
    """The first bills: what each run made, and the bills as they then stood, by number."""

    runs: list[BillsMade]
    told: dict[str, Line]


@pytest.fixture(scope="module")
def billed(node: Clearing) -> Billed:
    """The bills of August, made on four days."""
    days = [("CN", THIRTY_FIRST - timedelta(days=1)), ("CN", THIRTY_FIRST),
            ("CN", THIRTY_FIRST + timedelta(days=20)), ("KR", THIRTY_FIRST)]  # fmt: skip
    runs = [run(node, authority, day) for authority, day in days]
    return Billed(runs, {each["number"]: each for each in lines(node)})


@pytest.fixture(scope="module")
def settled(node: Clearing, billed: Billed) -> dict[str, ReportDone]:
    """The second bill summed up and paid, with all that was stated amiss, by a name of each."""
    payer = billed.told[SECOND]["payer"]
    notice = BillStated("N-1", BillEntry.SUMMARISED, payer=payer, month="2026-09")
    stated = {
        "notice": notice,
        "notice again": notice,
        "second notice": BillStated("N-2", BillEntry.SUMMARISED, payer=payer, month="2026-09"),
        "paid alone": BillStated("P-0", BillEntry.PAID, bill=SECOND, amount="52.21"),
        "paid in part": BillStated("P-1", BillEntry.PAID, notice="N-1", amount="52.20"),
        "paid": BillStated("P-1", BillEntry.PAID, notice="N-1", amount="52.21"),
        "paid twice": BillStated("P-2", BillEntry.PAID, notice="N-1", amount="52.21"),
    }
    return {name: state(node, each) for name, each in stated.items()}


@pytest.fixture(scope="module")
def renewed(node: Clearing, settled: dict[str, ReportDone]) -> BillsMade:
    """The first bill voided, and made anew."""
    assert codes(state(node, VOID, "KR")) == [("BILL_UNKNOWN", None)]
    assert state(node, VOID).answer == "accepted"
    return run(node, "CN", THIRTY_FIRST + timedelta(days=21))


def codes(done: ReportDone) -> list[tuple[str, str | None]]:
    return [(each.code, each.expected) for each in done.objections]


def lines(node: Clearing, **chosen: object) -> list[Line]:
    with node.database.session() as session:
        return bills(session, ChosenBills(**chosen)).lines  # type: ignore[arg-type]


def session_of(node: Clearing, viewer: Viewer, number: str) -> Line | None:
    with session_for(node.database, viewer) as session:
        return one_bill(session, number)


def test_bills_are_made_once_from_the_thirty_first_day_net_of_what_came_back(
    billed: Billed,
) -> None:
    early = billed.runs[0]
    assert (early.made, early.later, early.is_last) == (0, 2, True)
    assert [each.made for each in billed.runs[1:]] == [2, 0, 1]
    told = billed.told
    second = told[SECOND]
    assert (second["charged_minor"], second["total_minor"]) == (6201, 5221)
    assert (second["due_from"], second["due_by"]) == (THIRTY_FIRST, RELEASED + timedelta(days=45))
    (shipment,) = (each for each in told.values() if each["economy"] == "KR")
    assert (shipment["payer"], shipment["currency"]) == ("tests", "KRW")
    assert not shipment["is_verified"]


def test_the_bills_of_a_declaration_sum_up_to_its_charges_and_stand_under_leaves(
    node: Clearing, billed: Billed
) -> None:
    owed = node.query(
        """SELECT sum(c.amount_fen) FROM charge c JOIN declaration_event e USING (event_id)
           WHERE e.document_id IN (SELECT declaration FROM bill)"""
    )
    items = node.query(
        """SELECT sum(i.amount_minor) FROM bill_item i JOIN bill b USING (document_id)
           WHERE b.economy = 'CN' AND b.own_reference LIKE '%-1'"""
    )
    assert owed == items
    with node.database.session() as session:
        assert findings(session) == []


def test_a_filer_sees_its_bills_customs_those_of_its_economy_and_agencies_none(
    node: Clearing, billed: Billed
) -> None:
    payer = billed.told[FIRST]["payer"]
    seen = [Viewer("tests"), Viewer(payer), Viewer("", "customs", "CN")]
    unseen = [Viewer("stranger"), Viewer("", "customs", "KR"), Viewer("", "agency", "CN")]
    assert all(session_of(node, viewer, FIRST) for viewer in seen)
    assert not any(session_of(node, viewer, FIRST) for viewer in unseen)


def test_a_notice_sums_up_a_payers_month_and_is_paid_as_a_whole(
    node: Clearing, settled: dict[str, ReportDone]
) -> None:
    notice, again = settled["notice"], settled["notice again"]
    assert notice.answer == "accepted"
    assert (again.answer, again.receipt) == ("duplicate", notice.receipt)
    assert codes(settled["second notice"]) == [("BILL_NONE_OPEN", None)]
    assert codes(settled["paid alone"]) == [("BILL_NOT_OPEN", "made")]
    assert codes(settled["paid in part"]) == [("BILL_AMOUNT_DIFFERS", "52.21")]
    assert settled["paid"].answer == "accepted"
    assert codes(settled["paid twice"]) == [("BILL_NOT_OPEN", "summarised")]
    (paid,) = lines(node, state=BillState.PAID)
    assert (paid["number"], paid["notice"], paid["paid_on"]) == (SECOND, "N-1", date(2026, 10, 5))


def test_a_month_is_summed_up_by_day_and_tells_what_returns_took_off(
    node: Clearing, billed: Billed
) -> None:
    with session_for(node.database, Viewer("tests")) as session:
        found = {each["payer"]: each for each in month_of_bills(session, SEPTEMBER)}
    told = found[billed.told[SECOND]["payer"]]
    assert (told["made_on"], told["bills"]) == (THIRTY_FIRST, 1)
    assert (told["charged_minor"], told["taken_off_minor"], told["total_minor"]) == (
        6201,
        980,
        5221,
    )


def test_a_void_bill_is_made_anew_with_the_next_number(
    node: Clearing, billed: Billed, renewed: BillsMade
) -> None:
    assert [each["number"] for each in lines(node, state=BillState.VOIDED)] == [FIRST]
    assert renewed.made == 1
    (again,) = lines(node, state=BillState.MADE, payer=billed.told[FIRST]["payer"])
    assert (again["number"], again["kind"], again["total_minor"]) == (RENEWED, "assessed", 1460)


def free(session: Session) -> dict[str, tuple[int, int]]:
    return {name: (reserved, free) for name, _, reserved, free in guarantees(session).iter_rows()}


def test_a_guarantee_is_used_from_the_assessment_until_payment_and_summed_up_alike(
    node: Clearing, billed: Billed, settled: dict[str, ReportDone]
) -> None:
    first, second = (billed.told[number]["payer"] for number in (FIRST, SECOND))
    deed = GuaranteeStated("G-1", first, GuaranteeChange.DEPOSITED, "100.00")
    assert guarantee(node, deed).answer == "accepted"
    too_much = GuaranteeStated("G-2", first, GuaranteeChange.WITHDRAWN, "85.41")
    assert codes(guarantee(node, too_much)) == [("GUARANTEE_NOT_FREE", "85.40")]
    most = GuaranteeStated("G-2", first, GuaranteeChange.WITHDRAWN, "85.40")
    assert guarantee(node, most).answer == "accepted"
    with node.database.session() as session:
        kept = free(session)
        assert (kept[first], kept[second][0]) == ((1460, 0), 0)
        session.execute("CREATE TEMP TABLE guarantee_use (LIKE public.guarantee_use)")
        assert free(session) == kept  # added up from the first charge on
        assert guarantees(session, "nobody").is_empty()
        last = node.query("SELECT max(event_id) FROM declaration_event")[0][0]
        assert last > 0
        add_up(session, last)
        assert free(session) == kept


def messages(node: Clearing) -> tuple[etree._Element, etree._Element, int]:
    with session_for(node.database, Viewer("tests")) as session:
        found = tax_bills_of(session, bills(session, ChosenBills()).lines)
    at = CLOCK.now()
    made = tax_bills(found.bills, at), tax_statuses(found.bills, at)
    return etree.fromstring(made[0]), etree.fromstring(made[1]), found.left_out


def texts(root: etree._Element, name: str) -> list[str]:
    return [each.text for each in root.iterfind(f".//{{{NAMESPACE}}}{name}")]


def test_bills_are_told_as_messages_with_their_goods_taxes_and_state(
    node: Clearing, renewed: BillsMade
) -> None:
    bill, status, left_out = messages(node)
    assert left_out == len([each for each in lines(node) if each["economy"] == "KR"]) > 0
    assert texts(bill, "taxNo") == texts(status, "taxNo") == [FIRST, SECOND, RENEWED]
    assert texts(status, "status") == ["3", "2", "1"]
    assert texts(status, "entDutyNo") == ["N-1"]
    second = bill[1]
    assert texts(second, "consumptionTax") == ["27.97", "27.97"]  # of the bill, of its one item
    assert texts(second, "valueAddedTax") == ["24.24", "24.24"]
    assert texts(second, "customsTax") == ["0.00", "0.00"]
    value = node.query(
        "SELECT customs_value_fen FROM assessment ORDER BY event_id OFFSET 1 LIMIT 1"
    )
    assert 0 < int(texts(second, "taxPrice")[0].replace(".", "")) < value[0][0]


def test_both_messages_are_valid_against_the_official_schema(
    node: Clearing, renewed: BillsMade
) -> None:
    path = SCHEMAS / SCHEMA_NAME
    if not path.exists():
        pytest.skip("the official schema is not here: ../shared/conformance/ceb/xsd is absent")
    schema = etree.XMLSchema(etree.parse(str(path)))
    for message in messages(node)[:2]:
        schema.assertValid(message)


def test_what_a_correction_changed_is_billed_beside_what_was_billed_before(
    node: Clearing, billed: Billed, tmp_path: Path
) -> None:
    (bill,) = (each for each in billed.told.values() if each["economy"] == "KR")
    office = Office(node, tmp_path)
    done = office.ask(
        f"#{bill['declaration']}", AftercareStep.CORRECT, officer=officer("KR"), basis="a decision",
        stated=item(quantity="1"),
    )  # fmt: skip
    assert done.judged.answer == "accepted", done.judged.objections
    assert run(node, "KR", THIRTY_FIRST).made == 1
    *_, further = lines(node, payer=bill["payer"])
    owed = node.query("SELECT sum(amount_minor) FROM shipment_charge")[0][0]
    assert (further["number"], further["kind"]) == (bill["number"][:-1] + "2", "refund")
    assert bill["total_minor"] + further["total_minor"] == owed
    assert run(node, "KR", THIRTY_FIRST).made == 0
