"""Bills as the API tells them: what is due of whom, until when, and where it stands."""

from datetime import date

import msgspec

from tumen.window.lateness import late_days
from tumen.window.ledger.bills import in_units
from tumen.window.ledger.stretches import Line


class Bill(msgspec.Struct, frozen=True):
    """What is due of one declaration, or a difference to what was billed of it before.

    Attributes:
        number: of the bill.
        declaration: ``#`` and the number of the document that is charged.
        economy: whose authority made it.
        regime: under which the goods are.
        filer: who lodged the declaration.
        payer: its guarantor, or the filer where it names none.
        is_guaranteed: whether the declaration names a guarantor.
        kind: ``assessed``, ``supplementary`` or ``refund``.
        state: ``made``, ``summarised``, ``paid`` or ``voided``.
        notice: the number of the payment notice that sums it up.
        paid_on: the day on which it was paid.
        reason: why it is void.
        released_on: the day of release.
        made_on: the day on which it was made.
        due_from: the first day on which it may be paid; null: at once.
        due_by: the last day; null where the law that is held names none.
        late_days: after the last day, until it was paid or until today; null where it is not late.
        citation: where the days stand in the law.
        is_verified: whether the days were confirmed in a source.
        currency: of the amounts.
        charged: before what returns and corrections took off.
        total: what is due; below zero for a refund.
    """

    number: str
    declaration: str
    economy: str
    regime: str
    filer: str
    payer: str
    is_guaranteed: bool
    kind: str
    state: str
    notice: str | None
    paid_on: str | None
    reason: str | None
    released_on: str
    made_on: str
    due_from: str | None
    due_by: str | None
    late_days: int | None
    citation: str | None
    is_verified: bool
    currency: str
    charged: str
    total: str


class BillItem(msgspec.Struct, frozen=True):
    """A charge of a bill.

    Attributes:
        goods_item: which one, counted from 0; null where a shipment is charged whole.
        code: of the charge, such as ``vat``.
        amount: in the bill's currency; below zero where it is given back.
    """

    goods_item: int | None
    code: str
    amount: str


class BillLate(msgspec.Struct, frozen=True):
    """That a bill is late, and what the law adds.

    Attributes:
        days: after its last day, until it was paid or until today.
        rate_per_day: what the law adds for each day, of what is unpaid; null where none is held.
        per_day: what that is for a day, exactly; from which sum on it is charged, and how it is
            rounded, is not held.
        so_far: the same for all of the days.
        citation: the act.
        is_verified: whether the rate was confirmed in a source.
    """

    days: int
    rate_per_day: str | None
    per_day: str | None
    so_far: str | None
    citation: str | None
    is_verified: bool


class BillShown(msgspec.Struct, frozen=True):
    """A bill with its charges and its receipt.

    Attributes:
        bill: the bill.
        items: its charges.
        receipt: that it was made, byte for byte.
        late: by how much it is late; null where it is not.
        due_on_weekend: whether its last day is a Saturday or Sunday. No calendar of rest days is
            held, and the day is not moved.
    """

    bill: Bill
    items: list[BillItem]
    receipt: str
    late: BillLate | None
    due_on_weekend: bool


class BillPage(msgspec.Struct, frozen=True):
    """A page of bills; ``next`` is the cursor of the one after it, null at the end.

    A page is full or the last, but where 20,000 were looked at and fewer of them stand there.
    """

    items: list[Bill]
    next: int | None


class BillSum(msgspec.Struct, frozen=True):
    """The bills of one day, payer, currency and state.

    Attributes:
        made_on: the day.
        payer: who pays.
        is_guaranteed: whether as a guarantor.
        currency: of the amounts.
        state: where they stand.
        bills: how many.
        charged: before what returns and corrections took off.
        taken_off: that.
        total: what is due.
    """

    made_on: str
    payer: str
    is_guaranteed: bool
    currency: str
    state: str
    bills: int
    charged: str
    taken_off: str
    total: str


def bill_told(line: Line, day: date) -> Bill:
    """A bill as the API tells it on a day."""
    more = {"declaration": f"#{line['declaration']}", "late_days": late_days(line, day)}
    return msgspec.convert({**in_units(line), **more}, Bill)
