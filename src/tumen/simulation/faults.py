"""The faults: how often each is put in, and how the declaration must end by ADR 1."""

from typing import Final, NamedTuple

from tumen.kernel.errors import UsageError

CLEAN: Final = "clean"

SHARE_DEFAULT: Final = 0.06
"""Share of bundles with a fault where none is asked for."""


class Fault(NamedTuple):
    """One kind of fault.

    Attributes:
        name: as in `truth.csv`.
        parts: its share among the faults, in parts of their sum.
        status: the declaration's status when everything has arrived.
        meaning: what is wrong, and what must come of it.
        goods: what the consignment must be like: `any`, `several` lines, one `dear` piece,
            `many` pieces above the single limit, or a `fill` of most of it.
    """

    name: str
    parts: int
    status: str
    meaning: str
    goods: str = "any"


TABLE: Final = (
    Fault("identity_check_digit", 30, "rejected", "order and list carry a wrong identity number"),
    Fault("line_total", 20, "pending", "an order line's total is not price times quantity"),
    Fault("amount_identity", 20, "pending", "the amount paid is not the sum of its parts"),
    Fault("wrong_currency", 10, "pending", "the order is in US dollars"),
    Fault("payment_amount", 25, "rejected", "the payment is smaller than the order"),
    Fault("payment_missing", 30, "pending", "no payment is ever sent"),
    Fault("waybill_missing", 25, "pending", "no waybill is ever sent"),
    Fault("order_missing", 20, "pending", "no order is ever sent"),
    Fault("payer_not_buyer", 25, "rejected", "somebody else paid"),
    Fault("consignee_mismatch", 20, "rejected", "the waybill goes to another address"),
    Fault("buyer_mismatch", 15, "rejected", "the list names another buyer"),
    Fault("item_mismatch", 20, "rejected", "a line of the list differs from the order's"),
    Fault("item_count", 10, "rejected", "the list has one line fewer", "several"),
    Fault("package_count", 10, "rejected", "the list states two packages"),
    Fault("unknown_hs", 15, "rejected", "the list has a code of the reserved chapter 77"),
    Fault("over_single_limit", 15, "rejected", "several pieces above 5,000 CNY together", "many"),
    Fault(
        "over_single_indivisible",
        10,
        "released",
        "one piece above 5,000 CNY: taxed in full",
        "dear",
    ),
    Fault(
        "over_annual", 10, "rejected", "five orders filled the year, the sixth exceeds it", "fill"
    ),
    Fault("duplicate_document", 30, "released", "one document is sent twice"),
    Fault("conflicting_order", 15, "released", "a second new order under the same number"),
    Fault("amended_order", 20, "released", "the order is changed before the list is sent"),
    Fault("late_message", 15, "released", "an older change of the order arrives last"),
    Fault("late_payment", 60, "released", "the payment arrives on the next day"),
    Fault("deleted_order", 10, "pending", "the order is deleted before the list is sent"),
    Fault("revoked", 10, "revoked", "revoked while it waits for its payment"),
    Fault("revoked_too_late", 10, "released", "revoked after its release"),
    Fault("returned", 15, "returned", "every item comes back"),
    Fault("partly_returned", 10, "released", "one item comes back", "several"),
    Fault("return_too_much", 10, "released", "more comes back than was sent"),
    Fault("missing_field", 20, "pending", "the order lacks a required field"),
    Fault("overlong_field", 10, "pending", "a field of the order is too long"),
    Fault("bad_number", 15, "pending", "a number of the order is none"),
    Fault("malformed_line", 10, "pending", "the payment's line is no JSON (NDJSON only)"),
    Fault("vague_description", 15, "held", "the goods are called a gift"),
    Fault("value_outlier", 15, "held", "a price below a tenth of the lowest reference price"),
)

FAULTS: Final = {fault.name: fault for fault in TABLE}

NDJSON_ONLY: Final = frozenset({"malformed_line"})
"""Faults of one line: in a CEB message they would break a hundred documents."""


def fault_named(name: str) -> Fault:
    """The fault of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in FAULTS:
        raise UsageError(f"There is no fault {name!r}. There are: {', '.join(sorted(FAULTS))}.")
    return FAULTS[name]
