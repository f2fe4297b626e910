"""Bills as messages of the Chinese family: CEB816 (电子税单) and CEB818 (its status). Pure.

The elements stand in the order of the official schema of 202205. A message is made of the same
bills byte for byte as before, but for its time and for what was stated of them since.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from tumen.documents.receipt import CHINA, NAMESPACE
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import BILL_MESSAGE_BILLS_MAX
from tumen.law.figures import plain_amount
from tumen.window.billing import BillState

TAX_BILL: Final = "CEB816Message"
TAX_STATUS: Final = "CEB818Message"
VERSION: Final = "1.0"

TAXES: Final[Mapping[str, str]] = {
    "duty": "customsTax",
    "vat": "valueAddedTax",
    "consumption_tax": "consumptionTax",
}
"""Our charge codes by the element that holds them, in the order of the schema."""

STATUSES: Final[Mapping[str, str]] = {
    BillState.MADE: "1",
    BillState.SUMMARISED: "2",
    BillState.VOIDED: "3",
}
"""The three states of the specification; a bill that is paid keeps the one that it had."""


@dataclass(frozen=True, slots=True)
class TaxedGoods:
    """A goods item of a bill.

    Attributes:
        number: of the item in the list, from 1 on.
        hs_code: its ten digits.
        value_fen: the customs value that is taxed.
        taxes_fen: charge code -> amount.
    """

    number: int
    hs_code: str
    value_fen: int
    taxes_fen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TaxBill:
    """What a message says of a bill.

    Attributes:
        number: of the bill.
        declaration_number: of the list.
        state: where the bill stands.
        notice: the number of the payment notice that sums it up.
        guarantor_code: of the firm that guarantees it, and of the other parties of the list:
        merchant_code: the merchant.
        carrier_code: the carrier.
        agent_code: who declares.
        customs_office: four digits.
        goods: the items that are taxed.
    """

    number: str
    declaration_number: str
    state: str
    notice: str | None
    guarantor_code: str | None
    merchant_code: str | None
    carrier_code: str | None
    agent_code: str | None
    customs_office: str | None
    goods: Sequence[TaxedGoods] = field(default=())

    @property
    def status(self) -> str:
        """The state as the specification numbers it."""
        paid = BillState.SUMMARISED if self.notice else BillState.MADE
        return STATUSES[paid if self.state == BillState.PAID else self.state]


Fields = Iterator[tuple[str, str | None]]


def tax_bills(bills: Sequence[TaxBill], at: datetime) -> bytes:
    """A CEB816 message of bills.

    Raises:
        UsageError: they are none, or too many for one message.
    """
    return _message(TAX_BILL, bills, at)


def tax_statuses(bills: Sequence[TaxBill], at: datetime) -> bytes:
    """A CEB818 message of bills; the goods are not asked for.

    Raises:
        UsageError: they are none, or too many for one message.
    """
    return _message(TAX_STATUS, bills, at)


def _message(name: str, bills: Sequence[TaxBill], at: datetime) -> bytes:
    if not 0 < len(bills) <= BILL_MESSAGE_BILLS_MAX:
        raise UsageError(f"A message holds 1 to {BILL_MESSAGE_BILLS_MAX:,} bills.")
    time = at.astimezone(ZoneInfo(CHINA)).strftime("%Y%m%d%H%M%S%f")[:17]
    guid = _guid(f"{name} {bills[0].number} {bills[-1].number} {time}")
    root = etree.Element(
        f"{{{NAMESPACE}}}{name}", {"guid": guid, "version": VERSION}, {None: NAMESPACE}
    )
    for bill in bills:
        tax = _below(root, "Tax")
        if name == TAX_STATUS:
            _put(_below(tax, "TaxHeadStatus"), _status(bill, time))
            continue
        _put(_below(tax, "TaxHeadRd"), _head(bill, time))
        for goods in bill.goods:
            _put(_below(tax, "TaxListRd"), _line(goods))
    told: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return told


def _status(bill: TaxBill, time: str) -> Fields:
    yield from _begun(bill, time, TAX_STATUS)
    yield "status", bill.status
    yield "entDutyNo", bill.notice
    yield "assureCode", bill.guarantor_code


def _head(bill: TaxBill, time: str) -> Fields:
    yield from _begun(bill, time, TAX_BILL)
    for code, name in TAXES.items():
        yield name, _yuan(sum(goods.taxes_fen.get(code, 0) for goods in bill.goods))
    yield "status", bill.status
    yield "entDutyNo", bill.notice
    yield "assureCode", bill.guarantor_code
    yield "ebcCode", bill.merchant_code
    yield "logisticsCode", bill.carrier_code
    yield "agentCode", bill.agent_code
    yield "customsCode", bill.customs_office


def _begun(bill: TaxBill, time: str, name: str) -> Fields:
    yield "guid", _guid(f"{name} {bill.number}")
    yield "returnTime", time
    yield "invtNo", bill.declaration_number
    yield "taxNo", bill.number


def _line(goods: TaxedGoods) -> Fields:
    yield "gnum", str(goods.number)
    yield "gcode", goods.hs_code
    yield "taxPrice", _yuan(goods.value_fen)
    for code, name in TAXES.items():
        yield name, _yuan(goods.taxes_fen.get(code, 0))


def _yuan(fen: int) -> str | None:
    return plain_amount(fen, "CNY")


def _below(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _put(parent: etree._Element, fields: Fields) -> None:
    """Put fields below an element; what is not there is left out."""
    for name, text in fields:
        if text:
            _below(parent, name).text = text


_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)


def _guid(name: str) -> str:
    """The serial number that the specification asks for, always the same for the same thing."""
    return str(uuid.uuid5(_SPACE, name)).upper()
